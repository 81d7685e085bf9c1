"""What DescribeExportImageTasks answers, written from specs/ to be obviously right.

It scans everything, knows no pages and no stages, and shares no code with the core.
"""

from __future__ import annotations

import re
from typing import Any

NAME = "task-state|tag-key|tag:.*"
BAD_ESCAPE = r"(?<!\\)(\\\\)*\\([^*?\\]|$)"
ID = r"export-ami-([0-9a-f]{17}|[0-9a-f]{16}t|[a-z0-9]{8})"


class Refused(Exception):  # noqa: N818 - an answer, not a failure of the oracle
    """The call is refused with this code."""


def describe(
    tasks: list[dict[str, Any]],
    *,
    allowed: bool = True,
    DryRun: bool = False,  # noqa: N803 - the API's names, here and below
    Filters: list[dict[str, Any]] | None = None,  # noqa: N803
    ExportImageTaskIds: list[str] | None = None,  # noqa: N803
    MaxResults: int | None = None,  # noqa: N803
) -> list[dict[str, Any]]:
    """Return every task that the call describes, on whatever page."""
    filters = [f for f in Filters or [] if f.get("Name") is not None or f.get("Values")]
    ids = ExportImageTaskIds or []
    if not allowed:
        raise Refused("UnauthorizedOperation")
    if DryRun:
        raise Refused("DryRunOperation")
    if any(not re.fullmatch(ID, each) for each in ids):
        raise Refused("InvalidExportTaskID.Malformed")
    if MaxResults is not None and MaxResults not in range(1, 501):
        raise Refused("InvalidParameterValue")
    if any(not re.fullmatch(NAME, name(f), re.DOTALL) for f in filters):
        raise Refused("InvalidParameterValue")
    values = [value for f in filters for value in f.get("Values", [])]
    if len(values) > 200 or any(len(value) > 255 for value in values):
        raise Refused("FilterLimitExceeded")
    if any(re.search(BAD_ESCAPE, value, re.DOTALL) for value in values):
        raise Refused("InvalidParameterValue")
    if any(each not in [t["ExportImageTaskId"] for t in tasks] for each in ids):
        raise Refused("InvalidExportTaskID.NotFound")
    return [
        task
        for task in tasks
        if (not ids or task["ExportImageTaskId"] in ids)
        and all(passes(task, f) for f in filters)
    ]


def name(given: dict[str, Any]) -> str:
    """Return a filter's name, one that is never known where there is none."""
    return str(given.get("Name", "null"))


def passes(task: dict[str, Any], given: dict[str, Any]) -> bool:
    """Tell whether one of the task's values matches one of the filter's."""
    tags = task.get("Tags", [])
    if name(given) == "task-state":
        held = [task["Status"]]
    elif name(given) == "tag-key":
        held = [tag["Key"] for tag in tags if "Key" in tag]
    else:
        key = name(given).split(":", 1)[1]
        held = [tag.get("Value", "") for tag in tags if tag.get("Key") == key]
    return any(matches(v, text) for v in given.get("Values", []) for text in held)


def matches(value: str, text: str) -> bool:
    """Tell whether a filter's value matches the whole of *text*."""
    pieces: list[str] = re.findall(r"\\.|.", value, re.DOTALL)
    regex = "".join({"*": ".*", "?": ".?"}.get(p, re.escape(p[-1])) for p in pieces)
    return re.fullmatch(regex, text, re.DOTALL) is not None
