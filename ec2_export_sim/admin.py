"""The test controls: they change the tasks of one region without permissions or limits.

A task that no service could have is a ValueError, whose message shows what is valid.

Rules: SIM-01 to SIM-07, SIM-13, LIF-08.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .core import lifecycle
from .core.ids import IMAGE_ID_SYNTAX, is_image_id
from .core.model import ANY_IMAGE, DISK_IMAGE_FORMATS, ExportImageTask, Tag
from .core.response import check_id, check_state, describe_task, parse_tasks
from .core.text import check_text, safe_repr, safe_str

if TYPE_CHECKING:
    from .core.account import Account

_PROGRESS = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_TAKEN = "the account already has a task with that id"


class TaskAdmin:
    """The test controls of one region's tasks."""

    def __init__(self, account: Account, region_name: str) -> None:
        self._account = account
        self.region_name = region_name

    def add_task(
        self,
        image_id: str | None = None,
        status: str = "active",
        progress: float | str | None = None,
        status_message: str | None = None,
        description: str | None = None,
        s3_bucket: str = "exports",
        s3_prefix: str | None = None,
        tags: Mapping[str, str] | None = None,
        disk_image_format: str = "VMDK",
        task_id: str | None = None,
        running: bool = False,
    ) -> ExportImageTask:
        """Add a task and return it. The clock does not change it, unless it is running.

        Args:
            image_id: The exported image; a new id if None.
            status: "active", "completed", "deleting" or "deleted".
            progress: A percentage, 0 to 100. If an active task has only one of progress
                and status_message, the other one follows from it.
            status_message: The task's StatusMessage.
            description: The task's Description.
            s3_bucket: The bucket of the exported image.
            s3_prefix: The prefix of the exported image's key.
            tags: The tags, key to value.
            disk_image_format: "VMDK", "RAW" or "VHD".
            task_id: The task's id; a new one if None.
            running: Whether the clock moves the task on from *progress* to its
                completion; the task must be active.

        Raises:
            ValueError: An argument is out of its range, or *task_id* is taken. The
                message shows what is right.

        Rules: SIM-01 to SIM-04, SIM-21, LIF-08.
        """
        account = self._account
        with account.lock:
            number = account.state.last_task_number + 1
            state = check_state(status, "status")
            percent = None if progress is None else _percent(progress)
            message = _optional(status_message, "status_message")
            if state is lifecycle.ACTIVE:
                percent, message = lifecycle.progress_pair(percent, message)
            elif running:
                raise ValueError(f"status is {state!s}; only an active task is running")
            if task_id is None:
                task_id = account.generate_task_id(number)
            if image_id is None:
                image_id = account.generate_id("ami-", number)
            task = ExportImageTask(
                number=number,
                id=check_id(task_id, "task_id"),
                state=state,
                image_id=check_text(image_id, "image_id"),
                progress=percent,
                status_message=message,
                description=_optional(description, "description"),
                s3_bucket=check_text(s3_bucket, "s3_bucket"),
                s3_prefix=_optional(s3_prefix, "s3_prefix"),
                disk_image_format=_format(disk_image_format),
                tag_set=() if tags is None else _tag_set(tags),
            )
            if account.has_task(task.id):
                raise ValueError(f"task_id is {task.id!r}: {_TAKEN}")
            if running:
                task = self._started(task)
            account.add_tasks(self.region_name, [task])
        return task

    def _started(self, task: ExportImageTask) -> ExportImageTask:
        """Return *task* as an export that runs, and schedule its completion.

        It begins at the last step whose progress is not higher than its own (SIM-21).
        """
        account = self._account
        now, duration = account.state.now, account.settings.export_duration
        fraction = lifecycle.step_of(task.progress or "0").elapsed_fraction
        elapsed = duration * fraction
        account.schedule(self.region_name, task, "complete", duration - elapsed)
        return replace(task, started_at=now - elapsed)

    def load_tasks(
        self, records: Iterable[Mapping[str, Any]] | Mapping[str, Any]
    ) -> None:
        """Add recorded tasks; they are described exactly as they were recorded.

        Args:
            records: Dicts in the response's shape, each with ExportImageTaskId and
                Status and any other documented members; or a whole response.

        Raises:
            ValueError: A record is not of that shape, or its id is taken. The message
                names record and member, and nothing is loaded.

        Rules: SIM-05, SIM-06, RSP-12.
        """
        if isinstance(records, Mapping):  # of a response
            response: Mapping[Any, Any] = records
            records = response.get("ExportImageTasks", records)
        if not isinstance(records, Iterable) or isinstance(records, str | Mapping):
            raise ValueError(
                f"records must be a list, not {type(records).__name__}, or a "
                "response with ExportImageTasks"
            )
        account = self._account
        first_number = account.state.last_task_number + 1
        tasks: list[ExportImageTask] = []
        ids: set[str] = set()
        # Without the lock, because the caller's generator runs here.
        for index, task in enumerate(parse_tasks(records, first_number)):
            if task.id in ids:
                raise ValueError(f"{_record_id(index, task)} a second time")
            ids.add(task.id)
            tasks.append(task)
        with account.lock:
            for index, task in enumerate(tasks):
                if account.has_task(task.id):
                    raise ValueError(f"{_record_id(index, task)}: {_TAKEN}")
            shift = account.state.last_task_number + 1 - first_number
            if shift:  # others added tasks in the meantime
                tasks = [replace(task, number=task.number + shift) for task in tasks]
            account.add_tasks(self.region_name, tasks)

    def dump_tasks(self) -> list[dict[str, Any]]:
        """Return this region's tasks as `load_tasks` takes them, in creation order."""
        with self._account.lock:
            return [describe_task(task) for task in self.tasks]

    @property
    def tasks(self) -> tuple[ExportImageTask, ...]:
        """The region's tasks, in creation order."""
        account = self._account
        with account.lock:
            return tuple(map(account.current, account.tasks(self.region_name)))

    def task(self, task_id: str) -> ExportImageTask:
        """Return the task with that id; raises LookupError if there is none."""
        with self._account.lock:
            return self._account.current(self._get(task_id))

    def complete_task(self, task_id: str) -> ExportImageTask:
        """Complete an active task, call `on_completed`, and return the task.

        Raises LookupError if there is none, ValueError if it is not active.

        Rules: LIF-02, LIF-03, SIM-09.
        """
        return self._transition(task_id, "complete", None)

    def fail_task(self, task_id: str, message: str) -> ExportImageTask:
        """Let an active task fail with *message*, and return it.

        It is deleting at once, and deleted after 60 seconds.

        Raises LookupError if there is none, ValueError if it is not active.

        Rules: LIF-02, LIF-04, LIF-17.
        """
        message = lifecycle.failure_message(check_text(message, "message"))
        return self._transition(task_id, "fail", message)

    def fail_exports_of(self, image_id: str, message: str) -> None:
        """Let every later export of that image in this region fail half-way.

        "*" means every image that has no message of its own. Raises ValueError for a
        malformed id.

        Rules: SIM-10.
        """
        is_known = isinstance(image_id, str) and (
            image_id == ANY_IMAGE or is_image_id(image_id)
        )
        if not is_known:
            raise ValueError(
                f"image_id is {safe_repr(image_id)}; an id is {IMAGE_ID_SYNTAX}, and "
                "'*' is any image"
            )
        key = (self.region_name, str.__str__(image_id))
        message = lifecycle.failure_message(check_text(message, "message"))
        with self._account.lock:
            self._account.state.failure_by_image[key] = message
            self._account.stuck_clock.restart()

    def remove_task(self, task_id: str) -> None:
        """Remove a task in any state; raises LookupError if there is none.

        Rules: SIM-07.
        """
        with self._account.lock:
            self._account.remove_task(self.region_name, self._get(task_id).id)

    def _transition(
        self, task_id: str, event: str, message: str | None
    ) -> ExportImageTask:
        account = self._account
        with account.lock:
            task = self._get(task_id)
            changed = account.transition(self.region_name, task, event, message)
        if changed.state is lifecycle.COMPLETED:
            account.notify_completed(changed)
        return changed

    def _get(self, task_id: str) -> ExportImageTask:
        tasks = self._account.tasks(self.region_name)
        task = tasks.get(task_id) if isinstance(task_id, str) else None
        if task is None:
            raise LookupError(f"no task {safe_repr(task_id)} in {self.region_name}")
        return task


# --- checks of arguments ------------------------------------------------------------


def _record_id(index: int, task: ExportImageTask) -> str:
    return f"record {index}.ExportImageTaskId is {task.id!r}"


def _percent(progress: object) -> str:
    text = safe_str(progress)
    if isinstance(progress, float):  # without an exponent, and 0.0 for -0.0
        text = f"{progress + 0.0:f}" if "e" in text else str(progress + 0.0)
    whole, _, rest = text.partition(".")
    if (
        isinstance(progress, bool)
        or not _PROGRESS.fullmatch(text)
        or int(whole) > 100
        or (int(whole) == 100 and rest.strip("0"))
    ):
        raise ValueError(
            f"progress is {safe_repr(progress)}; it is a number from 0 to 100"
        )
    return text


def _optional(text: object, name: str) -> str | None:
    return None if text is None else check_text(text, name)


def _tag_set(tags: object) -> tuple[Tag, ...]:
    if not isinstance(tags, Mapping):
        raise ValueError(f"tags must be a mapping, not {type(tags).__name__}")
    return tuple(
        Tag(check_text(key, "a tag's key"), check_text(value, f"tags[{key!r}]"))
        for key, value in tags.items()
    )


def _format(name: object) -> str:
    text = check_text(name, "disk_image_format").upper()
    if text not in DISK_IMAGE_FORMATS:
        known = ", ".join(DISK_IMAGE_FORMATS)
        raise ValueError(f"disk_image_format is {name!r}; it is one of {known}")
    return text
