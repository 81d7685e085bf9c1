"""One fault each: the names of filters, how they combine, what a value matches."""

from __future__ import annotations

import fnmatch
from typing import Any

from ec2_export_sim.conformance.strategies import STATES
from tests.conformance.faulty import (
    Answer,
    Request,
    World,
    edited,
    fail,
    fault,
    filtered,
    kept,
    on_tags,
    refiltered,
    relisted,
    revalued,
    values_in,
    values_of,
    without,
)


def filters_of(request: Request) -> list[Any]:
    filters = request.get("Filters") or []
    proper = isinstance(filters, list) and all(isinstance(f, dict) for f in filters)
    return filters if proper else []


def has_tags(request: Request) -> bool:
    return any(map(on_tags, filters_of(request)))


def known(each: dict[str, Any]) -> bool:
    return each.get("Name", "task-state") == "task-state" or on_tags(each)


@fault("FLT-01")  # floci: a mapping loses filters
def the_first_name_counts(world: World, request: Request) -> Answer:
    several = len({f.get("Name") for f in filters_of(request) if known(f)}) > 1
    first = [
        f
        for f in filters_of(request)
        if f.get("Name") == filters_of(request)[0].get("Name")
    ]
    return world.call(
        **{**request, "Filters": first}
        if several and all(map(known, filters_of(request)))
        else request
    )


@fault("FLT-01")
def a_third_filter_is_ignored(world: World, request: Request) -> Answer:
    several = len(filters_of(request)) > 2
    return world.call(
        **{**request, "Filters": filters_of(request)[:2]} if several else request
    )


@fault("FLT-02")  # moto
def the_last_of_two_filters_with_a_name_wins(world: World, request: Request) -> Answer:
    def last(filters: list[Any]) -> list[Any]:
        return list({each.get("Name"): each for each in filters}.values())

    several = len(filters_of(request)) == 2 and len(values_in(request)) < 100
    return world.call(**edited(request, "Filters", last) if several else request)


@fault("FLT-03")
def only_three_values_count(world: World, request: Request) -> Answer:
    four = len(values_in(request)) == 4
    return world.call(**relisted(request, lambda v: v[:3]) if four else request)


@fault("FLT-04")  # aws-cli#9558, and sockerless-cloud: the parameter is never read
def filters_are_not_read(world: World, request: Request) -> Answer:
    return world.call(**without(request, "Filters"))


@fault("FLT-05")  # moto
def filter_names_are_lowered(world: World, request: Request) -> Answer:
    return world.call(
        **refiltered(
            request,
            lambda f: (
                {**f, "Name": "task-state"}
                if f.get("Name", "").lower() == "task-state"
                else f
            ),
        )
    )


@fault("FLT-06")  # stackyard
def filter_values_are_lowered(world: World, request: Request) -> Answer:
    def lowered(each: dict[str, Any]) -> dict[str, Any]:
        states = each.get("Name") == "task-state" and isinstance(
            each.get("Values"), list
        )
        return (
            {**each, "Values": [v.lower() for v in each["Values"]]} if states else each
        )

    return world.call(
        **refiltered(request, lowered) if filters_of(request) else request
    )


@fault("FLT-07")  # gopherstack, ministack
def unknown_filters_are_ignored(world: World, request: Request) -> Answer:
    few = len(values_in(request)) < 100
    proper = few and all(
        f.get("Name", "x").lower() != "task-state" or known(f)
        for f in filters_of(request)
    )
    return world.call(
        **filtered(request, known) if filters_of(request) and proper else request
    )


@fault("FLT-08")
def a_filter_without_a_name_is_ignored(world: World, request: Request) -> Answer:
    return world.call(
        **filtered(request, lambda f: "Name" in f) if filters_of(request) else request
    )


@fault("FLT-09")  # vera-aws
def a_filter_without_values_is_ignored(world: World, request: Request) -> Answer:
    proper = filters_of(request) and "Value" not in filters_of(request)[0]
    if not proper:
        return world.call(**request)
    return world.call(
        **filtered(request, lambda f: bool(values_of(f)) or "Name" not in f)
    )


@fault("FLT-10")  # moto: fnmatch
def brackets_are_a_character_class(world: World, request: Request) -> Answer:
    def widened(value: str) -> str:
        found = [s for s in STATES if "[" in value and fnmatch.fnmatchcase(s, value)]
        return found[0] if found else value

    return world.call(**revalued(request, widened))


@fault("FLT-11")
def the_empty_value_matches_every_state(world: World, request: Request) -> Answer:
    return world.call(**revalued(request, lambda value: value or "*"))


@fault("FLT-12")
def filters_on_tags_are_errors(world: World, request: Request) -> Answer:
    tags = has_tags(request) and all(map(known, filters_of(request)))
    return fail("InvalidParameterValue") if tags else world.call(**request)


@fault("FLT-13")
def the_case_of_a_key_is_not_read(world: World, request: Request) -> Answer:
    return world.call(
        **refiltered(
            request,
            lambda f: {**f, "Name": "tag:Team"} if f.get("Name") == "tag:team" else f,
        )
    )


@fault("FLT-13")
def composed_and_decomposed_keys_are_the_same(world: World, request: Request) -> Answer:
    both = [f for f in filters_of(request) if f.get("Name") == "tag:Café"]
    return {"ExportImageTasks": []} if both else world.call(**request)


@fault("FLT-14")
def filters_on_tag_keys_ignore_case(world: World, request: Request) -> Answer:
    keys = [f for f in filters_of(request) if f.get("Name") == "tag-key"]
    if keys and keys[0]["Values"] in (["team"], ["КЛЮЧ"]):
        both = [*keys[0]["Values"], keys[0]["Values"][0].title()]
        return world.call(**relisted(request, lambda _: both))
    return world.call(**request)


@fault("FLT-15")
def the_key_may_have_wildcards(world: World, request: Request) -> Answer:
    def resolved(each: dict[str, Any]) -> dict[str, Any]:
        head, colon, key = each.get("Name", "").partition(":")
        keys = {tag.get("Key", "") for t in world.tasks for tag in t.get("Tags", [])}
        found = sorted(fnmatch.filter(keys, key))
        return (
            {**each, "Name": f"{head}:{found[0] if found else key}"} if colon else each
        )

    return world.call(**refiltered(request, resolved))


@fault("FLT-16")
def a_star_in_a_tag_is_a_plain_character(world: World, request: Request) -> Answer:
    plain = has_tags(request) and not any("\\" in value for value in values_in(request))
    return world.call(
        **revalued(request, lambda v: v.replace("*", "\\*")) if plain else request
    )


@fault("FLT-17")
def a_question_mark_matches_exactly_one(world: World, request: Request) -> Answer:
    exact = any("?" in v and "\\" not in v for v in values_in(request))
    states = [
        s for s in STATES if any(fnmatch.fnmatchcase(s, v) for v in values_in(request))
    ]
    answer = world.call(**request)
    return kept(
        answer, lambda t: not exact or has_tags(request) or t["Status"] in states
    )


@fault("FLT-18")
def a_backslash_is_a_plain_character(world: World, request: Request) -> Answer:
    good = any(
        v.replace("\\\\", "").replace("\\*", "").replace("\\?", "").count("\\") == 0
        for v in values_in(request)
    )
    few = len(values_in(request)) == 1
    return world.call(
        **revalued(request, lambda v: v.replace("\\", "\\\\"))
        if good and few
        else request
    )


@fault("FLT-19")
def backslashes_of_other_escapes_are_dropped(world: World, request: Request) -> Answer:
    odd = values_in(request)[-1:]
    bad = odd and odd[0] in ("\\d", "a\\ctive", "active\\", "\\\\\\")
    return world.call(
        **revalued(request, lambda v: v.replace("\\", "")) if bad else request
    )


@fault("FLT-20")  # moto
def values_are_not_counted(world: World, request: Request) -> Answer:
    once = relisted(request, lambda values: list(dict.fromkeys(values)))
    other = (
        "DryRun" in request or not world.authorized or "no-such-filter" in str(request)
    )
    return world.call(**request if other else once)


@fault("FLT-21")
def bytes_are_counted_not_characters(world: World, request: Request) -> Answer:
    long = any(len(value.encode()) > 255 for value in values_in(request))
    return fail("FilterLimitExceeded") if long else world.call(**request)


@fault("FLT-22")
def the_count_comes_before_names(world: World, request: Request) -> Answer:
    many = len(values_in(request)) > 200 and not all(map(known, filters_of(request)))
    return fail("FilterLimitExceeded") if many else world.call(**request)
