"""ORD: which of several errors is returned, and what a call changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .account import DESCRIBE
from .permissions import right_request
from .registry import READING, rule
from .samples import UNKNOWN_ID, WRONG_VALUE_RULES, WRONG_VALUES, wrong_request
from .strategies import requests

if TYPE_CHECKING:
    from .account import TargetAccount

SOME_WRONG = st.lists(st.sampled_from(WRONG_VALUE_RULES), min_size=1, unique=True)


@rule("ORD-02", presumes=("PRM-01", "AUT-01", "AUT-03"))
def parameters_are_checked_before_permission_and_dry_run(
    account: TargetAccount, caller: str
) -> None:
    asked: dict[str, Any] = (
        {"authorized": False} if caller == "denied" else {"DryRun": True}
    )
    other = account.assume_error(account.call(**asked))
    alone = account.assume_error(account.call(Bogus="x"))
    account.assume(other.code != alone.code, "two different errors")
    error = account.error(**asked, Bogus="x")
    account.assert_equal(error.code, alone.code, "the code")


@rule("ORD-04", presumes=("AUT-02", "AUT-03", *WRONG_VALUE_RULES), wrong=SOME_WRONG)
def the_permission_is_checked_before_any_value(
    account: TargetAccount, wrong: list[str]
) -> None:
    denied = account.assume_error(account.call(authorized=False))
    for request in (wrong_request(wrong), UNKNOWN_ID):
        account.assume_error(account.call(**request))
        error = account.error(authorized=False, **request)
        account.assert_equal(error.code, denied.code, "the code")


@rule("ORD-05", presumes=("AUT-01",), request=requests(), wrong=SOME_WRONG)
def a_dry_run_looks_at_nothing_but_the_permission(
    account: TargetAccount, request: dict[str, Any], wrong: list[str]
) -> None:
    alone = account.assume_error(account.call(DryRun=True))
    known = {"ExportImageTaskIds": account.held_ids[:2]} if account.held else {}
    calls: list[dict[str, Any]] = [request, known, UNKNOWN_ID, wrong_request(wrong)]
    for asked in calls:
        error = account.error(**asked, DryRun=True)
        account.assert_equal(error.code, alone.code, "the code")


@rule("ORD-11", presumes=("AUT-01", "AUT-02", "AUT-03"))
def a_call_that_changes_something_checks_the_permission_before_any_value(
    account: TargetAccount, operation: str, wrong: dict[str, Any]
) -> None:
    right = right_request(account, operation)
    ways: list[dict[str, Any]] = [{"authorized": False}]
    if operation != "cancel_export_task" and account.supports("dry-run"):
        ways.append({"DryRun": True})
    for way in ways:
        alone = account.assume_error(account.call(operation, **right, **way))
        error = account.error(operation, **{**right, **wrong}, **way)
        account.assert_equal(error.code, alone.code, f"the code with {way}")


@rule("ORD-06", presumes=WRONG_VALUE_RULES, wrong=SOME_WRONG)
def values_are_checked_in_one_order(account: TargetAccount, wrong: list[str]) -> None:
    account.assume(len(wrong) > 1, "two wrong values")
    alone = [account.assume_error(account.call(**WRONG_VALUES[each])) for each in wrong]
    account.assume(len(set(alone)) == len(wrong), "errors that differ")
    first = wrong.index(min(wrong, key=WRONG_VALUE_RULES.index))
    error = account.error(**wrong_request(wrong))
    account.assert_equal(error, alone[first], "the error")


@rule(
    "ORD-07",
    presumes=(*WRONG_VALUE_RULES, "IDS-05"),
    wrong=st.sampled_from(WRONG_VALUE_RULES[1:]),
)
def existence_comes_after_all_values(account: TargetAccount, wrong: str) -> None:
    alone = account.assume_error(account.call(**WRONG_VALUES[wrong]))
    unknown = account.assume_error(account.call(**UNKNOWN_ID))
    account.assume(alone != unknown, "errors that differ")
    error = account.error(**WRONG_VALUES[wrong], **UNKNOWN_ID)
    account.assert_equal(error, alone, "the error")


@rule(
    "ORD-10",
    presumes=(*READING, "AUT-01", "LIF-08", *WRONG_VALUE_RULES),
    operation=st.just(DESCRIBE),
    wrong=SOME_WRONG,
    request=requests(),
)
def reads_dry_runs_and_errors_change_nothing(
    account: TargetAccount, operation: str, wrong: list[str], request: dict[str, Any]
) -> None:
    before = account.tasks_by_id()
    account.assume(before, "a task")
    dry_run = {**right_request(account, operation), "DryRun": True}
    calls: list[dict[str, Any]] = [dry_run] if account.supports("dry-run") else []
    if operation == DESCRIBE:
        named = {"ExportImageTaskIds": account.held_ids[:1]}
        calls += [request, named, UNKNOWN_ID, wrong_request(wrong)]
    for each in calls:
        account.call(operation, **each)
        what = f"the tasks after {operation}"
        account.assert_equal(account.tasks_by_id(), before, what)
