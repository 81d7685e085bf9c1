"""What an account answers as time goes by, written from specs/ to be obviously right.

It keeps what happened and works out what is: a task is when it began and what, if
anything, cut it short; its state follows from the time, whenever one asks. All tasks of
all regions stand in one list, in the order of creation; time is in seconds.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.oracle import Refused

TIMELINE = [
    (0.9, "85", "converting"),
    (0.5, "80", "converting"),
    (0.3, "60", "updating"),
    (0.1, "21", "updating"),
    (0.0, "0", "validating"),
]
Task = dict[str, Any]


class World:
    """One account; *images* are those of *home*, None lets every image exist."""

    def __init__(
        self, home: str, images: dict[str, str] | None, limit: int, per_call: int
    ) -> None:
        self.home, self.images = home, images
        self.limit, self.per_call, self.span = limit, per_call, 900
        self.announced: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.restore({"now": 0, "tasks": [], "doomed": {}, "tokens": {}, "faults": []})

    def restore(self, state: dict[str, Any]) -> None:
        self.state = deepcopy(state)

    # --- what is, at any time -------------------------------------------------------

    def ending(self, task: Task) -> tuple[float, str, str | None] | None:
        """Return when the task stops being active, how, and with which message."""
        if task["cut"] or task["began"] is None:
            cut: tuple[float, str, str | None] | None = task["cut"]
            return cut
        if task["doom"]:
            return task["began"] + self.span / 2, "fail", task["doom"]
        return task["began"] + self.span, "complete", None

    def told(self, task: Task) -> dict[str, str]:
        """Return status, progress and message as they are now."""
        now, end = self.state["now"], self.ending(task)
        if end is not None and end[0] <= now:
            at, event, message = end
            if event == "complete":
                return {"Status": "completed"}
            status = "deleting" if now < at + 60 else "deleted"
            return {"Status": status} | ({"StatusMessage": message} if message else {})
        if task["began"] is None:
            return dict(task["arranged"])
        share = (now - task["began"]) / self.span
        progress, message = next(row[1:] for row in TIMELINE if row[0] <= share)
        return {"Status": "active", "Progress": progress, "StatusMessage": message}

    def status(self, task: Task) -> str:
        return self.told(task)["Status"]

    def records(self, region: str) -> list[dict[str, Any]]:
        """Return the tasks of *region* as they are described now."""
        return [
            {
                **task["members"],
                **self.told(task),
                "ExportImageTaskId": task["id"],
                "Tags": [{"Key": k, "Value": v} for k, v in task["tags"].items()],
            }
            for task in self.state["tasks"]
            if task["region"] == region
        ]

    def ids(self, region: str) -> list[str]:
        return [task["id"] for task in self.state["tasks"] if task["region"] == region]

    def moments(self) -> list[float]:
        """Return when something is due to be told otherwise."""
        ends = [(task, self.ending(task)) for task in self.state["tasks"]]
        moments = [
            task["began"] + row[0] * self.span
            for task, _ in ends
            for row in TIMELINE
            if task["began"] is not None
        ]
        for _, end in ends:
            if end is not None:
                moments += [end[0], end[0] + 60]
        return sorted({moment for moment in moments if moment > self.state["now"]})

    # --- what happens ---------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        tasks = list(enumerate(self.state["tasks"]))
        open_before = [at for at, task in tasks if self.status(task) != "completed"]
        self.state["now"] += seconds
        done = [(at, task) for at, task in tasks if self.status(task) == "completed"]
        new = [(self.ending(t), at, t["id"]) for at, t in done if at in open_before]
        in_order = sorted((end[0], at, name) for end, at, name in new if end)
        self.announced += [name for _, _, name in in_order]

    def add(self, region: str, record: dict[str, Any], began: float | None) -> None:
        """Add the task that *record* describes; it runs if it *began*."""
        assert record["ExportImageTaskId"] not in [t["id"] for t in self.state["tasks"]]
        told = ("Status", "Progress", "StatusMessage")
        rest = ("ImageId", "Description", "S3ExportLocation")
        task = {
            "id": record["ExportImageTaskId"],
            "region": region,
            "began": began,
            "doom": self.state["doomed"].get((region, record["ImageId"])),
            "cut": None,
            "arranged": {n: record[n] for n in told if n in record},
            "members": {n: record[n] for n in rest if n in record},
            "tags": {tag["Key"]: tag["Value"] for tag in record.get("Tags", [])},
        }
        self.state["tasks"].append(task)

    def cut(self, task: Task, event: str, message: str | None = None) -> None:
        """Let *event* end the task now, if it is active."""
        if self.status(task) != "active":
            raise Refused("IncorrectState")
        task["cut"] = (self.state["now"], event, message)
        if event == "complete":
            self.announced.append(task["id"])
