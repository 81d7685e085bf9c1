"""CreateTags for export image tasks: its shapes, checks and effect.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..authorization import authorize
from ..policies import Permission
from ..shapes import BOOLEAN, NOTHING, STRING, TAG, ListOf, Member, Structure
from ..tags import MISSING, add_tags, check_resources, check_tags, max_key_length
from .operation import Operation, owner_of_resources

if TYPE_CHECKING:
    from ..context import CallContext
    from .operation import Members, Parameters

INPUT = Structure(
    {
        "DryRun": Member(BOOLEAN, "dryRun"),
        "Resources": Member(ListOf(STRING), "ResourceId"),
        "Tags": Member(ListOf(TAG), "Tag"),
    },
    required=("Resources", "Tags"),
)
CREATE = "ec2:CreateTags"


def create_tags(context: CallContext, parameters: Parameters) -> Members:
    """Set tags on export image tasks: on all that are named, or on none (TAG-14)."""
    resources = parameters["Resources"]
    needed = (Permission(CREATE, context.task_arn(each)) for each in resources)
    authorize(context, *needed, dry_run=parameters.get("DryRun"))
    ids = check_resources(resources, context.is_issued)
    new = check_tags(parameters["Tags"], max_key_length(context.quirks))
    context.check_known(ids)
    tasks = context.tasks.get_all(ids)
    tagged = [replace(task, tag_set=add_tags(task.tag_set, new)) for task in tasks]
    context.tasks.replace(tagged)
    return {}


OPERATION = Operation(
    INPUT, NOTHING, create_tags, owner=owner_of_resources, missing=MISSING
)
