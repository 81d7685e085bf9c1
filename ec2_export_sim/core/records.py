"""Tasks as the API writes them: out to a dict in the response's shape, and back.

Rules: specs/response.md; what a recorded list may hold: LIF-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .ids import is_task_id
from .model import ExportImageTask, S3ExportLocation, Tag, TaskState
from .shapes import EXPORT_IMAGE_TASK, STRING, ListOf, Structure
from .text import is_carriable, quoted

_STATES = {state.value: state for state in TaskState}

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .shapes import Shape


def record(task: ExportImageTask) -> dict[str, Any]:
    """Return *task* in the response's shape; nothing in it is shared with the task.

    Rules: RSP-03 to RSP-08, RSP-10, RSP-12.
    """
    if task.is_partial:
        return _partial_record(task)
    # A page is made of these: what every task has stands in one literal, and a loop
    # fills the tags, since a comprehension costs a call.
    bucket, prefix = task.s3_export_location or (None, None)
    tags = []
    for key, value in task.tag_set or ():
        tags.append({"Key": key, "Value": value})
    members = {
        "ExportImageTaskId": task.id,
        "ImageId": task.image_id,
        "Progress": task.progress,
        "S3ExportLocation": {"S3Bucket": bucket}
        if prefix is None
        else {"S3Bucket": bucket, "S3Prefix": prefix},
        "Status": task.state._value_,  # `value` is a slow property
        "StatusMessage": task.status_message,
        "Tags": tags,
    }
    if task.progress is None:
        del members["Progress"]
    if task.status_message is None:
        del members["StatusMessage"]
    if task.description is not None:
        return {"Description": task.description, **members}
    return members


def _partial_record(task: ExportImageTask) -> dict[str, Any]:
    """Return a recorded task that lacks some of what every other has (RSP-12)."""
    location, tags = task.s3_export_location, task.tag_set
    members = {
        "Description": task.description,
        "ExportImageTaskId": task.id,
        "ImageId": task.image_id,
        "Progress": task.progress,
        "S3ExportLocation": None
        if location is None
        else _given({"S3Bucket": location.bucket, "S3Prefix": location.prefix}),
        "Status": task.state.value,
        "StatusMessage": task.status_message,
        "Tags": None
        if tags is None
        else [_given({"Key": tag.key, "Value": tag.value}) for tag in tags],
    }
    return _given(members)


def _given(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def parse_records(records: Iterable[object], number: int) -> Iterator[ExportImageTask]:
    """Yield the task that each of *records* describes, numbered from *number* on.

    Raises ValueError, naming record and member, for what the response's shape does not
    allow. Whether an id is given twice is the caller's to know.

    Rules: LIF-11.
    """
    for index, given in enumerate(records):
        if not _fits(EXPORT_IMAGE_TASK, given):  # then what does not is worth telling
            _check_shape(EXPORT_IMAGE_TASK, given, f"record {index}")
        assert isinstance(given, Mapping)  # noqa: S101 - for the type checker
        try:
            yield _parsed(given, number + index)
        except ValueError as problem:
            raise ValueError(f"record {index}{problem}") from None


def _parsed(given: Mapping[str, Any], number: int) -> ExportImageTask:
    """Return the task of a record that fits; raises ValueError from the member on."""
    for member in ("ExportImageTaskId", "Status"):
        if member not in given:
            raise ValueError(f" has no {member}")
    get = given.get
    location, tags, image_id = get("S3ExportLocation"), get("Tags"), get("ImageId")
    tag_set = None if tags is None else _tag_set(tags)
    return ExportImageTask(
        number,
        check_id(given["ExportImageTaskId"], ".ExportImageTaskId"),
        check_state(given["Status"], ".Status"),
        image_id,
        get("Progress"),
        get("StatusMessage"),
        get("Description"),
        None
        if location is None
        else S3ExportLocation(location.get("S3Bucket"), location.get("S3Prefix")),
        None,
        tag_set,
        is_partial=image_id is None
        or not (location and "S3Bucket" in location)
        or tag_set is None
        or any(None in tag for tag in tag_set),
    )


def _tag_set(tags: list[dict[str, str]]) -> tuple[Tag, ...]:
    seen: set[str] = set()
    tag_set = []
    for each in tags:
        tag = Tag(each.get("Key"), each.get("Value"))
        if tag.key is not None:
            if tag.key in seen:
                raise ValueError(f".Tags has the key {tag.key!r} twice")
            seen.add(tag.key)
        tag_set.append(tag)
    return tuple(tag_set)


def _fits(shape: Shape, value: object) -> bool:
    """Tell whether `_check_shape` has nothing to say, without a word for any place."""
    if isinstance(shape, ListOf):
        return type(value) is list and all(_fits(shape.element, v) for v in value)
    if not isinstance(shape, Structure):
        return type(value) is str and is_carriable(value)
    if type(value) is not dict or not value.keys() <= shape.members.keys():
        return False
    for name, held in value.items():
        member = shape.members[name].shape
        if member is not STRING:
            if not _fits(member, held):
                return False
        elif type(held) is not str or not is_carriable(held):
            return False
    return True


def _check_shape(shape: Shape, value: object, place: str) -> None:
    if isinstance(shape, Structure):
        if not isinstance(value, dict | Mapping):
            raise ValueError(f"{place} must be a dict, not {type(value).__name__}")
        for name, held in value.items():
            if name not in shape.members:
                known = ", ".join(shape.members)
                raise ValueError(f"{place} has {quoted(name)}; its members are {known}")
            _check_shape(shape.members[name].shape, held, f"{place}.{name}")
    elif isinstance(shape, ListOf):
        if not isinstance(value, list | tuple):
            raise ValueError(f"{place} must be a list, not {type(value).__name__}")
        for index, held in enumerate(value):
            _check_shape(shape.element, held, f"{place}[{index}]")
    else:
        check_text(value, place)


# --- checks that arranging a task makes, too ----------------------------------------


def check_text(value: object, place: str) -> str:
    """Return *value*, or raise ValueError where it is no text that the wire carries."""
    if not isinstance(value, str):
        raise ValueError(f"{place} must be a string, not {type(value).__name__}")
    if not is_carriable(value):
        raise ValueError(f"{place} holds text that UTF-8 and XML 1.0 cannot carry")
    return str.__str__(value)


def check_id(task_id: object, place: str) -> str:
    """Return *task_id*, or raise ValueError where it is outside the syntax (IDS-03)."""
    text = check_text(task_id, place)
    if not is_task_id(text):
        raise ValueError(
            f"{place} is {text!r}; an id is 'export-ami-' and 17 hex digits, "
            "16 hex digits and 't', or 8 of [a-z0-9]"
        )
    return text


def check_state(status: object, place: str) -> TaskState:
    """Return the state that *status* names, or raise ValueError (LIF-01)."""
    text = check_text(status, place)
    state = _STATES.get(text)
    if state is None:
        states = ", ".join(TaskState)
        raise ValueError(f"{place} is {text!r}; a status is one of {states}")
    return state
