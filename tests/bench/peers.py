"""What the figures are compared with: a mock, a stub, moto, and plain dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import boto3
from botocore.stub import Stubber
from moto import mock_aws
from moto.ec2.models import ec2_backends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGION = "us-east-1"
ACCOUNT = "123456789012"
_KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


def ids(first: int, count: int) -> list[str]:
    """Return *count* task ids."""
    return [f"export-ami-{number:017x}" for number in range(first, first + count)]


def records(
    count: int, state: Callable[[int], str] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield *count* recorded tasks, each with its own image and one tag."""
    for number in range(1, count + 1):
        status = "active" if state is None else state(number)
        record: dict[str, Any] = {
            "ExportImageTaskId": f"export-ami-{number:017x}",
            "ImageId": f"ami-{number:017x}",
            "S3ExportLocation": {"S3Bucket": "exports"},
            "Status": status,
            "Tags": [{"Key": "Name", "Value": "image"}],
        }
        if status == "active":
            record |= {"Progress": "0", "StatusMessage": "validating"}
        yield record


def built(source: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Build the dicts of a response, as a test with canned responses does."""
    return [
        {
            "ExportImageTaskId": task["ExportImageTaskId"],
            "ImageId": task["ImageId"],
            "Progress": task["Progress"],
            "S3ExportLocation": {"S3Bucket": task["S3ExportLocation"]["S3Bucket"]},
            "Status": task["Status"],
            "StatusMessage": task["StatusMessage"],
            "Tags": [
                {"Key": tag["Key"], "Value": tag["Value"]} for tag in task["Tags"]
            ],
        }
        for task in source
    ]


def mocked(answer: dict[str, Any]) -> Any:
    """Return a MagicMock that returns *answer*."""
    client = MagicMock()
    client.describe_export_image_tasks.return_value = answer
    return client


def stubbed(answer: dict[str, Any]) -> Callable[..., Any]:
    """Return a call of a stubbed client: the response is queued, then fetched."""
    client: Any = boto3.client("ec2", REGION, **_KEYS)  # type: ignore[call-overload]
    stubber = Stubber(client)
    stubber.activate()

    def call(**request: Any) -> Any:
        stubber.add_response("describe_export_image_tasks", answer)
        return client.describe_export_image_tasks(**request)

    return call


class Moto:
    """moto with *volumes* volumes, the most similar resource that it describes."""

    def __init__(self, volumes: int) -> None:
        self._mock = mock_aws()
        self._mock.start()
        self.client: Any = boto3.client("ec2", REGION, **_KEYS)  # type: ignore[call-overload]
        backend = ec2_backends[ACCOUNT][REGION]
        self.ids = [
            backend.create_volume(size=1, zone_name=f"{REGION}a").id
            for _ in range(volumes)
        ]

    def by_id(self) -> Any:
        """Describe one volume by its id."""
        return self.client.describe_volumes(VolumeIds=[self.ids[len(self.ids) // 2]])

    def page(self) -> Any:
        """Describe a page of 100 volumes."""
        return self.client.describe_volumes(MaxResults=100)

    def close(self) -> None:
        """Stop the mock."""
        self._mock.stop()
