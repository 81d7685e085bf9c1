"""What AUT rules let one see: the answers to a dry run and to one who is not allowed.

Chapter: specs/permissions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .registry import rule
from .strategies import requests

if TYPE_CHECKING:
    from .probe import Account

ANY_REQUEST = {"request": requests()}
REQUESTS: tuple[dict[str, Any], ...] = (
    {"request": {}},
    {"request": {"MaxResults": 1}},
    {"request": {"Filters": [{"Name": "task-state", "Values": ["active"]}]}},
)


# --- must ---------------------------------------------------------------------------


@rule("AUT-01", needs=("dry-run",))
def a_dry_run_of_one_who_is_allowed_answers_dry_run_operation(account: Account) -> None:
    account.same(account.refused(DryRun=True), "DryRunOperation", "the code")


@rule("AUT-02", needs=("dry-run", "permissions"))
def a_dry_run_of_one_who_is_not_allowed_answers_unauthorized_operation(
    account: Account,
) -> None:
    code = account.refused(authorized=False, DryRun=True)
    account.same(code, "UnauthorizedOperation", "the code")


@rule(
    "AUT-02",
    given=ANY_REQUEST,
    examples=REQUESTS,
    needs=("dry-run", "permissions", "filters", "paging"),
)
def a_dry_run_tells_one_who_is_not_allowed_nothing_else(
    account: Account, request: dict[str, Any]
) -> None:
    code = account.refused(authorized=False, **request, DryRun=True)
    account.same(code, "UnauthorizedOperation", "the code")


# --- should -------------------------------------------------------------------------


@rule("AUT-01", needs=("dry-run",), level="should")
def a_dry_run_has_the_message_and_the_status_412(account: Account) -> None:
    refusal = account.refusal(DryRun=True)
    message = "Request would have succeeded, but DryRun flag is set."
    account.says(refusal, message)
    account.expect(refusal.status in {None, 412}, f"the status is {refusal.status}")


@rule("AUT-03", needs=("permissions",))
def one_who_is_not_allowed_gets_unauthorized_operation(account: Account) -> None:
    refusal = account.refusal(authorized=False)
    account.same(refusal.code, "UnauthorizedOperation", "the code")
    account.expect(refusal.status in {None, 403}, f"the status is {refusal.status}")


@rule(
    "AUT-04",
    given={"limit": st.none() | st.integers(1, 5)},
    examples=[{"limit": None}],
    needs=("dry-run", "paging"),
)
def dry_run_false_is_the_same_as_no_dry_run(
    account: Account, limit: int | None
) -> None:
    request: dict[str, Any] = {} if limit is None else {"MaxResults": limit}
    wanted = account.describe(**request).tasks
    found = account.describe(**request, DryRun=False).tasks
    account.same(found, wanted, "the tasks with DryRun=False")


@rule("AUT-05", needs=("permissions",))
def the_message_names_caller_action_and_reason(account: Account) -> None:
    message = account.refusal(authorized=False).message or ""
    account.require(message, "no refusal tells its message")
    action = "ec2:DescribeExportImageTasks"
    begins = "You are not authorized to perform this operation. User: "
    account.expect(message.startswith(begins), f"the message is {message!r}")
    _, named, reason = message.partition(f" is not authorized to perform: {action} ")
    account.expect(named, f"the message does not name the action: {message!r}")
    reasons = (
        f"because no identity-based policy allows the {action} action",
        "with an explicit deny in an identity-based policy",
    )
    account.expect(reason in reasons, f"the message gives as reason {reason!r}")
