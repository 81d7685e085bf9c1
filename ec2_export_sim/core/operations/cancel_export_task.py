"""CancelExportTask: its shapes, checks and effect.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelExportTask.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..authorization import authorize
from ..ids import check_export_id
from ..lifecycle import check_cancellable
from ..policies import Permission
from ..shapes import NOTHING, STRING, Member, Structure
from .operation import Operation

if TYPE_CHECKING:
    from ..context import CallContext
    from .operation import Members, Parameters

INPUT = Structure(
    {"ExportTaskId": Member(STRING, "exportTaskId")}, required=("ExportTaskId",)
)
CANCEL = "ec2:CancelExportTask"


def cancel_export_task(context: CallContext, parameters: Parameters) -> Members:
    """Cancel an active export."""
    task_id = parameters["ExportTaskId"]
    authorize(context, Permission(CANCEL, context.task_arn(task_id)))
    ids = check_export_id(task_id, context.is_issued)
    context.check_known(ids)
    (task,) = context.tasks.get_all(ids)
    check_cancellable(context.account.current(task))
    context.account.transition(context.region, task, "cancel")
    return {}


OPERATION = Operation(INPUT, NOTHING, cancel_export_task)
