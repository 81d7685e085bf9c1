"""DescribeExportImageTasks: its shapes, checks, answer and quirks.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeExportImageTasks.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import errors
from ..authorization import authorize
from ..errors import note
from ..filters import (
    ALL_STATES,
    compile_filters,
    possible_states,
    select,
    suggest_case,
    task_filters,
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
    from collections.abc import Collection, Iterable, Sequence

    from ..account import Account
    from ..context import CallContext
    from ..model import ExportImageTask, TaskState
    from ..paging import Listing
    from .operation import Explanation, Members, Parameters

NAME = "DescribeExportImageTasks"
MAX_RESULTS = Scalar("integer", 1, 500)

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
    parameters = apply_quirks(parameters, context.quirks)
    ids = check_task_ids(parameters.get("ExportImageTaskIds", ()), context.is_issued)
    page_size = check_max_results(parameters.get("MaxResults"), MAX_RESULTS)
    filters = parameters.get("Filters", ())
    clauses = compile_filters(filters, task_filters(context.quirks))
    listing = NAME, ids, filters
    after = context.tokens.decode(parameters.get("NextToken"), listing)
    tasks = find_tasks(context, ids, possible_states(clauses), after)
    page, has_more = take_page(select(tasks, clauses), page_size)
    duration = context.account.settings.export_duration
    described = describe_tasks(page, context.now, duration)
    answer: Members = {"ExportImageTasks": described}
    if has_more:
        answer["NextToken"] = context.tokens.encode(page[-1].number, listing)
    return change_answer(answer, context, page, listing)


def find_tasks(
    context: CallContext,
    ids: Sequence[str],
    states: Collection[TaskState],
    after: int | None,
) -> Iterable[ExportImageTask]:
    """Return the tasks of `TaskStore.find`.

    An unknown id is an error, or it is left out.

    Rules: IDS-05, IDS-06, IDS-09, IDS-14.
    """
    if ids and Quirk.UNKNOWN_IDS_OMITTED in context.quirks:
        ids = [task_id for task_id in ids if task_id in context.tasks]
        if not ids:
            return ()
    context.check_known(ids)
    return context.tasks.find(ids, states, after)


# --- quirks -------------------------------------------------------------------------


def apply_quirks(parameters: Parameters, quirks: Collection[Quirk]) -> Parameters:
    """Return *parameters* without the filters that *quirks* ignore.

    Raises InvalidParameterCombination if a quirk excludes paging.

    Rules: FLT-23, IDS-12, PAG-17.
    """
    if not quirks:
        return parameters
    filters = parameters.get("Filters", [])
    with_ids = "ExportImageTaskIds" in parameters
    if Quirk.PAGING_WITH_IDS_REFUSED in quirks and with_ids:
        for name in ("MaxResults", "NextToken"):
            if name in parameters:
                raise errors.PAGING_WITH_IDS.error(name=name)
    if Quirk.TASK_STATE_FILTER_IGNORED in quirks:
        filters = [each for each in filters if each.get("Name") != "task-state"]
    if Quirk.FILTERS_WITH_IDS_IGNORED in quirks and with_ids:
        filters = []
    return {**parameters, "Filters": filters}


def change_answer(
    answer: Members,
    context: CallContext,
    page: list[ExportImageTask],
    listing: Listing,
) -> Members:
    """Return *answer*, the answer for *page*, with the quirks of the context applied.

    Rules: PAG-20, PAG-21, RSP-14, RSP-15.
    """
    quirks, described = context.quirks, answer["ExportImageTasks"]
    if not quirks:
        return answer
    _, ids, _ = listing
    refused = bool(ids) and Quirk.PAGING_WITH_IDS_REFUSED in quirks
    if page and Quirk.SPARE_TOKENS in quirks and not refused:
        answer["NextToken"] = context.tokens.encode(page[-1].number, listing)
    if Quirk.RESULTS_IN_ANY_ORDER in quirks:
        answer["ExportImageTasks"] = in_any_order(described, context.account)
    if Quirk.IMAGE_ID_ABSENT in quirks:
        for task in described:
            task.pop("ImageId", None)
    if Quirk.EMPTY_NEXT_TOKEN in quirks:
        answer.setdefault("NextToken", "")
    return answer


def in_any_order(described: list[Members], account: Account) -> list[Members]:
    """Return the tasks of a page in an order made from the seed, another in each call.

    The oldest task never comes first, and the next call has another first task. The
    rest follows in an order of the seed; it is rotated each time when every task has
    been the first.

    Rules: RSP-14.
    """
    others = len(described) - 1
    if others < 1:
        return described
    account.state.reordered_pages += 1
    turns, first = divmod(account.state.reordered_pages, others)
    rest = [*described[: first + 1], *described[first + 2 :]]
    rest.sort(key=lambda task: account.generate_id("", task["ExportImageTaskId"]))
    turn = turns % others
    return [described[first + 1], *rest[turn:], *rest[:turn]]


def why_empty(context: CallContext, parameters: Parameters) -> Explanation:
    """Return the likely reason of an empty answer."""
    if "NextToken" in parameters:  # earlier pages have the tasks that match
        return None, None
    parameters = apply_quirks(parameters, context.quirks)
    ids = tuple(dict.fromkeys(parameters.get("ExportImageTaskIds", ())))
    if ids and not any(task_id in context.tasks for task_id in ids):
        return context.why_unknown(ids)
    tasks = find_tasks(context, ids, ALL_STATES, None)
    filters = parameters.get("Filters", ())
    suggestion = suggest_case(tasks, filters, task_filters(context.quirks))
    if suggestion is not None:
        return "FLT-06", note("FLT-06", suggestion)
    return context.why_no_tasks()


OPERATION = Operation(
    INPUT, OUTPUT, describe_export_image_tasks, "ExportImageTasks", why_empty
)
