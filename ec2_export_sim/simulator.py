"""The simulator: one account in one region.

`Simulator` has the constructor, the entry points, the clock, injected errors, calls and
snapshots. `TaskAdmin` has the test controls of tasks, and `core` has the semantics.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from .admin import TaskAdmin
from .calls import Calls
from .client import Client
from .clock import Clock
from .core.account import Account, Snapshot
from .core.condition_keys import check_context
from .core.context import Caller
from .core.dispatch import dispatch
from .core.errors import InjectedException
from .core.model import ANY_OPERATION, InjectedError
from .core.operations import METHODS, api_name
from .core.policies import Policy
from .core.quirks import parse_quirks
from .core.request import Request
from .core.request_context import parse_context
from .core.settings import (
    DEFAULT_START,
    Settings,
    check_region,
    parse_integer,
    parse_seconds,
)
from .core.text import check_text, safe_repr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime, timedelta

    from .core.model import ExportImageTask
    from .core.quirks import Quirk
    from .core.request_context import RequestContext


# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True

_RIGHT_ARGUMENTS = {
    "region": "region_name",
    "running_exports": "max_running_exports",
}

_Init = TypeVar("_Init", bound="Callable[..., None]")


def _name_the_right_argument(init: _Init) -> _Init:
    """Return *init* with a TypeError that names the right argument for a wrong one."""

    @wraps(init)
    def checked(*args: Any, **kwargs: Any) -> None:
        for wrong, right in _RIGHT_ARGUMENTS.items():
            if wrong in kwargs:
                raise TypeError(f"Simulator has no argument {wrong!r}; use {right!r}")
        init(*args, **kwargs)

    return checked  # type: ignore[return-value]


class Simulator(TaskAdmin):
    """EC2's export image tasks in one region of one account, in-process.

    Every simulator is an account of its own; `in_region` returns the same account in
    another region.

    Args:
        region_name: The region, like "us-east-1".
        account_id: The account's id, 12 digits.
        seed: Ids and tokens are made from it.
        start: The moment at which simulated time begins, an aware datetime; 2025-01-01
            00:00 UTC if None.
        seconds_per_call: The simulated seconds that pass before each call is answered.
        export_seconds: How many simulated seconds an export takes.
        max_running_exports: How many exports may run at once in a region.
        images: The images that exist in this region, id to "own", "marketplace" or
            "encrypted"; other regions then have none. None: every well-formed id
            exists.
        roles: The names of the service roles that exist, a collection that is read at
            each call; an export without RoleName has the role "vmimport". None: every
            role exists.
        on_completed: Called with each task whose export completes, at that moment and
            without the lock.
        quirks: The deviations of the real service to switch on.

    Raises:
        ValueError: An argument is out of its range.

    One lock protects the account, so threads may share a simulator, its regions and all
    its clients. Calls and methods run one after the other.

    >>> sim = Simulator()
    >>> task = sim.add_task(image_id="ami-0123456789abcdef0", progress=21)
    >>> answer = sim.client().describe_export_image_tasks()
    >>> answer["ExportImageTasks"][0]["StatusMessage"]
    'updating'
    """

    @_name_the_right_argument
    def __init__(
        self,
        region_name: str = "us-east-1",
        account_id: str = "123456789012",
        *,
        seed: int | str = 0,
        start: datetime | None = None,
        seconds_per_call: float | timedelta = 0,
        export_seconds: float | timedelta = 900,
        max_running_exports: int = 5,
        images: Mapping[str, str] | None = None,
        roles: Collection[str] | None = None,
        on_completed: Callable[[ExportImageTask], object] | None = None,
        quirks: Iterable[Quirk] = (),
    ) -> None:
        settings = Settings(
            region_name=region_name,
            account_id=account_id,
            seed=seed,
            start=DEFAULT_START if start is None else start,
            seconds_per_call=seconds_per_call,
            export_seconds=export_seconds,
            max_running_exports=parse_integer(
                max_running_exports, "max_running_exports", 0, None
            ),
            images=images,
            roles=roles,
            on_completed=on_completed,
            quirks=parse_quirks(quirks),
        )
        super().__init__(Account(settings), region_name)
        self._regions = {region_name: self}

    def in_region(self, region_name: str) -> Simulator:
        """Return the same account in another region, the same object each time.

        Tasks are a region's own; clock, ids, injected errors and calls are the
        account's.

        Rules: LIF-15.
        """
        check_region(region_name)
        with self._account.lock:
            if region_name not in self._regions:
                other = object.__new__(type(self))
                vars(other).update(vars(self), region_name=region_name)
                self._regions[region_name] = other
            return self._regions[region_name]

    def __copy__(self) -> NoReturn:
        self._account.__reduce_ex__(0)  # its TypeError says what to do

    @property
    def account_id(self) -> str:
        """The account's id, 12 digits."""
        return self._account.settings.account_id

    def __repr__(self) -> str:
        with self._account.lock:
            count = len(self._account.tasks(self.region_name))
        tasks = "1 task" if count == 1 else f"{count} tasks"
        return (
            f"<Simulator {self.account_id}/{self.region_name}, {tasks}, "
            f"{self.now:%Y-%m-%d %H:%M:%S}Z>"
        )

    # --- entry points ---------------------------------------------------------------

    def client(
        self,
        policy: Policy | None = None,
        principal: str | None = None,
        context: RequestContext | None = None,
    ) -> Client:
        """Return a client shaped like boto3's, which calls as *principal*.

        Args:
            policy: What the client may do; None allows everything.
            principal: The ARN of the caller; None is the account's user `test`.
            context: Condition keys of IAM that the simulator cannot know, such as
                `{"aws:SourceIp": "203.0.113.10"}`.

        Raises:
            TypeError: *policy* is not a `Policy`.
            ValueError: *principal* is not a text, *context* has an invalid key or
                value, or *policy* asks for a key that *context* must have.

        Rules: SIM-15, AUT-28, AUT-29.
        """
        return Client(self._caller(policy, principal, context))

    def invoke(
        self,
        operation: str,
        parameters: Mapping[str, Any],
        policy: Policy | None = None,
        principal: str | None = None,
        context: RequestContext | None = None,
    ) -> dict[str, Any]:
        """Call *operation* as the wire does, and return the modelled members.

        No client checks the parameters first: the service answers each error.

        Args:
            operation: The operation's name, as in the API or as in boto3.
            parameters: The parameters of the call, by their names in the API.
            policy: What the caller may do; None allows everything.
            principal: The ARN of the caller; None is the account's user `test`.
            context: Condition keys of IAM; see `client`.

        Raises:
            ServiceError: The call has an error, with a code of specs/errors.md.

        Rules: ORD-01 to ORD-10.
        """
        if isinstance(operation, str):
            operation = METHODS.get(operation, operation)
        request = Request.parse(operation, parameters)
        try:
            caller = self._caller(policy, principal, context)
            return dispatch(caller, request).members
        except InjectedException as injected:
            raise injected.exception from None

    def _caller(
        self,
        policy: Policy | None,
        principal: str | None,
        context: RequestContext | None = None,
    ) -> Caller:
        """Return the caller; the arguments and the errors are those of `client`."""
        if not isinstance(policy, Policy | None):
            raise TypeError(f"policy must be a Policy or None, not {safe_repr(policy)}")
        if principal is not None:
            check_text(principal, "principal")
        keys = parse_context(context)
        if policy is not None:
            check_context(policy, keys)
        return Caller(self._account, self.region_name, policy, principal, keys)

    # --- time -----------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The account's simulated time, in UTC."""
        return self._account.state.now

    def advance(self, seconds: float | timedelta) -> None:
        """Let simulated time pass, with the events that are scheduled for it.

        *seconds* is any kind of number or a timedelta. `on_completed` is called at the
        moment of each completion. If it raises, the exception is raised after the time
        has passed, with further exceptions as notes. Raises ValueError for a negative
        duration, and for one that ends after the year 9999.

        Rules: LIF-17, LIF-25, SIM-09.
        """
        self._account.advance(parse_seconds(seconds, "seconds"))

    sleep = advance

    @property
    def clock(self) -> Clock:
        """A replacement for the module `time`, with the simulated time.

        `monkeypatch.setattr(exporter, "time", sim.clock)` changes only one module.

        Rules: SIM-40.
        """
        return Clock(self._account, self.sleep)

    # --- injected errors, calls and snapshots ---------------------------------------

    def fail_next_call(
        self,
        operation: str,
        code: str | None = None,
        message: str | None = None,
        http_status: int | None = None,
        times: int = 1,
        *,
        skip: int = 0,
        exception: BaseException | None = None,
    ) -> None:
        """Let the next *times* calls of *operation* fail with an error or exception.

        Throttling and server errors have AWS's message and status. Other codes have the
        status of the table in specs/errors.md (400 if they are not in it) and the
        message "The request was refused." Errors are raised in the order of injection.

        Args:
            operation: The operation's name, or "*" for any.
            code: The error's code. Exactly one of code and exception is needed.
            message: The error's message; None for the one described above.
            http_status: 400 to 599; None for the one described above.
            times: How many calls fail, at least 1.
            skip: How many calls of the operation go through first.
            exception: The client raises it as it is. A real client meets it as a
                failure of the network, which botocore retries. `serve` closes the
                connection.

        Raises:
            ValueError: An argument is out of its range.

        Rules: SIM-12, ERR-05.
        """
        if operation != ANY_OPERATION:
            operation = api_name(operation)
        if (code is None) == (exception is None):
            raise ValueError("fail_next_call needs exactly one of code and exception")
        if exception is not None:
            check_exception(exception)
            if message is not None or http_status is not None:
                raise ValueError("an exception has no message and no http_status")
        elif not check_text(code, "code"):
            raise ValueError("code is empty")
        if message is not None:
            check_text(message, "message")
        if http_status is not None:
            http_status = parse_integer(http_status, "http_status", 400, 599)
        times = parse_integer(times, "times", 1, None)
        skip = parse_integer(skip, "skip", 0, None)
        error = InjectedError(
            operation, code, message, http_status, times, skip, exception
        )
        with self._account.lock:
            self._account.state.injected_errors.append(error)
            self._account.stuck_clock.restart()

    @property
    def calls(self) -> Calls:
        """The last 10 000 calls that reached the service, oldest first (SIM-17)."""
        with self._account.lock:
            return Calls(self._account.calls())

    def snapshot(self) -> Snapshot:
        """Return a copy of the account: regions, clock, ids, errors and calls."""
        with self._account.lock:
            return Snapshot(self._account)

    def restore(self, snapshot: Snapshot) -> None:
        """Return to *snapshot*; a snapshot can be restored any number of times.

        Raises ValueError for a snapshot of another simulator's account.
        """
        if not isinstance(snapshot, Snapshot):
            raise ValueError(f"restore takes a snapshot, not {safe_repr(snapshot)}")
        with self._account.lock:
            snapshot.restore(self._account)

    def reset(self) -> None:
        """Return the whole account to the state of its construction."""
        with self._account.lock:
            self._account.reset()


def check_exception(exception: object) -> None:
    """Raise ValueError unless *exception* is an exception and not a class."""
    if not isinstance(exception, BaseException):
        raise ValueError(
            f"exception must be an exception, not {safe_repr(exception)}; "
            "a class is not enough"
        )


def check_simulator(sim: object) -> Simulator:
    """Return *sim*, or raise TypeError if it is not a Simulator."""
    if not isinstance(sim, Simulator):
        raise TypeError(f"sim must be a Simulator, not {safe_repr(sim)}")
    return sim
