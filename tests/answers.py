"""Correct answers: for each operation a call, and what it returns or changes."""

from __future__ import annotations

from typing import Any, NamedTuple

from ec2_export_sim import Simulator
from tests.calls import DESCRIBE, ID, IMAGE, UNKNOWN

KIND = "export-image-task"
TAG = {"Key": "Name", "Value": "a & b"}


FIRST = {
    "Description": "<é>",
    "ExportImageTaskId": ID,
    "ImageId": IMAGE,
    "Progress": "21",
    "S3ExportLocation": {"S3Bucket": "b", "S3Prefix": "p/"},
    "Status": "active",
    "StatusMessage": "updating",
    "Tags": [TAG],
}


def account() -> Simulator:
    """Return an account with one task that has every member, and another one."""
    sim = Simulator()
    sim.load_tasks([FIRST])
    sim.add_task(task_id=UNKNOWN, status="completed", tags={"stage": "x"})
    return sim


class Row(NamedTuple):
    """A call, its response without ids that are generated, and the first task then."""

    parameters: dict[str, Any]
    response: dict[str, Any]
    first_task: dict[str, Any] = FIRST


NEW_EXPORT = {
    "Description": "d",
    "DiskImageFormat": "RAW",
    "ImageId": "ami-00000001",
    "RoleName": "vmimport",
    "S3ExportLocation": {"S3Bucket": "b", "S3Prefix": "p/"},
}
CANCELED = {n: m for n, m in FIRST.items() if n not in ("Progress", "StatusMessage")}
ANSWERS = {
    DESCRIBE: Row({"ExportImageTaskIds": [ID]}, {"ExportImageTasks": [FIRST]}),
    "ExportImage": Row(
        {
            **NEW_EXPORT,
            "TagSpecifications": [{"ResourceType": KIND, "Tags": [TAG]}],
        },
        {
            **NEW_EXPORT,
            "Progress": "0",
            "Status": "active",
            "StatusMessage": "validating",
            "Tags": [TAG],
        },
    ),
    "CancelExportTask": Row(
        {"ExportTaskId": ID}, {}, {**CANCELED, "Status": "deleting"}
    ),
    "CreateTags": Row(
        {"Resources": [ID], "Tags": [{"Key": "k", "Value": "v"}]},
        {},
        {**FIRST, "Tags": [TAG, {"Key": "k", "Value": "v"}]},
    ),
    "DeleteTags": Row({"Resources": [ID]}, {}, {**FIRST, "Tags": []}),
    "DescribeTags": Row(
        {"Filters": [{"Name": "resource-id", "Values": [ID]}]},
        {"Tags": [{**TAG, "ResourceId": ID, "ResourceType": KIND}]},
    ),
}
