"""How the library is used, as a type checker sees it; never executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import assert_type

import mypy_boto3_ec2.type_defs as boto3
from mypy_boto3_ec2 import EC2Client

from ec2_export_sim import (
    Call,
    Calls,
    Client,
    ExportImageTask,
    Policy,
    Quirk,
    Simulator,
    TaskState,
    type_defs,
)


def simulators() -> Iterator[Simulator]:
    yield Simulator()
    yield Simulator("eu-west-1", "123456789012", seed=7, seconds_per_call=0.5)
    yield Simulator(roles={"vmimport", "exporter"})
    yield Simulator(quirks=[Quirk.TASK_STATE_FILTER_IGNORED]).in_region("eu-west-1")


def arranging(sim: Simulator) -> None:
    task = sim.add_task(status="active", progress=21, tags={"a": "b"})
    assert_type(task, ExportImageTask)
    assert_type(task.state, TaskState)
    assert_type(task.progress, str | None)
    assert_type(task.tags, Mapping[str, str])
    assert_type(sim.tasks, tuple[ExportImageTask, ...])
    assert_type(sim.calls, Calls)
    assert_type(sim.calls.last, Call | None)
    assert_type(sim.now, datetime)
    sim.load_tasks(sim.dump_tasks())


def calling(sim: Simulator) -> None:
    client = sim.client(Policy.allow("ec2:Describe*"), principal="arn:aws:iam::1:root")
    assert_type(client, Client)
    answer = client.describe_export_image_tasks(
        Filters=[{"Name": "task-state", "Values": ["active"]}],
        ExportImageTaskIds=["export-ami-1234567890abcdef0"],
        MaxResults=5,
        NextToken="",
        DryRun=False,
    )
    assert_type(answer, type_defs.DescribeExportImageTasksResultTypeDef)
    for page in client.get_paginator("describe_export_image_tasks").paginate():
        assert_type(page, type_defs.DescribeExportImageTasksResultTypeDef)


def ours_is_theirs(client: Client) -> boto3.DescribeExportImageTasksResultTypeDef:
    return client.describe_export_image_tasks()


def theirs_is_ours(
    client: EC2Client,
) -> type_defs.DescribeExportImageTasksResultTypeDef:
    return client.describe_export_image_tasks()


def our_request(
    request: type_defs.DescribeExportImageTasksRequestTypeDef, client: EC2Client
) -> boto3.DescribeExportImageTasksRequestTypeDef:
    client.describe_export_image_tasks(**request)
    return request


def their_request(
    request: boto3.DescribeExportImageTasksRequestTypeDef, client: Client
) -> type_defs.DescribeExportImageTasksRequestTypeDef:
    client.describe_export_image_tasks(**request)
    return request


def our_task(task: type_defs.ExportImageTaskTypeDef) -> boto3.ExportImageTaskTypeDef:
    return task


def their_task(task: boto3.ExportImageTaskTypeDef) -> type_defs.ExportImageTaskTypeDef:
    return task


# --- the other operations: a request to the other's client, and its answer ----------


def our_export(
    request: type_defs.ExportImageRequestTypeDef, client: EC2Client
) -> type_defs.ExportImageResultTypeDef:
    return client.export_image(**request)


def their_export(
    request: boto3.ExportImageRequestTypeDef, client: Client
) -> boto3.ExportImageResultTypeDef:
    # Theirs lets the tags of a specification be a list only, as in an answer.
    return client.export_image(**request)  # type: ignore[arg-type]


def our_cancel(
    request: type_defs.CancelExportTaskRequestTypeDef, client: EC2Client
) -> type_defs.EmptyResponseMetadataTypeDef:
    return client.cancel_export_task(**request)


def their_cancel(
    request: boto3.CancelExportTaskRequestTypeDef, client: Client
) -> boto3.EmptyResponseMetadataTypeDef:
    return client.cancel_export_task(**request)


def our_tagging(request: type_defs.CreateTagsRequestTypeDef, client: EC2Client) -> None:
    client.create_tags(**request)


def their_tagging(
    request: boto3.ClientCreateTagsRequestTypeDef, client: Client
) -> boto3.EmptyResponseMetadataTypeDef:
    return client.create_tags(**request)


def our_untagging(
    request: type_defs.DeleteTagsRequestTypeDef, client: EC2Client
) -> None:
    client.delete_tags(**request)


def their_untagging(
    request: boto3.ClientDeleteTagsRequestTypeDef, client: Client
) -> boto3.EmptyResponseMetadataTypeDef:
    return client.delete_tags(**request)


def our_listing(
    request: type_defs.DescribeTagsRequestTypeDef, client: EC2Client
) -> type_defs.DescribeTagsResultTypeDef:
    return client.describe_tags(**request)


def their_listing(
    request: boto3.DescribeTagsRequestTypeDef, client: Client
) -> boto3.DescribeTagsResultTypeDef:
    return client.describe_tags(**request)
