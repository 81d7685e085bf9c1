"""The table of operations; each operation has its own file.

A file has the operation's shapes, its checks and its effect. Its function is a straight
line from the parameters to the members of the answer; the order of its lines is the
order of the checks (specs/order.md).
"""

from __future__ import annotations

from ..text import safe_repr
from . import (
    cancel_export_task,
    create_tags,
    delete_tags,
    describe_export_image_tasks,
    describe_tags,
    export_image,
)
from .operation import Operation, Owner

__all__ = ["METHODS", "OPERATIONS", "Operation", "Owner", "api_name"]

OPERATIONS = {
    "DescribeExportImageTasks": describe_export_image_tasks.OPERATION,
    "ExportImage": export_image.OPERATION,
    "CancelExportTask": cancel_export_task.OPERATION,
    "CreateTags": create_tags.OPERATION,
    "DeleteTags": delete_tags.OPERATION,
    "DescribeTags": describe_tags.OPERATION,
}

# boto3's name of an operation -> the API's.
METHODS = {row.function.__name__: name for name, row in OPERATIONS.items()}


def api_name(operation: str) -> str:
    """Return the API's name of an operation that is named as in the API or in boto3.

    Raises ValueError, with the names of all, for an unknown operation.
    """
    name = METHODS.get(operation, operation) if isinstance(operation, str) else ""
    if name not in OPERATIONS:
        known = ", ".join(OPERATIONS)
        raise ValueError(f"no operation {safe_repr(operation)}; known are {known}")
    return name
