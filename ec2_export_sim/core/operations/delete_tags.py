"""DeleteTags for export image tasks: its shapes, checks and effect.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..authorization import authorize
from ..policies import Permission
from ..shapes import BOOLEAN, NOTHING, STRING, TAG, ListOf, Member, Structure
from ..tags import (
    MISSING,
    check_key,
    check_resources,
    check_tag_count,
    max_key_length,
    remove_tags,
)
from .operation import Operation, owner_of_resources

if TYPE_CHECKING:
    from ..context import CallContext
    from .operation import Members, Parameters

INPUT = Structure(
    {
        "DryRun": Member(BOOLEAN, "dryRun"),
        "Resources": Member(ListOf(STRING), "resourceId"),
        "Tags": Member(ListOf(TAG), "tag"),
    },
    required=("Resources",),
)
DELETE = "ec2:DeleteTags"


def delete_tags(context: CallContext, parameters: Parameters) -> Members:
    """Remove tags from export image tasks: from all that are named, or from none."""
    resources, named = parameters["Resources"], parameters.get("Tags", ())
    needed = (Permission(DELETE, context.task_arn(each)) for each in resources)
    authorize(context, *needed, dry_run=parameters.get("DryRun"))
    ids = check_resources(resources, context.is_issued)
    check_tag_count(named)
    for tag in named:
        check_key(tag, max_key_length(context.quirks))
    context.check_known(ids)
    tasks = context.tasks.get_all(ids)
    left = [replace(task, tag_set=remove_tags(task.tag_set, named)) for task in tasks]
    context.tasks.replace(left)
    return {}


OPERATION = Operation(
    INPUT, NOTHING, delete_tags, owner=owner_of_resources, missing=MISSING
)
