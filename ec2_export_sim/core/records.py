"""Tasks as the API writes them: out to a dict in the response's shape, and back.

Rules: specs/response.md; what a recorded list may hold: LIF-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .ids import TASK_ID_SYNTAX, is_task_id
from .model import ExportImageTask, Tag, TaskState
from .shapes import EXPORT_IMAGE_TASK, STRING, ListOf, Structure
from .text import check_text, is_carriable, quoted

_ALWAYS = frozenset({"ImageId", "S3ExportLocation", "Tags"})
_NOTHING: frozenset[str] = frozenset()  # one for all: a new one takes 200 bytes a task
_STATES = {state.value: state for state in TaskState}

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .shapes import Member, Shape


def build_records(
    tasks: Iterable[ExportImageTask],
    told: Callable[[ExportImageTask], ExportImageTask],
) -> list[dict[str, Any]]:
    """Return *tasks* in the response's shape; nothing in it is shared with them.

    *told* returns an export that runs by the clock as it appears now (LIF-25).

    Rules: RSP-03 to RSP-08, RSP-10, RSP-12.
    """
    # A page is made of these: one loop for all, and one literal for what nearly every
    # task has, since a call or a comprehension costs as much as the half of a record.
    described = []
    for held in tasks:
        task = held if held.started_at is None else told(held)
        if task.lacks:
            described.append(_partial_record(task))
            continue
        bucket, prefix = task.s3_bucket, task.s3_prefix
        tags = []
        for tag in task.tag_set:
            tags.append({"Key": tag.key, "Value": tag.value})  # noqa: PERF401
        record = {
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
            del record["Progress"]
        if task.status_message is None:
            del record["StatusMessage"]
        if task.description is not None:
            record = {"Description": task.description, **record}
        described.append(record)
    return described


def _partial_record(task: ExportImageTask) -> dict[str, Any]:
    """Return a recorded task that lacks some of what every other has (RSP-12)."""
    location = _given({"S3Bucket": task.s3_bucket, "S3Prefix": task.s3_prefix})
    tags = [_given({"Key": tag.key, "Value": tag.value}) for tag in task.tag_set]
    members = {
        "Description": task.description,
        "ExportImageTaskId": task.id,
        "ImageId": task.image_id,
        "Progress": task.progress,
        "S3ExportLocation": None if "S3ExportLocation" in task.lacks else location,
        "Status": task.state.value,
        "StatusMessage": task.status_message,
        "Tags": None if "Tags" in task.lacks and not tags else tags,
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
        record: Any = given
        if not _fits(EXPORT_IMAGE_TASK, given):
            record = _plain(EXPORT_IMAGE_TASK, given, f"record {index}")
        try:
            yield _parsed(record, number + index)
        except ValueError as problem:
            raise ValueError(f"record {index}{problem}") from None


def _parsed(given: Mapping[str, Any], number: int) -> ExportImageTask:
    """Return the task of a record that fits; raises ValueError from the member on."""
    for member in ("ExportImageTaskId", "Status"):
        if member not in given:
            raise ValueError(f" has no {member}")
    get = given.get
    location, tags = get("S3ExportLocation", {}), get("Tags", ())
    tag_set = tuple([Tag(tag.get("Key"), tag.get("Value")) for tag in tags])
    if len(tag_set) > 1:
        _check_keys(tag_set)
    return ExportImageTask(
        number,
        check_id(given["ExportImageTaskId"], ".ExportImageTaskId"),
        check_state(given["Status"], ".Status"),
        get("ImageId"),
        get("Progress"),
        get("StatusMessage"),
        get("Description"),
        location.get("S3Bucket"),
        location.get("S3Prefix"),
        tag_set=tag_set,
        lacks=_lacks(given),
    )


def _check_keys(tag_set: tuple[Tag, ...]) -> None:
    seen: set[str] = set()
    for key, _ in tag_set:
        if key is not None:
            if key in seen:
                raise ValueError(f".Tags has the key {key!r} twice")
            seen.add(key)


def _lacks(given: Mapping[str, Any]) -> frozenset[str]:
    """Return what a record has not of what every task made here has (RSP-04)."""
    lacking = _ALWAYS.difference(given)
    if "S3Bucket" not in given.get("S3ExportLocation", ()):
        lacking |= {"S3Bucket"}
    for tag in given.get("Tags", ()):
        if len(tag) < 2:
            lacking |= {"Key", "Value"}.difference(tag)
    return lacking or _NOTHING


def _fits(shape: Shape, value: object) -> bool:
    """Tell whether *value* is of *shape* and made of plain dicts, lists and strings.

    So nearly every record is, and it is told without a word for any place.
    """
    if isinstance(shape, Structure):
        return type(value) is dict and _members_fit(shape.members, value)
    if isinstance(shape, ListOf):
        return type(value) is list and all(_fits(shape.element, v) for v in value)
    return type(value) is str and is_carriable(value)


def _members_fit(members: Mapping[str, Member], value: dict[Any, object]) -> bool:
    for name, held in value.items():
        if name not in members:
            return False
        shape, _ = members[name]
        if shape is not STRING:
            if not _fits(shape, held):
                return False
        elif type(held) is not str or not is_carriable(held):
            return False
    return True


def _plain(shape: Shape, value: object, place: str) -> Any:
    """Return *value* made of plain dicts, lists and strings.

    Raises ValueError, naming the place, where it is not of *shape*.
    """
    if isinstance(shape, Structure):
        if not isinstance(value, Mapping):
            raise ValueError(f"{place} must be a dict, not {type(value).__name__}")
        plain = {}
        for name, held in value.items():
            if name not in shape.members:
                known = ", ".join(shape.members)
                raise ValueError(f"{place} has {quoted(name)}; its members are {known}")
            member = shape.members[name].shape
            plain[str(name)] = _plain(member, held, f"{place}.{name}")
        return plain
    if isinstance(shape, ListOf):
        if not isinstance(value, list | tuple):
            raise ValueError(f"{place} must be a list, not {type(value).__name__}")
        element = shape.element
        return [_plain(element, v, f"{place}[{n}]") for n, v in enumerate(value)]
    return check_text(value, place)


# --- checks that arranging a task makes, too ----------------------------------------


def check_id(task_id: object, place: str) -> str:
    """Return *task_id*, or raise ValueError where it is outside the syntax (IDS-03)."""
    if type(task_id) is str and is_task_id(task_id):
        return task_id
    text = check_text(task_id, place)
    if not is_task_id(text):
        raise ValueError(f"{place} is {text!r}; an id is {TASK_ID_SYNTAX}")
    return text


def check_state(status: object, place: str) -> TaskState:
    """Return the state that *status* names, or raise ValueError (LIF-01)."""
    text = check_text(status, place)
    state = _STATES.get(text)
    if state is None:
        states = ", ".join(TaskState)
        raise ValueError(f"{place} is {text!r}; a status is one of {states}")
    return state
