"""One fault each: the shape of a request."""

from __future__ import annotations

from ec2_export_sim import ParamValidationError
from tests.conformance.broken import (
    Answer,
    Request,
    World,
    edited,
    mutant,
    refuse,
    revalued,
)

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


@mutant("PRM-01", "PRM-02")
def wrong_parameters_crash(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ParamValidationError as refusal:
        raise TypeError(str(refusal)) from None
