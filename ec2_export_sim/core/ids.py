"""The syntax of the ids of tasks and of images.

Rules: specs/ids.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TASK_ID_PREFIX = "export-ami-"
# Exports of instances are not emulated.
INSTANCE_EXPORT_PREFIX = "export-i-"
# What the tag operations call a task.
RESOURCE_TYPE = "export-image-task"

# The syntaxes, as messages describe them.
TASK_ID_SYNTAX = (
    "'export-ami-' and 17 lower-case hex digits, 16 and 't', or 8 of [a-z0-9]"
)
IMAGE_ID_SYNTAX = "'ami-' and 8 or 17 lower-case hex digits"

_IMAGE_ID = re.compile(r"ami-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_TASK_ID = re.compile(r"export-ami-(?:[0-9a-f]{17}|[0-9a-f]{16}t|[0-9a-z]{8})")


def is_task_id(text: str) -> bool:
    """Return whether *text* is a well-formed id of an export image task (IDS-03)."""
    return _TASK_ID.fullmatch(text) is not None


def is_image_id(text: str) -> bool:
    """Return whether *text* is a well-formed id of an image (LIF-19)."""
    return _IMAGE_ID.fullmatch(text) is not None


def check_task_ids(
    ids: Iterable[str], is_issued: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return *ids*, each once, in their order.

    Raises InvalidExportTaskID.Malformed for the first id that is not well-formed or not
    issued.

    Rules: IDS-03, IDS-04, IDS-07, IDS-13, IDS-15.
    """
    for task_id in ids:
        if not is_task_id(task_id):
            raise errors.MALFORMED_ID.error(id=task_id, syntax=TASK_ID_SYNTAX)
        if not is_issued(task_id):
            raise errors.UNISSUED_ID.error(id=task_id)
    return tuple(dict.fromkeys(ids))


def check_export_id(task_id: str, is_issued: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the id that CancelExportTask takes, which may be an instance export's.

    Rules: IDS-16, IDS-17.
    """
    if task_id.startswith(INSTANCE_EXPORT_PREFIX):
        return (task_id,)
    if not task_id.startswith(TASK_ID_PREFIX):
        raise errors.NO_EXPORT_ID.error(id=task_id)
    return check_task_ids((task_id,), is_issued)
