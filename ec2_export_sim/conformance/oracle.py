r"""Which tasks match filters, written to be obviously right.

`\` escapes `*`, `?` and itself; `*` matches any text, `?` one character or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def selected(
    tasks: Iterable[dict[str, Any]], filters: Iterable[dict[str, Any]]
) -> set[str]:
    """Return the ids of those of *tasks* that match all *filters*."""
    return {
        task["ExportImageTaskId"]
        for task in tasks
        if all(
            any(
                matches(pattern, value)
                for pattern in each["Values"]
                for value in compared(task, each["Name"])
            )
            for each in filters
        )
    }


def compared(task: dict[str, Any], name: str) -> list[str]:
    """Return the values of *task* that the filter *name* is compared with."""
    if name == "task-state":
        return [task["Status"]]
    tags = {tag["Key"]: tag.get("Value", "") for tag in task.get("Tags", [])}
    if name == "tag-key":
        return list(tags)
    key = name.removeprefix("tag:")
    return [tags[key]] if key in tags else []


def matches(pattern: str, text: str) -> bool:
    """Return whether *pattern*, a value of a filter, matches the whole of *text*."""
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
