"""The entry points of the simulator, each as a target of the conformance suite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse

from ec2_export_sim import ClientError, Policy, ServiceError, Simulator
from ec2_export_sim.botocore import intercept
from ec2_export_sim.conformance.targets import simulator
from ec2_export_sim.wsgi import application
from tests import real
from tests.wsgi_client import call

if TYPE_CHECKING:
    from collections.abc import Callable


def _policy(authorized: bool) -> Policy | None:
    return None if authorized else Policy.deny_all()


class _Invoker:
    """A client that calls `invoke`, which leaves every check to the service."""

    def __init__(self, sim: Simulator, policy: Policy | None) -> None:
        self._sim = sim
        self._policy = policy
        self.advance = sim.advance

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**parameters: Any) -> dict[str, Any]:
            try:
                return self._sim.invoke(operation, parameters, policy=self._policy)
            except ServiceError as error:
                response: dict[str, Any] = {
                    "Error": {"Code": error.code, "Message": error.message},
                    "ResponseMetadata": {"HTTPStatusCode": error.http_status},
                }
                raise ClientError(response, operation) from error

        return call


def invoke(tasks: list[dict[str, Any]], *, authorized: bool = True) -> Any:
    """`Simulator.invoke`."""
    sim = Simulator()
    sim.load_tasks(tasks)
    return _Invoker(sim, _policy(authorized))


class _Served:
    """A real boto3 client that `intercept` serves during each call."""

    def __init__(self, sim: Simulator, policy: Policy | None) -> None:
        self._sim = sim
        self._policy = policy
        self.advance = sim.advance

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            served = real.client()
            with intercept(self._sim, served, policy=self._policy):
                return getattr(served, operation)(**parameters)

        return call


def boto3_client(tasks: list[dict[str, Any]], *, authorized: bool = True) -> Any:
    """A real boto3 client under `intercept`."""
    sim = Simulator()
    sim.load_tasks(tasks)
    return _Served(sim, _policy(authorized))


class _OverWsgi:
    """A real boto3 client whose requests go to a WSGI application."""

    def __init__(self, sim: Simulator, policy: Policy | None) -> None:
        self._app = application(sim, policy=policy)
        self.advance = sim.advance

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            events = real.client().meta.events
            events.register_first("before-send.ec2", self._answer)
            try:
                return getattr(real.client(), operation)(**parameters)
            finally:
                events.unregister("before-send.ec2", self._answer)

        return call

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        body = (
            request.body if isinstance(request.body, bytes) else request.body.encode()
        )
        status, headers, answer = call(self._app, body)
        carried: Any = headers
        raw: Any = real.Body(answer)
        return AWSResponse(request.url, int(status[:3]), carried, raw)


def wsgi(tasks: list[dict[str, Any]], *, authorized: bool = True) -> Any:
    """The WSGI application, called by a real boto3 client."""
    sim = Simulator()
    sim.load_tasks(tasks)
    return _OverWsgi(sim, _policy(authorized))


ENTRY_POINTS = [simulator, invoke, boto3_client, wsgi]
