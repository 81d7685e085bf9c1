"""Serves real boto3, botocore and aiobotocore clients in this process.

The client's own serializer, signer, retries, hooks and parser all do their work; only
the last step, the network, is replaced, and the search for credentials.

    intercept    the context manager and decorator
    endpoint     what a served client meets instead of the network
    aio          the same for the async clients of aiobotocore
    patches      which clients are served, and the methods that are patched for it

Rules: WIR-17 to WIR-20, WIR-22.
"""

from __future__ import annotations

import inspect
from contextlib import ContextDecorator
from functools import wraps
from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient

from ..core.text import safe_repr
from ..simulator import check_simulator
from . import aio
from .endpoint import EC2, PATCHES, OperationNotEmulatedError
from .patches import Interception, interceptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from ..core.policies import Policy
    from ..simulator import Simulator

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["OperationNotEmulatedError", "intercept"]


class intercept(ContextDecorator):  # noqa: N801 - named like a function, as mock.patch
    """Serve real EC2 clients from a simulator, as context manager or decorator.

    - *sim*: the `Simulator` that answers; `with` returns it.
    - *client*: the one client to serve. By default every EC2 client of the process is
      served, however and whenever it was made, each in its own region.
    - *policy*: the `Policy` of the calls. By default everything is allowed.
    - *principal*: the ARN of the caller. By default the account's user `test`.

    `with` and `async with` do the same, and so for functions and coroutine functions.
    No credentials are needed. Operations that are not emulated go to moto if it is
    active, else they raise `OperationNotEmulatedError`. Of several interceptions the
    one entered last wins, in every thread and task, and they may be left in any order;
    tasks that run at the same time should name their *client*.

    >>> import boto3
    >>> from ec2_export_sim import Simulator
    >>> with intercept(Simulator()) as sim:
    ...     task = sim.add_task(progress=85)
    ...     ec2 = boto3.client("ec2", region_name="us-east-1")
    ...     answer = ec2.describe_export_image_tasks()
    >>> answer["ExportImageTasks"][0]["StatusMessage"]
    'converting'

    Raises TypeError unless *sim* is a Simulator and *policy* a Policy, and ValueError
    for a *client* that is not one of EC2. Entering raises RuntimeError, with the
    version, if that botocore or aiobotocore has no method to patch; an aiobotocore
    that is imported later is patched when a session is made. Leaving raises
    RuntimeError if the interception was not entered.

    Rules: WIR-17 to WIR-20, WIR-22.
    """

    def __init__(
        self,
        sim: Simulator,
        client: Any = None,
        *,
        policy: Policy | None = None,
        principal: str | None = None,
    ) -> None:
        check_simulator(sim)._caller(policy, principal)  # raises for a wrong argument
        if client is not None and not (
            isinstance(client, BaseClient)
            and client.meta.service_model.service_id == EC2
        ):
            raise ValueError(f"client must be one of EC2, not {safe_repr(client)}")
        self._interception = Interception(sim, client, policy, principal)
        self._entered: list[Interception] = []

    def __call__(self, func: F) -> F:
        """Return *func* so that each call of it is served.

        Raises TypeError for what would run outside of the interception: a class or a
        generator function, async or not.
        """
        if inspect.iscoroutinefunction(func):

            @wraps(func)
            async def served(*args: Any, **kwargs: Any) -> Any:
                with self:
                    return await func(*args, **kwargs)

            return served  # type: ignore[return-value]
        runs_later = (
            inspect.isclass,
            inspect.isgeneratorfunction,
            inspect.isasyncgenfunction,
        )
        if any(test(func) for test in runs_later):
            raise TypeError(
                "intercept decorates plain functions and methods and coroutine "
                f"functions, not {func!r}; as a context manager it serves all, in "
                "unittest by self.enterContext"
            )
        return super().__call__(func)

    def __enter__(self) -> Simulator:
        """Begin to serve, and return the simulator."""
        interception = Interception(*self._interception)  # its own, to be left by
        interceptions.enter(interception, (*PATCHES, *aio.patches()))
        self._entered.append(interception)
        return interception.sim

    def __exit__(self, *_: object) -> None:
        """Stop serving; raises RuntimeError if it was not entered."""
        if not self._entered:
            raise RuntimeError("intercept is left that was not entered")
        interceptions.leave(self._entered.pop())

    async def __aenter__(self) -> Simulator:
        """Begin to serve, and return the simulator."""
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        """Stop serving."""
        self.__exit__()
