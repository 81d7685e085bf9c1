"""One account: all that is mutable, and what an operation may touch of it.

The state is one object that `capture` copies and `restore` puts back in one assignment.
Whoever calls holds `lock`; nothing here takes it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from . import errors
from .paging import TokenCodec
from .permissions import ANY_RESOURCE, Policy, authorize
from .store import TaskStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from .model import ExportImageTask
    from .quirks import Quirk
    from .settings import Settings

LOGGED_CALLS = 10_000
ANY_OPERATION = "*"


class Call(NamedTuple):
    """One call that reached the service; *error_code* is None where it succeeded.

    *parameters* are those that the service understood: empty lists and empty structures
    are gone. *at* is the simulated time of the answer.

    Rules: ORD-09.
    """

    operation: str
    parameters: dict[str, Any]
    principal: str
    region: str
    at: datetime
    error_code: str | None


class Fault(NamedTuple):
    """An error that the next *times* calls of an operation will meet (ERR-04)."""

    operation: str
    code: str
    message: str | None
    http_status: int | None
    times: int


@dataclass(slots=True)
class State:
    """Everything that changes."""

    now: datetime
    created: int = 0
    requests: int = 0
    faults: list[Fault] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=LOGGED_CALLS))
    regions: dict[str, TaskStore] = field(default_factory=dict)

    def copy(self) -> State:
        """Return a copy that shares only what is frozen."""
        return State(
            self.now,
            self.created,
            self.requests,
            list(self.faults),
            self.calls.copy(),
            {name: TaskStore(tasks) for name, tasks in self.regions.items()},
        )


class Context(NamedTuple):
    """What one operation may touch: a region's tasks, its tokens, and who calls."""

    tasks: TaskStore
    tokens: TokenCodec
    quirks: frozenset[Quirk]
    policy: Policy | None
    principal: str

    def authorize(
        self,
        action: str,
        *,
        dry_run: bool,
        resources: Sequence[str] = (ANY_RESOURCE,),
    ) -> None:
        """Raise what keeps the caller from *action* (AUT-01 to AUT-08)."""
        authorize(
            self.policy, self.principal, action, dry_run=dry_run, resources=resources
        )


class Snapshot:
    """An account as it was, for `Simulator.restore` (LIF-16)."""

    __slots__ = ("_account", "_state")

    def __init__(self, account: Account) -> None:
        self._account = account
        self._state = account.state.copy()

    def restore(self, account: Account) -> None:
        """Put the state back; raises ValueError for an account of another simulator."""
        if account is not self._account:
            raise ValueError("the snapshot is of another simulator's account")
        account.state = self._state.copy()


class Account:
    """An account with its clock, its sequence of ids, its faults, calls and regions."""

    __slots__ = ("_codecs", "_id_key", "_request_prefix", "lock", "settings", "state")

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = RLock()
        self._codecs: dict[str, TokenCodec] = {}
        secret = repr((settings.seed, settings.account_id))
        self._id_key = blake2b(secret.encode()).digest()
        digest = blake2b(b"requests", key=self._id_key, digest_size=10).hexdigest()
        self._request_prefix = "-".join(
            (digest[:8], digest[8:12], digest[12:16], digest[16:20])
        )
        self.reset()

    def reset(self) -> None:
        """Return to the state of a new account."""
        self.state = State(self.settings.start)

    # --- time -----------------------------------------------------------------------

    def advance(self, passed: timedelta) -> None:
        """Let simulated time pass; raises ValueError where it would end."""
        try:
            self.state.now += passed
        except OverflowError:
            raise ValueError(f"{passed} is too long: the calendar ends") from None

    # --- ids ------------------------------------------------------------------------

    def next_request_id(self) -> str:
        """Return a request id that no other call of this account has (RSP-11)."""
        self.state.requests += 1
        return f"{self._request_prefix}-{self.state.requests:012x}"

    def fresh_id(self, prefix: str, number: int) -> str:
        """Return *prefix* and 17 hex digits that hang on seed, account and *number*."""
        named = blake2b(f"{prefix}{number}".encode(), key=self._id_key, digest_size=9)
        return prefix + named.hexdigest()[:17]

    def holds(self, task_id: str) -> bool:
        """Tell whether a task of any region has that id (LIF-10)."""
        return any(task_id in tasks for tasks in self.state.regions.values())

    # --- tasks ----------------------------------------------------------------------

    def tasks(self, region: str) -> TaskStore:
        """Return the tasks of *region*."""
        regions = self.state.regions
        if region not in regions:
            regions[region] = TaskStore()
        return regions[region]

    def add(self, region: str, tasks: list[ExportImageTask]) -> None:
        """Take up new *tasks*, numbered from `state.created` + 1 on."""
        self.state.created += len(tasks)
        self.tasks(region).add(tasks)

    # --- calls ----------------------------------------------------------------------

    def log(self, call: Call) -> None:
        """Take up *call* as the newest."""
        self.state.calls.append(call)

    def calls(self) -> tuple[Call, ...]:
        """Return copies of the calls logged, in order."""
        return tuple(
            call._replace(parameters=_copied(call.parameters))
            for call in self.state.calls
        )

    def context(self, region: str, policy: Policy | None, principal: str) -> Context:
        """Return what a call in *region* may touch."""
        codec = self._codecs.get(region)
        if codec is None:
            settings = self.settings
            secret = repr((settings.seed, settings.account_id, region))
            codec = self._codecs.setdefault(region, TokenCodec(secret))  # PAG-14
        quirks = self.settings.quirks
        return Context(self.tasks(region), codec, quirks, policy, principal)

    def meet_fault(self, operation: str) -> None:
        """Raise the first pending fault of *operation*, and count it down (ERR-04)."""
        faults = self.state.faults
        for index, fault in enumerate(faults):
            if fault.operation in (operation, ANY_OPERATION):
                left = fault._replace(times=fault.times - 1)
                faults[index : index + 1] = [left] if left.times else []
                raise errors.fault(fault.code, fault.message, fault.http_status)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(held) for name, held in value.items()}
    return [_copied(held) for held in value] if isinstance(value, list) else value
