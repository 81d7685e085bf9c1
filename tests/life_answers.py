"""What each operation answers in a `World`, written from specs/ as `oracle` is."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests import oracle
from tests.oracle import Refused

if TYPE_CHECKING:
    from tests.life_oracle import Task, World

TAG_FILTER = "key|value|resource-id|resource-type|tag:.*"
TASK_KIND = "export-image-task"


def answer(
    world: World,
    region: str,
    operation: str,
    request: dict[str, Any],
    *,
    lacking: list[str],
    fresh: str | None = None,
) -> Any:
    """Return the answer to a caller who lacks some permissions.

    *fresh* is the id that the task gets where ExportImage makes one.
    """
    world.pass_time(world.per_call)
    for index, (of, code, times) in enumerate(world.state["faults"]):
        if of in (operation, "*"):
            left = [(of, code, times - 1)] if times > 1 else []
            world.state["faults"][index : index + 1] = left
            raise Refused(code)
    tagging = operation == "ExportImage" and "TagSpecifications" in request
    if operation in lacking or (tagging and "CreateTags" in lacking):
        raise Refused("UnauthorizedOperation")
    if request.get("DryRun"):
        raise Refused("DryRunOperation")
    request = {name: value for name, value in request.items() if name != "DryRun"}
    if operation == "ExportImage":
        return export(world, region, request, fresh)
    return {
        "DescribeExportImageTasks": describe,
        "CancelExportTask": cancel,
        "CreateTags": tag,
        "DeleteTags": untag,
        "DescribeTags": list_tags,
    }[operation](world, region, request)


# --- describing and canceling -------------------------------------------------------


def describe(world: World, region: str, request: dict[str, Any]) -> Any:
    tasks = oracle.describe(world.records(region), **request)
    return paged("ExportImageTasks", tasks, request)


def paged(name: str, items: list[Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return the first page; of a token one can only say that there is one."""
    size = request.get("MaxResults", len(items))
    more = {"NextToken": ...} if len(items) > size else {}
    return {name: items[:size], **more}


def cancel(world: World, region: str, request: dict[str, Any]) -> Any:
    task_id = request["ExportTaskId"]
    if not re.fullmatch(oracle.ID, task_id):
        raise Refused("InvalidExportTaskID.Malformed")
    (task,) = named(world, region, [task_id])
    if world.status(task) != "active" or world.told(task)["Progress"] in ("85", "99.5"):
        raise Refused("IncorrectState")
    world.cut(task, "cancel")
    return {}


def named(world: World, region: str, ids: list[str]) -> list[Task]:
    """Return the tasks with those ids, in the order of creation."""
    if not set(ids) <= set(world.ids(region)):
        raise Refused("InvalidExportTaskID.NotFound")
    return [task for task in world.state["tasks"] if task["id"] in ids]


# --- exporting ----------------------------------------------------------------------


def export(
    world: World, region: str, request: dict[str, Any], fresh: str | None
) -> dict[str, Any]:
    meant, tags = meaning(request), specified(request)
    key = (region, request.get("ClientToken", ""))
    if key[1] and key in world.state["tokens"]:
        earlier, answered = world.state["tokens"][key]
        if earlier != meant:
            raise Refused("IdempotentParameterMismatch")
        return deepcopy(dict(answered))
    image = request["ImageId"]
    check_image(world, region, image)
    active = [task for task in world.records(region) if task["Status"] == "active"]
    if image in [task["ImageId"] for task in active] or len(active) >= world.limit:
        raise Refused("ResourceLimitExceeded")
    only = ("ImageId", "Description", "RoleName", "DiskImageFormat", "S3ExportLocation")
    told = {name: meant[name] for name in only if name in meant}
    told |= {"ExportImageTaskId": fresh, "Status": "active"}
    told |= {"Progress": "0", "StatusMessage": "validating"}
    told |= {"Tags": tags} if tags else {}
    world.add(region, told, began=world.state["now"])
    world.state["tokens"][key] = (meant, deepcopy(told))
    return told


def meaning(request: dict[str, Any]) -> dict[str, Any]:
    """Return the request as it is meant; refuse values that cannot be."""
    location = {
        name: text for name, text in request["S3ExportLocation"].items() if text
    }
    disk_format = request["DiskImageFormat"].upper()
    if not re.fullmatch("ami-([0-9a-f]{8}|[0-9a-f]{17})", request["ImageId"]):
        raise Refused("InvalidAMIID.Malformed")
    if disk_format not in ("VMDK", "RAW", "VHD"):
        raise Refused("InvalidParameterValue")
    if len(request.get("Description", "")) > 255:
        raise Refused("InvalidParameterValue")
    if len(request.get("ClientToken", "")) > 64:
        raise Refused("InvalidParameterValue")
    if "S3Bucket" not in location:
        raise Refused("MissingParameter")
    return {**request, "DiskImageFormat": disk_format, "S3ExportLocation": location}


def specified(request: dict[str, Any]) -> list[dict[str, str]]:
    """Return the tags that a new task gets."""
    tags: list[dict[str, str]] = []
    for specification in request.get("TagSpecifications", []):
        if specification["ResourceType"] != TASK_KIND or "Tags" not in specification:
            raise Refused("InvalidParameterValue")
        tags += specification["Tags"]
    return checked(tags)


def check_image(world: World, region: str, image: str) -> None:
    if world.images is not None:
        kind = world.images.get(image) if region == world.home else None
        if kind != "own":
            codes = {"marketplace": "NotExportable", "encrypted": "InvalidParameter"}
            raise Refused(codes.get(kind or "", "InvalidAMIID.NotFound"))


# --- tags ---------------------------------------------------------------------------


def checked(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the tags with values; refuse what may not be set."""
    check_keys(tags)
    keys = [each["Key"] for each in tags]
    if any(len(each.get("Value", "")) > 256 for each in tags):
        raise Refused("InvalidParameterValue")
    if len(set(keys)) < len(keys):
        raise Refused("InvalidParameterValue")
    return [{"Key": each["Key"], "Value": each.get("Value", "")} for each in tags]


def check_keys(tags: list[dict[str, str]]) -> None:
    for each in tags:
        if not each["Key"]:
            raise Refused("InvalidTagKey.Malformed")
        if each["Key"].startswith("aws:") or len(each["Key"]) > 127:
            raise Refused("InvalidParameterValue")


def check_resources(ids: list[str]) -> None:
    if any(not re.fullmatch(oracle.ID, each) for each in ids):
        raise Refused("InvalidID")


def tag(world: World, region: str, request: dict[str, Any]) -> Any:
    check_resources(request["Resources"])
    new = {each["Key"]: each["Value"] for each in checked(request["Tags"])}
    for task in named(world, region, request["Resources"]):
        task["tags"].update(new)
    return {}


def untag(world: World, region: str, request: dict[str, Any]) -> Any:
    check_resources(request["Resources"])
    gone = request.get("Tags")
    check_keys(gone or [])
    for task in named(world, region, request["Resources"]):
        for key, value in list(task["tags"].items()):
            if gone is None:
                taken = not key.startswith("aws:")
            else:
                taken = any(
                    each["Key"] == key and each.get("Value", value) == value
                    for each in gone
                )
            if taken:
                del task["tags"][key]
    return {}


def list_tags(world: World, region: str, request: dict[str, Any]) -> Any:
    if not 5 <= request.get("MaxResults", 5) <= 1000:
        raise Refused("InvalidParameterValue")
    filters = request.get("Filters", [])
    if any(not re.fullmatch(TAG_FILTER, each["Name"]) for each in filters):
        raise Refused("InvalidParameterValue")
    tags = [
        {
            "Key": key,
            "ResourceId": task["id"],
            "ResourceType": TASK_KIND,
            "Value": value,
        }
        for task in named(world, region, world.ids(region))
        for key, value in task["tags"].items()
    ]
    passing = [each for each in tags if all(passes(each, f) for f in filters)]
    return paged("Tags", passing, request)


def passes(told: dict[str, str], given: dict[str, Any]) -> bool:
    """Tell whether a tag passes a filter."""
    name = given["Name"]
    if name.startswith("tag:"):
        held = told["Value"] if told["Key"] == name[4:] else None
    else:
        members = {"key": "Key", "value": "Value", "resource-id": "ResourceId"}
        held = told[members.get(name, "ResourceType")]
    return held is not None and any(oracle.matches(v, held) for v in given["Values"])
