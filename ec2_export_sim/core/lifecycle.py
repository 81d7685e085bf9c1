"""The life of a task: what changes its state, and how the progress of an export grows.

It has two tables: the transitions from state to state, and the steps of the progress.
It has no clock: the account decides which event happens to a task, and when.

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

# (state, event) -> state; any other pair cannot happen (LIF-02).
TRANSITIONS = {
    (ACTIVE, "complete"): COMPLETED,
    (ACTIVE, "cancel"): DELETING,
    (ACTIVE, "fail"): DELETING,
    (DELETING, "delete"): DELETED,
}

FAILURE_PREFIX = "ClientError: "


class ProgressStep(NamedTuple):
    """What a running export shows after *elapsed_fraction* (0 to 1) of its duration."""

    elapsed_fraction: float
    progress: str
    status_message: str


# Source of the pairs: specs/lifecycle.md, LIF-05.
PROGRESS_STEPS = (
    ProgressStep(0.0, "0", "validating"),
    ProgressStep(0.1, "21", "updating"),
    ProgressStep(0.3, "60", "updating"),
    ProgressStep(0.5, "80", "converting"),
    ProgressStep(0.9, "85", "converting"),
)


# From this progress on, the final disk image is being transferred (LIF-32).
TRANSFER_PROGRESS = 85

# How long a task is deleting before it is deleted (LIF-17).
DELETING_DURATION = timedelta(seconds=60)

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class ScheduledEvent(NamedTuple):
    """An event that happens to a task at the moment *at*.

    Events of the same moment happen in the order of the tasks' numbers. An event is
    ignored if the task was removed or replaced, or cannot make the transition.
    """

    at: datetime
    task_number: int
    event: str
    region: str
    task_id: str
    message: str | None = None


def with_current_progress(
    task: ExportImageTask, now: datetime, export_duration: timedelta
) -> ExportImageTask:
    """Return *task* as it appears at *now*: with the progress of an export that runs.

    A running task that a test has added shows its own progress until a step exceeds it.

    Rules: LIF-05, LIF-25.
    """
    if task.started_at is None:
        return task
    elapsed = (now - task.started_at) / export_duration
    step = next(s for s in reversed(PROGRESS_STEPS) if s.elapsed_fraction <= elapsed)
    if task.progress is not None and float(step.progress) <= float(task.progress):
        return task
    return replace(task, progress=step.progress, status_message=step.status_message)


def check_cancellable(task: ExportImageTask) -> None:
    """Raise IncorrectState if *task*, as it appears now, can no longer be canceled.

    Rules: LIF-18, LIF-32.
    """
    if (task.state, "cancel") not in TRANSITIONS:
        raise errors.NOT_CANCELLABLE.error(id=task.id, state=task.state)
    number = _NUMBER.fullmatch(task.progress or "")
    if number and float(number[0]) >= TRANSFER_PROGRESS:
        raise errors.ALREADY_TRANSFERRING.error(id=task.id, bound=TRANSFER_PROGRESS)


def transition(
    task: ExportImageTask, event: str, message: str | None = None
) -> ExportImageTask:
    """Return *task* after *event*; *message* becomes its StatusMessage.

    Raises ValueError if the event cannot happen to it.

    Rules: LIF-02, LIF-03, LIF-04.
    """
    state = TRANSITIONS.get((task.state, event))
    if state is None:
        raise ValueError(f"{task.id} is {task.state}; it cannot {event} any more")
    if event == "delete":  # its message stays
        message = task.status_message
    return replace(
        task, state=state, progress=None, status_message=message, started_at=None
    )


def failure_message(message: str) -> str:
    """Return the StatusMessage of an export that failed with *message* (LIF-04)."""
    return message if message.startswith(FAILURE_PREFIX) else FAILURE_PREFIX + message


def step_of(progress: str) -> ProgressStep:
    """Return the last step whose progress is not higher than *progress*."""
    reached = float(progress)
    return [step for step in PROGRESS_STEPS if float(step.progress) <= reached][-1]


def progress_pair(progress: str | None, status_message: str | None) -> tuple[str, str]:
    """Return Progress and StatusMessage of an active task, each derived from the other.

    Rules: SIM-01.
    """
    if progress is None:
        steps = (s for s in PROGRESS_STEPS if s.status_message == status_message)
        progress = next(steps, PROGRESS_STEPS[0]).progress
    if status_message is None:
        status_message = step_of(progress).status_message
    return progress, status_message
