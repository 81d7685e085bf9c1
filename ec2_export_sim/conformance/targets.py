"""Targets that are ready to be held against the rules.

simulator   this package's own
endpoint    whatever answers boto3's EC2 client
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ec2_export_sim import Client, Policy, Simulator

if TYPE_CHECKING:
    from .probe import Record


def simulator(tasks: list[Record], *, authorized: bool = True) -> Client:
    """Return a client of a fresh simulator that holds *tasks*."""
    sim = Simulator()
    sim.load_tasks(tasks)
    return sim.client(None if authorized else Policy.deny_all())


class Endpoint:
    """Whatever answers boto3's own EC2 client, which is only read.

    Point boto3 at it with its own settings: AWS_ENDPOINT_URL_EC2, AWS_REGION,
    AWS_PROFILE. Without an endpoint it is the real service.
    """

    lacks = frozenset({"seed", "permissions"})

    def __call__(self, tasks: list[Record], *, authorized: bool = True) -> Any:
        """Return the client; raises ValueError for tasks and one who is not allowed."""
        if tasks or not authorized:
            raise ValueError("an endpoint is only read, and by its own caller")
        return _boto3_client()


@cache
def _boto3_client() -> Any:
    import boto3  # noqa: PLC0415 - only this target needs it

    session = boto3.Session()
    return session.client("ec2", region_name=session.region_name or "us-east-1")


endpoint = Endpoint()
