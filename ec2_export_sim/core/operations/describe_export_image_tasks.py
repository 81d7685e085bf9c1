"""DescribeExportImageTasks, whole.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeExportImageTasks.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..filters import SUPPORTED_FILTERS, compile_filters, select
from ..ids import check_task_ids
from ..paging import check_max_results, cut
from ..permissions import Permission
from ..quirks import bend
from ..shapes import MAX_RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..context import Context

DESCRIBE = Permission("ec2:DescribeExportImageTasks")


def describe_export_image_tasks(
    context: Context, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe the export image tasks that are named, or all."""
    context.authorize(given.get("DryRun"), DESCRIBE)  # AUT-01 to AUT-08
    given = bend(given, context.account.settings.quirks)  # FLT-23, IDS-12, PAG-17
    ids = check_task_ids(given.get("ExportImageTaskIds", ()))  # IDS-03, IDS-04, IDS-07
    limit = check_max_results(given.get("MaxResults"), MAX_RESULTS)  # PAG-02, PAG-18
    filters = given.get("Filters", ())  # PRM-05
    selection = compile_filters(filters, SUPPORTED_FILTERS)  # FLT-02 to FLT-22
    query = ids, filters  # PAG-09
    after = context.tokens.decode(given.get("NextToken"), query)  # PAG-08 to PAG-14
    tasks = context.tasks.find(ids, selection.states, after)  # IDS-05 to IDS-10
    page, last = cut(select(tasks, selection.clauses), limit)  # FLT-01, PAG-01
    records = context.describe(page)  # RSP-01 to RSP-12
    if last is None:  # PAG-05, PAG-06
        return {"ExportImageTasks": records}
    token = context.tokens.encode(last, query)  # PAG-04, PAG-07
    return {"ExportImageTasks": records, "NextToken": token}
