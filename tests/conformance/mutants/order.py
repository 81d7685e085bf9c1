"""One fault each: order of checks, parameters, permissions, statuses.

The faults that a comment ascribes to an emulator were seen there.
"""

from __future__ import annotations

from ec2_export_sim import ClientError, ParamValidationError
from tests.conformance.broken import (
    Answer,
    Request,
    World,
    edited,
    kept,
    mutant,
    refuse,
    retold,
    revalued,
    without,
)


@mutant("ORD-02")
def the_permission_is_judged_before_parameters(
    world: World, request: Request
) -> Answer:
    return (
        world.describe(**request)
        if world.authorized
        else refuse("UnauthorizedOperation")
    )


@mutant("ORD-04", "ORD-05")
def values_are_judged_before_permission_and_dry_run(
    world: World, request: Request
) -> Answer:
    return world.allowed(**without(request, "DryRun")) and world.describe(**request)


@mutant("ORD-05", "AUT-01")  # sockerless-cloud, stackyard, vera-aws, gopherstack
def dry_run_is_not_read(world: World, request: Request) -> Answer:
    return world.describe(**without(request, "DryRun"))


@mutant("ORD-05")
def a_dry_run_forgets_the_newest_task(world: World, request: Request) -> Answer:
    world.memory["gone"] = world.memory.get("gone") or request.get("DryRun")
    answer = world.describe(**request)
    return kept(
        answer, lambda task: not world.memory["gone"] or task != world.tasks[-1]
    )


@mutant("ORD-06")
def the_token_is_looked_at_first(world: World, request: Request) -> Answer:
    bad = request.get("NextToken") == "garbage"
    return refuse("InvalidNextToken") if bad else world.describe(**request)


@mutant("ORD-06")
def the_range_is_looked_at_first(world: World, request: Request) -> Answer:
    bad = request.get("MaxResults", 1) > 500
    return refuse("InvalidParameterValue") if bad else world.describe(**request)


@mutant("ORD-07")
def existence_is_looked_at_first(world: World, request: Request) -> Answer:
    ids = {n: v for n, v in request.items() if n == "ExportImageTaskIds"}
    return world.describe(**ids) and world.describe(**request)


@mutant("ORD-10", "LIF-08")  # gopherstack
def reading_completes_what_is_active(world: World, request: Request) -> Answer:
    seen = world.memory.setdefault("seen", set())
    answer = world.describe(**request)
    flipped = retold(
        answer,
        lambda t: {**t, "Status": "completed"} if t["ExportImageTaskId"] in seen else t,
    )
    seen.update(task["ExportImageTaskId"] for task in answer["ExportImageTasks"])
    return flipped


@mutant("ORD-10")
def a_refused_call_loses_a_task(world: World, request: Request) -> Answer:
    try:
        answer = world.describe(**request)
    except ClientError:
        world.memory["lost"] = True
        raise
    return kept(answer, lambda t: not world.memory.get("lost") or t != world.tasks[0])


KNOWN = {"DryRun", "Filters", "ExportImageTaskIds", "MaxResults", "NextToken"}


@mutant("PRM-01")
def unknown_parameters_are_dropped(world: World, request: Request) -> Answer:
    return world.describe(**{n: v for n, v in request.items() if n in KNOWN})


@mutant("PRM-02")
def a_number_may_come_as_text(world: World, request: Request) -> Answer:
    return world.describe(**edited(request, "MaxResults", int))


@mutant("PRM-02")
def a_single_id_may_come_without_a_list(world: World, request: Request) -> Answer:
    ids = request.get("ExportImageTaskIds", [])
    return world.describe(**request) if isinstance(ids, list) else world.describe()


@mutant("PRM-04")
def mistyped_comes_before_unknown(world: World, request: Request) -> Answer:
    mistyped = not isinstance(request.get("MaxResults", 1), int)
    return refuse("InvalidParameterValue") if mistyped else world.describe(**request)


@mutant("PRM-05")
def an_empty_list_of_ids_names_no_task(world: World, request: Request) -> Answer:
    none = request.get("ExportImageTaskIds") == []
    return {"ExportImageTasks": []} if none else world.describe(**request)


@mutant("PRM-05")
def an_empty_list_of_filters_lets_nothing_pass(
    world: World, request: Request
) -> Answer:
    none = request.get("Filters") == []
    return {"ExportImageTasks": []} if none else world.describe(**request)


@mutant("PRM-06")
def vertical_tabs_are_dropped(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda v: v.replace("\x0b", "")))


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


@mutant("ERR-02")
def every_status_400_is_404(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 400:
            refuse(error.response["Error"]["Code"], status=404)
        raise


@mutant("PRM-01", "PRM-02")
def wrong_parameters_crash(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ParamValidationError as refusal:
        raise TypeError(str(refusal)) from None
