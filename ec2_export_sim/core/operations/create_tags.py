"""CreateTags for export image tasks, whole.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..permissions import Permission
from ..tags import check_resources, check_tags, merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..context import Context

TAG = "ec2:CreateTags"


def create_tags(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Set tags on export image tasks: on all that are named, or on none."""
    named = given["Resources"]
    needed = (Permission(TAG, context.task_arn(each)) for each in named)  # AUT-12
    context.authorize(given.get("DryRun"), *needed)
    ids = check_resources(named)  # TAG-09, TAG-16
    new = check_tags(given["Tags"])  # TAG-02 to TAG-06
    tasks = context.tasks.named(ids)  # IDS-05
    sets = [merged(task.tag_set, new) for task in tasks]  # TAG-07, TAG-10
    context.tasks.replace(  # TAG-14
        [replace(task, tag_set=tags) for task, tags in zip(tasks, sets, strict=True)]
    )
    return {}
