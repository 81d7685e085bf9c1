r"""What FLT rules let one see of a single value: `*`, `?`, escapes, limits, tags.

Chapter: specs/filters.md. Names and combinations stand in `filters`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .filters import FILTERS, TAGS, in_state
from .oracle import selected
from .registry import rule
from .samples import sample_task, tagged
from .strategies import (
    STATES,
    TAG_KEYS,
    TAG_VALUES,
    accounts,
    literal,
    patterns,
    sparse_tasks,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .probe import Account


def _passes(account: Account, *asked: dict[str, Any]) -> None:
    """Expect the tasks that the oracle selects, and no others."""
    wanted = set(selected(account.held, filters=asked))
    account.same(account.named(Filters=list(asked)), wanted, f"the tasks for {asked}")


@rule(
    "FLT-09",
    given={"name": st.sampled_from(["task-state"])},
    examples=[{"name": "task-state"}],
    needs=FILTERS,
)
def a_filter_without_values_matches_nothing(account: Account, name: str) -> None:
    account.same(account.named(Filters=[{"Name": name}]), set(), "no Values")
    empty = account.named(Filters=[{"Name": name, "Values": []}])
    account.same(empty, set(), "an empty list of values")


@rule(
    "FLT-10",
    given={"value": st.sampled_from(["failed", "cancelled", "activ", "active ", "0"])},
    examples=[{"value": "failed"}, {"value": "actives"}, {"value": "[a]ctive"}],
    needs=FILTERS,
)
def an_unknown_value_matches_nothing(account: Account, value: str) -> None:
    found = account.named(Filters=in_state(value))
    account.same(found, set(), value)
    beside = account.named(Filters=in_state(value, *STATES))
    account.same(beside, set(account.ids), "all states and it")


@rule("FLT-11", needs=FILTERS)
def the_empty_value_matches_no_state(account: Account) -> None:
    found = account.named(Filters=in_state(""))
    account.same(found, set(), "the empty value")


@rule("FLT-11", given={"key": st.sampled_from(TAG_KEYS)}, needs=TAGS)
def the_empty_value_matches_the_empty_tag(account: Account, key: str = "Stage") -> None:
    _passes(account, {"Name": f"tag:{key}", "Values": [""]})


# --- wildcards and escapes ----------------------------------------------------------

_STARS = ("*", "act*", "*ed", "de*t*", "*e*e*", "**", "active*", "*ctiv", "d*")
_MARKS = ("activ?", "?active", "activ??", "????????", "delet?d", "delete?", "?")


@rule(
    "FLT-16",
    given={"value": st.sampled_from(_STARS)},
    examples=[{"value": value} for value in _STARS],
    needs=FILTERS,
)
def a_star_matches_any_run(account: Account, value: str) -> None:
    _passes(account, *in_state(value))


@rule(
    "FLT-16",
    given={"value": patterns()},
    examples=[{"value": value} for value in ("*", "r*d", "*e*", "R*")],
    needs=TAGS,
)
def a_star_matches_in_every_filter(account: Account, value: str) -> None:
    for name in ("tag:Team", "tag-key"):
        _passes(account, {"Name": name, "Values": [value]})


@rule(
    "FLT-17",
    given={"value": st.sampled_from(_MARKS)},
    examples=[{"value": value} for value in _MARKS],
    needs=FILTERS,
)
def a_question_mark_matches_one_character_or_none(account: Account, value: str) -> None:
    _passes(account, *in_state(value))


@rule(
    "FLT-17",
    given={"value": patterns()},
    examples=[{"value": value} for value in ("r?d", "re??d", "?red", "????")],
    needs=TAGS,
)
def a_question_mark_matches_in_every_filter(account: Account, value: str) -> None:
    for name in ("tag:Team", "tag-key"):
        _passes(account, {"Name": name, "Values": [value]})


_MAGIC_TAGS = tuple(
    sample_task(number, "completed", Tags=tagged(Team=value))
    for number, value in enumerate(("r*d", "r?d", "r\\d", "red", "rd", "*"), 1)
)


@rule(
    "FLT-18",
    given={"value": st.sampled_from(TAG_VALUES)},
    examples=[
        {"tasks": _MAGIC_TAGS, "value": value} for value in ("r*d", "r?d", "r\\d", "*")
    ],
    needs=TAGS,
)
def an_escaped_value_matches_itself_alone(account: Account, value: str) -> None:
    _passes(account, {"Name": "tag:Team", "Values": [literal(value)]})


@rule(
    "FLT-18",
    given={"value": st.sampled_from(STATES)},
    examples=[{"value": "active"}, {"value": "deleted"}],
    needs=FILTERS,
)
def an_escaped_wildcard_is_a_plain_character(account: Account, value: str) -> None:
    for state in (f"{value}\\*", f"{value}\\?", f"\\*{value[1:]}", f"{value}\\\\"):
        found = account.named(Filters=in_state(state))
        account.same(found, set(), f"the tasks in the state {state}")


_BAD_ESCAPES = {"\\d": "\\d", "a\\ctive": "\\c", "active\\": "\\", "\\\\\\": "\\"}


@rule(
    "FLT-19",
    given={"value": st.sampled_from(list(_BAD_ESCAPES))},
    examples=[{"value": value} for value in _BAD_ESCAPES],
    needs=FILTERS,
)
def any_other_escape_is_refused(account: Account, value: str) -> None:
    refusal = account.refusal(Filters=in_state("active", value))
    account.same(refusal.code, "InvalidParameterValue", "the code")
    sequence = _BAD_ESCAPES[value]
    message = f"Invalid filter value: The escape sequence '{sequence}' is invalid"
    account.says(refusal, message)


# --- limits -------------------------------------------------------------------------


@rule(
    "FLT-20",
    given={"share": st.integers(0, 200)},
    examples=[{"share": 0}, {"share": 100}, {"share": 200}],
    needs=FILTERS,
)
def a_call_holds_at_most_200_values(account: Account, share: int) -> None:
    def asked(count: int) -> list[dict[str, Any]]:
        values = ["active"] * count
        halves = (values[:share], values[share:])
        return [each for half in halves if half for each in in_state(*half)]

    found = account.named(Filters=asked(200))
    account.same(found, account.in_states({"active"}), "the tasks for 200 values")
    account.same(account.refused(Filters=asked(201)), "FilterLimitExceeded", "code")


@rule(
    "FLT-21",
    given={"character": st.sampled_from(["x", "é", "😀"])},
    examples=[{"character": "x"}, {"character": "😀"}],
    needs=FILTERS,
)
def a_value_holds_at_most_255_characters(account: Account, character: str) -> None:
    found = account.named(Filters=in_state("active", character * 255))
    account.same(found, account.in_states({"active"}), "the tasks for 255 characters")
    for value in (character * 256, "\\*" * 127 + character * 2):
        code = account.refused(Filters=in_state("active", value))
        account.same(code, "FilterLimitExceeded", "the code for 256 characters")


# --- tags ---------------------------------------------------------------------------

_PLAIN = tuple(value for value in TAG_VALUES if value == literal(value))


@rule(
    "FLT-13",
    given={"values": st.lists(st.sampled_from(_PLAIN), min_size=1, max_size=2)},
    examples=[{"values": ["red"]}, {"values": ["Red", "reed"]}],
    needs=TAGS,
)
def a_tag_filter_selects_by_the_value(account: Account, values: Sequence[str]) -> None:
    _passes(account, {"Name": "tag:Team", "Values": list(values)})


@rule("FLT-13", given={"key": st.sampled_from(TAG_KEYS)}, needs=TAGS)
def a_task_without_the_tag_passes_for_no_value(
    account: Account, key: str = "Team"
) -> None:
    _passes(account, {"Name": f"tag:{key}", "Values": ["*"]})


@rule(
    "FLT-13",
    given={
        "tasks": st.just([sample_task(1, "active", Tags=[{"Key": "Team"}])]),
        "value": st.sampled_from(["", "*", "red"]),
    },
    examples=[
        {"tasks": [sample_task(1, "active", Tags=[{"Key": "Team"}])], "value": ""}
    ],
    needs=("seed", *TAGS),
)
def a_recorded_tag_without_a_value_has_the_empty_one(
    account: Account, value: str
) -> None:
    _passes(account, {"Name": "tag:Team", "Values": [value]})


@rule(
    "FLT-14",
    given={"keys": st.lists(st.sampled_from(TAG_KEYS), min_size=1, max_size=2)},
    examples=[{"keys": ["Team"]}, {"keys": ["a:b", "Stage"]}],
    needs=TAGS,
)
def tag_key_selects_by_the_keys(account: Account, keys: list[str]) -> None:
    _passes(account, {"Name": "tag-key", "Values": [literal(key) for key in keys]})


_ODD_KEYS = ("Team*", "Team?", "Te*", "\\", "\\*", "a:b", ":", "Team:", "team", "T am")


@rule(
    "FLT-15",
    given={"tasks": accounts(sparse_tasks()), "key": st.sampled_from(_ODD_KEYS)},
    examples=[
        {
            "tasks": [
                sample_task(number, "active", Tags=[{"Key": held, "Value": "red"}])
                for number, held in enumerate(("Team", "Team*", "Te", "\\", "a:b"), 1)
            ],
            "key": key,
        }
        for key in _ODD_KEYS
    ],
    needs=("seed", *TAGS),
)
def the_key_of_a_tag_filter_is_literal(account: Account, key: str) -> None:
    _passes(account, {"Name": f"tag:{key}", "Values": ["*"]})
