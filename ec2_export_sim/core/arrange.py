"""The back door: tasks as a test wants them, and lists as they were recorded.

No permissions and no limits here; only what no service could hold is refused, with a
ValueError that shows what is right.

Rules: LIF-06 to LIF-12, TAG-15.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from . import lifecycle
from .model import DISK_IMAGE_FORMATS, ExportImageTask, Tag
from .records import check_id, check_state, check_text, parse_records
from .text import quoted, shown

if TYPE_CHECKING:
    from .account import Account

_PROGRESS = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")


def arranged(
    account: Account,
    *,
    image_id: str | None,
    status: str,
    progress: float | str | None,
    status_message: str | None,
    description: str | None,
    s3_bucket: str,
    s3_prefix: str | None,
    tags: Mapping[str, str],
    disk_image_format: str,
    task_id: str | None,
) -> ExportImageTask:
    """Return the account's next task, made as a test wants it.

    Rules: LIF-06, LIF-07, LIF-09, LIF-10.
    """
    number = account.state.created + 1  # taken when nothing is refused any more
    state = check_state(status, "status")
    percent = None if progress is None else _percent(progress)
    message = _optional(status_message, "status_message")
    if state is lifecycle.ACTIVE:
        percent, message = lifecycle.completed_pair(percent, message)
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
        _tag_set(tags),
    )
    _refuse_held(account, task.id, "task_id")
    return task


def loaded(account: Account, records: Iterable[object]) -> list[ExportImageTask]:
    """Return the account's next tasks, as *records* describe them.

    Rules: LIF-11, LIF-12.
    """
    if not isinstance(records, Iterable):
        raise ValueError(f"records must be a list, not {type(records).__name__}")
    listed = list(records)  # a generator may do anything, so before a number is taken
    tasks = list(parse_records(listed, account.state.created + 1))
    seen: set[str] = set()
    for index, task in enumerate(tasks):
        if task.id in seen:
            place = f"record {index}.ExportImageTaskId"
            raise ValueError(f"{place} is {task.id!r}, which is given twice")
        seen.add(task.id)
    for index, task in enumerate(tasks):
        if account.holds(task.id):
            _refuse_held(account, task.id, f"record {index}.ExportImageTaskId")
    return tasks


def _percent(progress: object) -> str:
    text = shown(progress)
    if isinstance(progress, float):
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


def _refuse_held(account: Account, task_id: str, place: str) -> None:
    if account.holds(task_id):
        raise ValueError(f"{place} is {task_id!r}, which the account holds already")
