"""The frozen values of the simulator: a task and what it is made of.

A member that a task does not have is None, and is then absent from its description;
so a recorded task is described just as it was (RSP-12).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

DISK_IMAGE_FORMATS = ("VMDK", "RAW", "VHD")


class TaskState(StrEnum):
    """The four states of a task; the value is what Status shows (LIF-01)."""

    ACTIVE = "active"
    COMPLETED = "completed"
    DELETING = "deleting"
    DELETED = "deleted"


class Tag(NamedTuple):
    """A tag as it was given; a recorded one may lack its key or its value."""

    key: str | None
    value: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ExportImageTask:
    """One export image task, as it stood when it was looked at.

    `id`, `image_id`, `progress`, `status_message` and `description` are as the API
    describes them, strings or None; `state` is its Status, a `TaskState`. The exported
    image goes to `s3_bucket` under `s3_prefix`, as it was sent, and is of the
    `disk_image_format` where that is known. `tag_set` holds the tags as they were
    given. `number` is the task's place in the order of creation; `started_at` is set
    while an export runs by the clock; `lacks` names the members, and Key or Value of a
    tag, that a recorded task lacked.
    """

    number: int = field(compare=False)
    id: str
    state: TaskState
    image_id: str | None = None
    progress: str | None = None
    status_message: str | None = None
    description: str | None = None
    s3_bucket: str | None = None
    s3_prefix: str | None = None
    disk_image_format: str | None = None
    tag_set: tuple[Tag, ...] = ()
    started_at: datetime | None = field(default=None, compare=False)
    lacks: frozenset[str] = frozenset()

    @property
    def s3_key(self) -> str | None:
        """The exported image's key, None where the format is not known (LIF-14)."""
        if self.disk_image_format is None:
            return None
        return f"{self.s3_prefix or ''}{self.id}.{self.disk_image_format.lower()}"

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags, key to value, in the order in which they were given."""
        return MappingProxyType(
            {tag.key: tag.value or "" for tag in self.tag_set if tag.key is not None}
        )

    def __repr__(self) -> str:
        words = (self.id, self.state, self.progress and f"{self.progress}%")
        told = " ".join(word for word in (*words, self.status_message) if word)
        return f"<ExportImageTask {told}>"
