"""One account: its clock, ids, regions, injected errors and calls.

Everything that changes is in one object, `state`. A snapshot is a copy of it, and
`restore` puts the copy back. Callers hold `lock`; only `advance` takes it, per event.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from heapq import heappop, heappush
from threading import RLock, get_ident
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from weakref import WeakSet

from . import errors, lifecycle
from .ids import TASK_ID_PREFIX
from .lifecycle import ScheduledEvent
from .model import ANY_OPERATION
from .paging import TokenCodec
from .store import TaskStore
from .stuck_clock import StuckClockWatch
from .text import copy_json, safe_repr

if TYPE_CHECKING:
    from datetime import timedelta

    from .model import Call, ExportImageTask, InjectedError
    from .settings import Settings

# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True

LOGGED_CALLS = 10_000

_LAST_MOMENT = datetime.max.replace(tzinfo=UTC)


class IdempotentExport(NamedTuple):
    """What a client token was used for: the request and its task (LIF-23)."""

    request: dict[str, Any]
    task_id: str
    task_number: int


@dataclass(slots=True)
class State:
    """Everything of an account that changes."""

    now: datetime
    # Counters: task numbers and request ids are made from them.
    last_task_number: int = 0
    last_request_number: int = 0
    # How many pages came in another order than that of creation (RSP-14).
    reordered_pages: int = 0
    # The first one that matches a call is raised.
    injected_errors: list[InjectedError] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=LOGGED_CALLS))
    regions: dict[str, TaskStore] = field(default_factory=dict)
    # The ids of tasks that were removed, in any region.
    removed_ids: set[str] = field(default_factory=set)
    # A heap: the first event is the next one.
    schedule: list[ScheduledEvent] = field(default_factory=list)
    # (region, image id) -> the message with which its exports fail.
    failure_by_image: dict[tuple[str, str], str] = field(default_factory=dict)
    # (region, client token) -> what it was used for.
    client_tokens: dict[tuple[str, str], IdempotentExport] = field(default_factory=dict)

    def copy(self) -> State:
        """Return a copy that shares only what never changes."""
        return State(
            self.now,
            self.last_task_number,
            self.last_request_number,
            self.reordered_pages,
            self.injected_errors.copy(),
            self.calls.copy(),
            {region: tasks.copy() for region, tasks in self.regions.items()},
            self.removed_ids.copy(),
            self.schedule.copy(),
            self.failure_by_image.copy(),
            self.client_tokens.copy(),
        )


class Snapshot:
    """A copy of an account's state, for `Simulator.restore` (SIM-08)."""

    __slots__ = ("_account", "_state")

    def __init__(self, account: Account) -> None:
        self._account = account
        self._state = account.state.copy()

    def restore(self, account: Account) -> None:
        """Put the state back; raises ValueError for an account of another simulator."""
        if account is not self._account:
            raise ValueError("the snapshot is of another simulator's account")
        account.state = self._state.copy()
        account.stuck_clock.restart()

    def __repr__(self) -> str:
        return f"<Snapshot at {self._state.now:%Y-%m-%d %H:%M:%S}Z>"


class Account:
    """An account in all its regions."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = RLock()
        # The thread and the target of each `advance` that is under way.
        self._advances: list[tuple[int, datetime]] = []
        self._token_codecs: dict[str, TokenCodec] = {}
        secret = repr((settings.seed, settings.account_id))
        self._id_key = blake2b(secret.encode()).digest()
        digest = blake2b(b"requests", key=self._id_key, digest_size=10).hexdigest()
        self._request_prefix = "-".join(
            (digest[:8], digest[8:12], digest[12:16], digest[16:20])
        )
        self.reset()
        _accounts.add(self)

    def reset(self) -> None:
        """Return to the state of a new account."""
        self.state = State(self.settings.start_utc)
        self.stuck_clock = StuckClockWatch()

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError(
            "a simulator cannot be copied or pickled; take its tasks with dump_tasks "
            "and load_tasks, or go back in time with snapshot and restore"
        )

    # --- time -----------------------------------------------------------------------

    def time_left(self) -> timedelta:
        """Return the duration from now to the end of the calendar."""
        return _LAST_MOMENT - self.state.now

    def advance(self, duration: timedelta) -> None:
        """Let simulated time pass, with the events that are scheduled for it.

        `on_completed` is called between two events, at the moment of the completion and
        without the lock. If it raises, the clock still moves by the whole duration;
        then the first exception is raised, with the others as notes.

        Raises ValueError if the calendar would end.

        Rules: LIF-17, LIF-25, SIM-09.
        """
        with self.lock:
            state = self.state
            # The durations of several threads add up. A duration that on_completed asks
            # for is part of the time that passes already.
            thread = get_ident()
            targets = [target for other, target in self._advances if other != thread]
            try:
                target = max([state.now, *targets]) + duration
            except OverflowError:
                raise ValueError(f"{duration} is too long: the calendar ends") from None
            self._advances.append((thread, target))
        problems: list[Exception] = []
        try:
            while (task := self._run_events(state, target)) is not None:
                try:
                    self.notify_completed(task)
                except Exception as problem:  # noqa: BLE001 - the callback's own
                    if problems:
                        note = f"on_completed of {task.id}: {safe_repr(problem)}"
                        problems[0].add_note(note)
                    problems.append(problem)
        finally:
            with self.lock:
                self._advances.remove((thread, target))
        if problems:
            raise problems[0]

    def _run_events(self, state: State, target: datetime) -> ExportImageTask | None:
        """Run the events up to *target*, or up to a task's completion; return the task.

        Nothing runs if `on_completed` has restored or reset the state.
        """
        with self.lock:
            while self.state is state and state.schedule:
                if state.schedule[0].at > target:
                    break
                event = heappop(state.schedule)
                state.now = max(state.now, event.at)
                task = self.tasks(event.region).get(event.task_id)
                if (
                    task is not None
                    and task.number == event.task_number
                    and (task.state, event.event) in lifecycle.TRANSITIONS
                ):
                    task = self.transition(
                        event.region, task, event.event, event.message
                    )
                    if task.state is lifecycle.COMPLETED:
                        return task
            state.now = max(state.now, target)
            return None

    def schedule(
        self,
        region: str,
        task: ExportImageTask,
        event: str,
        delay: timedelta,
        message: str | None = None,
    ) -> None:
        """Schedule *event* of *task* for *delay* after now.

        If the calendar ends before that, the event never happens.
        """
        if delay <= self.time_left():
            at = self.state.now + delay
            heappush(
                self.state.schedule,
                ScheduledEvent(at, task.number, event, region, task.id, message),
            )

    def transition(
        self, region: str, task: ExportImageTask, event: str, message: str | None = None
    ) -> ExportImageTask:
        """Let *event* happen to *task*, and return the task after it.

        Raises ValueError if it cannot.

        Rules: LIF-02, LIF-17.
        """
        changed = lifecycle.transition(task, event, message)
        self.tasks(region).replace([changed])
        self.stuck_clock.restart()
        if changed.state is lifecycle.DELETING:
            self.schedule(region, task, "delete", lifecycle.DELETING_DURATION)
        return changed

    def notify_completed(self, task: ExportImageTask) -> None:
        """Call `on_completed` with a completed task; the lock must not be held."""
        if self.settings.on_completed is not None:
            self.settings.on_completed(task)

    def current(self, task: ExportImageTask) -> ExportImageTask:
        """Return *task* as it appears now (LIF-25)."""
        duration = self.settings.export_duration
        return lifecycle.with_current_progress(task, self.state.now, duration)

    # --- numbers and ids -----------------------------------------------------------

    def next_request_id(self) -> str:
        """Return a request id that no other call of this account has (RSP-11)."""
        self.state.last_request_number += 1
        return f"{self._request_prefix}-{self.state.last_request_number:012x}"

    def generate_id(self, prefix: str, of: int | str) -> str:
        """Return *prefix* and 17 hex digits made of seed, account and *of* (SIM-20)."""
        named = blake2b(f"{prefix}{of}".encode(), key=self._id_key, digest_size=9)
        return prefix + named.hexdigest()[:17]

    def encode_failure(self, principal: str, action: str, resource: str) -> str:
        """Return an encoded authorization failure message, which reveals nothing.

        As base64 of hex digits, it has only letters and digits.

        Rules: ERR-07.
        """
        text = repr((principal, action, resource)).encode()
        digest = blake2b(text, key=self._id_key, digest_size=36).hexdigest()
        return b64encode(digest.encode()).decode()

    def generate_task_id(self, number: int) -> str:
        """Return an id that no task in any region has (SIM-04)."""
        task_id = self.generate_id(TASK_ID_PREFIX, number)
        while self.has_task(task_id):  # a test has added a task with that id
            task_id = self.generate_id(TASK_ID_PREFIX, task_id)
        return task_id

    def has_task(self, task_id: str) -> bool:
        """Return whether a task of any region has that id (SIM-04)."""
        return any(task_id in tasks for tasks in self.state.regions.values())

    def has_issued(self, task_id: str) -> bool:
        """Return whether a task of any region has or had that id (IDS-15)."""
        return self.has_task(task_id) or task_id in self.state.removed_ids

    # --- regions --------------------------------------------------------------------

    def tasks(self, region: str) -> TaskStore:
        """Return the tasks of *region*."""
        regions = self.state.regions
        if region not in regions:
            regions[region] = TaskStore()
        return regions[region]

    def add_tasks(self, region: str, tasks: list[ExportImageTask]) -> None:
        """Add new tasks, numbered from the number after the last one."""
        self.tasks(region).add(tasks)
        self.state.last_task_number += len(tasks)
        self.stuck_clock.restart()

    def remove_task(self, region: str, task_id: str) -> None:
        """Remove a task; its id is remembered (IDS-15)."""
        self.tasks(region).remove(task_id)
        self.state.removed_ids.add(task_id)
        self.stuck_clock.restart()

    def tokens(self, region: str) -> TokenCodec:
        """Return the codec of the tokens of *region* (PAG-08, SIM-19)."""
        if region not in self._token_codecs:
            secret = repr((self.settings.seed, self.settings.account_id, region))
            self._token_codecs[region] = TokenCodec(secret)
        return self._token_codecs[region]

    # --- calls and injected errors --------------------------------------------------

    def raise_injected_error(self, operation: str) -> None:
        """Raise the first injected error of *operation*, and count it down (SIM-12)."""
        injected = self.state.injected_errors
        for index, error in enumerate(injected):
            if error.operation not in (operation, ANY_OPERATION):
                continue
            if error.skip:
                injected[index] = error._replace(skip=error.skip - 1)
                continue
            left = error._replace(times=error.times - 1)
            injected[index : index + 1] = [left] if left.times else []
            if error.exception is not None:
                raise errors.InjectedException(error.exception)
            raise errors.injected_error(
                error.code or "", error.message, error.http_status
            )

    def calls(self) -> tuple[Call, ...]:
        """Return copies of the calls logged, in order."""
        return tuple(
            call._replace(parameters=copy_json(call.parameters))
            for call in self.state.calls
        )


# A forked process has copies of the accounts, but not the threads that may have held
# their locks.
_accounts: WeakSet[Account] = WeakSet()


def _renew_locks() -> None:  # pragma: no cover - a child process measures nothing
    for account in _accounts:
        account.lock = RLock()


if hasattr(os, "register_at_fork"):  # pragma: no branch - not on Windows
    os.register_at_fork(after_in_child=_renew_locks)
