"""DescribeExportImageTasks, whole.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeExportImageTasks.html
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from .. import errors
from ..authorization import authorize
from ..errors import note
from ..filters import (
    TASK_FILTERS,
    compile_filters,
    possible_states,
    select,
    suggest_case,
)
from ..ids import check_task_ids
from ..paging import check_max_results, take_page
from ..policies import Permission
from ..quirks import Quirk
from ..response import describe_tasks
from ..shapes import (
    BOOLEAN,
    EXPORT_IMAGE_TASK,
    FILTER,
    STRING,
    ListOf,
    Member,
    Scalar,
    Structure,
)
from .operation import Operation

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..context import CallContext
    from .operation import Explanation, Members, Parameters

NAME = "DescribeExportImageTasks"
MAX_RESULTS = Scalar("integer", 1, 500)
# How many tasks and filters are examined for the reason of an empty answer.
MOST_TASKS_EXAMINED = 10_000
MOST_FILTERS_EXAMINED = 10

INPUT = Structure(
    {
        "DryRun": Member(BOOLEAN, "DryRun"),
        "Filters": Member(ListOf(FILTER, "Filter"), "Filter"),
        "ExportImageTaskIds": Member(
            ListOf(STRING, "ExportImageTaskId"), "ExportImageTaskId"
        ),
        "MaxResults": Member(MAX_RESULTS, "MaxResults"),
        "NextToken": Member(STRING, "NextToken"),
    }
)
OUTPUT = Structure(
    {
        "ExportImageTasks": Member(ListOf(EXPORT_IMAGE_TASK), "exportImageTaskSet"),
        "NextToken": Member(STRING, "nextToken"),
    }
)
DESCRIBE = Permission(f"ec2:{NAME}")


def describe_export_image_tasks(
    context: CallContext, parameters: Parameters
) -> Members:
    """Describe the export image tasks that are named, or all."""
    authorize(context, DESCRIBE, dry_run=parameters.get("DryRun"))
    parameters = apply_quirks(parameters, context.account.settings.quirks)
    ids = check_task_ids(parameters.get("ExportImageTaskIds", ()))
    page_size = check_max_results(parameters.get("MaxResults"), MAX_RESULTS)
    filters = parameters.get("Filters", ())
    clauses = compile_filters(filters, TASK_FILTERS)
    listing = NAME, ids, filters
    after = context.tokens.decode(parameters.get("NextToken"), listing)
    tasks = context.tasks.find(ids, possible_states(clauses), after)
    page, has_more = take_page(select(tasks, clauses), page_size)
    duration = context.account.settings.export_duration
    described = describe_tasks(page, context.now, duration)
    answer: Members = {"ExportImageTasks": described}
    if has_more:
        answer["NextToken"] = context.tokens.encode(page[-1].number, listing)
    return answer


def apply_quirks(parameters: Parameters, quirks: Collection[Quirk]) -> Parameters:
    """Return *parameters* as a service with *quirks* understands them.

    Rules: FLT-23, IDS-12, PAG-17.
    """
    if not quirks:
        return parameters
    filters = parameters.get("Filters", [])
    with_ids = "ExportImageTaskIds" in parameters
    with_limit = "MaxResults" in parameters
    if Quirk.MAX_RESULTS_WITH_IDS_REFUSED in quirks and with_ids and with_limit:
        raise errors.IDS_WITH_MAX_RESULTS.error()
    if Quirk.TASK_STATE_FILTER_IGNORED in quirks:
        filters = [each for each in filters if each.get("Name") != "task-state"]
    if Quirk.FILTERS_WITH_IDS_IGNORED in quirks and with_ids:
        filters = []
    return {**parameters, "Filters": filters}


def why_empty(context: CallContext, parameters: Parameters) -> Explanation:
    """Return the likely reason of an empty answer."""
    filters = parameters.get("Filters", ())
    if len(filters) <= MOST_FILTERS_EXAMINED:
        clauses = compile_filters(filters, TASK_FILTERS)
        tasks = islice(context.tasks, MOST_TASKS_EXAMINED)
        suggestion = suggest_case(tasks, filters, clauses)
        if suggestion is not None:
            return "FLT-06", note("FLT-06", suggestion)
    return context.why_no_tasks()


OPERATION = Operation(
    INPUT, OUTPUT, describe_export_image_tasks, "ExportImageTasks", why_empty
)
