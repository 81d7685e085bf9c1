"""The tags of tasks: which may be set, and what setting and deleting makes of a set.

Rules: specs/tags.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import errors
from .ids import is_task_id
from .model import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .filters import Supported
    from .model import ExportImageTask

MAX_KEY = 127
MAX_VALUE = 256
MAX_TAGS = 50
MAX_RESOURCES = 1000
RESERVED = "aws:"
TASK_KIND = "export-image-task"

# A tag's place: its task's number, then its own among so many.
_PLACES = 1 << 20


def check_resources(named: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the tasks that a call names, each once, in the order given.

    Rules: TAG-09, TAG-16.
    """
    if len(named) > MAX_RESOURCES:
        raise errors.TOO_MANY_RESOURCES(count=len(named), bound=MAX_RESOURCES)
    for each in named:
        if not is_task_id(each):
            raise errors.NO_TASK_ID(id=each)
    return tuple(dict.fromkeys(named))


def check_tags(given: Sequence[dict[str, Any]]) -> tuple[Tag, ...]:
    """Return the tags that a call sets.

    Raises what is wrong with the first that may not be set.

    Rules: TAG-01 to TAG-06.
    """
    tags = tuple(Tag(check_key(tag), tag.get("Value", "")) for tag in given)
    seen: set[str | None] = set()
    for key, value in tags:
        if value is not None and len(value) > MAX_VALUE:
            raise errors.VALUE_TOO_LONG(key=key, length=len(value), bound=MAX_VALUE)
        if key in seen:
            raise errors.DUPLICATE_KEY(key=key)
        seen.add(key)
    return tags


def check_key(given: dict[str, Any]) -> str:
    """Return the key of a tag that a call names, or raise what is wrong with it.

    Rules: TAG-02, TAG-03, TAG-05.
    """
    key: str = given.get("Key", "")
    if not key:
        raise errors.MALFORMED_KEY(bound=MAX_KEY)
    if key.startswith(RESERVED):
        raise errors.RESERVED_KEY(key=key)
    if len(key) > MAX_KEY:
        raise errors.KEY_TOO_LONG(length=len(key), bound=MAX_KEY)
    return key


def specified(specifications: Iterable[dict[str, Any]]) -> tuple[Tag, ...]:
    """Return the tags that TagSpecifications give the task that is made (TAG-08)."""
    given: list[dict[str, Any]] = []
    for specification in specifications:
        kind = specification.get("ResourceType", "null")
        if kind != TASK_KIND:
            raise errors.NOT_TAGGABLE(type=kind)
        if "Tags" not in specification:
            raise errors.EMPTY_SPECIFICATION()
        given += specification["Tags"]
    return merged((), check_tags(given))


def merged(held: Sequence[Tag], new: Sequence[Tag]) -> tuple[Tag, ...]:
    """Return *held* with *new* set; raises TagLimitExceeded where there are too many.

    Rules: TAG-07, TAG-10.
    """
    added = {tag.key: tag for tag in new}
    kept = [added.pop(tag.key, tag) for tag in held]  # overwritten in their places
    tags = (*kept, *added.values())
    count = sum(not _is_reserved(tag) for tag in tags)
    if added and count > MAX_TAGS:
        raise errors.TOO_MANY_TAGS(count=count, bound=MAX_TAGS)
    return tags


def without(held: Sequence[Tag], named: Sequence[dict[str, Any]]) -> tuple[Tag, ...]:
    """Return *held* less what DeleteTags names: all but the reserved where nothing is.

    Rules: TAG-11.
    """
    if not named:
        return tuple(filter(_is_reserved, held))
    gone = {(tag["Key"], tag.get("Value")) for tag in named}
    return tuple(
        tag
        for tag in held
        if (tag.key, None) not in gone and (tag.key, tag.value or "") not in gone
    )


def _is_reserved(tag: Tag) -> bool:
    return tag.key is not None and tag.key.startswith(RESERVED)


# --- DescribeTags -------------------------------------------------------------------


class TagDescription(NamedTuple):
    """One tag of one task; *number* is its place among all."""

    number: int
    key: str
    resource_id: str
    value: str


def described(tasks: Iterable[ExportImageTask], after: int) -> Iterator[TagDescription]:
    """Yield the tags of *tasks* behind the place *after*, in order (TAG-12, TAG-13)."""
    for task in tasks:
        for index, tag in enumerate(task.tag_set):
            number = task.number * _PLACES + index
            if number > after:
                yield TagDescription(number, tag.key or "", task.id, tag.value or "")


def task_before(after: int) -> int:
    """Return the number behind which the tasks lie whose tags lie behind *after*."""
    return after // _PLACES - 1


TAG_FILTERS: Supported[TagDescription] = {
    "key": lambda tag, _: (tag.key,),
    "value": lambda tag, _: (tag.value,),
    "resource-id": lambda tag, _: (tag.resource_id,),
    "resource-type": lambda _tag, _: (TASK_KIND,),
    "tag:": lambda tag, key: (tag.value,) if tag.key == key else (),
}
