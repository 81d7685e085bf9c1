"""LIF: the states of tasks that are only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import READING, rule
from .strategies import STATES, accounts, tasks

if TYPE_CHECKING:
    from .account import TargetAccount


@rule("LIF-01", presumes=(*READING, "RSP-09"))
def a_task_is_in_one_of_four_states(account: TargetAccount) -> None:
    found = {str(task.get("Status")) for task in account.tasks()}
    account.assume(found, "a task")
    account.assert_equal(found - set(STATES), set(), "the states")


@rule(
    "LIF-03",
    presumes=(*READING, "RSP-05", "RSP-06"),
    tasks=accounts(tasks(["completed"]), min_size=1),
)
def a_completed_task_has_neither_progress_nor_message(account: TargetAccount) -> None:
    completed = [task for task in account.tasks() if task.get("Status") == "completed"]
    account.assume(completed, "a completed task")
    for task in completed:
        extra = {"Progress", "StatusMessage"} & task.keys()
        account.assert_equal(extra, set(), f"members of {task['ExportImageTaskId']}")


@rule(
    "LIF-08",
    presumes=(*READING, "RSP-09"),
    tasks=accounts(tasks(["active", "deleting"]), min_size=1),
)
def a_task_that_was_added_stays_as_it_is(account: TargetAccount) -> None:
    wanted = {task["ExportImageTaskId"]: task["Status"] for task in account.held}
    account.assume(wanted, "a task")
    for _ in range(3):
        found = {
            task["ExportImageTaskId"]: task.get("Status") for task in account.tasks()
        }
        account.assert_equal(found, wanted, "the states of the tasks")
