"""FLT: the names of filters, and how names and values combine.

What one value matches is in `filter_values`. At level documented a filtered answer is
compared only with other answers of the same account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .account import in_states
from .registry import READING, rule
from .samples import in_state
from .strategies import STATES, filters, tag_filters

if TYPE_CHECKING:
    from .account import TargetAccount

_SOME_STATES = st.lists(st.sampled_from(STATES), min_size=2, max_size=4, unique=True)
_STATE = st.sampled_from(STATES)


@rule(
    "FLT-01",
    presumes=(*READING, "FLT-04", "FLT-12"),
    others=st.lists(tag_filters(), min_size=1, max_size=2),
    state=_STATE,
)
def a_task_matches_every_filter(
    account: TargetAccount, others: list[dict[str, Any]], state: str
) -> None:
    asked = [*in_state(state), *others]
    for each in others:
        account.assume(account.answers(Filters=[each]), "a second filter")
    alone = [account.ids(Filters=[each]) for each in asked]
    wanted = set.intersection(*alone)
    account.assume(wanted not in alone, "filters that all select")
    for both in (asked, asked[::-1]):
        account.assert_equal(account.ids(Filters=both), wanted, "the tasks that match")


@rule("FLT-02", presumes=(*READING, "FLT-04"), one=filters(), other=filters())
def filters_of_the_same_name_are_joined_with_and(
    account: TargetAccount, one: dict[str, Any], other: dict[str, Any]
) -> None:
    alone = [account.ids(Filters=[one]), account.ids(Filters=[other])]
    account.assume(all(alone), "tasks in the states")
    found = account.ids(Filters=[one, other])
    account.assert_equal(
        found, alone[0] & alone[1], "the tasks that match both filters"
    )


@rule("FLT-03", presumes=(*READING, "FLT-04"), wanted=_SOME_STATES)
def values_are_joined_with_or(account: TargetAccount, wanted: list[str]) -> None:
    alone = [account.ids(Filters=in_state(state)) for state in wanted]
    union = set().union(*alone)
    account.assume(union not in alone, "tasks in two of the states")
    for values in (wanted, wanted[::-1]):
        found = account.ids(Filters=in_state(*values))
        account.assert_equal(found, union, f"the tasks in one of {values}")


@rule("FLT-04", presumes=(*READING, "RSP-09"), state=_STATE)
def task_state_selects_by_status(account: TargetAccount, state: str) -> None:
    tasks = account.tasks()
    right = in_states(tasks, [state])
    found = account.ids(Filters=in_state(state))
    account.assert_equal(found, right, f"the tasks in the state {state}")
    account.assume(right, "a task in the state")
    account.assume(len(right) < len(tasks), "a task in another state")


@rule(
    "FLT-05",
    presumes=(*READING, "FLT-04"),
    name=st.sampled_from(["Task-State", "TASK-STATE", "task-State"]),
    state=_STATE,
)
def a_name_in_another_case_is_another_name(
    account: TargetAccount, name: str, state: str
) -> None:
    right = account.ids(Filters=in_state(state))
    account.assume(right, "a task in the state")
    account.assume(right != account.ids(), "a task in another state")
    asked = [{"Name": name, "Values": [state]}]
    if account.answers(Filters=asked):
        found = account.ids(Filters=asked)
        account.assert_true(found != right, f"{name} is answered as task-state is")


@rule(
    "FLT-06",
    presumes=(*READING, "FLT-04"),
    value=_STATE.flatmap(lambda state: st.sampled_from([state.title(), state.upper()])),
)
def a_value_in_another_case_is_another_value(
    account: TargetAccount, value: str
) -> None:
    state = value.lower()
    right = account.ids(Filters=in_state(state))
    account.assume(right, "a task in the state")
    account.assume(right != account.ids(), "a task in another state")
    if account.answers(Filters=in_state(value)):
        found = account.ids(Filters=in_state(value))
        account.assert_true(found != right, f"{value} is answered as {state} is")


@rule("FLT-07", presumes=("FLT-04", "FLT-05"))
def an_unknown_filter_is_an_error(account: TargetAccount, name: str) -> None:
    unknown, active = {"Name": name, "Values": ["active"]}, in_state("active")
    for asked in ([unknown], [unknown, *active], [*active, unknown]):
        error = account.error(Filters=asked)
        account.assert_equal(error.code, "InvalidParameterValue", "the code")
        account.assert_message(error, f"The filter '{name}' is invalid")


@rule("FLT-08", presumes=("FLT-04",))
def a_filter_without_a_name_is_an_error(account: TargetAccount) -> None:
    error = account.error(Filters=[{"Values": ["active"]}])
    account.assert_equal(error.code, "InvalidParameterValue", "the code")
    account.assert_message(error, "The filter 'null' is invalid")


@rule("FLT-12", presumes=(*READING, "RSP-03"))
def a_filter_on_a_tag_is_accepted(
    account: TargetAccount, asked: dict[str, Any]
) -> None:
    account.assume(account.ids(), "a task")
    page = account.describe(Filters=[asked])
    account.assume(page.tasks or page.token, "a task that has the tag")


@rule("FLT-22", presumes=("FLT-07", "FLT-19", "FLT-20", "FLT-21"))
def names_come_before_count_and_lengths_before_escapes(
    account: TargetAccount, asked: list[dict[str, Any]], first: dict[str, Any]
) -> None:
    alone = account.assume_error(account.call(Filters=[first]))
    error = account.error(Filters=asked)
    account.assert_equal(error, alone, "the error")
