"""The emulators that answer the operation, with the faults that were seen in them.

Models after reading their sources, not the programs themselves.
"""

from __future__ import annotations

from typing import Any

from tests.conformance.broken import revalued
from tests.conformance.naive import Naive, Overlooking, Refused, Request, Task


class Unguarded(Naive):
    """What they all have in common: no permissions, and DryRun is not read."""

    def judge(self, request: Request) -> None:
        pass


class Gopherstack(Unguarded, Overlooking):
    """Knows no tags, and completes what it has described."""

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        answer = super().page(tasks, request)
        for task in answer["ExportImageTasks"]:
            task.pop("Tags", None)
        for task in self.tasks:
            task["Status"] = "completed"
        return answer


class SockerlessCloud(Unguarded, Overlooking):
    """Does not read Filters; its token is an offset, or page one."""

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        return tasks

    def bad_token(self) -> int:
        return 0


class Stackyard(Unguarded):
    """Makes up a completed task for any id; compares states without their case."""

    def named(self, request: Request) -> list[Task]:
        ids = request.get("ExportImageTaskIds") or ["export-ami-00000000"]
        told = {"Status": "completed", "Progress": "100", "Tags": []}
        return [{"ExportImageTaskId": each, **told} for each in ids]

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        return super().filtered(tasks, revalued(request, str.lower))


class VeraAws(Unguarded):
    """Always active, MaxResults unread, the token the text None; no state passes."""

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        return [] if request.get("Filters") else tasks

    def unknown_id(self) -> None:
        raise Refused("InvalidExportImageTaskId.NotFound")

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:  # noqa: ARG002 - its pieces are alike
        told = [{**task, "Status": "active"} for task in tasks]
        return {"ExportImageTasks": told, "NextToken": "None"}


class Robotocore(Unguarded):
    """Describes nothing, and misspells the list, so that a client drops it."""

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:  # noqa: ARG002 - its pieces are alike
        return {}


UNGUARDED = {"ORD-05", "AUT-01", "AUT-02"}

# What each must be told at level must, if nothing else.
EMULATORS = {
    Gopherstack: {*UNGUARDED, "RSP-03"},
    SockerlessCloud: {*UNGUARDED, "FLT-04"},
    Stackyard: {*UNGUARDED, "IDS-01", "IDS-02", "FLT-04"},
    VeraAws: {*UNGUARDED, "FLT-04", "PAG-01", "PAG-05", "LIF-01"},
    Robotocore: {*UNGUARDED, "IDS-01", "IDS-02", "RSP-02"},
}
