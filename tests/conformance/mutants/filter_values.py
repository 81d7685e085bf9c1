"""One fault each: what the value of a filter matches."""

from __future__ import annotations

import fnmatch
from typing import Any

from ec2_export_sim.conformance.strategies import STATES
from tests.conformance.broken import (
    Answer,
    Request,
    World,
    filtered,
    kept,
    mutant,
    on_tags,
    refiltered,
    refuse,
    relisted,
    revalued,
    values_in,
    values_of,
)


@mutant("FLT-09")  # vera-aws
def a_filter_without_values_is_ignored(world: World, request: Request) -> Answer:
    return world.describe(
        **filtered(request, lambda f: bool(values_of(f)) or "Name" not in f)
    )


@mutant("FLT-10")  # moto: fnmatch
def brackets_are_a_character_class(world: World, request: Request) -> Answer:
    def widened(value: str) -> str:
        found = [s for s in STATES if "[" in value and fnmatch.fnmatchcase(s, value)]
        return found[0] if found else value

    return world.describe(**revalued(request, widened))


@mutant("FLT-11")
def the_empty_value_matches_every_state(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda value: value or "*"))


@mutant("FLT-11")
def an_empty_value_is_no_value(world: World, request: Request) -> Answer:
    return world.describe(**relisted(request, lambda values: [v for v in values if v]))


@mutant("FLT-13", "FLT-01")
def filters_on_tags_narrow_nothing(world: World, request: Request) -> Answer:
    return world.describe(**filtered(request, lambda f: not on_tags(f)))


@mutant("FLT-13")  # stackyard: tags are always empty there
def filters_on_tags_let_nothing_pass(world: World, request: Request) -> Answer:
    tags = any(map(on_tags, request.get("Filters", [])))
    return {"ExportImageTasks": []} if tags else world.describe(**request)


@mutant("FLT-13")
def a_star_matches_a_tag_that_is_not_there(world: World, request: Request) -> Answer:
    return world.describe(**filtered(request, lambda f: values_of(f) != ["*"]))


@mutant("FLT-13")
def a_tag_without_a_value_has_none(world: World, request: Request) -> Answer:
    tags = any(map(on_tags, request.get("Filters", [])))
    valued = [t for t in world.tasks if all("Value" in g for g in t.get("Tags", []))]
    return kept(world.describe(**request), lambda t: not tags or t in valued)


@mutant("FLT-14")
def filters_on_tag_keys_let_nothing_pass(world: World, request: Request) -> Answer:
    keys = [f for f in request.get("Filters", []) if f.get("Name") == "tag-key"]
    return {"ExportImageTasks": []} if keys else world.describe(**request)


@mutant("FLT-15")
def the_key_ends_at_its_second_colon(world: World, request: Request) -> Answer:
    short = refiltered(
        request,
        lambda f: {**f, "Name": ":".join(f.get("Name", "").split(":")[:2])},
    )
    return world.describe(**short)


@mutant("FLT-15")
def the_key_may_hold_wildcards(world: World, request: Request) -> Answer:
    def resolved(given: dict[str, Any]) -> dict[str, Any]:
        head, colon, key = given.get("Name", "").partition(":")
        keys = {tag.get("Key", "") for t in world.tasks for tag in t.get("Tags", [])}
        found = sorted(fnmatch.filter(keys, key))
        return {**given, "Name": f"{head}{colon}{found[0] if found else key}"}

    return world.describe(**refiltered(request, resolved))


@mutant("FLT-16")
def a_star_is_a_plain_character(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda v: v.replace("*", "\\*")))


@mutant("FLT-16")
def a_star_matches_one_character_or_none(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda v: v.replace("*", "?")))


@mutant("FLT-16", "FLT-17")
def wildcards_are_for_states_only(world: World, request: Request) -> Answer:
    def plain(given: dict[str, Any]) -> dict[str, Any]:
        escape = given.get("Name") != "task-state"
        marks = {ord("*"): "\\*", ord("?"): "\\?"}
        values = [v.translate(marks) if escape else v for v in values_of(given)]
        return {**given, "Values": values}

    return world.describe(**refiltered(request, plain))


@mutant("FLT-17")
def a_question_mark_is_a_plain_character(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda v: v.replace("?", "\\?")))


@mutant("FLT-17")
def a_question_mark_matches_exactly_one(world: World, request: Request) -> Answer:
    states = [
        s for s in STATES if any(fnmatch.fnmatchcase(s, v) for v in values_in(request))
    ]
    exact = any("?" in value for value in values_in(request))
    answer = world.describe(**request)
    return kept(answer, lambda t: not exact or t["Status"] in states)


@mutant("FLT-18")
def a_backslash_is_a_plain_character(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda v: v.replace("\\", "\\\\")))


@mutant("FLT-18", "FLT-19")
def backslashes_are_dropped(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda v: v.replace("\\", "")))


@mutant("FLT-20")  # moto
def values_are_not_counted(world: World, request: Request) -> Answer:
    return world.describe(**_each_value_once(request))


def _each_value_once(request: Request) -> Request:
    return relisted(request, lambda values: list(dict.fromkeys(values)))


@mutant("FLT-20")
def the_limit_is_199(world: World, request: Request) -> Answer:
    many = len(values_in(request)) > 199
    return refuse("FilterLimitExceeded") if many else world.describe(**request)


@mutant("FLT-20")
def values_are_counted_by_filter(world: World, request: Request) -> Answer:
    most = max((len(values_of(f)) for f in request.get("Filters", [])), default=0)
    return world.describe(**request if most > 200 else _each_value_once(request))


@mutant("FLT-21")
def values_are_cut_at_254(world: World, request: Request) -> Answer:
    return world.describe(**revalued(request, lambda v: v[:254]))


@mutant("FLT-21")
def bytes_are_counted_not_characters(world: World, request: Request) -> Answer:
    long = any(len(value.encode()) > 255 for value in values_in(request))
    return refuse("FilterLimitExceeded") if long else world.describe(**request)
