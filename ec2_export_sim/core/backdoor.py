"""The back door to a region's tasks: without permissions, never refused for a limit.

Only what no service could hold is refused, with a ValueError that shows what is right.

Rules: LIF-06 to LIF-13, TAG-15.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from . import lifecycle
from .ids import IMAGE_ID_SYNTAX, is_image_id
from .model import DISK_IMAGE_FORMATS, ExportImageTask, Tag
from .records import build_records, check_id, check_state, parse_records
from .text import check_text, quoted, shown

if TYPE_CHECKING:
    from .account import Account

_PROGRESS = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_HELD = "the account holds already"


class BackDoor:
    """How a test arranges the tasks of one region, and looks at them."""

    _account: Account
    region_name: str

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
    ) -> ExportImageTask:
        """Add a task as a test wants it, and return it.

        Ids that are not given are fresh. *progress* is a percentage from 0 to 100. An
        active task's progress and status message are derived from each other where one
        is missing; in other states there are none unless given. The task stays as it is
        until something acts on it.

        Raises ValueError, which shows what is right, for a *task_id* that is malformed
        or already held, an invalid status or progress, an unknown disk image format,
        tags that are no mapping, and text that the wire cannot carry.

        Rules: LIF-06 to LIF-10.
        """
        account = self._account
        with account.lock:
            number = account.state.created + 1  # taken when nothing is refused any more
            state = check_state(status, "status")
            percent = None if progress is None else _percent(progress)
            message = _optional(status_message, "status_message")
            if state is lifecycle.ACTIVE:
                percent, message = lifecycle.progress_pair(percent, message)
            if task_id is None:
                task_id = account.fresh_task_id(number)
            if image_id is None:
                image_id = account.fresh_id("ami-", number)
            task = ExportImageTask(
                number,
                check_id(task_id, "task_id"),
                state,
                check_text(image_id, "image_id"),
                percent,
                message,
                _optional(description, "description"),
                check_text(s3_bucket, "s3_bucket"),
                _optional(s3_prefix, "s3_prefix"),
                _format(disk_image_format),
                () if tags is None else _tag_set(tags),
            )
            if account.holds(task.id):
                raise ValueError(f"task_id is {task.id!r}, which {_HELD}")
            self._add([task])
        return task

    def load_tasks(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Add the tasks that *records* describe, dicts in the response's shape.

        Any documented members beside ExportImageTaskId and Status; the tasks are
        described just as they were. Raises ValueError, naming record and member, for
        anything else, and has then loaded nothing.

        Rules: LIF-11, LIF-12, RSP-12.
        """
        if not isinstance(records, Iterable) or isinstance(records, str | Mapping):
            raise ValueError(f"records must be a list, not {type(records).__name__}")
        account = self._account
        with account.lock:
            listed = list(records)  # a generator may add tasks of its own
            tasks = list(parse_records(listed, account.state.created + 1))
            seen: set[str] = set()
            for index, task in enumerate(tasks):
                if task.id in seen or account.holds(task.id):
                    reason = "is given twice" if task.id in seen else _HELD
                    place = f"record {index}.ExportImageTaskId"
                    raise ValueError(f"{place} is {task.id!r}, which {reason}")
                seen.add(task.id)
            self._add(tasks)

    def dump_tasks(self) -> list[dict[str, Any]]:
        """Return this region's tasks as `load_tasks` takes them, in creation order."""
        account = self._account
        with account.lock:
            return build_records(account.tasks(self.region_name), account.told)

    @property
    def tasks(self) -> tuple[ExportImageTask, ...]:
        """The region's tasks, in creation order."""
        account = self._account
        with account.lock:
            return tuple(map(account.told, account.tasks(self.region_name)))

    def task(self, task_id: str) -> ExportImageTask:
        """Return the task with that id; raises LookupError where there is none."""
        with self._account.lock:
            return self._account.told(self._held(task_id))

    def complete_task(self, task_id: str) -> ExportImageTask:
        """Complete an active task, announce it, and return it as it is then.

        Raises LookupError where there is none, ValueError where it is not active.

        Rules: LIF-02, LIF-03, LIF-26.
        """
        return self._move(task_id, "complete", None)

    def fail_task(self, task_id: str, message: str) -> ExportImageTask:
        """Let an active task fail with *message*, and return it as it is then.

        It is deleting at once, and deleted when 60 seconds have passed.

        Raises LookupError where there is none, ValueError where it is not active.

        Rules: LIF-02, LIF-04, LIF-17.
        """
        message = lifecycle.failure(check_text(message, "message"))
        return self._move(task_id, "fail", message)

    def fail_exports_of(self, image_id: str, message: str) -> None:
        """Let every later export of that image in this region fail half-way.

        Raises ValueError for a malformed id.

        Rules: LIF-28.
        """
        if not isinstance(image_id, str) or not is_image_id(image_id):
            raise ValueError(
                f"image_id is {quoted(image_id)}; an id is {IMAGE_ID_SYNTAX}"
            )
        key = (self.region_name, str.__str__(image_id))
        message = lifecycle.failure(check_text(message, "message"))
        with self._account.lock:
            self._account.state.failing[key] = message

    def remove_task(self, task_id: str) -> None:
        """Forget a task in any state; raises LookupError where there is none.

        Rules: LIF-13.
        """
        with self._account.lock:
            self._account.tasks(self.region_name).remove(self._held(task_id).id)

    def _add(self, tasks: list[ExportImageTask]) -> None:
        self._account.take_numbers(len(tasks))
        self._account.tasks(self.region_name).add(tasks)

    def _move(self, task_id: str, event: str, message: str | None) -> ExportImageTask:
        account = self._account
        with account.lock:
            task = self._held(task_id)
            moved = account.move(self.region_name, task, event, message)
        account.announce()
        return moved

    def _held(self, task_id: str) -> ExportImageTask:
        tasks = self._account.tasks(self.region_name)
        task = tasks.get(task_id) if isinstance(task_id, str) else None
        if task is None:
            raise LookupError(f"no task {quoted(task_id)} in {self.region_name}")
        return task


# --- what a test may give -----------------------------------------------------------


def _percent(progress: object) -> str:
    text = shown(progress)
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
            f"progress is {quoted(progress)}; it is a number from 0 to 100"
        )
    return text


def _optional(text: object, place: str) -> str | None:
    return None if text is None else check_text(text, place)


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
