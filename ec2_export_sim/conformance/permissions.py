"""AUT: the answers to a dry run, and to a caller who is not allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .capabilities import DESCRIBE
from .outcomes import TargetError
from .registry import READING, rule
from .strategies import requests

if TYPE_CHECKING:
    from .account import TargetAccount

_IMAGE = "ami-0123456789abcdef0"


def right_request(account: TargetAccount, operation: str) -> dict[str, Any]:
    """Return parameters for *operation* that are right for this account."""
    if operation == "export_image":
        location = {"S3Bucket": "exports"}
        image_id = getattr(account.session.target, "image_id", _IMAGE)
        return {
            "ImageId": image_id,
            "DiskImageFormat": "VMDK",
            "S3ExportLocation": location,
        }
    if operation == "cancel_export_task":
        active = [
            t["ExportImageTaskId"] for t in account.held if t["Status"] == "active"
        ]
        account.assume(active, "an active task")
        return {"ExportTaskId": active[0]}
    if operation in {"create_tags", "delete_tags"}:
        tags = [{"Key": "Team", "Value": "blue"}]
        return {"Resources": account.pick([0]), "Tags": tags}
    return {}


@rule("AUT-01", presumes=())
def a_dry_run_of_a_caller_who_is_allowed_returns_dry_run_operation(
    account: TargetAccount, operation: str
) -> None:
    request = right_request(account, operation)
    error = account.error(operation, **request, DryRun=True)
    account.assert_equal(error.code, "DryRunOperation", "the code")


@rule("AUT-02", presumes=("AUT-01",))
def a_dry_run_of_a_caller_who_is_not_allowed_returns_unauthorized_operation(
    account: TargetAccount, operation: str
) -> None:
    request = {**right_request(account, operation), "DryRun": True}
    allowed = account.call(operation, **request)
    denied = account.call(operation, authorized=False, **request)
    if isinstance(denied, TargetError) and isinstance(allowed, TargetError):
        same = denied.code == allowed.code != "UnauthorizedOperation"
        account.assert_true(
            not same,
            "both callers get the same answer; if the target has no permissions: "
            "--unsupported permissions",
        )
    account.assert_true(isinstance(denied, TargetError), "the dry run was answered")
    error = account.assume_error(denied)
    account.assert_equal(error.code, "UnauthorizedOperation", "the code")


@rule("AUT-03", presumes=("AUT-01", "AUT-02"))
def a_caller_who_is_not_allowed_gets_unauthorized_operation(
    account: TargetAccount, operation: str
) -> None:
    request = right_request(account, operation)
    error = account.error(operation, authorized=False, **request)
    account.assert_equal(error.code, "UnauthorizedOperation", "the code")
    if error.status is not None:
        account.assert_equal(error.status, 403, "the status")


@rule("AUT-04", presumes=(*READING, "AUT-01", "PAG-04"), request=requests())
def dry_run_false_is_the_same_as_no_dry_run(
    account: TargetAccount, request: dict[str, Any]
) -> None:
    wanted = account.ids(**request)
    account.assume(wanted, "a task that is described")
    found = account.ids(**request, DryRun=False)
    account.assert_equal(found, wanted, "the tasks with DryRun=False")


@rule("AUT-05", presumes=("AUT-02", "AUT-03"))
def the_message_names_caller_action_and_reason(account: TargetAccount) -> None:
    message = account.error(DESCRIBE, authorized=False).message
    account.assume(message, "an error that has a message")
    text = str(message)
    action = "ec2:DescribeExportImageTasks"
    begins = "You are not authorized to perform this operation. User: "
    account.assert_true(text.startswith(begins), f"the message is {text!r}")
    _, named, reason = text.partition(f" is not authorized to perform: {action} ")
    account.assert_true(named, f"the message does not name the action: {text!r}")
    reasons = (
        f"because no identity-based policy allows the {action} action",
        "with an explicit deny in an identity-based policy",
    )
    account.assert_true(reason in reasons, f"the reason of the message is {reason!r}")
