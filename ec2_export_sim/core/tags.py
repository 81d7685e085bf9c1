"""The tags of tasks: which may be set, and what setting and deleting does to them.

Rules: specs/tags.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import errors
from .ids import RESOURCE_TYPE, is_task_id
from .model import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_KEY = 127
MAX_VALUE = 256
MAX_TAGS = 50
MAX_RESOURCES = 1000
RESERVED = "aws:"


def check_resources(named: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the tasks that a call names, each once, in their order.

    Rules: TAG-09, TAG-16.
    """
    if len(named) > MAX_RESOURCES:
        raise errors.TOO_MANY_RESOURCES.error(count=len(named), bound=MAX_RESOURCES)
    for each in named:
        if not is_task_id(each):
            raise errors.NO_TASK_ID.error(id=each)
    return tuple(dict.fromkeys(named))


def check_tags(given: Sequence[dict[str, Any]]) -> tuple[Tag, ...]:
    """Return the tags that a call sets.

    Raises the error of the first that may not be set.

    Rules: TAG-01 to TAG-06.
    """
    tags = tuple(Tag(check_key(tag), tag.get("Value", "")) for tag in given)
    seen: set[str | None] = set()
    for key, value in tags:
        if value is not None and len(value) > MAX_VALUE:
            raise errors.VALUE_TOO_LONG.error(
                key=key, length=len(value), bound=MAX_VALUE
            )
        if key in seen:
            raise errors.DUPLICATE_KEY.error(key=key)
        seen.add(key)
    return tags


def check_key(given: dict[str, Any]) -> str:
    """Return the key of a tag that a call names, or raise the error in it.

    Rules: TAG-02, TAG-03, TAG-05.
    """
    key: str = given.get("Key", "")
    if not key:
        raise errors.MALFORMED_KEY.error(bound=MAX_KEY)
    if key.startswith(RESERVED):
        raise errors.RESERVED_KEY.error(key=key)
    if len(key) > MAX_KEY:
        raise errors.KEY_TOO_LONG.error(length=len(key), bound=MAX_KEY)
    return key


def tags_from_specifications(
    specifications: Iterable[dict[str, Any]],
) -> tuple[Tag, ...]:
    """Return the tags that TagSpecifications set on the new task (TAG-08)."""
    given: list[dict[str, Any]] = []
    for specification in specifications:
        kind = specification.get("ResourceType", "null")
        if kind != RESOURCE_TYPE:
            raise errors.NOT_TAGGABLE.error(type=kind)
        if "Tags" not in specification:
            raise errors.EMPTY_SPECIFICATION.error()
        given += specification["Tags"]
    return add_tags((), check_tags(given))


def add_tags(before: Sequence[Tag], new: Sequence[Tag]) -> tuple[Tag, ...]:
    """Return the tags *before* with *new* set; raises TagLimitExceeded for too many.

    Rules: TAG-07, TAG-10.
    """
    added = {tag.key: tag for tag in new}
    kept = [added.pop(tag.key, tag) for tag in before]  # overwritten in their order
    tags = (*kept, *added.values())
    count = sum(not _is_reserved(tag) for tag in tags)
    if added and count > MAX_TAGS:
        raise errors.TOO_MANY_TAGS.error(count=count, bound=MAX_TAGS)
    return tags


def remove_tags(
    before: Sequence[Tag], named: Sequence[dict[str, Any]]
) -> tuple[Tag, ...]:
    """Return the tags *before* without those that DeleteTags names.

    If it names none, all but the reserved ones are removed.

    Rules: TAG-11.
    """
    if not named:
        return tuple(filter(_is_reserved, before))
    removed = {(tag["Key"], tag.get("Value")) for tag in named}
    return tuple(
        tag
        for tag in before
        if not removed & {(tag.key, None), (tag.key, tag.value or "")}
    )


def _is_reserved(tag: Tag) -> bool:
    return tag.key is not None and tag.key.startswith(RESERVED)
