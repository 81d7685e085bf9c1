"""One account: its clock, ids, regions, faults and calls.

What changes is one object, `state`, which a snapshot copies and puts back in one
assignment. Whoever calls holds `lock`; nothing here takes it.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from threading import RLock
from typing import TYPE_CHECKING

from . import errors, lifecycle
from .envelope import http_date
from .ids import PREFIX
from .lifecycle import Due
from .paging import TokenCodec
from .state import ANY_OPERATION, State, copied
from .store import TaskStore
from .text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from .model import ExportImageTask
    from .settings import Settings
    from .state import Call


_END = datetime.max.replace(tzinfo=UTC)


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
        account.unannounced.clear()


class Account:
    """An account with its clock, its sequence of ids, its faults, calls and regions."""

    __slots__ = (
        "_codecs",
        "_dated",
        "_id_key",
        "_request_prefix",
        "lock",
        "settings",
        "state",
        "unannounced",
    )

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = RLock()
        self._dated = (settings.start, http_date(settings.start))
        self.unannounced: deque[ExportImageTask] = deque()
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
        self.unannounced.clear()

    def date(self) -> str:
        """Return the simulated time as HTTP writes a date."""
        at, text = self._dated
        now = self.state.now  # looked up once: a refused call asks without the lock
        if at is not now:
            at, text = self._dated = now, http_date(now)
        return text

    # --- time -----------------------------------------------------------------------

    def time_left(self) -> timedelta:
        """Return how long it is to the end of the calendar."""
        return _END - self.state.now

    def advance(self, passed: timedelta) -> None:
        """Let simulated time pass, and happen what falls due on the way.

        Raises ValueError where the calendar would end.

        Rules: LIF-17, LIF-25, LIF-26.
        """
        state = self.state
        if not passed and not (state.agenda and state.agenda[0].at <= state.now):
            return
        try:
            target = state.now + passed
        except OverflowError:
            raise ValueError(f"{passed} is too long: the calendar ends") from None
        while state.agenda and state.agenda[0].at <= target:
            due = state.agenda[0]
            state.now = max(state.now, due.at)
            task = self._subject(due)
            if task is not None:
                self.move(due.region, task, due.event, due.message)
            heappop(state.agenda)  # now, for should the move break off it is still due
        state.now = target

    def _subject(self, due: Due) -> ExportImageTask | None:
        """Return the task that *due* will happen to, None where it is void."""
        task = self.tasks(due.region).get(due.task_id)
        if task is None or task.number != due.number:
            return None
        return task if (task.state, due.event) in lifecycle.TRANSITIONS else None

    @contextmanager
    def scheduled(self, due: Due, span: timedelta) -> Iterator[None]:
        """Let *due* happen when *span* has passed from its moment on.

        Where the calendar ends before, it never happens. The change that makes it
        possible is made within: should that break off before it is made, nothing stays
        on the agenda.
        """
        agenda = self.state.agenda
        try:
            due = due._replace(at=due.at + span)
        except OverflowError:
            yield
            return
        try:
            heappush(agenda, due)
            yield
        finally:
            if self._subject(due) is None and due in agenda:
                agenda.remove(due)
                heapify(agenda)

    def move(
        self, region: str, task: ExportImageTask, event: str, message: str | None = None
    ) -> ExportImageTask:
        """Let *event* happen to *task*, and return it as it is then.

        Raises ValueError where it cannot.

        Rules: LIF-02, LIF-17, LIF-26.
        """
        moved = lifecycle.advance(task, event, message)
        if moved.state is lifecycle.DELETING:
            due = Due(self.state.now, task.number, "delete", region, task.id)
            with self.scheduled(due, lifecycle.DELETING_SPAN):
                self.tasks(region).replace([moved])
        else:
            self.tasks(region).replace([moved])
        if moved.state is lifecycle.COMPLETED and self.settings.on_completed:
            self.unannounced.append(moved)
        return moved

    def announce(self) -> None:
        """Call `on_completed` with what has completed; the lock must not be held.

        Every task is announced; the first exception leaves when all have been, with a
        note of each that came after it.

        Rules: LIF-26.
        """
        raised: BaseException | None = None
        while self.settings.on_completed:
            try:
                task = self.unannounced.popleft()
            except IndexError:  # none is left: another thread may have been faster
                break
            try:
                self.settings.on_completed(task)
            except BaseException as problem:  # noqa: BLE001 - the callback's own
                if raised is None:
                    raised = problem
                else:
                    raised.add_note(f"and on_completed of {task.id}: {quoted(problem)}")
        if raised is not None:
            raise raised

    def told(self, task: ExportImageTask) -> ExportImageTask:
        """Return *task* as it appears now (LIF-25)."""
        return lifecycle.told(task, self.state.now, self.settings.export_span)

    # --- numbers and ids -----------------------------------------------------------

    def take_numbers(self, count: int) -> int:
        """Return the first of *count* numbers that no task has had."""
        first = self.state.created + 1
        self.state.created += count
        return first

    def next_request_id(self) -> str:
        """Return a request id that no other call of this account has (RSP-11)."""
        self.state.requests += 1
        return f"{self._request_prefix}-{self.state.requests:012x}"

    def fresh_id(self, prefix: str, of: int | str) -> str:
        """Return *prefix* and 17 hex digits made of seed, account and *of* (RSP-13)."""
        named = blake2b(f"{prefix}{of}".encode(), key=self._id_key, digest_size=9)
        return prefix + named.hexdigest()[:17]

    def fresh_task_id(self, number: int) -> str:
        """Return a task's id that no region holds (LIF-10)."""
        task_id = self.fresh_id(PREFIX, number)
        while self.holds(task_id):  # someone has arranged it already
            task_id = self.fresh_id(PREFIX, task_id)
        return task_id

    def holds(self, task_id: str) -> bool:
        """Tell whether a task of any region has that id (LIF-10)."""
        for tasks in self.state.regions.values():  # noqa: SIM110 - asked of every record
            if task_id in tasks:
                return True
        return False

    # --- regions --------------------------------------------------------------------

    def tasks(self, region: str) -> TaskStore:
        """Return the tasks of *region*."""
        regions = self.state.regions
        if region not in regions:
            regions[region] = TaskStore()
        return regions[region]

    def tokens(self, region: str) -> TokenCodec:
        """Return what makes and reads the tokens of *region* (PAG-08, PAG-14)."""
        codec = self._codecs.get(region)
        if codec is None:
            settings = self.settings
            secret = repr((settings.seed, settings.account_id, region))
            codec = self._codecs.setdefault(region, TokenCodec(secret))
        return codec

    # --- calls and faults -----------------------------------------------------------

    def meet_fault(self, operation: str) -> None:
        """Raise the first pending fault of *operation*, and count it down (ERR-04)."""
        faults = self.state.faults
        for index, fault in enumerate(faults):
            if fault.operation in (operation, ANY_OPERATION):
                left = fault._replace(times=fault.times - 1)
                faults[index : index + 1] = [left] if left.times else []
                raise errors.fault(fault.code, fault.message, fault.http_status)

    def log(self, call: Call) -> None:
        """Take up *call* as the newest."""
        self.state.calls.append(call)

    def calls(self) -> tuple[Call, ...]:
        """Return copies of the calls logged, in order."""
        return tuple(
            call._replace(parameters=copied(call.parameters))
            for call in self.state.calls
        )
