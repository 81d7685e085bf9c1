"""DescribeTags for export image tasks, whole.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..filters import compile_filters, select
from ..paging import check_max_results, cut
from ..permissions import Permission
from ..shapes import Scalar
from ..tags import TAG_FILTERS, TASK_KIND, described, task_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..context import Context

DESCRIBE = Permission("ec2:DescribeTags")

# The model has no bounds for MaxResults, the operation's page has (TAG-13).
BOUNDS = Scalar("integer", 5, 1000)


def describe_tags(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the tags of the export image tasks."""
    context.authorize(given.get("DryRun"), DESCRIBE)  # AUT-01 to AUT-08
    limit = check_max_results(given.get("MaxResults"), BOUNDS)  # TAG-13
    filters = given.get("Filters", ())  # PRM-05
    selection = compile_filters(filters, TAG_FILTERS)  # TAG-12
    query = ("tags",), filters  # PAG-09: no id, so no token of tasks is one here
    after = context.tokens.decode(given.get("NextToken"), query)  # PAG-11
    tasks = context.tasks.find((), selection.states, task_before(after))
    tags = select(described(tasks, after), selection.clauses)  # FLT-01
    page, last = cut(tags, limit)  # PAG-01
    answer: dict[str, Any] = {
        "Tags": [
            {
                "Key": tag.key,
                "ResourceId": tag.resource_id,
                "ResourceType": TASK_KIND,
                "Value": tag.value,
            }
            for tag in page
        ]
    }
    if last is not None:  # PAG-05, PAG-06
        answer["NextToken"] = context.tokens.encode(last, query)
    return answer
