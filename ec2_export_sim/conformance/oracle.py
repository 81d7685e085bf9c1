"""What an account should answer, written to be obviously right and nothing else.

In another style than the core: it scans everything, every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def selected(
    held: Iterable[dict[str, Any]],
    *,
    ids: Sequence[str] = (),
    filters: Iterable[dict[str, Any]] = (),
) -> list[str]:
    """Return the ids of the tasks in *held* that are named and pass all *filters*."""
    return [
        task["ExportImageTaskId"]
        for task in held
        if not ids or task["ExportImageTaskId"] in ids
        if all(
            any(
                matches(pattern, value)
                for pattern in each["Values"]
                for value in compared(task, each["Name"])
            )
            for each in filters
        )
    ]


def compared(task: dict[str, Any], name: str) -> list[str]:
    """Return the values of *task* that the filter *name* is compared with."""
    if name == "task-state":
        return [task["Status"]]
    tags = {
        tag["Key"]: tag.get("Value", "") for tag in task.get("Tags", []) if "Key" in tag
    }
    if name == "tag-key":
        return list(tags)
    key = name.removeprefix("tag:")
    return [tags[key]] if key in tags else []


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole of *text* matches a filter value's *pattern*."""
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        return matches(rest, text) or (text != "" and matches(pattern, text[1:]))
    if head == "?":
        return matches(rest, text) or (text != "" and matches(rest, text[1:]))
    if head == "\\":
        head, rest = rest[0], rest[1:]
    return text[:1] == head and matches(rest, text[1:])
