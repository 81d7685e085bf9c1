"""What LIF rules let one see of tasks that are only read.

Chapter: specs/lifecycle.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import ANY_ACCOUNT, rule
from .strategies import accounts, tasks

if TYPE_CHECKING:
    from .probe import Account


@rule("LIF-01", given=ANY_ACCOUNT, needs=("seed",))
def a_task_is_in_the_state_it_was_arranged_in(account: Account) -> None:
    found = {t["ExportImageTaskId"]: t.get("Status") for t in account.everything()}
    for task in account.held:
        task_id, status = task["ExportImageTaskId"], task["Status"]
        account.same(found.get(task_id, status), status, f"Status of {task_id}")


@rule("LIF-03", given={"tasks": accounts(tasks(["completed"]), min_size=1)})
def a_completed_task_tells_neither_progress_nor_message(account: Account) -> None:
    for task in account.everything():
        if task.get("Status") == "completed":
            told = {"Progress", "StatusMessage"} & task.keys()
            account.expect(not told, f"{task} tells {told}")


@rule("LIF-08", given={"tasks": accounts(tasks(["active", "deleting"]), min_size=1)})
def a_task_stays_as_it_was_arranged(account: Account) -> None:
    before = account.everything()
    for _ in range(3):
        account.same(account.everything(), before, "the tasks when read again")
