"""Converts tasks to the API's form and back, and defines an answer.

    describe_task      a task -> a dict in the response's shape
    parse_tasks        dicts in that shape -> tasks
    Response           an operation's answer; its HTTP headers

Rules: specs/response.md; what a recorded list may have: SIM-05.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .ids import TASK_ID_SYNTAX, is_task_id
from .lifecycle import with_current_progress
from .model import ExportImageTask, Tag, TaskState
from .shapes import EXPORT_IMAGE_TASK, S3_EXPORT_LOCATION, TAG
from .text import check_text, is_xml_text, safe_repr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta

    from .shapes import Structure

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


@lru_cache
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


def describe_tasks(
    tasks: Iterable[ExportImageTask], now: datetime, export_duration: timedelta
) -> list[dict[str, Any]]:
    """Return *tasks* as they appear at *now*, in the response's shape (LIF-25)."""
    return [
        describe_task(
            task
            if task.started_at is None
            else with_current_progress(task, now, export_duration)
        )
        for task in tasks
    ]


def describe_task(task: ExportImageTask) -> dict[str, Any]:
    """Return *task* in the response's shape; nothing in it is shared with the task.

    Rules: RSP-03 to RSP-08, RSP-10, RSP-12.
    """
    absent = task.absent_members
    location = {} if task.s3_bucket is None else {"S3Bucket": task.s3_bucket}
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
    if "S3ExportLocation" not in absent:
        members["S3ExportLocation"] = location
    members["Status"] = str(task.state)
    if task.status_message is not None:
        members["StatusMessage"] = task.status_message
    if task.tag_set or "Tags" not in absent:
        tags = [{"Key": key, "Value": value} for key, value in task.tag_set]
        members["Tags"] = [_present(tag) for tag in tags] if absent else tags
    return members


def _present(members: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}


# --- a dict -> a task ---------------------------------------------------------------


def parse_tasks(
    records: Iterable[object], first_number: int
) -> Iterator[ExportImageTask]:
    """Yield the task that each of *records* describes, numbered from *first_number*.

    Raises ValueError, with record and member, for anything that the response's shape
    does not allow. The caller checks whether two records have the same id.

    Rules: SIM-05.
    """
    for index, record in enumerate(records):
        try:
            yield _parse_task(record, first_number + index)
        except _RecordError as problem:
            raise ValueError(f"record {index}{problem}") from None


class _RecordError(Exception):
    """An error in a record; its text begins with the name of the member."""


def _parse_task(record: object, number: int) -> ExportImageTask:
    members = _members(record, EXPORT_IMAGE_TASK, "")
    for required in ("ExportImageTaskId", "Status"):
        if required not in members:
            raise _RecordError(f" has no {required}")
    task_id, status = _text(members, "ExportImageTaskId"), _text(members, "Status")
    if task_id is None or not is_task_id(task_id):
        raise _RecordError(f".ExportImageTaskId {_wrong_id(task_id)}")
    if status not in _STATES:
        raise _RecordError(f".Status {_wrong_status(status)}")
    name = ".S3ExportLocation"
    location = _members(members.get("S3ExportLocation", {}), S3_EXPORT_LOCATION, name)
    return ExportImageTask(
        number=number,
        id=task_id,
        state=_STATES[status],
        image_id=_text(members, "ImageId"),
        progress=_text(members, "Progress"),
        status_message=_text(members, "StatusMessage"),
        description=_text(members, "Description"),
        s3_bucket=_text(location, "S3Bucket", name),
        s3_prefix=_text(location, "S3Prefix", name),
        tag_set=_parse_tags(members.get("Tags", ())),
        absent_members=_absent_members(members),
    )


def _parse_tags(tags: object) -> tuple[Tag, ...]:
    if not isinstance(tags, (list, tuple)):
        raise _RecordError(f".Tags must be a list, not {type(tags).__name__}")
    parsed: list[Tag] = []
    keys: set[str] = set()
    for index, tag in enumerate(tags):
        try:
            members = _members(tag, TAG, "")
            key, value = _text(members, "Key"), _text(members, "Value")
        except _RecordError as problem:
            raise _RecordError(f".Tags[{index}]{problem}") from None
        if key is not None:
            if key in keys:
                raise _RecordError(f".Tags has the key {key!r} twice")
            keys.add(key)
        parsed.append(Tag(key, value))
    return tuple(parsed)


def _members(value: Any, shape: Structure, name: str) -> Mapping[str, Any]:
    """Return *value*; raises _RecordError unless it is a dict that fits *shape*."""
    if not isinstance(value, (dict, Mapping)):
        raise _RecordError(f"{name} must be a dict, not {type(value).__name__}")
    if not value.keys() <= shape.members.keys():
        unknown = next(key for key in value if key not in shape.members)
        known = ", ".join(shape.members)
        raise _RecordError(f"{name} has {safe_repr(unknown)}; its members are {known}")
    return value


def _text(members: Mapping[str, Any], member: str, name: str = "") -> str | None:
    """Return the text of a member, None if it is absent; raises _RecordError."""
    if member not in members:
        return None
    value = members[member]
    if type(value) is str and is_xml_text(value):
        return value
    try:
        return check_text(value, f"{name}.{member}")
    except ValueError as problem:
        raise _RecordError(str(problem)) from None


def _absent_members(members: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the usual members that *members* do not have (RSP-04)."""
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
        raise ValueError(f"{name} {_wrong_id(text)}")
    return text


def check_state(status: object, name: str) -> TaskState:
    """Return the state that *status* names, or raise ValueError (LIF-01)."""
    text = check_text(status, name)
    if text not in _STATES:
        raise ValueError(f"{name} {_wrong_status(text)}")
    return _STATES[text]


def _wrong_id(text: str | None) -> str:
    return f"is {text!r}; an id is {TASK_ID_SYNTAX}"


def _wrong_status(text: str | None) -> str:
    return f"is {text!r}; a status is one of {', '.join(_STATES)}"
