"""The API's shapes as literal tables: member, type, range, wire name.

The one place where a shape is written down. The parameter check, the wire and the
TypedDicts are held against it, and it is held against botocore's own model.
Source: the pages of the six operations, which their files in `operations` name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A string, boolean or integer; *minimum* and *maximum* bound an integer."""

    type: str
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ListOf:
    """A list; *item* is the wire name of an element where the list is not flattened.

    In an answer, the elements of a *flattened* list bear the member's wire name and
    stand without a container; in a request of EC2's every list is flat. No answer here
    has a flattened list; the protocol's own vectors have.
    """

    element: Shape
    item: str = "item"
    flattened: bool = False
    type: str = field(default="list", init=False)


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A structure: its members by the name that callers use, in the model's order."""

    members: Mapping[str, Member]
    required: tuple[str, ...] = ()
    type: str = field(default="structure", init=False)


class Member(NamedTuple):
    """A structure's member: its shape and its wire name, as it is written there.

    A request spells the name with a capital first letter.
    """

    shape: Shape
    wire_name: str


if TYPE_CHECKING:
    Shape: TypeAlias = Scalar | ListOf | Structure


class Operation(NamedTuple):
    """What one operation takes and gives."""

    input: Structure
    output: Structure


STRING = Scalar("string")
BOOLEAN = Scalar("boolean")
MAX_RESULTS = Scalar("integer", 1, 500)

TAG = Structure({"Key": Member(STRING, "key"), "Value": Member(STRING, "value")})

FILTER = Structure(
    {
        "Name": Member(STRING, "Name"),
        "Values": Member(ListOf(STRING), "Value"),
    }
)

S3_EXPORT_LOCATION = Structure(
    {
        "S3Bucket": Member(STRING, "s3Bucket"),
        "S3Prefix": Member(STRING, "s3Prefix"),
    }
)

S3_EXPORT_LOCATION_REQUEST = Structure(
    {
        "S3Bucket": Member(STRING, "S3Bucket"),
        "S3Prefix": Member(STRING, "S3Prefix"),
    },
    required=("S3Bucket",),
)

EXPORT_IMAGE_TASK = Structure(
    {
        "Description": Member(STRING, "description"),
        "ExportImageTaskId": Member(STRING, "exportImageTaskId"),
        "ImageId": Member(STRING, "imageId"),
        "Progress": Member(STRING, "progress"),
        "S3ExportLocation": Member(S3_EXPORT_LOCATION, "s3ExportLocation"),
        "Status": Member(STRING, "status"),
        "StatusMessage": Member(STRING, "statusMessage"),
        "Tags": Member(ListOf(TAG), "tagSet"),
    }
)

TAG_SPECIFICATION = Structure(
    {
        "ResourceType": Member(STRING, "resourceType"),
        "Tags": Member(ListOf(TAG), "Tag"),
    }
)

TAG_DESCRIPTION = Structure(
    {
        "Key": Member(STRING, "key"),
        "ResourceId": Member(STRING, "resourceId"),
        "ResourceType": Member(STRING, "resourceType"),
        "Value": Member(STRING, "value"),
    }
)

# An operation whose output has no member answers `<return>true</return>` on the wire.
NOTHING = Structure({})

OPERATIONS = {
    "DescribeExportImageTasks": Operation(
        Structure(
            {
                "DryRun": Member(BOOLEAN, "DryRun"),
                "Filters": Member(ListOf(FILTER, "Filter"), "Filter"),
                "ExportImageTaskIds": Member(
                    ListOf(STRING, "ExportImageTaskId"), "ExportImageTaskId"
                ),
                "MaxResults": Member(MAX_RESULTS, "MaxResults"),
                "NextToken": Member(STRING, "NextToken"),
            }
        ),
        Structure(
            {
                "ExportImageTasks": Member(
                    ListOf(EXPORT_IMAGE_TASK), "exportImageTaskSet"
                ),
                "NextToken": Member(STRING, "nextToken"),
            }
        ),
    ),
    "ExportImage": Operation(
        Structure(
            {
                "ClientToken": Member(STRING, "ClientToken"),
                "Description": Member(STRING, "Description"),
                "DiskImageFormat": Member(STRING, "DiskImageFormat"),
                "DryRun": Member(BOOLEAN, "DryRun"),
                "ImageId": Member(STRING, "ImageId"),
                "S3ExportLocation": Member(
                    S3_EXPORT_LOCATION_REQUEST, "S3ExportLocation"
                ),
                "RoleName": Member(STRING, "RoleName"),
                "TagSpecifications": Member(
                    ListOf(TAG_SPECIFICATION), "TagSpecification"
                ),
            },
            required=("DiskImageFormat", "ImageId", "S3ExportLocation"),
        ),
        Structure(
            {
                **EXPORT_IMAGE_TASK.members,
                "DiskImageFormat": Member(STRING, "diskImageFormat"),
                "RoleName": Member(STRING, "roleName"),
            }
        ),
    ),
    "CancelExportTask": Operation(
        Structure(
            {"ExportTaskId": Member(STRING, "exportTaskId")},
            required=("ExportTaskId",),
        ),
        NOTHING,
    ),
    "CreateTags": Operation(
        Structure(
            {
                "DryRun": Member(BOOLEAN, "dryRun"),
                "Resources": Member(ListOf(STRING), "ResourceId"),
                "Tags": Member(ListOf(TAG), "Tag"),
            },
            required=("Resources", "Tags"),
        ),
        NOTHING,
    ),
    "DeleteTags": Operation(
        Structure(
            {
                "DryRun": Member(BOOLEAN, "dryRun"),
                "Resources": Member(ListOf(STRING), "resourceId"),
                "Tags": Member(ListOf(TAG), "tag"),
            },
            required=("Resources",),
        ),
        NOTHING,
    ),
    "DescribeTags": Operation(
        Structure(
            {
                "DryRun": Member(BOOLEAN, "dryRun"),
                "Filters": Member(ListOf(FILTER, "Filter"), "Filter"),
                "MaxResults": Member(Scalar("integer"), "maxResults"),
                "NextToken": Member(STRING, "nextToken"),
            }
        ),
        Structure(
            {
                "NextToken": Member(STRING, "nextToken"),
                "Tags": Member(ListOf(TAG_DESCRIPTION), "tagSet"),
            }
        ),
    ),
}
