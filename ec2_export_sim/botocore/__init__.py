"""Serves real boto3, botocore and aiobotocore clients in this process.

The client's own serializer, signer, retries, hooks and parser do their work. Only the
network and the search for credentials are replaced (`endpoint`, `aio`). For this, a few
methods of botocore are patched while an interception is open (`patches`).

Rules: WIR-17 to WIR-20, WIR-22.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

try:
    from botocore.client import BaseClient
except ImportError as missing:
    needed = "ec2_export_sim.botocore needs botocore: pip install ec2-export-sim[boto3]"
    raise ImportError(needed) from missing

from ..core.text import safe_repr
from ..decorators import in_context
from ..simulator import Simulator, check_simulator
from . import aio
from .endpoint import EC2, PATCHES, OperationNotEmulatedError
from .patches import Interception, interceptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.policies import Policy
    from ..core.request_context import RequestContext
    from ..decorators import F

__tracebackhide__ = True
__all__ = ["OperationNotEmulatedError", "intercept"]


class intercept:  # noqa: N801 - named like a function, as contextlib's are
    """Serve real EC2 clients from a simulator, as context manager or decorator.

    It works with `with` and `async with`, and decorates functions and coroutine
    functions. No credentials are needed. Operations that are not emulated go to moto if
    it is active; else they raise `OperationNotEmulatedError`. The interception entered
    last wins, in every thread and task. Interceptions may be left in any order.

    Args:
        sim: The simulator, which `with` returns; or a callable such as `Simulator` that
            makes one for each entry and for each call of a decorated function.
        client: The one client to serve. None: every EC2 client of the process, however
            and whenever it was made, each in its own region.
        policy: What all clients may do; None allows everything.
        principal: The ARN of all callers; None is the account's user `test`.
        context: Condition keys of IAM for all callers; see `Simulator.client`.
        pass_through: Whether operations that are not emulated go to the client's own
            endpoint, if its URL was set and is not AWS's: a moto server, LocalStack.

    Raises:
        TypeError: *sim* neither is nor makes a Simulator, or *policy* is not a Policy.
        ValueError: *client* is not one of EC2, or *principal* or *context* is wrong.
        RuntimeError: botocore or aiobotocore has no method to patch (on entering), or
            the interception was not entered (on leaving).

    >>> import boto3
    >>> from ec2_export_sim import Simulator
    >>> with intercept(Simulator) as sim:
    ...     task = sim.add_task(progress=85)
    ...     ec2 = boto3.client("ec2", region_name="us-east-1")
    ...     answer = ec2.describe_export_image_tasks()
    >>> answer["ExportImageTasks"][0]["StatusMessage"]
    'converting'
    """

    def __init__(
        self,
        sim: Simulator | Callable[[], Simulator],
        client: Any = None,
        *,
        policy: Policy | None = None,
        principal: str | None = None,
        context: RequestContext | None = None,
        pass_through: bool = False,
    ) -> None:
        if client is not None and not (
            isinstance(client, BaseClient)
            and client.meta.service_model.service_id == EC2
        ):
            raise ValueError(f"client must be one of EC2, not {safe_repr(client)}")
        self._client = client
        self._caller = (policy, principal, context)
        self._pass_through = pass_through
        self._entered: list[Interception] = []
        self._sim = sim
        example = Simulator() if callable(sim) else check_simulator(sim)
        example._caller(*self._caller)  # raises for a wrong argument

    def _interception(self) -> Interception:
        sim = check_simulator(self._sim() if callable(self._sim) else self._sim)
        caller = sim._caller(*self._caller)
        return Interception(sim, caller, self._client, self._pass_through)

    def __repr__(self) -> str:
        return f"<intercept by {self._sim!r}>"

    def _copy(self) -> intercept:
        copied = copy.copy(self)
        copied._entered = []
        return copied

    def __call__(self, func: F) -> F:
        """Return *func*; its calls are served, each by an interception of its own.

        Raises TypeError for a class and for a generator function, async or not.
        """
        return in_context(func, self._copy, "intercept")

    def __enter__(self) -> Simulator:
        interception = self._interception()
        interceptions.enter(interception, (*PATCHES, *aio.patches()))
        self._entered.append(interception)
        return interception.sim

    def __exit__(self, *_: object) -> None:
        if not self._entered:
            raise RuntimeError("intercept is left that was not entered")
        interceptions.leave(self._entered.pop())

    async def __aenter__(self) -> Simulator:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()
