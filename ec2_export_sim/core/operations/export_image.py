"""ExportImage: its shapes, checks and effect.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ExportImage.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import errors
from ..account import IdempotentExport
from ..authorization import authorize
from ..errors import comma_list
from ..ids import IMAGE_ID_SYNTAX, is_image_id
from ..model import ANY_IMAGE, DISK_IMAGE_FORMATS, ExportImageTask, TaskState
from ..policies import Permission
from ..response import describe_task
from ..settings import check_image
from ..shapes import (
    BOOLEAN,
    EXPORT_IMAGE_TASK,
    STRING,
    TAG,
    ListOf,
    Member,
    Structure,
)
from ..tags import max_key_length, tags_from_specifications
from .operation import Operation

if TYPE_CHECKING:
    from ..context import CallContext
    from ..model import Tag
    from .operation import Members, Parameters

S3_EXPORT_LOCATION_REQUEST = Structure(
    {
        "S3Bucket": Member(STRING, "S3Bucket"),
        "S3Prefix": Member(STRING, "S3Prefix"),
    },
    required=("S3Bucket",),
)
TAG_SPECIFICATION = Structure(
    {
        "ResourceType": Member(STRING, "resourceType"),
        "Tags": Member(ListOf(TAG), "Tag"),
    }
)
INPUT = Structure(
    {
        "ClientToken": Member(STRING, "ClientToken"),
        "Description": Member(STRING, "Description"),
        "DiskImageFormat": Member(STRING, "DiskImageFormat"),
        "DryRun": Member(BOOLEAN, "DryRun"),
        "ImageId": Member(STRING, "ImageId"),
        "S3ExportLocation": Member(S3_EXPORT_LOCATION_REQUEST, "S3ExportLocation"),
        "RoleName": Member(STRING, "RoleName"),
        "TagSpecifications": Member(ListOf(TAG_SPECIFICATION), "TagSpecification"),
    },
    required=("DiskImageFormat", "ImageId", "S3ExportLocation"),
)
OUTPUT = Structure(
    {
        **EXPORT_IMAGE_TASK.members,
        "DiskImageFormat": Member(STRING, "diskImageFormat"),
        "RoleName": Member(STRING, "roleName"),
    }
)
EXPORT, CREATE_TAGS = "ec2:ExportImage", "ec2:CreateTags"

MAX_DESCRIPTION = 255
MAX_CLIENT_TOKEN = 64
# The role of an export that names none (LIF-38).
DEFAULT_ROLE = "vmimport"


def export_image(context: CallContext, parameters: Parameters) -> Members:
    """Start to export an image, and describe the task that does it."""
    image_id, any_task = parameters["ImageId"], context.task_arn("*")
    needed = [Permission(EXPORT, context.image_arn(image_id))]
    needed += [Permission(EXPORT, any_task)]
    if "TagSpecifications" in parameters:
        needed += [Permission(CREATE_TAGS, any_task)]
    authorize(context, *needed, dry_run=parameters.get("DryRun"))
    request = check_values(parameters)
    specifications = request.get("TagSpecifications", ())
    tags = tags_from_specifications(specifications, max_key_length(context.quirks))
    task = find_earlier_export(context, request)
    if task is None:
        check_role(context, request)
        check_exportable(context, image_id)
        check_limits(context, image_id)
        task = start_export(context, request, tags)
    current = context.account.current(task)
    return describe_export(replace(current, tag_set=tags), request)


def check_values(parameters: Parameters) -> Members:
    """Return the parameters in canonical form: format in upper case, no empty values.

    Raises the error of the first value that is out of its range.

    Rules: LIF-19, LIF-22, LIF-33 to LIF-35.
    """
    request = {name: value for name, value in parameters.items() if name != "DryRun"}
    image_id, disk_format = request["ImageId"], request["DiskImageFormat"].upper()
    if not is_image_id(image_id):
        raise errors.MALFORMED_IMAGE_ID.error(id=image_id, syntax=IMAGE_ID_SYNTAX)
    if disk_format not in DISK_IMAGE_FORMATS:
        known = ", ".join(DISK_IMAGE_FORMATS)
        value = request["DiskImageFormat"]
        raise errors.UNKNOWN_FORMAT.error(value=value, known=known)
    request["DiskImageFormat"] = disk_format
    description = request.get("Description", "")
    if len(description) > MAX_DESCRIPTION:
        raise errors.TOO_LONG.error(
            value=description,
            name="Description",
            bound=MAX_DESCRIPTION,
            length=len(description),
        )
    token = request.get("ClientToken", "")
    if len(token) > MAX_CLIENT_TOKEN or not token.isascii():
        raise errors.WRONG_CLIENT_TOKEN.error(token=token, bound=MAX_CLIENT_TOKEN)
    if not token:
        request.pop("ClientToken", None)
    location = request["S3ExportLocation"]
    if not location["S3Bucket"]:
        raise errors.EMPTY_BUCKET.error(name="S3ExportLocation.S3Bucket")
    request["S3ExportLocation"] = {
        name: text for name, text in location.items() if text
    }
    return request


def find_earlier_export(
    context: CallContext, request: Parameters
) -> ExportImageTask | None:
    """Return the task that the request's client token made, None for a new token.

    Raises IdempotentParameterMismatch if the token was used for another request, or if
    its task was removed.

    Rules: LIF-23, LIF-35.
    """
    token = request.get("ClientToken", "")
    earlier = context.account.state.client_tokens.get((context.region, token))
    if earlier is None:
        return None
    if earlier.request != request:
        raise errors.CLIENT_TOKEN_MISMATCH.error()
    task = context.tasks.get(earlier.task_id)
    if task is None or task.number != earlier.task_number:
        raise errors.CLIENT_TOKEN_OF_REMOVED_TASK.error(id=earlier.task_id)
    return task


def check_role(context: CallContext, request: Parameters) -> None:
    """Raise InvalidParameter if the role of the export does not exist.

    Rules: LIF-38 to LIF-40.
    """
    roles, role = context.account.settings.roles, request.get("RoleName", DEFAULT_ROLE)
    if roles is not None and role not in roles:
        raise errors.ROLE_NOT_FOUND.error(role=role, default=DEFAULT_ROLE)


def check_exportable(context: CallContext, image_id: str) -> None:
    """Raise the reason why the image cannot be exported, if there is one.

    Rules: LIF-20, LIF-21, SIM-11.
    """
    settings = context.account.settings
    if settings.images is None:
        return
    is_home = context.region == settings.region_name
    kind = settings.images.get(image_id) if is_home else None
    if kind is None:
        raise errors.IMAGE_NOT_FOUND.error(id=image_id)
    check_image(image_id, kind)
    if kind == "marketplace":
        raise errors.MARKETPLACE_IMAGE.error(id=image_id)
    if kind == "encrypted":
        raise errors.ENCRYPTED_IMAGE.error(id=image_id)


def check_limits(context: CallContext, image_id: str) -> None:
    """Raise ResourceLimitExceeded if no further export may start.

    Rules: LIF-24.
    """
    limit = context.account.settings.max_running_exports
    same = context.tasks.active_exports_of(image_id)
    if same:
        raise errors.IMAGE_IN_EXPORT.error(id=image_id, counted=comma_list(same))
    if context.tasks.count_active() >= limit:
        active = [task.id for task in context.tasks.find((), {TaskState.ACTIVE}, None)]
        counted = comma_list(active) or "none"
        raise errors.EXPORTS_EXCEEDED.error(limit=limit, counted=counted)


def start_export(
    context: CallContext, request: Members, tags: tuple[Tag, ...]
) -> ExportImageTask:
    """Add the task, remember its client token, schedule its end, and return it.

    Rules: LIF-23, LIF-25, SIM-10.
    """
    account, region, image_id = context.account, context.region, request["ImageId"]
    number = account.state.last_task_number + 1
    location = request["S3ExportLocation"]
    task = ExportImageTask(
        number=number,
        id=account.generate_task_id(number),
        state=TaskState.ACTIVE,
        image_id=image_id,
        description=request.get("Description"),
        s3_bucket=location["S3Bucket"],
        s3_prefix=location.get("S3Prefix"),
        disk_image_format=request["DiskImageFormat"],
        tag_set=tags,
        started_at=context.now,
    )
    account.add_tasks(region, [task])
    if "ClientToken" in request:
        used = IdempotentExport(request, task.id, number)
        account.state.client_tokens[region, request["ClientToken"]] = used
    duration = account.settings.export_duration
    failures = account.state.failure_by_image
    message = failures.get((region, image_id)) or failures.get((region, ANY_IMAGE))
    event = "complete"
    if message is not None:
        event, duration = "fail", duration / 2
    account.schedule(region, task, event, duration, message)
    return task


def describe_export(task: ExportImageTask, request: Parameters) -> dict[str, Any]:
    """Return the members of the answer: those of the task, and of the request.

    An empty list of tags is absent here.

    Rules: LIF-27.
    """
    of_request = ("DiskImageFormat", "RoleName")
    members = {name: request[name] for name in of_request if name in request}
    members |= describe_task(task)
    if not task.tag_set:
        del members["Tags"]
    return members


OPERATION = Operation(INPUT, OUTPUT, export_image)
