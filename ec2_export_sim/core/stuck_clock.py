"""Notices a test that polls a task which nothing will ever change.

Rules: SIM-38, SIM-39.
"""

from __future__ import annotations

import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any

from .lifecycle import ACTIVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Call, ExportImageTask
    from .store import TaskStore

# This many identical calls are a poll that never ends. While other threads are alive,
# which may still change something, it takes more.
_CALLS = 1_000
_CALLS_WITH_THREADS = 100_000


class StuckClockWarning(UserWarning):
    """A test polls an active task that nothing will change: it may never end."""


class StuckClockWatch:
    """Counts the identical calls in a row that answered with the same active task.

    Each account has one. Its methods are called with the account's lock held.
    """

    def __init__(self) -> None:
        self._warned: set[tuple[str, int]] = set()  # region and number of a task
        self.restart()

    def restart(self) -> None:
        """Begin to count again, because something of the account has changed."""
        self._first: Call | None = None
        self._task: ExportImageTask | None = None
        self._count = 0

    def observe(
        self, call: Call, members: Mapping[str, Any] | None, tasks: TaskStore
    ) -> None:
        """Count *call*, which was answered with *members*, None for an error.

        *tasks* are the tasks of the region. Issues StuckClockWarning once per task.
        """
        described = members.get("ExportImageTasks") if members else None
        if not described or len(described) != 1:
            self._count = 0
            return
        task = tasks.get(described[0]["ExportImageTaskId"])
        if task is None or task.state is not ACTIVE:
            self._count = 0
            return
        if not self._continues(call, task):
            self._first, self._task, self._count = call, task, 0
        self._count += 1
        if self._count < _CALLS or (call.region, task.number) in self._warned:
            return
        if self._count >= _CALLS_WITH_THREADS or threading.active_count() == 1:
            self._warned.add((call.region, task.number))
            text = _text(self._count, call, task)
            warnings.warn(text, StuckClockWarning, _callers_level())

    def _continues(self, call: Call, task: ExportImageTask) -> bool:
        first = self._first
        return (
            self._count > 0
            and first is not None
            and task is self._task  # a task that changes is replaced
            and call.parameters == first.parameters
            and call.principal == first.principal
            and (task.started_at is None or call.at == first.at)
        )


def _callers_level() -> int:
    """Return the stack level of the line that made the call, outside this package."""
    package = __name__.partition(".")[0]
    frame, level = sys._getframe(), 0
    while frame.f_back and frame.f_globals["__name__"].partition(".")[0] == package:
        frame, level = frame.f_back, level + 1
    return level


def _text(count: int, call: Call, task: ExportImageTask) -> str:
    polled = (
        f"{count:,} identical calls of {call.operation} in a row have answered that "
        f"{task.id} is active"
    )
    if task.started_at is None:
        return (
            f"{polled}. It does not run: a task of add_task or load_tasks stays as it "
            "is. Make it with add_task(running=True), or end it with sim.complete_task "
            "or sim.fail_task."
        )
    return (
        f"{polled}, and the simulated clock has stood still at {call.at:%H:%M:%S}. "
        "Move it with sim.advance(seconds), or sleep in virtual_time(sim) of "
        "ec2_export_sim.virtual_time (the fixture ec2_export_time)."
    )
