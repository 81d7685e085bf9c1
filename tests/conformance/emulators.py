"""The emulators that answer the operation, with the faults that were seen in them.

Models after reading their sources, not the programs themselves.
"""

from __future__ import annotations

from typing import Any

from tests.conformance.broken import revalued
from tests.conformance.naive import Naive, Refused, Request, Task


class Gopherstack(Naive):
    """Drops unknown ids, does not read DryRun, completes what it has described."""

    def judge(self, request: Request) -> None:
        pass

    def unknown_id(self) -> None:
        pass

    def other_filter(self, tasks: list[Task], given: dict[str, Any]) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        return tasks

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        answer = super().page(tasks, request)
        for task in answer["ExportImageTasks"]:
            task.pop("Tags", None)
        for task in self.tasks:
            task["Status"] = "completed"
        return answer


class SockerlessCloud(Naive):
    """Reads neither Filters nor DryRun; its token is an offset, or page one."""

    def judge(self, request: Request) -> None:
        pass

    def unknown_id(self) -> None:
        pass

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        return tasks

    def place(self, token: str | None) -> int:
        return int(token) if token and token.isdecimal() else 0


class Stackyard(Naive):
    """Makes up a completed task for any id; compares states without their case."""

    def judge(self, request: Request) -> None:
        pass

    def named(self, request: Request) -> list[Task]:
        ids = request.get("ExportImageTaskIds") or ["export-ami-00000000"]
        told = {"Status": "completed", "Progress": "100", "Tags": []}
        return [{"ExportImageTaskId": each, **told} for each in ids]

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        return super().filtered(tasks, revalued(request, str.lower))


class VeraAws(Naive):
    """Always active, MaxResults unread, the token the text None; no state passes."""

    def judge(self, request: Request) -> None:
        pass

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        return [] if request.get("Filters") else tasks

    def unknown_id(self) -> None:
        raise Refused("InvalidExportImageTaskId.NotFound")

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:  # noqa: ARG002 - its pieces are alike
        told = [{**task, "Status": "active"} for task in tasks]
        return {"ExportImageTasks": told, "NextToken": "None"}


class Robotocore(Naive):
    """Describes nothing, and misspells the list, so that a client drops it."""

    def judge(self, request: Request) -> None:
        pass

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:  # noqa: ARG002 - its pieces are alike
        return {}


# What each must be told at level must, if nothing else.
EMULATORS = {
    Gopherstack: {"ORD-05", "AUT-01", "AUT-02", "RSP-03"},
    SockerlessCloud: {"ORD-05", "AUT-01", "AUT-02", "FLT-04"},
    Stackyard: {"ORD-05", "AUT-01", "AUT-02", "IDS-01", "IDS-02", "FLT-04"},
    VeraAws: {"ORD-05", "AUT-01", "AUT-02", "FLT-04", "PAG-01", "PAG-05", "LIF-01"},
    Robotocore: {"ORD-05", "AUT-01", "AUT-02", "IDS-01", "IDS-02", "RSP-02"},
}
