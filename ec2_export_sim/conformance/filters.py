"""What FLT rules let one see: names, and how names and values combine.

Chapter: specs/filters.md. What a single value matches stands in `filter_values`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .oracle import selected
from .probe import Answer
from .registry import ANY_ACCOUNT, rule
from .strategies import STATES, filters, states, tag_filters, wildcard_filters

if TYPE_CHECKING:
    from .probe import Account

FILTERS = ("filters",)
TAGS = ("filters", "tags")

RED = {"Name": "tag:Team", "Values": ["red"]}


def in_state(*values: str) -> list[dict[str, Any]]:
    """Return the parameter Filters that asks for these values of task-state."""
    return [{"Name": "task-state", "Values": list(values)}]


(ACTIVE,) = in_state("active")


def _proper(account: Account, ids: set[str]) -> set[str]:
    account.require(ids, "the account holds no task in such a state")
    account.require(ids < set(account.ids), "the account holds no task in other states")
    return ids


# --- must ---------------------------------------------------------------------------


@rule(
    "FLT-01",
    given={"other": tag_filters(), "state": states()},
    examples=[{"other": RED, "state": "completed"}, {"other": RED, "state": "active"}],
    needs=TAGS,
)
def another_filter_never_adds_a_task(
    account: Account, other: dict[str, Any], state: str
) -> None:
    alone = account.named(Filters=in_state(state))
    for both in ([*in_state(state), other], [other, *in_state(state)]):
        first = account.attempt(Filters=both)
        account.require(isinstance(first, Answer), f"{other['Name']} is refused")
        added = account.named(Filters=both) - alone
        account.expect(not added, f"a second filter added {added}")


@rule(
    "FLT-03",
    given={"wanted": st.lists(states(), min_size=2, max_size=4, unique=True)},
    examples=[{"wanted": ["active", "deleted"]}, {"wanted": ["deleted", "completed"]}],
    needs=FILTERS,
)
def values_are_joined_with_or(account: Account, wanted: list[str]) -> None:
    each = [account.named(Filters=in_state(state)) for state in wanted]
    together = account.named(Filters=in_state(*wanted))
    account.same(together, set().union(*each), f"the tasks in one of {wanted}")


@rule(
    "FLT-03",
    given={"wanted": st.lists(states(), min_size=2, max_size=4, unique=True)},
    examples=[{"wanted": ["active", "deleted"]}],
    needs=FILTERS,
)
def the_order_of_values_changes_nothing(account: Account, wanted: list[str]) -> None:
    there = account.named(Filters=in_state(*wanted))
    back = account.named(Filters=in_state(*reversed(wanted)))
    account.same(back, there, "the tasks when the values come in another order")


@rule("FLT-04", given=ANY_ACCOUNT, needs=FILTERS)
def the_states_partition_the_account(account: Account) -> None:
    found: list[str] = []
    for state in STATES:
        found.extend(account.named(Filters=in_state(state)))
    account.same(sorted(found), sorted(account.ids), "the tasks of all four states")


@rule(
    "FLT-04",
    given={"wanted": st.lists(states(), min_size=1, max_size=3, unique=True)},
    examples=[{"wanted": [state]} for state in STATES],
    needs=FILTERS,
)
def task_state_selects_by_status(account: Account, wanted: list[str]) -> None:
    found = account.everything(Filters=in_state(*wanted))
    for task in found:
        account.expect(task.get("Status") in wanted, f"{task} is in none of {wanted}")
    ids = {task["ExportImageTaskId"] for task in found}
    account.same(ids, account.in_states(wanted), f"the tasks in {wanted}")


@rule(
    "FLT-05",
    given={
        "name": st.sampled_from(["Task-State", "TASK-STATE", "task-State"]),
        "state": states(),
    },
    examples=[
        {"name": "Task-State", "state": "active"},
        {"name": "TASK-STATE", "state": "completed"},
    ],
    needs=FILTERS,
)
def a_name_in_another_case_is_another_name(
    account: Account, name: str, state: str
) -> None:
    right = _proper(account, account.named(Filters=in_state(state)))
    wrong = account.attempt(Filters=[{"Name": name, "Values": [state]}])
    if isinstance(wrong, Answer):
        found = account.named(Filters=[{"Name": name, "Values": [state]}])
        account.expect(found != right, f"{name} was answered as if it were task-state")


@rule(
    "FLT-06",
    given={"state": states(), "case": st.sampled_from([str.title, str.upper])},
    examples=[
        {"state": "active", "case": str.title},
        {"state": "completed", "case": str.upper},
    ],
    needs=FILTERS,
)
def a_value_in_another_case_is_another_value(
    account: Account, state: str, case: Any
) -> None:
    right = _proper(account, account.named(Filters=in_state(state)))
    wrong = account.attempt(Filters=in_state(case(state)))
    if isinstance(wrong, Answer):
        found = account.named(Filters=in_state(case(state)))
        account.expect(
            found != right, f"{case(state)} was answered as if it were {state}"
        )


# --- should -------------------------------------------------------------------------


@rule(
    "FLT-01",
    given={"asked": st.lists(filters() | wildcard_filters(), max_size=3)},
    examples=[
        {"asked": [ACTIVE, RED]},
        {"asked": [RED, ACTIVE]},
        {"asked": [*in_state("completed"), RED]},
    ],
    needs=TAGS,
    level="should",
)
def a_task_passes_every_filter(account: Account, asked: list[dict[str, Any]]) -> None:
    wanted = set(selected(account.held, filters=asked))
    account.same(account.named(Filters=asked), wanted, "the tasks that pass")
    back = account.named(Filters=asked[::-1])
    account.same(back, wanted, "the tasks when the filters come in another order")


@rule(
    "FLT-02",
    given={"one": filters(), "other": filters()},
    examples=[
        {"one": ACTIVE, "other": {"Name": "task-state", "Values": ["deleted"]}},
        {
            "one": {"Name": "task-state", "Values": ["active", "completed"]},
            "other": {"Name": "task-state", "Values": ["completed", "deleted"]},
        },
        {"one": ACTIVE, "other": ACTIVE},
    ],
    needs=FILTERS,
)
def filters_of_the_same_name_are_joined_with_and(
    account: Account, one: dict[str, Any], other: dict[str, Any]
) -> None:
    wanted = set(selected(account.held, filters=[one, other]))
    found = account.named(Filters=[one, other])
    account.same(found, wanted, "the tasks that pass both filters")


@rule(
    "FLT-06",
    given={"state": states()},
    examples=[{"state": "active"}],
    needs=FILTERS,
    level="should",
)
def a_value_in_another_case_matches_nothing(account: Account, state: str) -> None:
    for value in (state.title(), state.upper()):
        account.same(account.named(Filters=in_state(value)), set(), value)


UNKNOWN_NAMES = (
    *("state", "status", "Task-State", "TAG:Team", "Tag-Key", "tag", "tag-value"),
    *("export-image-task-id", "no-such-filter", "owner-id", "instance-state-name"),
    *("task_state", "task-state ", "task-*", ""),
)


@rule(
    "FLT-07",
    given={"name": st.sampled_from(UNKNOWN_NAMES)},
    examples=[{"name": name} for name in UNKNOWN_NAMES],
    needs=FILTERS,
)
def an_unknown_filter_is_refused(account: Account, name: str) -> None:
    refusal = account.refusal(Filters=[{"Name": name, "Values": ["active"]}])
    account.same(refusal.code, "InvalidParameterValue", "the code")
    account.says(refusal, f"The filter '{name}' is invalid")


@rule("FLT-07", examples=[{}, {"tasks": []}], needs=FILTERS)
def an_unknown_filter_is_refused_beside_a_known_one(account: Account) -> None:
    unknown = {"Name": "no-such-filter", "Values": ["ami-1"]}
    for asked in ([ACTIVE, unknown], [unknown, ACTIVE]):
        account.same(account.refused(Filters=asked), "InvalidParameterValue", "code")


@rule("FLT-08", needs=FILTERS)
def a_filter_without_a_name_is_refused(account: Account) -> None:
    refusal = account.refusal(Filters=[{"Values": ["active"]}])
    account.same(refusal.code, "InvalidParameterValue", "the code")
    account.says(refusal, "The filter 'null' is invalid")


@rule("FLT-12", given={"asked": tag_filters()}, examples=[{"asked": RED}], needs=TAGS)
def a_filter_on_tags_is_accepted(account: Account, asked: dict[str, Any]) -> None:
    account.describe(Filters=[asked])


@rule(
    "FLT-22",
    examples=[
        {
            "asked": [{"Name": "no-such-filter", "Values": ["\\d"] * 201}],
            "code": "InvalidParameterValue",
        },
        {
            "asked": [ACTIVE, *in_state(*["\\d"] * 200)],
            "code": "FilterLimitExceeded",
        },
        {
            "asked": in_state("\\d", "x" * 256),
            "code": "FilterLimitExceeded",
        },
        {
            "asked": [
                *in_state("x" * 256),
                {"Name": "no-such-filter", "Values": ["x"]},
            ],
            "code": "InvalidParameterValue",
        },
    ],
    needs=FILTERS,
)
def names_come_before_count_and_lengths_before_escapes(
    account: Account, asked: list[dict[str, Any]], code: str
) -> None:
    account.same(account.refused(Filters=asked), code, "the code")
