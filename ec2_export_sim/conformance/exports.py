"""LIF: exports that calls start and cancel, and what the clock does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .outcomes import TargetError
from .permissions import right_request
from .registry import READING, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import TargetAccount
    from .outcomes import Record

_MADE = (*READING, "LIF-37")
_STEP, _STEPS = 60.0, 24 * 60  # seconds; a day in all
_PAIRS = {
    ("0", "validating"),
    ("21", "updating"),
    ("60", "updating"),
    ("80", "converting"),
    ("85", "converting"),
}


def _export(account: TargetAccount, **more: Any) -> Mapping[str, Any]:
    """Start an export; return the answer. It needs an image that can be exported."""
    request = {**right_request(account, "export_image"), **more}
    outcome = account.call("export_image", **request)
    if isinstance(outcome, TargetError):
        image = "an image that can be exported: the target's attribute image_id"
        account.assume(not outcome.code.startswith("InvalidAMIID"), image)
        account.fail(f"the call returned the error {outcome}")
    return outcome


def _started(account: TargetAccount, **more: Any) -> str:
    task_id = _export(account, **more).get("ExportImageTaskId")
    account.assert_true(isinstance(task_id, str), "the answer has no ExportImageTaskId")
    return str(task_id)


def _life(account: TargetAccount, task_id: str) -> Iterator[Record]:
    """Yield the task, and again after each step of the clock, for a day."""
    for _ in range(_STEPS):
        yield account.task(task_id)
        account.advance(_STEP)


@rule("LIF-27", presumes=())
def export_image_answers_with_the_task_it_made(
    account: TargetAccount, more: dict[str, Any]
) -> None:
    request = {**right_request(account, "export_image"), **more}
    answer = _export(account, **more)
    wanted = {
        **{name: value for name, value in request.items() if name in _AS_SENT},
        "DiskImageFormat": request["DiskImageFormat"].upper(),
        "Progress": "0",
        "Status": "active",
        "StatusMessage": "validating",
    }
    for name, value in wanted.items():
        account.assert_equal(answer.get(name), value, name)


@rule("LIF-37", presumes=(*READING, "LIF-27", "RSP-03"))
def a_new_task_can_be_described_at_once(account: TargetAccount) -> None:
    answer = _export(account)
    task = account.task(str(answer.get("ExportImageTaskId")))
    for name in ("ImageId", "S3ExportLocation"):
        account.assert_equal(task.get(name), answer.get(name), f"{name} of the task")


_AS_SENT = ("ImageId", "Description", "RoleName", "S3ExportLocation")


@rule("LIF-19", presumes=("LIF-27",))
def a_malformed_image_id_is_an_error(account: TargetAccount, image_id: str) -> None:
    request = {**right_request(account, "export_image"), "ImageId": image_id}
    error = account.error("export_image", **request)
    account.assert_equal(error.code, "InvalidAMIID.Malformed", "the code")


@rule("LIF-22", presumes=("LIF-27",))
def the_values_of_export_image_are_checked(
    account: TargetAccount, wrong: dict[str, Any]
) -> None:
    account.error("export_image", **{**right_request(account, "export_image"), **wrong})


@rule("LIF-34", presumes=("LIF-22",))
def the_code_for_a_wrong_value_is_invalid_parameter_value(
    account: TargetAccount, wrong: dict[str, Any]
) -> None:
    _expect_invalid(account, wrong)


@rule("LIF-33", presumes=("LIF-27",))
def a_client_token_has_at_most_64_ascii_characters(
    account: TargetAccount, token: str
) -> None:
    _expect_invalid(account, {"ClientToken": token})
    _export(account, ClientToken="x" * 64)


def _expect_invalid(account: TargetAccount, wrong: dict[str, Any]) -> None:
    request = {**right_request(account, "export_image"), **wrong}
    error = account.error("export_image", **request)
    account.assert_equal(error.code, "InvalidParameterValue", "the code")


@rule("LIF-23", presumes=_MADE)
def a_client_token_names_one_request(account: TargetAccount) -> None:
    token = {"ClientToken": "token-1"}
    before = account.ids()
    task_id = _started(account, **token)
    again = _started(account, **token)
    account.assert_equal(again, task_id, "the task of a repeated request")
    account.assert_equal(account.ids(), before | {task_id}, "the tasks afterwards")
    request = {**right_request(account, "export_image"), **token, "Description": "x"}
    error = account.error("export_image", **request)
    account.assert_equal(error.code, "IdempotentParameterMismatch", "the code")


@rule("LIF-36", presumes=_MADE)
def an_image_has_one_export_at_a_time(account: TargetAccount) -> None:
    _started(account)
    account.error("export_image", **right_request(account, "export_image"))


@rule("LIF-24", presumes=("LIF-36",))
def the_code_for_too_many_exports_is_resource_limit_exceeded(
    account: TargetAccount,
) -> None:
    _started(account)
    error = account.error("export_image", **right_request(account, "export_image"))
    account.assert_equal(error.code, "ResourceLimitExceeded", "the code")


# --- canceling ----------------------------------------------------------------------


def _in_state(account: TargetAccount, state: str) -> str:
    found = [task for task in account.held if task["Status"] == state]
    account.assume(found, f"a task that is {state}")
    task_id: str = found[0]["ExportImageTaskId"]
    return task_id


@rule("LIF-18", presumes=READING)
def a_completed_task_cannot_be_canceled(account: TargetAccount) -> None:
    task_id = _in_state(account, "completed")
    account.error("cancel_export_task", ExportTaskId=task_id)
    account.assert_equal(account.task(task_id).get("Status"), "completed", "Status")


@rule("LIF-32", presumes=("LIF-18",))
def a_task_that_cannot_be_canceled_gets_incorrect_state(
    account: TargetAccount, state: str
) -> None:
    task_id = _in_state(account, state)
    error = account.error("cancel_export_task", ExportTaskId=task_id)
    account.assert_equal(error.code, "IncorrectState", "the code")


@rule("LIF-30", presumes=(*READING, "RSP-09"))
def a_canceled_task_is_deleting_and_has_neither_progress_nor_message(
    account: TargetAccount,
) -> None:
    task_id = _cancel(account)
    task = account.task(task_id)
    account.assert_equal(task.get("Status"), "deleting", f"Status of {task_id}")
    extra = {"Progress", "StatusMessage"} & task.keys()
    account.assert_equal(extra, set(), f"members of {task_id}")


def _cancel(account: TargetAccount) -> str:
    task_id: str = right_request(account, "cancel_export_task")["ExportTaskId"]
    account.do("cancel_export_task", ExportTaskId=task_id)
    return task_id


# --- the clock ----------------------------------------------------------------------


@rule("LIF-25", presumes=(*_MADE, "LIF-08"))
def an_export_runs_by_the_clock(account: TargetAccount) -> None:
    task_id = _started(account)
    before = account.task(task_id)
    account.assert_equal(account.task(task_id), before, "the task, read again")
    states = [task.get("Status") for task in _until_finished(account, task_id)]
    account.assert_equal(states[-1], "completed", "Status after a day")


def _until_finished(account: TargetAccount, task_id: str) -> list[Record]:
    lives = []
    for task in _life(account, task_id):
        lives.append(task)
        if task.get("Status") != "active":
            break
    return lives


@rule("LIF-05", presumes=(*_MADE, "LIF-25", "RSP-03"))
def progress_and_message_are_in_pairs(account: TargetAccount) -> None:
    for task in _until_finished(account, _started(account)):
        if task.get("Status") == "active":
            pair = (task.get("Progress"), task.get("StatusMessage"))
            account.assert_true(
                pair in _PAIRS, f"Progress and StatusMessage are {pair}"
            )


@rule("LIF-02", presumes=(*_MADE, "LIF-25", "LIF-30"))
def a_state_is_followed_only_by_those_of_the_table(
    account: TargetAccount, event: str
) -> None:
    if event == "cancel":
        task_id, wanted = _cancel(account), ["deleting", "deleted"]
    else:
        task_id, wanted = _started(account), ["active", "completed"]
    states: list[Any] = []
    for _, task in zip(range(60), _life(account, task_id), strict=False):
        if task.get("Status") not in states[-1:]:
            states.append(task.get("Status"))
    account.assert_equal(states, wanted[: len(states)], "the states of the task")
    account.assume(len(states) > 1, "a change of the state within an hour")


@rule("LIF-17", presumes=(*READING, "LIF-30"))
def a_task_is_deleting_for_60_seconds(account: TargetAccount) -> None:
    task_id = _cancel(account)
    for seconds, status in ((59.0, "deleting"), (1.0, "deleted")):
        account.advance(seconds)
        account.assert_equal(account.task(task_id).get("Status"), status, "Status")
