"""The life of a task: what changes its state, and what an export tells on its way.

Both are tables; everything about them stands here. This file knows no clock: whoever
moves a task says what happened to it.

Rules: specs/lifecycle.md.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from . import errors
from .model import TaskState

if TYPE_CHECKING:
    from datetime import datetime

    from .model import ExportImageTask

ACTIVE, COMPLETED = TaskState.ACTIVE, TaskState.COMPLETED
DELETING, DELETED = TaskState.DELETING, TaskState.DELETED

# (state, event) -> state; what is not here cannot happen (LIF-02).
TRANSITIONS = {
    (ACTIVE, "complete"): COMPLETED,
    (ACTIVE, "cancel"): DELETING,
    (ACTIVE, "fail"): DELETING,
    (DELETING, "delete"): DELETED,
}

FAILURE_PREFIX = "ClientError: "


class Stage(NamedTuple):
    """From which share of an export's time on, and what the task tells then."""

    share: float
    progress: str
    status_message: str


# Source of the pairs: specs/lifecycle.md, LIF-05.
TIMELINE = (
    Stage(0.0, "0", "validating"),
    Stage(0.1, "21", "updating"),
    Stage(0.3, "60", "updating"),
    Stage(0.5, "80", "converting"),
    Stage(0.9, "85", "converting"),
)


# From this progress on the final disk image is being transferred (LIF-18).
FINAL_STRETCH = 85

# How long a task is deleting before it is deleted (LIF-17).
DELETING_SPAN = timedelta(seconds=60)

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class Due(NamedTuple):
    """What the clock will do to a task; those of one moment go by *number*.

    It is void where the region no longer holds that id under that number, or where the
    event can no longer happen to it.
    """

    at: datetime
    number: int
    event: str
    region: str
    task_id: str
    message: str | None = None


def told(task: ExportImageTask, now: datetime, span: timedelta) -> ExportImageTask:
    """Return *task* as it appears at *now*: an export that runs tells how far it is.

    *span* is how long an export takes.

    Rules: LIF-05, LIF-25.
    """
    if task.started_at is None:
        return task
    share = (now - task.started_at) / span
    stage = next(stage for stage in reversed(TIMELINE) if stage.share <= share)
    return replace(task, progress=stage.progress, status_message=stage.status_message)


def check_cancellable(task: ExportImageTask) -> None:
    """Raise IncorrectState where *task*, as it appears, can no longer be canceled.

    Rules: LIF-18.
    """
    if (task.state, "cancel") not in TRANSITIONS:
        raise errors.NOT_CANCELLABLE(id=task.id, state=task.state)
    number = _NUMBER.fullmatch(task.progress or "")
    if number and float(number[0]) >= FINAL_STRETCH:
        raise errors.ALREADY_TRANSFERRING(id=task.id, bound=FINAL_STRETCH)


def advance(
    task: ExportImageTask, event: str, message: str | None = None
) -> ExportImageTask:
    """Return *task* as it is after *event*; *message* becomes its StatusMessage.

    Raises ValueError where the event cannot happen to it.

    Rules: LIF-02, LIF-03, LIF-04.
    """
    state = TRANSITIONS.get((task.state, event))
    if state is None:
        raise ValueError(f"{task.id} is {task.state}; it cannot {event} any more")
    if event == "delete":  # the message that it left with stays
        message = task.status_message
    return replace(
        task, state=state, progress=None, status_message=message, started_at=None
    )


def failure(message: str) -> str:
    """Return the StatusMessage of an export that failed with *message* (LIF-04)."""
    return message if message.startswith(FAILURE_PREFIX) else FAILURE_PREFIX + message


def progress_pair(progress: str | None, status_message: str | None) -> tuple[str, str]:
    """Return Progress and StatusMessage of an active task, each derived from the other.

    Rules: LIF-06.
    """
    if progress is None:
        said = (s.progress for s in TIMELINE if s.status_message == status_message)
        progress = next(said, TIMELINE[0].progress)
    if status_message is None:
        reached = float(progress)
        past = [stage for stage in TIMELINE if float(stage.progress) <= reached]
        status_message = past[-1].status_message
    return progress, status_message
