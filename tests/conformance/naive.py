"""A small account of lists and dicts, and its pieces to differ in.

Not built as the simulator is: each piece is a method that another implementation, sound
or not, may have otherwise.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Task = dict[str, Any]
Request = dict[str, Any]


class Refused(Exception):  # noqa: N818 - named as what it says
    """A refusal with more members than anybody asked for."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        error = {"Code": code, "Message": message, "Type": "Sender", "Detail": None}
        self.response = {"Error": error, "ResponseMetadata": {"RetryAttempts": 0}}


class Naive:
    """A client of an account; a class of them is a target."""

    default_page = 1_000

    def __init__(self, tasks: list[Task], *, authorized: bool = True) -> None:
        self.tasks = deepcopy(tasks)
        self.authorized = authorized

    def describe_export_image_tasks(self, **request: Any) -> dict[str, Any]:
        self.judge(request)
        tasks = self.ordered(self.filtered(self.named(request), request))
        return self.page(deepcopy(tasks), request)

    # --- pieces ---------------------------------------------------------------------

    def judge(self, request: Request) -> None:
        """Look at the permission and the dry run."""
        if not self.authorized:
            raise Refused("UnauthorizedOperation", "you may not")
        if request.get("DryRun"):
            raise Refused("DryRunOperation", "you might")

    def named(self, request: Request) -> list[Task]:
        """Return the tasks that are named, or all."""
        ids = request.get("ExportImageTaskIds") or []
        held = [task["ExportImageTaskId"] for task in self.tasks]
        if any(each not in held for each in ids):
            self.unknown_id()
        return [t for t in self.tasks if not ids or t["ExportImageTaskId"] in ids]

    def unknown_id(self) -> None:
        raise Refused("InvalidExportTaskID.NotFound", "no such task")

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        """Return those of *tasks* that pass the filters."""
        for each in request.get("Filters") or []:
            values = each.get("Values", [])
            if each.get("Name") == "task-state":
                tasks = [task for task in tasks if task["Status"] in values]
            else:
                tasks = self.other_filter(tasks, each)
        return tasks

    def other_filter(self, tasks: list[Task], given: dict[str, Any]) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        raise Refused("InvalidParameterValue", f"what is {given}?")

    def ordered(self, tasks: list[Task]) -> list[Task]:
        return tasks

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        """Cut a page out of *tasks*; the token is an offset."""
        start = self.place(request.get("NextToken"))
        end = start + (request.get("MaxResults") or self.default_page)
        answer: dict[str, Any] = {"ExportImageTasks": tasks[start:end]}
        if end < len(tasks):
            answer["NextToken"] = str(end)
        return answer

    def place(self, token: str | None) -> int:
        if token is None:
            return 0
        return int(token) if token.isdecimal() else self.bad_token()

    def bad_token(self) -> int:
        raise Refused("InvalidPaginationToken", "what is that?")


class Overlooking(Naive):
    """Passes over the ids and the filters that it does not know."""

    def unknown_id(self) -> None:
        pass

    def other_filter(self, tasks: list[Task], given: dict[str, Any]) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        return tasks
