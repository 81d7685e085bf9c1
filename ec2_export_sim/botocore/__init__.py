"""Serves real boto3, botocore and aiobotocore clients in this process.

The seam is `Endpoint._do_get_response`, the last step before the network: the client's
own serializer, signer, retries, hooks and parser all do their work. What else is
patched keeps a client without credentials from asking a metadata service for some.

    intercept      the context manager and decorator
    contexts       which contexts are open, and whom each serves
    answering      what a client's call meets
    ownership      whose a call is: the simulator's, or others' such as moto's
    credentials    what a client without credentials meets
    awaiting       the same for aiobotocore, whose clients are awaited
    seam           how a method of botocore's is patched and restored

A patched method runs as botocore wrote it, but on a copy of its object whose way out is
ours; so nothing of botocore is written twice.

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
from . import awaiting
from .answering import SEAM, OperationNotEmulatedError
from .contexts import Interception, open_contexts
from .credentials import SEAMS
from .ownership import is_ec2

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from ..core.policies import Policy
    from ..simulator import Simulator

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["OperationNotEmulatedError", "intercept"]


class intercept(ContextDecorator):  # noqa: N801 - it reads as a verb where it is used
    """Serve real EC2 clients out of *sim*: a context manager, and a decorator.

    `with` and `async with` do the same, and so for functions and coroutine functions.

    It serves every EC2 client of the process, whenever and however it was made, or only
    *client*; each in its own region, calling as *principal* under *policy*. Operations
    that are not emulated go to moto where moto is active, and raise
    `OperationNotEmulatedError` where it is not. No credentials are needed. The context
    entered last wins, in every thread and task; leaving one restores what was, in
    whatever order they are left. For tasks that run at once, name the *client*.

    >>> import boto3
    >>> from ec2_export_sim import Simulator
    >>> with intercept(Simulator()) as sim:
    ...     task = sim.add_task(progress=85)
    ...     ec2 = boto3.client("ec2", region_name="us-east-1")
    ...     answer = ec2.describe_export_image_tasks()
    >>> answer["ExportImageTasks"][0]["StatusMessage"]
    'converting'

    Raises RuntimeError on entering, naming the version, where that botocore or
    aiobotocore has no such seam, and on leaving what was not entered; TypeError
    unless *sim* is a Simulator and *policy* a Policy, ValueError for a *client* that is
    not one of EC2's.
    An aiobotocore that is imported later is looked at when a session is made.

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
        check_simulator(sim)._caller(
            policy, principal
        )  # so that a mistake shows where it is made
        if client is not None and not (
            isinstance(client, BaseClient)
            and is_ec2(client.meta.service_model.service_id)
        ):
            raise ValueError(f"client must be one of EC2, not {safe_repr(client)}")
        self._interception = Interception(sim, client, policy, principal)

    def __call__(self, func: F) -> F:
        """Return *func* so that it runs in this context.

        Raises TypeError for what would run outside of it: a class or a generator
        function, be it asynchronous or not.
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
        open_contexts.enter(self._interception, (SEAM, *SEAMS, *awaiting.seams()))
        return self._interception.sim

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        open_contexts.leave(self._interception)

    async def __aenter__(self) -> Simulator:
        """Begin to serve, and return the simulator."""
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        """Stop serving."""
        self.__exit__()
