"""What each operation returns in a `Model`, written from specs/ as `oracle` is."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests import oracle
from tests.oracle import ModelError

if TYPE_CHECKING:
    from tests.model import Model, Task

TAG_FILTER = "key|value|resource-id|resource-type|tag:.*"
RESOURCE_TYPE = "export-image-task"


def answer(
    model: Model,
    region: str,
    operation: str,
    parameters: dict[str, Any],
    *,
    denied: list[str],
    new_id: str | None = None,
) -> Any:
    """Return the response to a caller whose policy denies some operations.

    *new_id* is the id of the task that ExportImage makes.
    """
    model.pass_time(model.per_call)
    for index, (of, code, times) in enumerate(model.state["errors"]):
        if of in (operation, "*"):
            left = [(of, code, times - 1)] if times > 1 else []
            model.state["errors"][index : index + 1] = left
            raise ModelError(code)
    tagging = operation == "ExportImage" and "TagSpecifications" in parameters
    if operation in denied or (tagging and "CreateTags" in denied):
        raise ModelError("UnauthorizedOperation")
    if parameters.get("DryRun"):
        raise ModelError("DryRunOperation")
    parameters = {name: value for name, value in parameters.items() if name != "DryRun"}
    if operation == "ExportImage":
        return export(model, region, parameters, new_id)
    return {
        "DescribeExportImageTasks": describe,
        "CancelExportTask": cancel,
        "CreateTags": tag,
        "DeleteTags": untag,
        "DescribeTags": list_tags,
    }[operation](model, region, parameters)


# --- describing and canceling -------------------------------------------------------


def describe(model: Model, region: str, parameters: dict[str, Any]) -> Any:
    tasks = oracle.describe(model.records(region), **parameters)
    return paged("ExportImageTasks", tasks, parameters)


def paged(name: str, items: list[Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the first page; `...` stands for the token if there is one."""
    size = parameters.get("MaxResults", len(items))
    more = {"NextToken": ...} if len(items) > size else {}
    return {name: items[:size], **more}


def cancel(model: Model, region: str, parameters: dict[str, Any]) -> Any:
    task_id = parameters["ExportTaskId"]
    if not task_id.startswith(("export-ami-", "export-i-")):
        raise ModelError("InvalidID")
    if task_id.startswith("export-i-"):
        raise ModelError("InvalidExportTaskID.NotFound")
    if not re.fullmatch(oracle.ID, task_id):
        raise ModelError("InvalidExportTaskID.Malformed")
    (task,) = named(model, region, [task_id])
    shown = model.current(task)
    if shown["Status"] != "active" or shown["Progress"] in ("85", "99.5"):
        raise ModelError("IncorrectState")
    model.end(task, "cancel")
    return {}


def named(model: Model, region: str, ids: list[str]) -> list[Task]:
    """Return the tasks with these ids, in the order of creation."""
    if not set(ids) <= set(model.ids(region)):
        raise ModelError("InvalidExportTaskID.NotFound")
    return [task for task in model.state["tasks"] if task["id"] in ids]


# --- exporting ----------------------------------------------------------------------


def export(
    model: Model, region: str, parameters: dict[str, Any], new_id: str | None
) -> dict[str, Any]:
    normal, tags = normalized(parameters), specified_tags(parameters)
    key = (region, parameters.get("ClientToken", ""))
    if key[1] and key in model.state["tokens"]:
        earlier, response, made = model.state["tokens"][key]
        now = [task for task in model.state["tasks"] if task["made"] == made]
        if earlier != normal or not now:
            raise ModelError("IdempotentParameterMismatch")
        changing = ("Status", "Progress", "StatusMessage")
        lasting = {n: m for n, m in response.items() if n not in changing}
        return {**deepcopy(lasting), **model.current(now[0])}
    image = parameters["ImageId"]
    check_image(model, region, image)
    active = [task for task in model.records(region) if task["Status"] == "active"]
    if image in [task["ImageId"] for task in active] or len(active) >= model.limit:
        raise ModelError("ResourceLimitExceeded")
    only = ("ImageId", "Description", "RoleName", "DiskImageFormat", "S3ExportLocation")
    members = {name: normal[name] for name in only if name in normal}
    members |= {"ExportImageTaskId": new_id, "Status": "active"}
    members |= {"Progress": "0", "StatusMessage": "validating"}
    members |= {"Tags": tags} if tags else {}
    model.add(region, members, began=model.state["now"])
    made = model.state["tasks"][-1]["made"]
    model.state["tokens"][key] = (normal, deepcopy(members), made)
    return members


def normalized(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters without their variants; raise for wrong values."""
    location = {
        name: text for name, text in parameters["S3ExportLocation"].items() if text
    }
    disk_format = parameters["DiskImageFormat"].upper()
    if not re.fullmatch("ami-([0-9a-f]{8}|[0-9a-f]{17})", parameters["ImageId"]):
        raise ModelError("InvalidAMIID.Malformed")
    if disk_format not in ("VMDK", "RAW", "VHD"):
        raise ModelError("InvalidParameterValue")
    if len(parameters.get("Description", "")) > 255:
        raise ModelError("InvalidParameterValue")
    if len(parameters.get("ClientToken", "")) > 64:
        raise ModelError("InvalidParameterValue")
    if "S3Bucket" not in location:
        raise ModelError("MissingParameter")
    return {**parameters, "DiskImageFormat": disk_format, "S3ExportLocation": location}


def specified_tags(parameters: dict[str, Any]) -> list[dict[str, str]]:
    """Return the tags of a new task."""
    tags: list[dict[str, str]] = []
    for specification in parameters.get("TagSpecifications", []):
        if specification["ResourceType"] != RESOURCE_TYPE:
            raise ModelError("InvalidParameterValue")
        if "Tags" not in specification:
            raise ModelError("InvalidTagKey.Malformed")
        tags += specification["Tags"]
    return checked(tags)


def check_image(model: Model, region: str, image: str) -> None:
    if model.images is not None:
        kind = model.images.get(image) if region == model.home else None
        if kind != "own":
            codes = {"marketplace": "NotExportable", "encrypted": "InvalidParameter"}
            raise ModelError(codes.get(kind or "", "InvalidAMIID.NotFound"))


# --- tags ---------------------------------------------------------------------------


def checked(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the tags; raise for tags that cannot be set."""
    check_keys(tags)
    keys = [each["Key"] for each in tags]
    if any(len(each.get("Value", "x" * 257)) > 256 for each in tags):
        raise ModelError("InvalidParameterValue")
    if len(set(keys)) < len(keys):
        raise ModelError("InvalidParameterValue")
    return tags


def check_keys(tags: list[dict[str, str]]) -> None:
    for each in tags:
        reserved = each["Key"].startswith("aws:")
        if reserved or not 0 < len(each["Key"]) <= 127:
            raise ModelError("InvalidParameterValue")


def check_resources(ids: list[str]) -> None:
    if any(not re.fullmatch(oracle.ID, each) for each in ids):
        raise ModelError("InvalidID")


def tag(model: Model, region: str, parameters: dict[str, Any]) -> Any:
    check_resources(parameters["Resources"])
    new = {each["Key"]: each["Value"] for each in checked(parameters["Tags"])}
    for task in named(model, region, parameters["Resources"]):
        task["tags"].update(new)
    return {}


def untag(model: Model, region: str, parameters: dict[str, Any]) -> Any:
    check_resources(parameters["Resources"])
    unwanted = parameters.get("Tags")
    check_keys(unwanted or [])
    for task in named(model, region, parameters["Resources"]):
        for key, value in list(task["tags"].items()):
            if unwanted is None:
                removed = not key.startswith("aws:")
            else:
                removed = any(
                    each["Key"] == key and each.get("Value", value) == value
                    for each in unwanted
                )
            if removed:
                del task["tags"][key]
    return {}


def list_tags(model: Model, region: str, parameters: dict[str, Any]) -> Any:
    if not 5 <= parameters.get("MaxResults", 5) <= 1000:
        raise ModelError("InvalidParameterValue")
    filters = parameters.get("Filters", [])
    if any(not re.fullmatch(TAG_FILTER, each["Name"]) for each in filters):
        raise ModelError("InvalidParameterValue")
    tags = [
        {
            "Key": key,
            "ResourceId": task["id"],
            "ResourceType": RESOURCE_TYPE,
            "Value": value,
        }
        for task in named(model, region, model.ids(region))
        for key, value in task["tags"].items()
    ]
    tags.sort(key=lambda tag: (tag["ResourceId"], tag["Key"]))
    passing = [each for each in tags if all(passes(each, f) for f in filters)]
    return paged("Tags", passing, parameters)


def passes(tag: dict[str, str], wanted: dict[str, Any]) -> bool:
    """Return whether a tag passes a filter."""
    name = wanted["Name"]
    if name.startswith("tag:"):
        value = tag["Value"] if tag["Key"] == name[4:] else None
    else:
        members = {"key": "Key", "value": "Value", "resource-id": "ResourceId"}
        value = tag[members.get(name, "ResourceType")]
    return value is not None and any(oracle.matches(v, value) for v in wanted["Values"])
