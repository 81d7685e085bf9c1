"""The operations, one file each, and the table that names them.

Each is a straight line from the examined parameters to the modelled members; the order
of its lines is the order of the checks (specs/order.md).
"""

from .describe_export_image_tasks import describe_export_image_tasks

OPERATIONS = {
    "DescribeExportImageTasks": describe_export_image_tasks,
}
