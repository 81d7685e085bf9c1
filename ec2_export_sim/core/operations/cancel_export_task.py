"""CancelExportTask, whole.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelExportTask.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ids import check_task_ids
from ..lifecycle import check_cancellable
from ..permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..context import Context

CANCEL = "ec2:CancelExportTask"


def cancel_export_task(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Cancel an active export, and forget what it has made so far."""
    task_id = given["ExportTaskId"]
    context.authorize(False, Permission(CANCEL, context.task_arn(task_id)))  # AUT-12
    (task,) = context.tasks.named(check_task_ids([task_id]))  # IDS-04, IDS-05
    check_cancellable(context.account.told(task))  # LIF-18
    context.account.move(context.region, task, "cancel")  # LIF-17, LIF-30
    return {}
