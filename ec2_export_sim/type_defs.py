"""The shapes as TypedDicts, named as in mypy_boto3_ec2.

Each is assignable to the one in mypy_boto3_ec2 and the other way round, but not
TagSpecifications: theirs also has an output form. A test compares them with the shapes.
"""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - get_type_hints finds it here
from typing import Any, Literal, NotRequired, TypedDict

DiskImageFormatType = Literal["RAW", "VHD", "VMDK"]

# A string. mypy_boto3_ec2 lists every type of resource, and a member of a TypedDict
# accepts neither a narrower type nor a wider one.
ResourceType = Any


class FilterTypeDef(TypedDict):
    """A filter's name and values."""

    Name: NotRequired[str]
    Values: NotRequired[Sequence[str]]


class DescribeExportImageTasksRequestTypeDef(TypedDict):
    """The parameters of DescribeExportImageTasks."""

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
    """The destination of the exported image."""

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
    """The answer of DescribeExportImageTasks."""

    ExportImageTasks: list[ExportImageTaskTypeDef]
    ResponseMetadata: ResponseMetadataTypeDef
    NextToken: NotRequired[str]


class ExportTaskS3LocationRequestTypeDef(TypedDict):
    """The destination of the exported image, as a request names it."""

    S3Bucket: str
    S3Prefix: NotRequired[str]


class TagSpecificationTypeDef(TypedDict):
    """The tags of the new task; ResourceType is `export-image-task`."""

    ResourceType: NotRequired[ResourceType]
    Tags: NotRequired[Sequence[TagTypeDef]]


class ExportImageRequestTypeDef(TypedDict):
    """The parameters of ExportImage."""

    DiskImageFormat: DiskImageFormatType
    ImageId: str
    S3ExportLocation: ExportTaskS3LocationRequestTypeDef
    ClientToken: NotRequired[str]
    Description: NotRequired[str]
    DryRun: NotRequired[bool]
    RoleName: NotRequired[str]
    TagSpecifications: NotRequired[Sequence[TagSpecificationTypeDef]]


class ExportImageResultTypeDef(TypedDict):
    """The answer of ExportImage; as in mypy_boto3_ec2, no member is optional."""

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
    """The parameters of CancelExportTask."""

    ExportTaskId: str


class CreateTagsRequestTypeDef(TypedDict):
    """The parameters of CreateTags."""

    Resources: Sequence[str]
    Tags: Sequence[TagTypeDef]
    DryRun: NotRequired[bool]


class DeleteTagsRequestTypeDef(TypedDict):
    """The parameters of DeleteTags."""

    Resources: Sequence[str]
    DryRun: NotRequired[bool]
    Tags: NotRequired[Sequence[TagTypeDef]]


class DescribeTagsRequestTypeDef(TypedDict):
    """The parameters of DescribeTags."""

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
    """The answer of DescribeTags."""

    Tags: list[TagDescriptionTypeDef]
    ResponseMetadata: ResponseMetadataTypeDef
    NextToken: NotRequired[str]


class EmptyResponseMetadataTypeDef(TypedDict):
    """The answer of an operation that returns no data."""

    ResponseMetadata: ResponseMetadataTypeDef
