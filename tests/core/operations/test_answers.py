"""Every operation has a row here that demands a right answer.

A new operation without a row fails, and so does a row whose answer leaves a member of
the output out, or empty. The same for filters: tests/core/test_filters.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ec2_export_sim import Simulator
from ec2_export_sim.core.operations import OPERATIONS
from ec2_export_sim.core.shapes import ListOf, Structure
from tests.calls import DESCRIBE, ID, IMAGE, UNKNOWN

if TYPE_CHECKING:
    from ec2_export_sim.core.shapes import Shape

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
GENERATED = {"ExportImageTaskId"}


def absent(shape: Shape, value: Any) -> set[str]:
    """Return the members of *shape* that *value* does not show."""
    if isinstance(shape, ListOf):
        parts = [absent(shape.element, each) for each in value]
        return set.intersection(*parts) if parts else {"an element"}
    if isinstance(shape, Structure):
        return {
            name
            for name, member in shape.members.items()
            if not value.get(name) or absent(member.shape, value[name])
        }
    return set()


@pytest.mark.rule("RSP-01", "LIF-27", "LIF-30", "TAG-10", "TAG-11", "TAG-12")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_answers(operation: str) -> None:
    row = ANSWERS[operation]
    sim = account()
    response = sim.invoke(operation, row.parameters)
    output = OPERATIONS[operation].output
    assert absent(output, response) <= {"NextToken"}
    generated = GENERATED & set(response)
    assert {n: m for n, m in response.items() if n not in generated} == row.response
    assert sim.dump_tasks()[0] == row.first_task
    assert row.response or row.first_task != FIRST
