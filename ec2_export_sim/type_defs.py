"""The shapes as TypedDicts, named as in mypy_boto3_ec2 and assignable both ways.

Except TagSpecifications: theirs also come in an output form, which ours does not match.
Held against `core.shapes` by a test.
"""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - get_type_hints finds it here
from typing import Any, Literal, NotRequired, TypedDict

DiskImageFormatType = Literal["RAW", "VHD", "VMDK"]

# A string. mypy_boto3_ec2 lists all that EC2 tags, and a member of a TypedDict takes no
# narrower type and no wider one.
ResourceType = Any


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


class ExportTaskS3LocationRequestTypeDef(TypedDict):
    """Where the exported image shall go."""

    S3Bucket: str
    S3Prefix: NotRequired[str]


class TagSpecificationTypeDef(TypedDict):
    """The tags of the task that is made; the type is `export-image-task`."""

    ResourceType: NotRequired[ResourceType]
    Tags: NotRequired[Sequence[TagTypeDef]]


class ExportImageRequestTypeDef(TypedDict):
    """What ExportImage takes."""

    DiskImageFormat: DiskImageFormatType
    ImageId: str
    S3ExportLocation: ExportTaskS3LocationRequestTypeDef
    ClientToken: NotRequired[str]
    Description: NotRequired[str]
    DryRun: NotRequired[bool]
    RoleName: NotRequired[str]
    TagSpecifications: NotRequired[Sequence[TagSpecificationTypeDef]]


class ExportImageResultTypeDef(TypedDict):
    """What ExportImage gives; mypy_boto3_ec2 has all of it as always there, too."""

    Description: str
    DiskImageFormat: DiskImageFormatType
    ExportImageTaskId: str
    ImageId: str
    RoleName: str
    Progress: str
    S3ExportLocation: ExportTaskS3LocationTypeDef
    Status: str
    StatusMessage: str
    Tags: list[TagTypeDef]
    ResponseMetadata: ResponseMetadataTypeDef


class CancelExportTaskRequestTypeDef(TypedDict):
    """What CancelExportTask takes."""

    ExportTaskId: str


class CreateTagsRequestTypeDef(TypedDict):
    """What CreateTags takes."""

    Resources: Sequence[str]
    Tags: Sequence[TagTypeDef]
    DryRun: NotRequired[bool]


class DeleteTagsRequestTypeDef(TypedDict):
    """What DeleteTags takes."""

    Resources: Sequence[str]
    DryRun: NotRequired[bool]
    Tags: NotRequired[Sequence[TagTypeDef]]


class DescribeTagsRequestTypeDef(TypedDict):
    """What DescribeTags takes."""

    DryRun: NotRequired[bool]
    Filters: NotRequired[Sequence[FilterTypeDef]]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]


class TagDescriptionTypeDef(TypedDict):
    """A tag and the task that it is on."""

    Key: NotRequired[str]
    ResourceId: NotRequired[str]
    ResourceType: NotRequired[ResourceType]
    Value: NotRequired[str]


class DescribeTagsResultTypeDef(TypedDict):
    """What DescribeTags gives."""

    Tags: list[TagDescriptionTypeDef]
    ResponseMetadata: ResponseMetadataTypeDef
    NextToken: NotRequired[str]


class EmptyResponseMetadataTypeDef(TypedDict):
    """What an operation gives that has nothing to tell."""

    ResponseMetadata: ResponseMetadataTypeDef
