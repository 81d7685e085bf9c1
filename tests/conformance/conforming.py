"""Correct targets of many constructions, and with one difference each.

Nothing here is forbidden by the operation's page, so each passes at level documented.
"""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

from ec2_export_sim import Policy, Quirk, Simulator
from ec2_export_sim.conformance import CannotHold
from ec2_export_sim.conformance.targets import simulator

Task = dict[str, Any]
Request = dict[str, Any]


class Failed(Exception):  # noqa: N818 - named as what it is
    """An error with more members than anybody asked for."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        error = {"Code": code, "Message": message, "Type": "Sender", "Detail": None}
        self.response: dict[str, Any] = {
            "Error": error,
            "ResponseMetadata": {"RetryAttempts": 0},
        }


class Naive:
    """A client of a list of dicts; a class of them is a target.

    It is not built as the simulator is. Each method is a piece that another target may
    have otherwise.
    """

    unsupported: tuple[str, ...] = ("tag-calls", "export", "cancel", "clock")
    default_page = 1_000

    def __init__(self, tasks: list[Task], *, authorized: bool = True) -> None:
        self.tasks = deepcopy(tasks)
        self.authorized = authorized

    def describe_export_image_tasks(self, **request: Any) -> dict[str, Any]:
        self.check(request)
        tasks = self.ordered(self.filtered(self.named(request), request))
        return self.page(deepcopy(tasks), request)

    def check(self, request: Request) -> None:
        """Check the permission and the dry run."""
        if not self.authorized:
            raise Failed("UnauthorizedOperation", "you may not")
        if request.get("DryRun"):
            raise Failed("DryRunOperation", "you might")

    def named(self, request: Request) -> list[Task]:
        """Return the tasks that are named, or all."""
        ids = request.get("ExportImageTaskIds") or []
        held = [task["ExportImageTaskId"] for task in self.tasks]
        if any(each not in held for each in ids):
            self.unknown_id()
        return [t for t in self.tasks if not ids or t["ExportImageTaskId"] in ids]

    def unknown_id(self) -> None:
        raise Failed("InvalidExportTaskID.NotFound", "no such task")

    def filtered(self, tasks: list[Task], request: Request) -> list[Task]:
        """Return those of *tasks* that match the filters."""
        for each in request.get("Filters") or []:
            values = each.get("Values", [])
            if each.get("Name") == "task-state":
                tasks = [task for task in tasks if task["Status"] in values]
            else:
                tasks = self.other_filter(tasks, each)
        return tasks

    def other_filter(self, tasks: list[Task], each: dict[str, Any]) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        raise Failed("InvalidParameterValue", f"what is {each}?")

    def ordered(self, tasks: list[Task]) -> list[Task]:
        return tasks

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        """Cut a page out of *tasks*; the token is an offset."""
        start = self.position(request.get("NextToken"))
        end = start + (request.get("MaxResults") or self.default_page)
        answer: dict[str, Any] = {"ExportImageTasks": tasks[start:end]}
        if end < len(tasks):
            answer["NextToken"] = str(end)
        return answer

    def position(self, token: str | None) -> int:
        if token is None:
            return 0
        return int(token) if token.isdecimal() else self.bad_token()

    def bad_token(self) -> int:
        raise Failed("InvalidPaginationToken", "what is that?")


class Overlooking(Naive):
    """Ignores the ids and the filters that it does not know."""

    def unknown_id(self) -> None:
        pass

    def other_filter(self, tasks: list[Task], each: dict[str, Any]) -> list[Task]:  # noqa: ARG002 - its pieces are alike
        return tasks


class BackwardsInShortPages(Naive):
    """Newest first; pages have half of what they may, and every other page nothing."""

    def ordered(self, tasks: list[Task]) -> list[Task]:
        return tasks[::-1]

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        start, empty = divmod(self.position(request.get("NextToken")), 2)
        end = start if empty else start + (request.get("MaxResults", 500) + 1) // 2
        token = 2 * end + (not empty)
        return {
            "ExportImageTasks": tasks[start:end],
            "NextToken": str(token) if end < len(tasks) or not empty else None,
        }


class TokensGoodOnce(Naive):
    """The server remembers the position of a walk, and forgets it once it is used.

    A walk may not change its parameters, ids and MaxResults do not go together, and the
    last page has an empty token.
    """

    def __init__(self, tasks: list[Task], *, authorized: bool = True) -> None:
        super().__init__(tasks, authorized=authorized)
        self._walks: dict[str, tuple[Request, list[Task]]] = {}

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        if "ExportImageTaskIds" in request and "MaxResults" in request:
            raise Failed("InvalidParameterCombination")
        asked = {name: value for name, value in request.items() if name != "NextToken"}
        if "NextToken" in request:
            walk = self._walks.pop(request["NextToken"], None)
            if walk is None or walk[0] != asked:
                raise Failed("InvalidPaginationToken")
            tasks = walk[1]
        size = request.get("MaxResults", 7)
        token = ""
        if tasks[size:]:
            token = random.SystemRandom().randbytes(6).hex()
            self._walks[token] = (asked, tasks[size:])
        return {"ExportImageTasks": tasks[:size], "NextToken": token}


class InAnyOrder(Naive):
    """The tasks of a page, their tags and their members come in any order."""

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        answer = super().page(tasks, request)
        shuffle = random.Random(len(tasks)).shuffle  # noqa: S311 - no secret
        for task in answer["ExportImageTasks"]:
            shuffle(task.get("Tags", []))
        shuffle(answer["ExportImageTasks"])
        return answer


class Lenient(Overlooking):
    """What it does not know it ignores: filters, ids, tokens; a page has two tasks."""

    default_page = 2

    def check(self, request: Request) -> None:
        if not self.authorized:
            raise Failed("UnauthorizedOperation" if request.get("DryRun") else "Denied")
        super().check(request)

    def bad_token(self) -> int:
        return 0

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        limit = max(1, min(request.get("MaxResults", self.default_page), 500))
        answer = super().page(tasks, {**request, "MaxResults": limit})
        return {"NextToken": None, "Unasked": "for", **answer}


class ParamValidationError(Exception):
    """An error of a client of its own."""


class Strict(Naive):
    """What it does not know is an error, in its own words and its own order."""

    def check(self, request: Request) -> None:
        super().check(request)
        if not 1 <= request.get("MaxResults", 1) <= 500:
            raise ParamValidationError(request)
        for each in request.get("Filters", []):
            if each.get("Name") != "task-state":
                raise Failed("InvalidFilter")
            if not {*each["Values"]} <= {"active", "completed", "deleting", "deleted"}:
                raise Failed("InvalidFilterValue")
        if len(request.get("Filters", [])) > 1:
            raise Failed("InvalidParameterCombination")
        if {"Filters", "ExportImageTaskIds"} <= request.keys():
            raise Failed("InvalidParameterCombination")

    def unknown_id(self) -> None:
        raise Failed("InvalidID")


class FiltersRunOnThePage(Naive):
    """A page is cut and then filtered; a full last page has a token to an empty one."""

    def ordered(self, tasks: list[Task]) -> list[Task]:
        return sorted(tasks, key=lambda task: str(task["ExportImageTaskId"]))

    def describe_export_image_tasks(self, **request: Any) -> dict[str, Any]:
        self.check(request)
        tasks = self.ordered(self.named(request))
        answer = self.page([*tasks, {}], request)
        page = [task for task in answer["ExportImageTasks"] if task]
        return {**answer, "ExportImageTasks": self.filtered(page, request)}

    def other_filter(self, tasks: list[Task], each: dict[str, Any]) -> list[Task]:
        values, key = each["Values"], each["Name"].removeprefix("tag:")
        if each["Name"] == "tag-key":
            return [t for t in tasks if {tag["Key"] for tag in t["Tags"]} & {*values}]
        if key == each["Name"]:
            return []
        return [t for t in tasks if any([key, v] in _pairs(t) for v in values)]


def _pairs(task: Task) -> list[list[str]]:
    return [[tag["Key"], tag["Value"]] for tag in task["Tags"]]


class MoreMembers(Naive):
    """Tasks have members that nobody knows, and an empty prefix if none was given."""

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        for task in tasks:
            location = task.get("S3ExportLocation", {})
            task["S3ExportLocation"] = {"S3Prefix": "", "Region": "here", **location}
            task["Extra"] = {"more": 1}
        return super().page(tasks, request)


class HoldsFewTasks(Naive):
    """The account has at most 5 tasks, and no deleting ones."""

    def __init__(self, tasks: list[Task], *, authorized: bool = True) -> None:
        if len(tasks) > 5 or any(task["Status"] == "deleting" for task in tasks):
            raise CannotHold("at most 5 tasks, none of them deleting")
        super().__init__(tasks, authorized=authorized)


class CodesAlone(Naive):
    """Its errors have a code and nothing else."""

    def describe_export_image_tasks(self, **request: Any) -> dict[str, Any]:
        try:
            return super().describe_export_image_tasks(**request)
        except Failed as error:
            error.response = {"Error": {"Code": str(error)}}
            raise


class FirstReadCompletes(Naive):
    """Completes what is active before it answers for the first time: gopherstack."""

    def named(self, request: Request) -> list[Task]:
        for task in self.tasks:
            if task["Status"] == "active":
                task["Status"] = "completed"
                task.pop("Progress", None)
                task.pop("StatusMessage", None)
        return super().named(request)


def quirky(*quirks: Quirk) -> Any:
    """Return a target: the simulator with quirks."""

    def target(tasks: list[Task], *, authorized: bool = True) -> Any:
        sim = Simulator(quirks=quirks)
        sim.load_tasks(tasks)
        return sim.client(None if authorized else Policy.deny_all())

    target.unsupported = ("clock",)  # type: ignore[attr-defined]
    return target


CONFORMING = {
    "simulator": simulator,
    **{
        each.__name__: each
        for each in (
            Naive,
            Overlooking,
            BackwardsInShortPages,
            TokensGoodOnce,
            InAnyOrder,
            Lenient,
            Strict,
            FiltersRunOnThePage,
            MoreMembers,
            HoldsFewTasks,
            CodesAlone,
            FirstReadCompletes,
        )
    },
}
