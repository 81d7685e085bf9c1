"""The operations, one file each, and the table that names them.

Each is a straight line from the examined parameters to the modelled members; the order
of its lines is the order of the checks (specs/order.md).
"""

from .cancel_export_task import cancel_export_task
from .create_tags import create_tags
from .delete_tags import delete_tags
from .describe_export_image_tasks import describe_export_image_tasks
from .describe_tags import describe_tags
from .export_image import export_image

OPERATIONS = {
    "DescribeExportImageTasks": describe_export_image_tasks,
    "ExportImage": export_image,
    "CancelExportTask": cancel_export_task,
    "CreateTags": create_tags,
    "DeleteTags": delete_tags,
    "DescribeTags": describe_tags,
}
