"""Imitations of emulators, with the faults that were seen in them.

They are written after the programs' sources and what was seen when they ran; they are
not the programs. EMULATORS has what the suite says of each.
"""

from __future__ import annotations

from typing import Any

from tests.conformance.conforming import Failed, Naive, Overlooking, Request, Task

NO_PERMISSIONS = (*Naive.unsupported, "permissions")


class Gopherstack(Overlooking):
    """Honours DryRun and task-state; its first read completes what is active.

    It has neither permissions nor tags.
    """

    unsupported = (*NO_PERMISSIONS, "tags")

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        answer = super().page(tasks, request)
        for task in answer["ExportImageTasks"]:
            task.pop("Tags", None)
        return answer

    def named(self, request: Request) -> list[Task]:
        for task in self.tasks:
            if task["Status"] == "active":
                task.update(Status="completed", Progress="100")
        return super().named(request)


class SockerlessCloud(Overlooking):
    """Asks for the permission before any value; reads neither Filters nor DryRun.

    A bad token is page one.
    """

    def check(self, request: Request) -> None:  # noqa: ARG002 - its pieces are alike
        if not self.authorized:
            raise Failed("UnauthorizedOperation", "not authorized to perform that")

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        return tasks

    def bad_token(self) -> int:
        return 0


class Stackyard(Naive):
    """Makes up a completed task for any id; compares states without regard to case."""

    unsupported = (*NO_PERMISSIONS, "tasks", "tags")

    def check(self, request: Request) -> None:
        pass

    def named(self, request: Request) -> list[Task]:
        ids = request.get("ExportImageTaskIds") or ["export-ami-00000000"]
        state = {"Status": "completed", "Progress": "100", "Tags": []}
        return [{"ExportImageTaskId": each, **state} for each in ids]

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        states = [v.lower() for f in request.get("Filters", []) for v in f["Values"]]
        return [t for t in tasks if not states or t["Status"] in states]


class VeraAws(Naive):
    """Always active; MaxResults unread; an empty last token; no state matches.

    A client reads each of its tags as an empty dict.
    """

    unsupported = NO_PERMISSIONS

    def check(self, request: Request) -> None:
        pass

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        return [] if any(f.get("Values") for f in request.get("Filters", [])) else tasks

    def unknown_id(self) -> None:
        raise Failed("InvalidExportImageTaskId.NotFound")

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:  # noqa: ARG002 - its pieces are alike
        every = [
            {**task, "Status": "active", "Tags": [{} for _ in task["Tags"]]}
            for task in tasks
        ]
        return {"ExportImageTasks": every, "NextToken": ""}


class Robotocore(Naive):
    """Describes nothing, and misspells the list, so that a client drops it."""

    unsupported = NO_PERMISSIONS

    def unknown_id(self) -> None:
        pass

    def check(self, request: Request) -> None:
        pass

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:  # noqa: ARG002 - its pieces are alike
        return {}


class Mockmesh(Robotocore):
    """Answers every describe with an empty list, with and without DryRun."""

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:  # noqa: ARG002 - its pieces are alike
        return {"ExportImageTasks": []}


# What the suite says of each at level documented, and nothing else.
EMULATORS: dict[Any, set[str]] = {
    Gopherstack: {"RSP-03"},
    SockerlessCloud: {"AUT-01", "FLT-04"},
    Stackyard: {"AUT-01", "IDS-01"},
    VeraAws: {"AUT-01", "FLT-04", "PAG-01", "RSP-03"},
    Robotocore: {"AUT-01", "IDS-02"},
    Mockmesh: {"AUT-01", "IDS-02"},
}
