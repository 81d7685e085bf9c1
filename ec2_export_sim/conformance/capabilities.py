"""What a target can be unable to do, and which calls need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a target can be unable to do. A check that needs it is skipped.
CAPABILITIES = {
    "tasks": "the account can be given the tasks that it has",
    "many-tasks": "the account can be given 510 tasks",
    "filters": "the parameter Filters",
    "paging": "the parameters MaxResults and NextToken",
    "dry-run": "the parameter DryRun",
    "permissions": "a caller who is not allowed",
    "tags": "the filters tag:<key> and tag-key",
    "tag-calls": "CreateTags, DeleteTags and DescribeTags",
    "export": "ExportImage",
    "cancel": "CancelExportTask",
    "clock": "the client's method advance(seconds)",
}
WRITING = frozenset({"tasks", "many-tasks", "tag-calls", "export", "cancel", "clock"})

DESCRIBE = "describe_export_image_tasks"
CAPABILITY_OF_OPERATION = {
    "create_tags": "tag-calls",
    "delete_tags": "tag-calls",
    "describe_tags": "tag-calls",
    "export_image": "export",
    "cancel_export_task": "cancel",
}
_CAPABILITY_OF_PARAMETER = {
    "Filters": "filters",
    "MaxResults": "paging",
    "NextToken": "paging",
    "DryRun": "dry-run",
}
MANY = 100  # an account with more tasks than this needs the capability many-tasks


def capabilities_of(
    operation: str, parameters: Mapping[str, Any], *, authorized: bool
) -> Iterator[str]:
    """Yield the capabilities that a call needs."""
    if not authorized:
        yield "permissions"
    if operation in CAPABILITY_OF_OPERATION:
        yield CAPABILITY_OF_OPERATION[operation]
        if "DryRun" in parameters:
            yield "dry-run"
        return
    for name in parameters:
        if name in _CAPABILITY_OF_PARAMETER:
            yield _CAPABILITY_OF_PARAMETER[name]
    if any(map(_is_on_tags, parameters.get("Filters") or ())):
        yield "tags"


def _is_on_tags(each: Any) -> bool:
    name = each.get("Name") if isinstance(each, dict) else None
    return isinstance(name, str) and (name == "tag-key" or name.startswith("tag:"))
