"""The kinds of shapes, and the shapes that several operations share.

A shape is a literal table: member, type, range, wire name. Each shape is written once:
here, or in the file of the only operation that uses it. The parameter check and the
wire read it. Tests compare it with botocore's model and with the TypedDicts.
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
    """A list; *item* is the wire name of its elements in an answer.

    In a request to EC2, every list is flat.
    """

    element: Shape
    item: str = "item"
    type: str = field(default="list", init=False)


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A structure: its members by the name that callers use, in the model's order."""

    members: Mapping[str, Member]
    required: tuple[str, ...] = ()
    type: str = field(default="structure", init=False)


class Member(NamedTuple):
    """A structure's member: its shape, and its wire name in an answer."""

    shape: Shape
    wire_name: str


if TYPE_CHECKING:
    Shape: TypeAlias = Scalar | ListOf | Structure


def request_name(wire_name: str) -> str:
    """Return a wire name as a request has it: with a capital first letter."""
    return wire_name[:1].upper() + wire_name[1:]


STRING = Scalar("string")
BOOLEAN = Scalar("boolean")

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

# The output of an operation that has no members.
NOTHING = Structure({})
