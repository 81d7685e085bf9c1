"""ExportImage, whole.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ExportImage.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..exports import (
    answered_before,
    begin,
    check_image,
    check_limits,
    check_values,
)
from ..permissions import Permission
from ..tags import specified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..context import Context

EXPORT, TAG = "ec2:ExportImage", "ec2:CreateTags"


def export_image(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Begin to export an image, and describe the task that does it."""
    image_id, any_task = given["ImageId"], context.task_arn("*")
    needed = [Permission(EXPORT, context.image_arn(image_id))]  # AUT-12
    needed += [Permission(EXPORT, any_task)]
    if "TagSpecifications" in given:
        needed += [Permission(TAG, any_task)]  # AUT-13
    context.authorize(given.get("DryRun"), *needed)
    request = check_values(given)  # LIF-19, LIF-22
    tags = specified(request.get("TagSpecifications", ()))  # TAG-02 to TAG-08
    earlier = answered_before(context, request)  # LIF-23
    if earlier is not None:
        return earlier
    settings = context.account.settings
    check_image(image_id, context.region, settings)  # LIF-20, LIF-21, LIF-29
    check_limits(image_id, context.tasks, settings.running_exports)  # LIF-24
    return begin(context, request, tags)  # LIF-25 to LIF-28
