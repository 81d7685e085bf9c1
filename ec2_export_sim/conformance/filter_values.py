r"""FLT: what one value of a filter matches: `*`, `?`, escapes, limits, tags.

The names of filters and how they combine are in `filters`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .account import in_states
from .oracle import selected
from .registry import READING, rule
from .samples import in_state
from .strategies import (
    STATES,
    TAG_KEYS,
    TAG_VALUES,
    accounts,
    literal,
    patterns,
    tagged_tasks,
)

if TYPE_CHECKING:
    from .account import TargetAccount

_ON_STATES = (*READING, "FLT-03", "FLT-04")
_ON_TAGS = (*_ON_STATES, "RSP-03", "FLT-12")
_TAGGED = accounts(tagged_tasks(), min_size=2)
_NAMES = st.sampled_from(["task-state", "tag:Team", "tag-key"])
_PLAIN_KEYS = st.sampled_from([key for key in TAG_KEYS if key == literal(key)])
_PLAIN = st.sampled_from([value for value in TAG_VALUES if value == literal(value)])


def _expect_selected(account: TargetAccount, name: str, values: list[str]) -> None:
    """Compare a filtered answer with the tasks of an answer without filters."""
    tasks = account.tasks()
    account.assume(tasks, "a task")
    asked = [{"Name": name, "Values": values}]
    wanted = selected(tasks, asked)
    account.assert_equal(account.ids(Filters=asked), wanted, f"the tasks for {asked}")


@rule("FLT-09", presumes=_ON_STATES)
def a_filter_without_values_matches_nothing(account: TargetAccount) -> None:
    account.assume(account.ids(Filters=in_state(*STATES)), "a task")
    found = account.ids(Filters=[{"Name": "task-state"}])
    account.assert_equal(found, set(), "the tasks for a filter without Values")
    found = account.ids(Filters=in_state())
    account.assert_equal(found, set(), "the tasks for an empty list of values")


@rule("FLT-10", presumes=(*_ON_STATES, "FLT-06"))
def an_unknown_value_matches_nothing(account: TargetAccount, value: str) -> None:
    states = account.ids(Filters=in_state(*STATES))
    account.assume(states, "a task")
    found = account.ids(Filters=in_state(value))
    account.assert_equal(found, set(), f"the tasks for {value!r}")
    found = account.ids(Filters=in_state(value, *STATES))
    account.assert_equal(found, states, f"the tasks for {value!r} and all states")


@rule("FLT-11", presumes=(*_ON_TAGS, "FLT-13"), tasks=_TAGGED, name=_NAMES)
def the_empty_value_matches_only_the_empty_value(
    account: TargetAccount, name: str
) -> None:
    _expect_selected(account, name, [""])


@rule(
    "FLT-13",
    presumes=_ON_TAGS,
    tasks=_TAGGED,
    key=st.sampled_from(["Team", "team"]),
    values=st.lists(_PLAIN, min_size=1, max_size=2),
)
def a_tag_filter_selects_by_the_value(
    account: TargetAccount, key: str, values: list[str]
) -> None:
    _expect_selected(account, f"tag:{key}", values)


@rule(
    "FLT-14",
    presumes=_ON_TAGS,
    tasks=_TAGGED,
    keys=st.lists(_PLAIN_KEYS, min_size=1, max_size=2),
)
def tag_key_selects_by_the_keys(account: TargetAccount, keys: list[str]) -> None:
    _expect_selected(account, "tag-key", keys)


@rule(
    "FLT-15",
    presumes=(*_ON_TAGS, "FLT-13"),
    tasks=_TAGGED,
    key=st.sampled_from(TAG_KEYS),
)
def the_key_of_a_tag_filter_is_literal(account: TargetAccount, key: str) -> None:
    _expect_selected(account, f"tag:{key}", ["red", "Red", "blue"])


# --- wildcards and escapes ----------------------------------------------------------


@rule("FLT-16", presumes=_ON_TAGS, tasks=_TAGGED, name=_NAMES, value=patterns("*"))
def a_star_matches_any_text(account: TargetAccount, name: str, value: str) -> None:
    _expect_selected(account, name, [value])


@rule("FLT-17", presumes=_ON_TAGS, tasks=_TAGGED, name=_NAMES, value=patterns("?"))
def a_question_mark_matches_one_character_or_none(
    account: TargetAccount, name: str, value: str
) -> None:
    _expect_selected(account, name, [value])


@rule(
    "FLT-18",
    presumes=_ON_TAGS,
    tasks=_TAGGED,
    name=_NAMES,
    value=patterns("\\*", "\\?", "\\\\"),
)
def an_escaped_wildcard_is_a_plain_character(
    account: TargetAccount, name: str, value: str
) -> None:
    _expect_selected(account, name, [value])


@rule("FLT-19", presumes=("FLT-04",))
def any_other_escape_is_an_error(
    account: TargetAccount, value: str, sequence: str
) -> None:
    error = account.error(Filters=in_state(value))
    account.assert_equal(error.code, "InvalidParameterValue", "the code")
    message = f"Invalid filter value: The escape sequence '{sequence}' is invalid"
    account.assert_message(error, message)


# --- limits -------------------------------------------------------------------------


@rule("FLT-20", presumes=_ON_STATES, first=st.integers(0, 200))
def a_call_has_at_most_200_values(account: TargetAccount, first: int) -> None:
    def asked(count: int) -> list[dict[str, Any]]:
        sizes = [size for size in (first, count - first) if size]
        return [each for size in sizes for each in in_state(*["active"] * size)]

    active = in_states(account.tasks(), ["active"])
    account.assume(active, "an active task")
    found = account.ids(Filters=asked(200))
    account.assert_equal(found, active, "the tasks for 200 values")
    error = account.error(Filters=asked(201))
    account.assert_equal(error.code, "FilterLimitExceeded", "the code for 201 values")


@rule("FLT-21", presumes=_ON_STATES, character=st.sampled_from(["x", "é", "😀"]))
def a_value_has_at_most_255_characters(account: TargetAccount, character: str) -> None:
    active = in_states(account.tasks(), ["active"])
    account.assume(active, "an active task")
    found = account.ids(Filters=in_state("active", character * 255))
    account.assert_equal(found, active, "the tasks for a value of 255 characters")
    for value in (character * 256, "\\*" * 127 + character * 2):
        error = account.error(Filters=in_state("active", value))
        what = "the code for a value of 256 characters"
        account.assert_equal(error.code, "FilterLimitExceeded", what)
