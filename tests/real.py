"""Real botocore: what it has on EC2, read once, and clients that have keys."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore.loaders
from botocore.model import ServiceModel

from ec2_export_sim import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS: Any = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
ROLE = """[default]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = source
[profile source]
aws_access_key_id = a
aws_secret_access_key = b
"""


@cache
def loader() -> botocore.loaders.Loader:
    """Return a loader that has read EC2's large model once for all who ask it."""
    return botocore.loaders.create_loader()


@cache
def model() -> ServiceModel:
    """Return botocore's model of EC2."""
    return ServiceModel(loader().load_service_model("ec2", "service-2"), "ec2")


def made(region: str = "us-east-1") -> Any:
    """Return a client of boto3's that has keys."""
    return boto3.client("ec2", region, **KEYS)


@cache
def client() -> Any:
    """Return one client for all calls: making one takes long."""
    return made()


class Body(io.BytesIO):
    """The body of an answer, as botocore reads one."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def ids(of: Any) -> list[str]:
    """Return the ids of the tasks that a client gets."""
    answer = of.describe_export_image_tasks()
    return [task["ExportImageTaskId"] for task in answer["ExportImageTasks"]]


def holding(count: int, region: str) -> tuple[Simulator, list[str]]:
    """Return a simulator that holds so many tasks in *region*, and their ids."""
    sim = Simulator()
    return sim, [sim.in_region(region).add_task().id for _ in range(count)]
