"""The tags of tasks: which may be set, and what setting and deleting does to them.

Rules: specs/tags.md.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from . import errors
from .ids import RESOURCE_TYPE, is_task_id
from .model import Tag
from .quirks import Quirk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

MAX_KEY = 127
MAX_VALUE = 256
MAX_TAGS = 50
MAX_RESOURCES = 1000
MAX_TAGS_TO_DELETE = 1000
RESERVED = "aws:"

# What CreateTags and DeleteTags answer if a required parameter is missing (PRM-03).
MISSING: dict[str, Callable[[], errors.ServiceError]] = {
    "Resources": partial(errors.MISSING_PARAMETER.error, name="resourceIdSet"),
    "Tags": errors.NO_TAGS.error,
}


def max_key_length(quirks: Collection[Quirk]) -> int:
    """Return how many characters a key may have (TAG-02, TAG-25)."""
    return 128 if Quirk.TAG_KEYS_OF_128 in quirks else MAX_KEY


def check_resources(
    named: Sequence[str], is_issued: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return the ids of the tasks that a call names, each once, in their order.

    Rules: IDS-15, TAG-09, TAG-16, TAG-24.
    """
    if len(named) > MAX_RESOURCES:
        raise errors.TOO_MANY_RESOURCES.error(count=len(named), bound=MAX_RESOURCES)
    for each in named:
        if not is_task_id(each):
            raise errors.NO_TASK_ID.error(id=each)
        if not is_issued(each):
            raise errors.UNISSUED_ID.error(id=each)
    return tuple(dict.fromkeys(named))


def check_tag_count(named: Sequence[dict[str, Any]]) -> None:
    """Raise InvalidParameterValue for too many tags of DeleteTags (TAG-16, TAG-24)."""
    if len(named) > MAX_TAGS_TO_DELETE:
        raise errors.TOO_MANY_TAGS_TO_DELETE.error(
            count=len(named), bound=MAX_TAGS_TO_DELETE
        )


def check_tags(new: Sequence[dict[str, Any]], max_key: int) -> tuple[Tag, ...]:
    """Return the tags that a call sets, with keys of at most *max_key* characters.

    Raises the error of the first tag that may not be set.

    Rules: TAG-01 to TAG-06, TAG-17, TAG-18.
    """
    tags: dict[str, Tag] = {}
    for each in new:
        key = check_key(each, max_key)
        if "Value" not in each:
            raise errors.MISSING_VALUE.error(key=key)
        value: str = each["Value"]
        if len(value) > MAX_VALUE:
            raise errors.VALUE_TOO_LONG.error(
                key=key, length=len(value), bound=MAX_VALUE
            )
        if key in tags:
            raise errors.DUPLICATE_KEY.error(key=key)
        tags[key] = Tag(key, value)
    return tuple(tags.values())


def check_key(tag: dict[str, Any], max_key: int) -> str:
    """Return the key of a tag that a call names, or raise the error in it.

    Rules: TAG-02, TAG-03, TAG-05, TAG-17, TAG-18.
    """
    key: str = tag.get("Key", "")
    if not key:
        raise errors.MISSING_KEY.error(bound=max_key)
    if key.startswith(RESERVED):
        raise errors.RESERVED_KEY.error(key=key)
    if len(key) > max_key:
        raise errors.KEY_TOO_LONG.error(length=len(key), bound=max_key)
    return key


def tags_from_specifications(
    specifications: Iterable[dict[str, Any]], max_key: int
) -> tuple[Tag, ...]:
    """Return the tags that TagSpecifications set on the new task (TAG-08)."""
    new: list[dict[str, Any]] = []
    for specification in specifications:
        if "ResourceType" not in specification:
            raise errors.NO_RESOURCE_TYPE.error()
        if specification["ResourceType"] != RESOURCE_TYPE:
            raise errors.NOT_TAGGABLE.error(type=specification["ResourceType"])
        if "Tags" not in specification:
            raise errors.EMPTY_SPECIFICATION.error()
        new += specification["Tags"]
    return add_tags((), check_tags(new, max_key))


def add_tags(before: Sequence[Tag], new: Sequence[Tag]) -> tuple[Tag, ...]:
    """Return the tags *before* with *new* set; raises TagLimitExceeded for too many.

    Rules: TAG-07, TAG-10, TAG-19, TAG-20.
    """
    added = {tag.key: tag for tag in new}
    kept = [added.pop(tag.key, tag) for tag in before]  # each at its old position
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

    Rules: TAG-11, TAG-21.
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
