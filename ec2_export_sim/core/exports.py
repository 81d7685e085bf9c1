"""What ExportImage asks before it makes a task, and how it makes it.

Rules: LIF-19 to LIF-29.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import errors
from .ids import IMAGE_ID_SYNTAX, is_image_id
from .lifecycle import ACTIVE, Due
from .model import DISK_IMAGE_FORMATS, ExportImageTask
from .state import Exported, copied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import Context
    from .model import Tag
    from .settings import Settings
    from .store import TaskStore

# The members of ExportImage that have a longest length.
_LONGEST = {"Description": 255, "ClientToken": 64}


def check_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request as it is understood: the format in upper case, nothing empty.

    Raises what is wrong with the first value that is out of its range.

    Rules: LIF-19, LIF-22, LIF-23.
    """
    request = {**given, "DiskImageFormat": given["DiskImageFormat"].upper()}
    image_id = request["ImageId"]
    if not is_image_id(image_id):
        raise errors.MALFORMED_IMAGE_ID(id=image_id, syntax=IMAGE_ID_SYNTAX)
    if request["DiskImageFormat"] not in DISK_IMAGE_FORMATS:
        known = ", ".join(DISK_IMAGE_FORMATS)
        raise errors.UNKNOWN_FORMAT(value=given["DiskImageFormat"], known=known)
    for name, bound in _LONGEST.items():
        value = request.get(name, "")
        if len(value) > bound:
            raise errors.TOO_LONG(
                value=value, name=name, bound=bound, length=len(value)
            )
    token = request.get("ClientToken", "")
    if not token.isascii():
        raise errors.NOT_ASCII(value=token, name="ClientToken")
    location = given["S3ExportLocation"]
    if not location["S3Bucket"]:
        raise errors.EMPTY_BUCKET(name="S3ExportLocation.S3Bucket")
    request["S3ExportLocation"] = {
        name: text for name, text in location.items() if text
    }
    if not request.get("ClientToken"):
        request.pop("ClientToken", None)
    request.pop("DryRun", None)  # it was none, or this would not be reached (AUT-04)
    return request


def check_image(image_id: str, region: str, settings: Settings) -> None:
    """Raise what keeps the image from being exported.

    Rules: LIF-20, LIF-21, LIF-29.
    """
    if settings.images is None:
        return
    kind = settings.images.get(image_id) if region == settings.home_region else None
    if kind is None:
        raise errors.IMAGE_NOT_FOUND(id=image_id)
    if kind == "marketplace":
        raise errors.MARKETPLACE_IMAGE(id=image_id)
    if kind == "encrypted":
        raise errors.ENCRYPTED_IMAGE(id=image_id)


def check_limits(image_id: str, tasks: TaskStore, limit: int) -> None:
    """Raise ResourceLimitExceeded where one export more is one too many.

    Rules: LIF-24.
    """
    if tasks.exports(image_id):
        same = (t.id for t in tasks.find((), {ACTIVE}, 0) if t.image_id == image_id)
        raise errors.IMAGE_IN_EXPORT(id=image_id, counted=", ".join(same))
    if tasks.count(ACTIVE) >= limit:
        running = (task.id for task in tasks.find((), {ACTIVE}, 0))
        counted = ", ".join(running) or "none"
        raise errors.EXPORTS_EXCEEDED(limit=limit, counted=counted)


# --- the client token ---------------------------------------------------------------


def answered_before(
    context: Context, request: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the answer that the request's client token was given, None for a new one.

    Raises IdempotentParameterMismatch where that was to another request.

    Rules: LIF-23.
    """
    token = request.get("ClientToken")
    earlier = context.account.state.client_tokens.get((context.region, token or ""))
    if earlier is None:
        return None
    if earlier.request != request:
        raise errors.CLIENT_TOKEN_MISMATCH(token=token)
    answer: dict[str, Any] = copied(earlier.answer)
    return answer


# --- the effect ---------------------------------------------------------------------


def begin(
    context: Context, request: dict[str, Any], tags: tuple[Tag, ...]
) -> dict[str, Any]:
    """Make the task that exports an image, let the clock run it, and describe it.

    Rules: LIF-23, LIF-25, LIF-27, LIF-28.
    """
    account, region, image_id = context.account, context.region, request["ImageId"]
    state, span = account.state, account.settings.export_span
    number = account.take_numbers(1)
    location = request["S3ExportLocation"]
    task = ExportImageTask(
        number,
        account.fresh_task_id(number),
        ACTIVE,
        image_id,
        description=request.get("Description"),
        s3_bucket=location["S3Bucket"],
        s3_prefix=location.get("S3Prefix"),
        disk_image_format=request["DiskImageFormat"],
        tag_set=tags,
        started_at=state.now,
    )
    answer = _answer(context.describe([task])[0], request)
    message = state.failing.get((region, image_id))
    event, after = ("complete", span) if message is None else ("fail", span / 2)
    due = Due(state.now, number, event, region, task.id, message)
    tasks, used = account.tasks(region), state.client_tokens
    token = (region, request.get("ClientToken", ""))
    try:
        if "ClientToken" in request:
            used[token] = Exported(copied(request), copied(answer))
        with account.scheduled(due, after):
            tasks.add([task])
    finally:
        if task.id not in tasks:  # it broke off before there was a task
            used.pop(token, None)
    return answer


def _answer(record: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return *record* with what ExportImage alone tells, less what was not given.

    Rules: LIF-27.
    """
    only_here = ("DiskImageFormat", "RoleName")
    told: dict[str, Any] = {n: request[n] for n in only_here if n in request}
    kept = {name: held for name, held in record.items() if name != "Tags" or held}
    return {**told, **kept}
