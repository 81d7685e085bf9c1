"""The members of a response; it shares no object with anything."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ec2_export_sim import Simulator


@pytest.mark.rule("RSP-10")
def test_responses_share_no_object() -> None:
    sim = Simulator()
    sim.add_task(tags={"a": "b"})
    client = sim.client()
    first = client.describe_export_image_tasks()
    untouched = copy.deepcopy(first["ExportImageTasks"])
    task = first["ExportImageTasks"][0]
    task["Tags"][0]["Key"] = "z"
    task["Tags"].append({})
    task["S3ExportLocation"]["S3Bucket"] = "z"
    task["Status"] = "z"
    first["ExportImageTasks"].append({})
    first["ResponseMetadata"]["HTTPHeaders"].clear()
    again = client.describe_export_image_tasks()
    assert again["ExportImageTasks"] == untouched
    assert again["ResponseMetadata"]["HTTPHeaders"]


@pytest.mark.rule("RSP-10", "RSP-12")
def test_a_loaded_record_can_be_changed() -> None:
    record: Any = {
        "ExportImageTaskId": "export-ami-00000000",
        "Status": "active",
        "Tags": [{"Key": "a", "Value": "b"}],
        "S3ExportLocation": {"S3Bucket": "b"},
    }
    untouched = copy.deepcopy(record)
    sim = Simulator()
    sim.load_tasks([record])
    record["Tags"][0]["Key"] = record["S3ExportLocation"]["S3Bucket"] = "z"
    assert sim.dump_tasks() == [untouched]


@pytest.mark.rule("RSP-10", "RSP-12")
@pytest.mark.parametrize("members", [{}, {"Tags": [{}]}, {"S3ExportLocation": {}}])
def test_a_task_with_absent_members_is_frozen(members: dict[str, Any]) -> None:
    sim = Simulator()
    record = {"ExportImageTaskId": "export-ami-00000000", "Status": "active", **members}
    sim.load_tasks([record])
    task = sim.tasks[0]
    assert {task: 1}[sim.task(task.id)] == 1
    assert isinstance(task.absent_members, frozenset)


@pytest.mark.rule("RSP-02")
def test_an_empty_account_has_an_empty_list() -> None:
    assert Simulator().invoke("DescribeExportImageTasks", {}) == {
        "ExportImageTasks": []
    }


@pytest.mark.rule("RSP-03", "RSP-04", "RSP-05", "RSP-06", "RSP-07", "RSP-08", "RSP-09")
def test_the_members_of_a_described_task() -> None:
    sim = Simulator()
    sim.add_task("ami-1", task_id="export-ami-00000000")
    sim.add_task(
        "ami-2",
        status="deleted",
        status_message="ClientError: x",
        description="d",
        s3_bucket="b",
        s3_prefix="p/",
        tags={"k": "v"},
        task_id="export-ami-00000001",
    )
    sim.add_task("ami-3", status="completed", task_id="export-ami-00000002")
    assert sim.dump_tasks() == [
        {
            "ExportImageTaskId": "export-ami-00000000",
            "ImageId": "ami-1",
            "Progress": "0",
            "S3ExportLocation": {"S3Bucket": "exports"},
            "Status": "active",
            "StatusMessage": "validating",
            "Tags": [],
        },
        {
            "Description": "d",
            "ExportImageTaskId": "export-ami-00000001",
            "ImageId": "ami-2",
            "S3ExportLocation": {"S3Bucket": "b", "S3Prefix": "p/"},
            "Status": "deleted",
            "StatusMessage": "ClientError: x",
            "Tags": [{"Key": "k", "Value": "v"}],
        },
        {
            "ExportImageTaskId": "export-ami-00000002",
            "ImageId": "ami-3",
            "S3ExportLocation": {"S3Bucket": "exports"},
            "Status": "completed",
            "Tags": [],
        },
    ]
