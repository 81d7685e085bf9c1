"""The simulator: one account seen in one region.

The semantics are the core's, the arranging of tasks is the back door's; here stand the
construction, the doors, the clock's handle and the test's aids.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .client import Client
from .clock import Clock
from .core import service, shapes
from .core.account import Account, Snapshot
from .core.backdoor import BackDoor
from .core.context import Context
from .core.permissions import Policy
from .core.settings import settings, span
from .core.state import ANY_OPERATION, Call, Fault
from .core.text import check_text, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from .core.model import ExportImageTask
    from .core.quirks import Quirk

_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Simulator(BackDoor):
    """EC2's export image tasks in one region of one account, in-process.

    Every simulator is an account of its own; `in_region` gives the same account in
    another region. *region_name* is like `us-east-1`, *account_id* 12 digits. *seed* is
    what ids and tokens depend on, *start* an aware datetime, 2025-01-01 00:00 UTC where
    there is none, *seconds_per_call* the simulated seconds that pass before each call
    is answered, *export_seconds* how long an export takes, *running_exports* how many
    may run at once in a region. *images* maps the ids of the images that exist to
    `own`, `marketplace` or `encrypted`, in this region; the account's others then hold
    none. None lets every well-formed id exist. *on_completed* is called with each task
    whose export completes. *quirks* are the deviations of the real service to switch
    on.

    One lock guards the account: threads may share a simulator, its regions, and every
    client of either kind. Each call and each method is answered as if it were alone;
    only `on_completed` is called outside the lock.

    >>> sim = Simulator()
    >>> task = sim.add_task(image_id="ami-0123456789abcdef0", progress=21)
    >>> answer = sim.client().describe_export_image_tasks()
    >>> answer["ExportImageTasks"][0]["StatusMessage"]
    'updating'

    Raises ValueError for an argument that is out of its range.
    """

    def __init__(
        self,
        region_name: str = "us-east-1",
        account_id: str = "123456789012",
        *,
        seed: int | str = 0,
        start: datetime | None = None,
        seconds_per_call: float = 0,
        export_seconds: float = 900,
        running_exports: int = 5,
        images: Mapping[str, str] | None = None,
        on_completed: Callable[[ExportImageTask], object] | None = None,
        quirks: Iterable[Quirk] = (),
    ) -> None:
        account = Account(
            settings(
                account_id,
                seed=seed,
                start=start,
                seconds_per_call=seconds_per_call,
                export_seconds=export_seconds,
                running_exports=running_exports,
                images=images,
                home_region=region_name,
                on_completed=on_completed,
                quirks=quirks,
            )
        )
        self._enter(account, region_name, {})

    def _enter(
        self, account: Account, region_name: str, regions: dict[str, Simulator]
    ) -> None:
        if not isinstance(region_name, str) or not _REGION.fullmatch(region_name):
            raise ValueError(
                f"region_name must be like 'us-east-1', not {quoted(region_name)}"
            )
        self.region_name = region_name
        self._account = account
        self._regions = regions
        regions[region_name] = self

    def in_region(self, region_name: str) -> Simulator:
        """Return the same account in another region, the same object each time.

        Tasks are a region's own; clock, ids, faults and calls are the account's.

        Rules: LIF-15.
        """
        with self._account.lock:
            if not isinstance(region_name, str) or region_name not in self._regions:
                other = object.__new__(Simulator)
                other._enter(self._account, region_name, self._regions)
            return self._regions[region_name]

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

    # --- act ------------------------------------------------------------------------

    def client(
        self, policy: Policy | None = None, principal: str | None = None
    ) -> Client:
        """Return a client shaped like boto3's, calling as *principal* under *policy*.

        No policy allows everything; the default principal is the account's user `test`.
        Raises TypeError for a policy that is no `Policy`, ValueError for a principal
        that is no text that the wire carries.

        Rules: AUT-11.
        """
        return Client(context_of(self, policy, principal))

    def invoke(
        self,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        policy: Policy | None = None,
        principal: str | None = None,
    ) -> dict[str, Any]:
        """Call *operation* as the wire does, and return the modelled members.

        Raises ServiceError and nothing else for whatever the service refuses; nothing
        is checked before it.

        Rules: ORD-01 to ORD-10.
        """
        context = context_of(self, policy, principal)
        members, _, _ = service.serve(context, operation, parameters)
        return members

    # --- time -----------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The account's simulated time, in UTC."""
        return self._account.state.now

    def advance(self, seconds: float) -> None:
        """Let simulated time pass, and happen what falls due on the way.

        Raises ValueError for a span that is negative or leads beyond the year 9999, and
        what `on_completed` raises.

        Rules: LIF-17, LIF-25, LIF-26.
        """
        passed = span(seconds, "seconds")
        with self._account.lock:
            self._account.advance(passed)
        self._account.announce()

    sleep = advance

    @property
    def clock(self) -> Clock:
        """What stands in for the module `time`, with the simulated time.

        `monkeypatch.setattr(exporter, "time", sim.clock)` leaves other modules alone.

        Rules: SIM-40.
        """
        return Clock(self)

    # --- test aids ------------------------------------------------------------------

    def fail_next_call(
        self,
        operation: str,
        code: str,
        message: str | None = None,
        http_status: int | None = None,
        times: int = 1,
    ) -> None:
        """Let the next *times* calls of *operation* fail with *code*; `*` is any.

        Throttling and server errors bring AWS's message and status. Other codes get,
        unless given, the status of the table in specs/errors.md, 400 where they are not
        there, and the message "The request was refused." Pending faults are met first
        in, first out.

        Raises ValueError for an operation that is not emulated, a code or message that
        is no text that the wire carries, a status that is not an error's, and *times*
        below 1.

        Rules: ERR-04, ERR-05.
        """
        known = (*shapes.OPERATIONS, ANY_OPERATION)
        if operation not in known:
            raise ValueError(
                f"no operation {quoted(operation)}; known are {', '.join(known)}"
            )
        if not isinstance(times, int) or times < 1:
            raise ValueError(f"times must be at least 1, not {quoted(times)}")
        is_errors = isinstance(http_status, int) and 400 <= http_status < 600
        if http_status is not None and not is_errors:
            raise ValueError(
                f"http_status must be from 400 to 599, not {quoted(http_status)}"
            )
        if not check_text(code, "code"):
            raise ValueError("code is empty")
        if message is not None:
            check_text(message, "message")
        with self._account.lock:
            fault = Fault(operation, code, message, http_status, times)
            self._account.state.faults.append(fault)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The last 10 000 calls that reached the service, in order (ORD-09)."""
        with self._account.lock:
            return self._account.calls()

    def snapshot(self) -> Snapshot:
        """Return the whole account as it is: regions, clock, ids, faults and calls."""
        with self._account.lock:
            return Snapshot(self._account)

    def restore(self, snapshot: Snapshot) -> None:
        """Return to *snapshot*, as often as you like.

        Raises ValueError for a snapshot of another simulator's account.
        """
        if not isinstance(snapshot, Snapshot):
            raise ValueError(f"restore takes a snapshot, not {quoted(snapshot)}")
        with self._account.lock:
            snapshot.restore(self._account)

    def reset(self) -> None:
        """Return the whole account to the state in which it was constructed."""
        with self._account.lock:
            self._account.reset()


def context_of(sim: Simulator, policy: Policy | None, principal: str | None) -> Context:
    """Return what the calls of *principal* to *sim* under *policy* may touch.

    Raises TypeError unless *sim* is a Simulator and *policy* a Policy or None,
    ValueError for a principal that is no text that the wire carries.

    Rules: AUT-11.
    """
    if not isinstance(sim, Simulator):
        raise TypeError(f"sim must be a Simulator, not {quoted(sim)}")
    if not isinstance(policy, Policy | None):
        raise TypeError(f"policy must be a Policy or None, not {quoted(policy)}")
    if principal is None:
        principal = sim._account.settings.default_principal
    check_text(principal, "principal")
    return Context(sim._account, sim.region_name, policy, principal)
