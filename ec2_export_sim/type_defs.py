"""The shapes as TypedDicts, named as in mypy_boto3_ec2 and assignable both ways.

Held against `core.shapes` by a test.
"""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - get_type_hints finds it here
from typing import NotRequired, TypedDict


class FilterTypeDef(TypedDict):
    """A filter's name and values."""

    Name: NotRequired[str]
    Values: NotRequired[Sequence[str]]


class DescribeExportImageTasksRequestTypeDef(TypedDict):
    """What DescribeExportImageTasks takes."""

    DryRun: NotRequired[bool]
    Filters: NotRequired[Sequence[FilterTypeDef]]
    ExportImageTaskIds: NotRequired[Sequence[str]]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]


class TagTypeDef(TypedDict):
    """A tag's key and value."""

    Key: NotRequired[str]
    Value: NotRequired[str]


class ExportTaskS3LocationTypeDef(TypedDict):
    """Where the exported image goes."""

    S3Bucket: NotRequired[str]
    S3Prefix: NotRequired[str]


class ExportImageTaskTypeDef(TypedDict):
    """One task, described."""

    Description: NotRequired[str]
    ExportImageTaskId: NotRequired[str]
    ImageId: NotRequired[str]
    Progress: NotRequired[str]
    S3ExportLocation: NotRequired[ExportTaskS3LocationTypeDef]
    Status: NotRequired[str]
    StatusMessage: NotRequired[str]
    Tags: NotRequired[list[TagTypeDef]]


class ResponseMetadataTypeDef(TypedDict):
    """What boto3 adds to an answer."""

    RequestId: str
    HTTPStatusCode: int
    HTTPHeaders: dict[str, str]
    RetryAttempts: int
    HostId: NotRequired[str]


class DescribeExportImageTasksResultTypeDef(TypedDict):
    """What DescribeExportImageTasks gives."""

    ExportImageTasks: list[ExportImageTaskTypeDef]
    ResponseMetadata: ResponseMetadataTypeDef
    NextToken: NotRequired[str]
