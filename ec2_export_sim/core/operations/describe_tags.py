"""DescribeTags for export image tasks: its shapes, checks and answer.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
"""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ..authorization import authorize
from ..errors import note
from ..filters import compile_filters, select, suggest_case
from ..ids import RESOURCE_TYPE
from ..paging import check_max_results, take_page
from ..policies import Permission
from ..quirks import Quirk
from ..shapes import BOOLEAN, FILTER, STRING, ListOf, Member, Scalar, Structure
from .operation import Operation, owner_of_filters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ..context import CallContext
    from ..filters import FilterTable
    from ..model import ExportImageTask
    from .operation import Explanation, Members, Parameters

NAME = "DescribeTags"
RESOURCE_ID = "resource-id"
# The bounds are from the operation's page; the model has none (TAG-13).
MAX_RESULTS_BOUNDS = Scalar("integer", 5, 1000)

TAG_DESCRIPTION = Structure(
    {
        "Key": Member(STRING, "key"),
        "ResourceId": Member(STRING, "resourceId"),
        "ResourceType": Member(STRING, "resourceType"),
        "Value": Member(STRING, "value"),
    }
)
INPUT = Structure(
    {
        "DryRun": Member(BOOLEAN, "dryRun"),
        "Filters": Member(ListOf(FILTER, "Filter"), "Filter"),
        "MaxResults": Member(Scalar("integer"), "maxResults"),
        "NextToken": Member(STRING, "nextToken"),
    }
)
OUTPUT = Structure(
    {
        "NextToken": Member(STRING, "nextToken"),
        "Tags": Member(ListOf(TAG_DESCRIPTION), "tagSet"),
    }
)
DESCRIBE = Permission(f"ec2:{NAME}")


class TagDescription(NamedTuple):
    """One tag of one task."""

    position: list[str]  # the task's id, then the key (TAG-22)
    key: str
    resource_id: str
    value: str


FILTERS: FilterTable[TagDescription] = {
    "key": lambda tag: (tag.key,),
    "value": lambda tag: (tag.value,),
    RESOURCE_ID: lambda tag: (tag.resource_id,),
    "resource-type": lambda _: (RESOURCE_TYPE,),
    "tag:": lambda key: lambda tag: (tag.value,) if tag.key == key else (),
}


def describe_tags(context: CallContext, parameters: Parameters) -> Members:
    """Describe the tags of the export image tasks."""
    authorize(context, DESCRIBE, dry_run=parameters.get("DryRun"))
    page_size = check_max_results(parameters.get("MaxResults"), MAX_RESULTS_BOUNDS)
    filters = parameters.get("Filters", ())
    clauses = compile_filters(filters, FILTERS)
    listing = NAME, (), filters
    after = context.tokens.decode(parameters.get("NextToken"), listing)
    tags = tags_of(context.tasks)
    if after is not None:
        tags = (tag for tag in tags if tag.position > after)
    if ignores_page_size(filters, context.quirks):
        page_size = None
    page, has_more = take_page(select(tags, clauses), page_size)
    answer: Members = {"Tags": list(map(describe_tag, page))}
    if has_more:
        answer["NextToken"] = context.tokens.encode(page[-1].position, listing)
    return answer


def ignores_page_size(filters: Iterable[Parameters], quirks: Collection[Quirk]) -> bool:
    """Return whether MaxResults has no effect (TAG-26)."""
    if Quirk.DESCRIBE_TAGS_IGNORES_MAX_RESULTS not in quirks:
        return False
    return any(each["Name"] == RESOURCE_ID for each in filters)


def tags_of(tasks: Iterable[ExportImageTask]) -> Iterator[TagDescription]:
    """Yield the tags of *tasks*, sorted by the tasks' ids, then by key (TAG-22)."""
    for task in sorted(tasks, key=attrgetter("id")):
        tags = ((tag.key or "", tag.value or "") for tag in task.tag_set)
        for key, value in sorted(tags):
            yield TagDescription([task.id, key], key, task.id, value)


def has_matching_tags(
    tasks: Iterable[ExportImageTask], filters: Sequence[dict[str, Any]]
) -> bool:
    """Return whether a tag of *tasks* passes *filters* (WIR-19).

    Raises ServiceError for wrong filters.
    """
    clauses = compile_filters(filters, FILTERS)
    return any(True for _ in select(tags_of(tasks), clauses))


def describe_tag(tag: TagDescription) -> Members:
    """Return *tag* in the response's shape."""
    return {
        "Key": tag.key,
        "ResourceId": tag.resource_id,
        "ResourceType": RESOURCE_TYPE,
        "Value": tag.value,
    }


def why_empty(context: CallContext, parameters: Parameters) -> Explanation:
    """Return the likely reason of an empty answer."""
    if "NextToken" in parameters:  # the pages before have all that there is
        return None, None
    filters = parameters.get("Filters", ())
    suggestion = suggest_case(tags_of(context.tasks), filters, FILTERS)
    if suggestion is not None:
        return "FLT-06", note("FLT-06", suggestion)
    named = (each.get("Values", ()) for each in filters if each["Name"] == RESOURCE_ID)
    unknown = [each for each in chain(*named) if each not in context.tasks]
    rule, reason = context.why_unknown(unknown)
    return (rule, reason) if rule else context.why_no_tasks()


OPERATION = Operation(INPUT, OUTPUT, describe_tags, "Tags", why_empty, owner_of_filters)
