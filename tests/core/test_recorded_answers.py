"""Published and recorded responses, reproduced member by member."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ec2_export_sim import Simulator
from tests.calls import IMAGE, export, exported


@pytest.mark.rule("LIF-27", "SIM-04")
@pytest.mark.parametrize(
    ("request_", "members"),
    [
        pytest.param(  # VM Import/Export guide, "Start an export image task"
            {
                "ImageId": "ami-1234567890abcdef0",
                "DiskImageFormat": "VMDK",
                "S3ExportLocation": {
                    "S3Bucket": "amzn-s3-demo-bucket",
                    "S3Prefix": "exports/",
                },
                "Description": "My export",
            },
            {"Description": "My export", "DiskImageFormat": "VMDK"},
            id="guide",
        ),
        pytest.param(  # the AWS CLI's sample, its format in upper case
            {
                "ImageId": "ami-1234567890abcdef0",
                "DiskImageFormat": "vmdk",
                "RoleName": "vmimport",
                "S3ExportLocation": {
                    "S3Bucket": "my-export-bucket",
                    "S3Prefix": "exports/",
                },
            },
            {"DiskImageFormat": "VMDK", "RoleName": "vmimport"},
            id="cli",
        ),
        pytest.param(  # as in public pastes: no role, no prefix, no tags
            {
                "ImageId": "ami-1234abcd",
                "DiskImageFormat": "VHD",
                "S3ExportLocation": {"S3Bucket": "b"},
            },
            {"DiskImageFormat": "VHD"},
            id="pastes",
        ),
        pytest.param(
            {
                "ImageId": IMAGE,
                "DiskImageFormat": "Raw",
                "S3ExportLocation": {"S3Bucket": "b", "S3Prefix": ""},
                "ClientToken": "",
                "DryRun": False,
                "TagSpecifications": [
                    {
                        "ResourceType": "export-image-task",
                        "Tags": [{"Key": "Name", "Value": "n"}],
                    }
                ],
            },
            {
                "DiskImageFormat": "RAW",
                "S3ExportLocation": {"S3Bucket": "b"},
                "Tags": [{"Key": "Name", "Value": "n"}],
            },
            id="all",
        ),
    ],
)
def test_the_response_describes_the_task(
    request_: dict[str, Any], members: dict[str, Any]
) -> None:
    sim = Simulator()
    response = sim.invoke("ExportImage", request_)
    task_id = response.pop("ExportImageTaskId")
    assert re.fullmatch("export-ami-[0-9a-f]{17}", task_id)
    expected = {
        "ImageId": request_["ImageId"],
        "Progress": "0",
        "S3ExportLocation": request_["S3ExportLocation"],
        "Status": "active",
        "StatusMessage": "validating",
        **members,
    }
    assert response == expected
    only_here = ("DiskImageFormat", "RoleName")
    described = {
        name: value for name, value in expected.items() if name not in only_here
    }
    assert sim.invoke("DescribeExportImageTasks", {})["ExportImageTasks"] == [
        {"ExportImageTaskId": task_id, "Tags": [], **described}
    ]


@pytest.mark.rule("LIF-05", "LIF-03", "LIF-14")
def test_the_clis_sample_of_describing_is_reproduced() -> None:
    sim = Simulator()
    location = {"S3Bucket": "my-export-bucket", "S3Prefix": "exports/"}
    task_id = exported(sim, S3ExportLocation=location)
    sim.advance(90)
    active = {
        "ExportImageTaskId": task_id,
        "ImageId": IMAGE,
        "Progress": "21",
        "S3ExportLocation": location,
        "Status": "active",
        "StatusMessage": "updating",
        "Tags": [],
    }
    assert sim.dump_tasks() == [active]
    sim.advance(810)
    running = ("Progress", "StatusMessage")
    kept = {name: value for name, value in active.items() if name not in running}
    assert sim.dump_tasks() == [{**kept, "Status": "completed"}]
    assert sim.task(task_id).s3_key == f"exports/{task_id}.vmdk"


# The AWS CLI's samples, the VM Import/Export guide's table, and a public paste.
RECORDED: list[dict[str, Any]] = [
    {
        "ExportImageTaskId": "export-ami-1234567890abcdef0",
        "Progress": "21",
        "S3ExportLocation": {"S3Bucket": "my-export-bucket", "S3Prefix": "exports/"},
        "Status": "active",
        "StatusMessage": "updating",
    },
    {
        "ExportImageTaskId": "export-ami-1234567890abcdef1",
        "S3ExportLocation": {"S3Bucket": "my-export-bucket", "S3Prefix": "exports/"},
        "Status": "completed",
    },
    {
        "ExportImageTaskId": "export-ami-36a041c1000000000",
        "ImageId": "",
        "Progress": "80",
        "S3ExportLocation": {"S3Bucket": "amzn-s3-demo-bucket", "S3Prefix": "exports/"},
        "Status": "active",
        "StatusMessage": "converting",
        "Tags": [],
    },
    {
        "Description": "My export",
        "ExportImageTaskId": "export-ami-9dadaf55b2b57810t",
        "ImageId": "ami-1234567890abcdef0",
        "S3ExportLocation": {"S3Bucket": "b"},
        "Status": "completed",
        "Tags": [{"Key": "Name", "Value": "n"}],
    },
]


@pytest.mark.rule("RSP-12", "LIF-03", "LIF-08", "SIM-05")
def test_recorded_tasks_are_described_unchanged() -> None:
    sim = Simulator()
    sim.load_tasks(RECORDED)
    sim.advance(10**6)
    assert sim.invoke("DescribeExportImageTasks", {})["ExportImageTasks"] == RECORDED
    expected = [(task.progress, task.status_message) for task in sim.tasks]
    exported(sim)
    for at, seconds in [(0, 90), (2, 360)]:  # an export shows these pairs, too
        sim.advance(seconds)
        running = sim.tasks[-1]
        assert (running.progress, running.status_message) == expected[at]


@pytest.mark.rule("LIF-14")
@pytest.mark.parametrize(
    ("disk_image_format", "prefix", "key"),
    [
        ("VMDK", "exports/", "exports/{}.vmdk"),
        ("vhd", "vm", "vm{}.vhd"),
        ("RAW", "", "{}.raw"),
    ],
)
def test_the_key_is_prefix_id_and_format(
    disk_image_format: str, prefix: str, key: str
) -> None:
    sim = Simulator()
    location = {"S3Bucket": "b", "S3Prefix": prefix}
    task_id = exported(
        sim, DiskImageFormat=disk_image_format, S3ExportLocation=location
    )
    assert sim.task(task_id).s3_key == key.format(task_id)


@pytest.mark.rule("LIF-27", "RSP-10")
def test_the_response_shares_no_object_with_the_task() -> None:
    sim = Simulator()
    tags = [{"Key": "k", "Value": "v"}]
    specification = {"ResourceType": "export-image-task", "Tags": tags}
    response = export(sim, ClientToken="t", TagSpecifications=[specification])
    before = (sim.dump_tasks(), sim.calls)
    response["Tags"][0]["Value"] = response["S3ExportLocation"]["S3Bucket"] = "x"
    tags.append({"Key": "l"})
    assert (sim.dump_tasks(), sim.calls) == before
