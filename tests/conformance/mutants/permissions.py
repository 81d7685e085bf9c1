"""One fault each: permissions and dry runs."""

from __future__ import annotations

from tests.conformance.broken import Answer, Request, World, edited, mutant, refuse


@mutant("AUT-01")
def a_dry_run_has_another_code(world: World, request: Request) -> Answer:
    dry = request.get("DryRun") and world.authorized
    return refuse("DryRun", status=412) if dry else world.describe(**request)


@mutant("AUT-01")
def a_dry_run_has_the_status_400(world: World, request: Request) -> Answer:
    told = "Request would have succeeded, but DryRun flag is set."
    dry = request.get("DryRun") and world.authorized
    return refuse("DryRunOperation", told) if dry else world.describe(**request)


@mutant("AUT-01")
def a_dry_run_has_another_message(world: World, request: Request) -> Answer:
    dry = request.get("DryRun") and world.authorized
    return refuse("DryRunOperation", "ok", 412) if dry else world.describe(**request)


@mutant("AUT-02")
def a_dry_run_asks_for_no_permission(world: World, request: Request) -> Answer:
    return (world.allowed if request.get("DryRun") else world.describe)(**request)


@mutant("AUT-02", "AUT-03")  # moto
def one_who_is_not_allowed_gets_access_denied(world: World, request: Request) -> Answer:
    return (
        world.describe(**request)
        if world.authorized
        else refuse("AccessDenied", "", 403)
    )


@mutant("AUT-03", "AUT-05", "ORD-04")
def everybody_is_allowed(world: World, request: Request) -> Answer:
    return world.allowed(**request)


@mutant("AUT-04")
def dry_run_false_is_a_dry_run(world: World, request: Request) -> Answer:
    return world.describe(**edited(request, "DryRun", lambda _: True))


@mutant("AUT-05")
def the_refusal_names_no_action(world: World, request: Request) -> Answer:
    told = "You are not authorized to perform this operation."
    return (
        world.describe(**request)
        if world.authorized
        else refuse("UnauthorizedOperation", told, 403)
    )
