"""Implementations that differ wherever the documentation lets them."""

from __future__ import annotations

import random
from typing import Any

from ec2_export_sim import Client, Policy, Quirk, Simulator
from tests.conformance.naive import Naive, Overlooking, Refused, Request, Task


class BackwardsInShortPages(Naive):
    """Newest first; pages hold half of what they may, and every other page nothing."""

    def ordered(self, tasks: list[Task]) -> list[Task]:
        return tasks[::-1]

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        start, empty = divmod(self.place(request.get("NextToken")), 2)
        end = start if empty else start + (request.get("MaxResults", 500) + 1) // 2
        token = 2 * end + (not empty)
        return {
            "ExportImageTasks": tasks[start:end],
            "NextToken": str(token) if end < len(tasks) or not empty else None,
        }


class TokensGoodOnce(Naive):
    """The server remembers where a walk is, and forgets it once it is taken up.

    A walk may not change its parameters, ids and MaxResults do not go together, and the
    last page has an empty token.
    """

    def __init__(self, tasks: list[Task], *, authorized: bool = True) -> None:
        super().__init__(tasks, authorized=authorized)
        self._walks: dict[str, tuple[Request, list[Task]]] = {}

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        if "ExportImageTaskIds" in request and "MaxResults" in request:
            raise Refused("InvalidParameterCombination")
        asked = {name: value for name, value in request.items() if name != "NextToken"}
        if "NextToken" in request:
            walk = self._walks.pop(request["NextToken"], None)
            if walk is None or walk[0] != asked:
                raise Refused("InvalidPaginationToken")
            tasks = walk[1]
        size = request.get("MaxResults", 3)
        token = ""
        if tasks[size:]:
            token = random.SystemRandom().randbytes(6).hex()
            self._walks[token] = (asked, tasks[size:])
        return {"ExportImageTasks": tasks[:size], "NextToken": token}


class Lenient(Overlooking):
    """What it does not know it passes over: filters, ids, tokens; a page holds two."""

    default_page = 2

    def judge(self, request: Request) -> None:
        if not self.authorized:
            raise Refused(
                "UnauthorizedOperation" if request.get("DryRun") else "Denied"
            )
        super().judge(request)

    def bad_token(self) -> int:
        return 0

    def page(self, tasks: list[Task], request: Request) -> dict[str, Any]:
        limit = max(1, min(request.get("MaxResults", self.default_page), 500))
        answer = super().page(tasks, {**request, "MaxResults": limit})
        return {"NextToken": None, "Unasked": "for", **answer}


class ParamValidationError(Exception):
    """A refusal of parameters, by a client of its own."""


class Strict(Naive):
    """What it does not know it refuses, in its own words and its own order."""

    def judge(self, request: Request) -> None:
        if not 1 <= request.get("MaxResults", 1) <= 500:
            raise ParamValidationError(request)
        for each in request.get("Filters", []):
            if each.get("Name") != "task-state":
                raise Refused("InvalidFilter")
            if not {*each["Values"]} <= {"active", "completed", "deleting", "deleted"}:
                raise Refused("InvalidFilterValue")
        if len(request.get("Filters", [])) > 1:
            raise Refused("InvalidParameterCombination")
        if {"Filters", "ExportImageTaskIds"} <= request.keys():
            raise Refused("InvalidParameterCombination")
        super().judge(request)

    def unknown_id(self) -> None:
        raise Refused("InvalidID")


class FiltersRunOnThePage(Naive):
    """A page is cut and then filtered; a full last page has a token to an empty one."""

    def ordered(self, tasks: list[Task]) -> list[Task]:
        return sorted(tasks, key=lambda task: str(task["ExportImageTaskId"]))

    def describe_export_image_tasks(self, **request: Any) -> dict[str, Any]:
        self.judge(request)
        tasks = self.ordered(self.named(request))
        answer = self.page([*tasks, {}], request)
        cut = [task for task in answer["ExportImageTasks"] if task]
        return {**answer, "ExportImageTasks": self.filtered(cut, request)}

    def other_filter(self, tasks: list[Task], given: dict[str, Any]) -> list[Task]:
        values, key = given["Values"], given["Name"].removeprefix("tag:")
        if given["Name"] == "tag-key":
            return [t for t in tasks if {g["Key"] for g in t["Tags"]} & {*values}]
        if key == given["Name"]:
            return []
        return [t for t in tasks if any([key, v] in _pairs(t) for v in values)]


def _pairs(task: Task) -> list[list[str]]:
    return [[tag["Key"], tag["Value"]] for tag in task["Tags"]]


def quirky(tasks: list[Task], *, authorized: bool = True) -> Client:
    """Ours, with the quirks that the operation's page does not speak against."""
    quirks = [Quirk.MAX_RESULTS_WITH_IDS_REFUSED, Quirk.FILTERS_WITH_IDS_IGNORED]
    sim = Simulator(quirks=quirks)
    sim.load_tasks(tasks)
    return sim.client(None if authorized else Policy.deny_all())


SOUND = [
    BackwardsInShortPages,
    TokensGoodOnce,
    Lenient,
    Strict,
    FiltersRunOnThePage,
    quirky,
]
