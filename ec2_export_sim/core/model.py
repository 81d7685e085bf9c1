"""The frozen values of the simulator: a task and its parts, a call, an injected error.

A member that a task does not have is None, and its description does not have it either;
so a recorded task is described exactly as it was recorded (RSP-12).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

DISK_IMAGE_FORMATS = ("VMDK", "RAW", "VHD")

# Stands for every operation of an injected error, and for every image that fails.
ANY_OPERATION = ANY_IMAGE = "*"


class TaskState(StrEnum):
    """The four states of a task; the value is what Status shows (LIF-01)."""

    ACTIVE = "active"
    COMPLETED = "completed"
    DELETING = "deleting"
    DELETED = "deleted"


class Tag(NamedTuple):
    """A tag; a recorded tag may have no key or no value."""

    key: str | None
    value: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ExportImageTask:
    """One export image task, at the moment of the call that returned it.

    `id`, `image_id`, `progress`, `status_message` and `description` have the values of
    the API's members, strings or None; `state` is the API's Status, a `TaskState`. The
    exported image goes to `s3_bucket` under `s3_prefix`; `disk_image_format` is None if
    it is not known. `tag_set` has the tags in the order in which they were set.
    `number` counts the tasks of the account in the order of creation. `started_at` is
    set while the clock runs the export. `absent_members` is empty except for a recorded
    task: it has the names of usual members, and Key or Value of a tag, that the record
    does not have.
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
    absent_members: frozenset[str] = frozenset()

    @property
    def s3_key(self) -> str | None:
        """The exported image's key, None if its format is not known (LIF-14)."""
        if self.disk_image_format is None:
            return None
        return f"{self.s3_prefix or ''}{self.id}.{self.disk_image_format.lower()}"

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags, key to value, in the order in which they were set."""
        return MappingProxyType(
            {tag.key: tag.value or "" for tag in self.tag_set if tag.key is not None}
        )

    def __repr__(self) -> str:
        words = (self.id, self.state, self.progress and f"{self.progress}%")
        shown = " ".join(word for word in (*words, self.status_message) if word)
        return f"<ExportImageTask {shown}>"


class Call(NamedTuple):
    """One call that reached the service: *principal* called *operation* in *region*.

    *parameters* are those of the call, without empty lists and empty structures. *at*
    is the simulated time of the answer. *error_code* is None if the call succeeded. If
    the call raised an exception, it is the name of the class. *rule* and *note* belong
    to an error, or to an empty answer that has a likely reason.

    Rules: SIM-17.
    """

    operation: str
    parameters: dict[str, Any]
    principal: str
    region: str
    at: datetime
    error_code: str | None
    rule: str | None = None
    note: str | None = None


class InjectedError(NamedTuple):
    """An error, or an exception, for *times* calls of an operation (SIM-12).

    *skip* calls go through first.
    """

    operation: str
    code: str | None
    message: str | None
    http_status: int | None
    times: int
    skip: int
    exception: BaseException | None
