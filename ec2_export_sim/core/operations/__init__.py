"""The one table of operations; each operation has a file of its own.

A file has the operation's shapes, its checks and its effect. Its function is a straight
line from the parameters to the members of the answer; the order of its lines is the
order of the checks (specs/order.md).
"""

from __future__ import annotations

from . import (
    cancel_export_task,
    create_tags,
    delete_tags,
    describe_export_image_tasks,
    describe_tags,
    export_image,
)
from .operation import Operation, Owner

__all__ = ["METHODS", "OPERATIONS", "Operation", "Owner"]

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
