"""DeleteTags for export image tasks, whole.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..permissions import Permission
from ..tags import check_key, check_resources, without

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..context import Context

UNTAG = "ec2:DeleteTags"


def delete_tags(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags from export image tasks: from all that are named, or from none."""
    named, gone = given["Resources"], given.get("Tags", ())
    needed = (Permission(UNTAG, context.task_arn(each)) for each in named)  # AUT-12
    context.authorize(given.get("DryRun"), *needed)
    ids = check_resources(named)  # TAG-09, TAG-16
    for tag in gone:
        check_key(tag)  # TAG-02, TAG-03, TAG-05
    tasks = context.tasks.named(ids)  # IDS-05
    context.tasks.replace(  # TAG-11, TAG-14
        [replace(task, tag_set=without(task.tag_set, gone)) for task in tasks]
    )
    return {}
