"""The patches of the whole process, and the simulated time that has passed.

Rules: SIM-41, SIM-42, SIM-46 to SIM-48.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import timedelta
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from . import retries
from .event_loop import sleep_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ..core.account import Account
    from ..simulator import Simulator

_MICROSECOND = timedelta(microseconds=1)


class Session:
    """The time from the entry of the outermost context to its end.

    A replacement may live longer, under a name that was imported during the session. It
    then does what the real function does.
    """

    def __init__(self) -> None:
        self.sims: tuple[Simulator, ...] = ()  # of the open contexts, innermost last
        self.adaptive = retries.Adaptive(self.innermost, self.passed)
        self._passed = timedelta()
        self._seen: dict[Account, datetime] = {}  # how far the clock of each had moved
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def enter(self, sim: Simulator) -> None:
        """Open a context of *sim*; the first one applies the patches."""
        if not self.sims:
            self._patch()
        self._seen.setdefault(sim._account, sim._account.state.now)
        self.sims = (*self.sims, sim)

    def leave(self, sim: Simulator) -> None:
        """Close the newest context of *sim*; the last one removes the patches."""
        indexes = [index for index, each in enumerate(self.sims) if each is sim]
        if not indexes:
            raise RuntimeError("virtual_time is left that was not entered")
        if len(self.sims) == 1:
            self._restore()
        self.passed()
        self.sims = self.sims[: indexes[-1]] + self.sims[indexes[-1] + 1 :]
        accounts = {each._account for each in self.sims}
        self._seen = {each: now for each, now in self._seen.items() if each in accounts}

    def innermost(self) -> Simulator | None:
        """Return the simulator that sleeps move, None if no context is open."""
        sims = self.sims
        return sims[-1] if sims else None

    def passed(self) -> timedelta:
        """Return how much simulated time has passed, never less than before."""
        with _lock:
            for account, seen in self._seen.items():
                now = account.state.now
                self._passed += max(now - seen, timedelta())  # reset takes none away
                self._seen[account] = now
            return self._passed if self.sims else timedelta()

    # --- patches --------------------------------------------------------------------

    def _patch(self) -> None:
        for owner, name, make in self._patches():
            found = getattr(owner, name)
            real = _real.get(found, found)
            ours = wraps(real)(make(real))
            _real[ours] = real
            self._replaced.append((owner, name, ours, real))
        for owner, name, ours, _ in self._replaced:
            setattr(owner, name, ours)

    def _restore(self) -> None:
        self.adaptive.fill()
        for owner, name, ours, real in self._replaced:
            if getattr(owner, name) is ours:  # else it is someone else's by now
                setattr(owner, name, real)

    def _patches(self) -> Iterator[retries.Patch]:
        yield time, "sleep", self._sleep
        yield time, "time", self._seconds
        yield time, "time_ns", self._nanoseconds
        yield time, "monotonic", self._seconds
        yield time, "monotonic_ns", self._nanoseconds
        yield asyncio, "sleep", self._async_sleep
        if "anyio._backends._asyncio" in sys.modules:  # it has imported the name
            yield sys.modules["anyio._backends._asyncio"], "sleep", self._async_sleep
        yield from self.adaptive.patches()

    def _sleep(self, real: Any) -> Any:
        def sleep(seconds: float) -> None:
            sim = self.innermost()
            (real if sim is None else sim.sleep)(seconds)

        return sleep

    def _async_sleep(self, real: Any) -> Any:
        async def sleep(delay: float, result: Any = None) -> Any:
            sim = self.innermost()
            if sim is None or not delay > 0:
                return await real(delay, result)
            try:
                end = sim.now + timedelta(seconds=float(delay))
            except OverflowError:  # it sleeps for ever
                return await real(delay, result)
            await sleep_until(sim, end)
            return result

        return sleep

    def _seconds(self, real: Any) -> Any:
        return lambda: real() + self.passed().total_seconds()

    def _nanoseconds(self, real: Any) -> Any:
        return lambda: real() + self.passed() // _MICROSECOND * 1000


_lock = RLock()
_session = Session()

# Replacement -> real function. A replacement may come back after its session, when
# another library that had patched over it restores it.
_real: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603 - no thread of this process would release the old one
    _lock = RLock()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_renew_lock)


def enter(sim: Simulator) -> None:
    """Open a context of *sim*."""
    global _session  # noqa: PLW0603 - it is the process that is patched
    with _lock:
        if not _session.sims:
            _session = Session()
        _session.enter(sim)


def leave(sim: Simulator) -> None:
    """Close a context of *sim*; raises RuntimeError if none is open."""
    with _lock:
        _session.leave(sim)
