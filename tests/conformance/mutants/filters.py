"""One fault each: the names of filters, and how they combine."""

from __future__ import annotations

from typing import Any

from ec2_export_sim.conformance.strategies import STATES
from tests.conformance.broken import (
    Answer,
    Request,
    World,
    edited,
    filtered,
    mutant,
    on_tags,
    refiltered,
    refuse,
    relisted,
    revalued,
    values_in,
    values_of,
    without,
)


@mutant("FLT-01")  # floci: a mapping loses filters
def the_last_filter_wins(world: World, request: Request) -> Answer:
    return world.describe(**edited(request, "Filters", lambda filters: filters[-1:]))


@mutant("FLT-01")
def filters_are_joined_with_or(world: World, request: Request) -> Answer:
    if "NextToken" in request or len(request.get("Filters", [])) < 2:
        return world.describe(**request)
    every = [world.matching({**request, "Filters": [f]}) for f in request["Filters"]]
    return {
        "ExportImageTasks": [t for t in world.tasks if any(t in one for one in every)]
    }


@mutant("FLT-01")
def the_first_filter_wins(world: World, request: Request) -> Answer:
    return world.describe(**edited(request, "Filters", lambda filters: filters[:1]))


@mutant("FLT-02")  # moto
def of_two_filters_with_a_name_the_last_wins(world: World, request: Request) -> Answer:
    def last(filters: list[Any]) -> list[Any]:
        return list({each.get("Name"): each for each in filters}.values())

    return world.describe(**edited(request, "Filters", last))


@mutant("FLT-02")
def filters_of_the_same_name_are_joined_with_or(
    world: World, request: Request
) -> Answer:
    joined: dict[Any, Any] = {}
    for each in request.get("Filters", []):
        joined.setdefault(each.get("Name"), []).extend(values_of(each))
    filters = [{"Name": name, "Values": values} for name, values in joined.items()]
    same = len(joined) < len(request.get("Filters", []))
    return world.describe(**{**request, **({"Filters": filters} if same else {})})


@mutant("FLT-03")
def only_the_first_value_counts(world: World, request: Request) -> Answer:
    return world.describe(**relisted(request, lambda values: values[:1]))


@mutant("FLT-03")
def only_the_last_value_counts(world: World, request: Request) -> Answer:
    return world.describe(**relisted(request, lambda values: values[-1:]))


@mutant("FLT-03")
def values_are_joined_with_and(world: World, request: Request) -> Answer:
    several = any(len(set(values_of(f))) > 1 for f in request.get("Filters", []))
    return {"ExportImageTasks": []} if several else world.describe(**request)


@mutant("FLT-04")  # aws-cli#9558, and sockerless-cloud: the parameter is never read
def filters_are_not_read(world: World, request: Request) -> Answer:
    return world.describe(**without(request, "Filters"))


@mutant("FLT-04")  # vera-aws: looks up a field that is not there
def the_state_filter_lets_nothing_pass(world: World, request: Request) -> Answer:
    named = [f for f in request.get("Filters", []) if f.get("Name") == "task-state"]
    return {"ExportImageTasks": []} if named else world.describe(**request)


@mutant("FLT-04")
def the_states_are_compared_by_their_first_letter(
    world: World, request: Request
) -> Answer:
    return world.describe(
        **revalued(request, lambda v: v[:1] + "*" if v in STATES else v)
    )


@mutant("FLT-05", "FLT-07")  # moto
def filter_names_are_lowered(world: World, request: Request) -> Answer:
    lowered = refiltered(
        request,
        lambda f: {**f, **({"Name": f["Name"].lower()} if f.get("Name") else {})},
    )
    return world.describe(**lowered)


@mutant("FLT-06")  # stackyard
def filter_values_are_lowered(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, str.lower))


@mutant("FLT-06", "FLT-10")
def a_filter_of_unknown_values_is_ignored(world: World, request: Request) -> Answer:
    def sensible(given: dict[str, Any]) -> bool:
        values = values_of(given)
        plain = all(value.isalpha() for value in values)
        return not plain or not values or bool({*values} & {*STATES})

    return world.describe(**filtered(request, sensible))


@mutant("FLT-07")  # gopherstack, ministack
def unknown_filters_are_ignored(world: World, request: Request) -> Answer:
    return world.describe(**filtered(request, _known_or_nameless))


def _known_or_nameless(given: dict[str, Any]) -> bool:
    return given.get("Name", "task-state") == "task-state" or on_tags(given)


@mutant("FLT-07")
def an_unknown_filter_is_ignored_beside_a_known_one(
    world: World, request: Request
) -> Answer:
    known = filtered(request, _known_or_nameless)
    return world.describe(**known if known.get("Filters") else request)


@mutant("FLT-07")  # moto: not a refusal of the service
def an_unknown_filter_is_not_implemented(world: World, request: Request) -> Answer:
    if not all(map(_known_or_nameless, request.get("Filters", []))):
        raise NotImplementedError
    return world.describe(**request)


@mutant("FLT-07")  # stackyard
def a_filter_by_id_is_ignored(world: World, request: Request) -> Answer:
    by_id = "export-image-task-id"
    return world.describe(**filtered(request, lambda f: f.get("Name") != by_id))


@mutant("FLT-08")
def a_filter_without_a_name_is_ignored(world: World, request: Request) -> Answer:
    return world.describe(**filtered(request, lambda f: "Name" in f))


@mutant("FLT-12")
def filters_on_tags_are_refused(world: World, request: Request) -> Answer:
    tags = any(map(on_tags, request.get("Filters", [])))
    return refuse("InvalidParameterValue") if tags else world.describe(**request)


@mutant("FLT-22")
def the_count_comes_before_names(world: World, request: Request) -> Answer:
    many = len(values_in(request)) > 200
    return refuse("FilterLimitExceeded") if many else world.describe(**request)


@mutant("FLT-22")
def escapes_come_before_lengths(world: World, request: Request) -> Answer:
    bad = any("\\d" in value for value in values_in(request))
    return refuse("InvalidParameterValue") if bad else world.describe(**request)
