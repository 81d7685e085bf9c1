"""The doors of the simulator, each as a target of the conformance kit."""

from __future__ import annotations

from typing import Any

from ec2_export_sim import ClientError, Policy, ServiceError, Simulator


def _policy(authorized: bool) -> Policy | None:
    return None if authorized else Policy.deny_all()


def client(tasks: list[dict[str, Any]], *, authorized: bool = True) -> Any:
    """The pure client."""
    sim = Simulator()
    sim.load_tasks(tasks)
    return sim.client(_policy(authorized))


class _Invoker:
    """A client that calls `invoke`, where nothing is checked before the service."""

    def __init__(self, sim: Simulator, policy: Policy | None) -> None:
        self._sim = sim
        self._policy = policy

    def describe_export_image_tasks(self, **parameters: Any) -> dict[str, Any]:
        operation = "DescribeExportImageTasks"
        try:
            return self._sim.invoke(operation, parameters, policy=self._policy)
        except ServiceError as error:
            told = {
                "Error": {"Code": error.code, "Message": error.message},
                "ResponseMetadata": {"HTTPStatusCode": error.http_status},
            }
            raise ClientError(told, operation) from error


def invoke(tasks: list[dict[str, Any]], *, authorized: bool = True) -> Any:
    """The neck."""
    sim = Simulator()
    sim.load_tasks(tasks)
    return _Invoker(sim, _policy(authorized))


DOORS = [client, invoke]
