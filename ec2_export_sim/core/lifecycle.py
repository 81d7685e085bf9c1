"""The life of a task: what changes its state, and what an export tells on its way.

Both are tables; everything about them stands here. This file knows no clock: whoever
moves a task says what happened to it.

Rules: specs/lifecycle.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from .model import TaskState

if TYPE_CHECKING:
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
    return replace(task, state=state, progress=None, status_message=message)


def failure(message: str) -> str:
    """Return the StatusMessage of an export that failed with *message* (LIF-04)."""
    return message if message.startswith(FAILURE_PREFIX) else FAILURE_PREFIX + message


def completed_pair(progress: str | None, status_message: str | None) -> tuple[str, str]:
    """Return Progress and StatusMessage of an active task, each made out by the other.

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
