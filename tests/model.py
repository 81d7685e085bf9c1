"""An account over time, written from specs/ to be obviously right.

It keeps what happened and works out what is: when a task began and what, if anything,
ended it early. The task's state follows from the time, whenever a test asks. One list
has the tasks of all regions, in the order of creation; time is in seconds.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.oracle import ModelError

PROGRESS_STEPS = [
    (0.9, "85", "converting"),
    (0.5, "80", "converting"),
    (0.3, "60", "updating"),
    (0.1, "21", "updating"),
    (0.0, "0", "validating"),
]
Task = dict[str, Any]


class Model:
    """One account; *images* are those of *home*, None lets every image exist."""

    def __init__(
        self, home: str, images: dict[str, str] | None, limit: int, per_call: int
    ) -> None:
        self.home, self.images = home, images
        self.limit, self.per_call, self.duration = limit, per_call, 900
        self.notified: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.restore(
            {
                "now": 0,
                "made": 0,
                "tasks": [],
                "failures": {},
                "tokens": {},
                "errors": [],
            }
        )

    def restore(self, state: dict[str, Any]) -> None:
        self.state = deepcopy(state)

    # --- what is, at any time -------------------------------------------------------

    def ending(self, task: Task) -> tuple[float, str, str | None] | None:
        """Return when the task stops being active, how, and with which message."""
        if task["ended"] or task["began"] is None:
            ended: tuple[float, str, str | None] | None = task["ended"]
            return ended
        if task["failure"]:
            return task["began"] + self.duration / 2, "fail", task["failure"]
        return task["began"] + self.duration, "complete", None

    def current(self, task: Task) -> dict[str, str]:
        """Return status, progress and message as they are now."""
        now, end = self.state["now"], self.ending(task)
        if end is not None and end[0] <= now:
            at, event, message = end
            if event == "complete":
                return {"Status": "completed"}
            status = "deleting" if now < at + 60 else "deleted"
            return {"Status": status} | ({"StatusMessage": message} if message else {})
        if task["began"] is None:
            return dict(task["added"])
        elapsed = (now - task["began"]) / self.duration
        progress, message = next(s[1:] for s in PROGRESS_STEPS if s[0] <= elapsed)
        return {"Status": "active", "Progress": progress, "StatusMessage": message}

    def status(self, task: Task) -> str:
        return self.current(task)["Status"]

    def records(self, region: str) -> list[dict[str, Any]]:
        """Return the tasks of *region* as they are described now."""
        return [
            {
                **task["members"],
                **self.current(task),
                "ExportImageTaskId": task["id"],
                "Tags": [{"Key": k, "Value": v} for k, v in task["tags"].items()],
            }
            for task in self.state["tasks"]
            if task["region"] == region
        ]

    def ids(self, region: str) -> list[str]:
        return [task["id"] for task in self.state["tasks"] if task["region"] == region]

    def moments(self) -> list[float]:
        """Return the moments at which a description changes."""
        ends = [(task, self.ending(task)) for task in self.state["tasks"]]
        moments = [
            task["began"] + step[0] * self.duration
            for task, _ in ends
            for step in PROGRESS_STEPS
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
        self.notified += [name for _, _, name in in_order]

    def add(self, region: str, record: dict[str, Any], began: float | None) -> None:
        """Add the task that *record* describes; it runs if it *began*."""
        assert record["ExportImageTaskId"] not in [t["id"] for t in self.state["tasks"]]
        changing = ("Status", "Progress", "StatusMessage")
        lasting = ("ImageId", "Description", "S3ExportLocation")
        self.state["made"] += 1
        task = {
            "made": self.state["made"],
            "id": record["ExportImageTaskId"],
            "region": region,
            "began": began,
            "failure": self.state["failures"].get((region, record["ImageId"])),
            "ended": None,
            "added": {n: record[n] for n in changing if n in record},
            "members": {n: record[n] for n in lasting if n in record},
            "tags": {tag["Key"]: tag["Value"] for tag in record.get("Tags", [])},
        }
        self.state["tasks"].append(task)

    def end(self, task: Task, event: str, message: str | None = None) -> None:
        """Let *event* end the task now, if it is active."""
        if self.status(task) != "active":
            raise ModelError("IncorrectState")
        task["ended"] = (self.state["now"], event, message)
        if event == "complete":
            self.notified.append(task["id"])
