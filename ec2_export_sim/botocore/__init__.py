"""Serves real boto3, botocore and aiobotocore clients in this process.

The client's own serializer, signer, retries, hooks and parser do their work. Only the
network and the search for credentials are replaced (`endpoint`, `aio`), by patching a
few methods of botocore while an interception is open (`patches`).

Rules: WIR-17 to WIR-20, WIR-22.
"""

from __future__ import annotations

import copy
import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any

try:
    from botocore.client import BaseClient
except ImportError as missing:
    needed = "ec2_export_sim.botocore needs botocore: pip install ec2-export-sim[boto3]"
    raise ImportError(needed) from missing

from ..core.text import safe_repr
from ..simulator import Simulator, check_simulator
from . import aio
from .endpoint import EC2, PATCHES, OperationNotEmulatedError
from .patches import Interception, interceptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from ..core.policies import Policy

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["OperationNotEmulatedError", "intercept"]

_RUN_LATER = (inspect.isclass, inspect.isgeneratorfunction, inspect.isasyncgenfunction)


class intercept:  # noqa: N801 - named like a function, as contextlib's are
    """Serve real EC2 clients from a simulator, as context manager or decorator.

    - *sim*: the `Simulator` that answers, or a callable that makes one, such as
      `Simulator` itself: then each entry, and each call of a decorated function, has a
      new one. `with` returns it.
    - *client*: the one client to serve. By default every EC2 client of the process is
      served, however and whenever it was made, each in its own region.
    - *policy*, *principal*, *context*: as in `Simulator.client`, for every call.
    - *pass_through*: send the operations that are not emulated to the client's own
      endpoint, if its URL was set and is not AWS's, such as a moto server's.

    `with` and `async with` do the same, and so for functions and coroutine functions.
    No credentials are needed. Operations that are not emulated go to moto if it is
    active, else they raise `OperationNotEmulatedError`. Of several interceptions the
    one entered last wins, in every thread and task, and they may be left in any order;
    tasks that run at the same time should name their *client*.

    >>> import boto3
    >>> from ec2_export_sim import Simulator
    >>> with intercept(Simulator) as sim:
    ...     task = sim.add_task(progress=85)
    ...     ec2 = boto3.client("ec2", region_name="us-east-1")
    ...     answer = ec2.describe_export_image_tasks()
    >>> answer["ExportImageTasks"][0]["StatusMessage"]
    'converting'

    Raises TypeError unless *sim* is, or makes, a Simulator and *policy* is a Policy;
    ValueError for a *client* that is not one of EC2, and as `Simulator.client`.
    Entering raises RuntimeError, with the version, if that botocore or aiobotocore has
    no method to patch; leaving, if the interception was not entered.

    Rules: WIR-17 to WIR-20, WIR-22.
    """

    def __init__(
        self,
        sim: Simulator | Callable[[], Simulator],
        client: Any = None,
        *,
        policy: Policy | None = None,
        principal: str | None = None,
        context: Mapping[str, Any] | None = None,
        pass_through: bool = False,
    ) -> None:
        if client is not None and not (
            isinstance(client, BaseClient)
            and client.meta.service_model.service_id == EC2
        ):
            raise ValueError(f"client must be one of EC2, not {safe_repr(client)}")
        self._sim = sim
        self._client = client
        self._caller: dict[str, Any] = {"policy": policy, "principal": principal}
        if context is not None:
            self._caller["context"] = context
        self._pass_through = pass_through
        self._entered: tuple[
            Interception, ...
        ] = ()  # replaced, so that copies are free
        if isinstance(sim, Simulator) or not callable(sim):
            self._interception()  # raises for a wrong argument

    def _interception(self) -> Interception:
        sim = self._sim
        if callable(sim) and not isinstance(sim, Simulator):
            sim = sim()
        caller = check_simulator(sim)._caller(**self._caller)
        return Interception(sim, caller, self._client, self._pass_through)

    def __call__(self, func: F) -> F:
        """Return *func* so that each call of it is served.

        Raises TypeError for what would run outside of the interception: a class or a
        generator function, async or not.
        """
        if any(runs_later(func) for runs_later in _RUN_LATER):
            raise TypeError(
                "intercept decorates plain functions and methods and coroutine "
                f"functions, not {func!r}; as a context manager it serves all, in "
                "unittest by self.enterContext"
            )

        @wraps(func)
        def call(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            with copy.copy(self):
                return func(*args, **kwargs)

        @wraps(func)
        async def call_async(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            with copy.copy(self):
                return await func(*args, **kwargs)

        return call_async if inspect.iscoroutinefunction(func) else call  # type: ignore[return-value]

    def __enter__(self) -> Simulator:
        """Begin to serve, and return the simulator."""
        interception = self._interception()
        interceptions.enter(interception, (*PATCHES, *aio.patches()))
        self._entered = (*self._entered, interception)
        return interception.sim

    def __exit__(self, *_: object) -> None:
        """Stop serving; raises RuntimeError if it was not entered."""
        if not self._entered:
            raise RuntimeError("intercept is left that was not entered")
        interceptions.leave(self._entered[-1])
        self._entered = self._entered[:-1]

    async def __aenter__(self) -> Simulator:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()
