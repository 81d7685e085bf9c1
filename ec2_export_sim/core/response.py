"""Tasks as the API writes them, in both directions, and what an answer carries.

    describe_task      a task -> a dict in the response's shape
    parse_tasks        dicts in that shape -> tasks
    Response           an operation's answer; its HTTP headers

Rules: specs/response.md; what a recorded list may have: SIM-05.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .ids import TASK_ID_SYNTAX, is_task_id
from .model import ExportImageTask, Tag, TaskState
from .shapes import EXPORT_IMAGE_TASK, ListOf, Structure
from .text import check_text, safe_repr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from .shapes import Shape

_STATES = {state.value: state for state in TaskState}
# The members that every task made here has (RSP-04).
_ALWAYS = frozenset({"ImageId", "S3ExportLocation", "Tags"})
_NONE_ABSENT: frozenset[str] = frozenset()


# --- an answer ----------------------------------------------------------------------


class Response(NamedTuple):
    """An operation's answer: its modelled members, its request id and its moment."""

    members: dict[str, Any]
    request_id: str
    at: datetime


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def http_date(at: datetime) -> str:
    """Return *at*, which is in UTC, as HTTP writes a date, in any locale."""
    return (
        f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} "
        f"{at.hour:02}:{at.minute:02}:{at.second:02} GMT"
    )


def response_headers(request_id: str, at: datetime) -> dict[str, str]:
    """Return the headers of an answer, their names in lower case as botocore has them.

    Source: a real answer pasted in https://github.com/boto/boto3/issues/3850

    Rules: RSP-11.
    """
    return {
        "x-amzn-requestid": request_id,
        "cache-control": "no-cache, no-store",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "vary": "accept-encoding",
        "content-type": "text/xml;charset=UTF-8",
        "date": http_date(at),
        "server": "AmazonEC2",
    }


# --- a task -> a dict ---------------------------------------------------------------


def describe_task(task: ExportImageTask) -> dict[str, Any]:
    """Return *task* in the response's shape; nothing in it is shared with the task.

    Rules: RSP-03 to RSP-08, RSP-10, RSP-12.
    """
    location: dict[str, str] = {}
    if task.s3_bucket is not None:
        location["S3Bucket"] = task.s3_bucket
    if task.s3_prefix is not None:
        location["S3Prefix"] = task.s3_prefix
    members: dict[str, Any] = {}
    if task.description is not None:
        members["Description"] = task.description
    members["ExportImageTaskId"] = task.id
    if task.image_id is not None:
        members["ImageId"] = task.image_id
    if task.progress is not None:
        members["Progress"] = task.progress
    if "S3ExportLocation" not in task.absent_members:
        members["S3ExportLocation"] = location
    members["Status"] = task.state.value
    if task.status_message is not None:
        members["StatusMessage"] = task.status_message
    if task.tag_set or "Tags" not in task.absent_members:
        members["Tags"] = [_describe_tag(tag) for tag in task.tag_set]
    return members


def _describe_tag(tag: Tag) -> dict[str, str]:
    return {
        name: value
        for name, value in (("Key", tag.key), ("Value", tag.value))
        if value is not None
    }


# --- a dict -> a task ---------------------------------------------------------------


def parse_tasks(
    records: Iterable[object], first_number: int
) -> Iterator[ExportImageTask]:
    """Yield the task that each of *records* describes, numbered from *first_number*.

    Raises ValueError, with record and member, for anything that the response's shape
    does not allow. Whether two records have the same id is for the caller to check.

    Rules: SIM-05.
    """
    for index, record in enumerate(records):
        name = f"record {index}"
        members = _check_shape(EXPORT_IMAGE_TASK, record, name)
        for required in ("ExportImageTaskId", "Status"):
            if required not in members:
                raise ValueError(f"{name} has no {required}")
        get = members.get
        location = get("S3ExportLocation", {})
        tags = tuple([Tag(t.get("Key"), t.get("Value")) for t in get("Tags", ())])
        _check_keys(tags, name)
        yield ExportImageTask(
            number=first_number + index,
            id=check_id(members["ExportImageTaskId"], f"{name}.ExportImageTaskId"),
            state=check_state(members["Status"], f"{name}.Status"),
            image_id=get("ImageId"),
            progress=get("Progress"),
            status_message=get("StatusMessage"),
            description=get("Description"),
            s3_bucket=location.get("S3Bucket"),
            s3_prefix=location.get("S3Prefix"),
            tag_set=tags,
            absent_members=_absent_members(members),
        )


def _check_shape(shape: Shape, value: object, name: str) -> Any:
    """Return *value* made of plain dicts, lists and strings.

    Raises ValueError, with *name*, if it is not of *shape*.
    """
    if isinstance(shape, Structure):
        if not isinstance(value, Mapping):
            raise ValueError(f"{name} must be a dict, not {type(value).__name__}")
        checked = {}
        for member, member_value in value.items():
            if member not in shape.members:
                known = ", ".join(shape.members)
                raise ValueError(
                    f"{name} has {safe_repr(member)}; its members are {known}"
                )
            member_shape = shape.members[member].shape
            checked[member] = _check_shape(
                member_shape, member_value, f"{name}.{member}"
            )
        return checked
    if isinstance(shape, ListOf):
        if not isinstance(value, list | tuple):
            raise ValueError(f"{name} must be a list, not {type(value).__name__}")
        element = shape.element
        return [_check_shape(element, v, f"{name}[{n}]") for n, v in enumerate(value)]
    return check_text(value, name)


def _check_keys(tags: tuple[Tag, ...], name: str) -> None:
    keys = [tag.key for tag in tags if tag.key is not None]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise ValueError(f"{name}.Tags has the key {key!r} twice")


def _absent_members(members: Mapping[str, Any]) -> frozenset[str]:
    """Return what *members* do not have and every task made here has (RSP-04)."""
    absent = _ALWAYS.difference(members)
    if "S3Bucket" not in members.get("S3ExportLocation", ()):
        absent |= {"S3Bucket"}
    for tag in members.get("Tags", ()):
        absent |= {"Key", "Value"}.difference(tag)
    return absent or _NONE_ABSENT  # one empty set for all


def check_id(task_id: object, name: str) -> str:
    """Return *task_id*, or raise ValueError if it is not well-formed (IDS-03)."""
    text = check_text(task_id, name)
    if not is_task_id(text):
        raise ValueError(f"{name} is {text!r}; an id is {TASK_ID_SYNTAX}")
    return text


def check_state(status: object, name: str) -> TaskState:
    """Return the state that *status* names, or raise ValueError (LIF-01)."""
    text = check_text(status, name)
    if text not in _STATES:
        states = ", ".join(_STATES)
        raise ValueError(f"{name} is {text!r}; a status is one of {states}")
    return _STATES[text]
