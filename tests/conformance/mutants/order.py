"""One fault each: the order of checks, and what a call leaves behind."""

from __future__ import annotations

from ec2_export_sim import ClientError
from tests.conformance.broken import (
    Answer,
    Request,
    World,
    kept,
    mutant,
    refuse,
    retold,
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
