"""What DescribeExportImageTasks returns, written from specs/ to be obviously right.

It scans everything, has no pages, and shares no code with the core.
"""

from __future__ import annotations

import re
from typing import Any

NAME = "task-state|tag-key|tag:.*"
BAD_ESCAPE = r"(?<!\\)(\\\\)*\\([^*?\\]|$)"
ID = r"export-ami-([0-9a-f]{17}|[0-9a-f]{16}t|[a-z0-9]{8})"


class ModelError(Exception):
    """The service answers with this error code."""


def describe(
    tasks: list[dict[str, Any]],
    *,
    allowed: bool = True,
    DryRun: bool = False,  # noqa: N803 - the API's names, here and below
    Filters: list[dict[str, Any]] | None = None,  # noqa: N803
    ExportImageTaskIds: list[str] | None = None,  # noqa: N803
    MaxResults: int | None = None,  # noqa: N803
) -> list[dict[str, Any]]:
    """Return the tasks of all pages."""
    filters = [f for f in Filters or [] if f.get("Name") is not None or f.get("Values")]
    ids = ExportImageTaskIds or []
    if not allowed:
        raise ModelError("UnauthorizedOperation")
    if DryRun:
        raise ModelError("DryRunOperation")
    if any(not re.fullmatch(ID, each) for each in ids):
        raise ModelError("InvalidExportTaskID.Malformed")
    if MaxResults is not None and MaxResults not in range(1, 501):
        raise ModelError("InvalidParameterValue")
    if any(not re.fullmatch(NAME, name(f), re.DOTALL) for f in filters):
        raise ModelError("InvalidParameterValue")
    values = [value for f in filters for value in f.get("Values", [])]
    if len(values) > 200 or any(len(value) > 255 for value in values):
        raise ModelError("FilterLimitExceeded")
    if any(re.search(BAD_ESCAPE, value, re.DOTALL) for value in values):
        raise ModelError("InvalidParameterValue")
    if any(each not in [t["ExportImageTaskId"] for t in tasks] for each in ids):
        raise ModelError("InvalidExportTaskID.NotFound")
    return [
        task
        for task in tasks
        if (not ids or task["ExportImageTaskId"] in ids)
        and all(passes(task, f) for f in filters)
    ]


def name(wanted: dict[str, Any]) -> str:
    """Return a filter's name, or an unknown name if it has none."""
    return str(wanted.get("Name", "null"))


def passes(task: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Return whether a value of the task matches a value of the filter."""
    tags = task.get("Tags", [])
    if name(wanted) == "task-state":
        values = [task["Status"]]
    elif name(wanted) == "tag-key":
        values = [tag["Key"] for tag in tags if "Key" in tag]
    else:
        key = name(wanted).split(":", 1)[1]
        values = [tag.get("Value", "") for tag in tags if tag.get("Key") == key]
    return any(matches(v, text) for v in wanted.get("Values", []) for text in values)


def matches(value: str, text: str) -> bool:
    """Return whether a filter's value matches the whole of *text*."""
    pieces: list[str] = re.findall(r"\\.|.", value, re.DOTALL)
    regex = "".join({"*": ".*", "?": ".?"}.get(p, re.escape(p[-1])) for p in pieces)
    return re.fullmatch(regex, text, re.DOTALL) is not None
