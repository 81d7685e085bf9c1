"""Sleeps in an event loop: which one moves the simulated clock, when, and how far.

Rules: SIM-43, SIM-44.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from math import ceil, inf
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from ..simulator import Simulator

# A sleep waits at most this many turns of the loop for callbacks that are ready to run,
# because `while not done: await asyncio.sleep(0)` always has one.
_TURNS = 100

_MICROSECOND = timedelta(microseconds=1)


class _Sleeper(NamedTuple):
    """A sleep until *sim* has reached *end*.

    The result of *woken* is the exception that moving the clock has raised.
    """

    sim: Simulator
    end: datetime
    woken: asyncio.Future[BaseException | None]

    def remaining(self) -> timedelta:
        return self.end - self.sim.now


async def sleep_until(sim: Simulator, end: datetime) -> None:
    """Sleep until *sim* has reached *end*.

    Raises the exception that moving the clock raises.
    """
    loop = asyncio.get_running_loop()
    mover = _movers.get(loop)
    if mover is None:
        mover = _movers[loop] = _Mover(loop)
        loop.call_soon(mover.step)
    sleeper = _Sleeper(sim, end, loop.create_future())
    mover.sleepers.append(sleeper)
    try:
        problem = await sleeper.woken
    finally:
        mover.sleepers.remove(sleeper)
        if not mover.sleepers:
            del _movers[loop]
    if problem is not None:
        raise problem


class _Mover:
    """Moves the clock while there are sleeps in one event loop."""

    def __init__(self, loop: Any) -> None:
        self.sleepers: list[_Sleeper] = []
        self._loop = loop
        self._turns = 0

    def step(self) -> None:
        """If nothing else is ready, end the sleeps that are over or move the clock."""
        if not self.sleepers:
            return
        is_idle = self._is_idle()
        self._loop.call_soon(self.step)
        self._turns += 1
        if not is_idle and self._turns < _TURNS:
            return
        self._turns = 0
        asleep = [each for each in self.sleepers if not each.woken.done()]
        over = [each for each in asleep if each.end <= each.sim.now]
        for each in sorted(over, key=lambda sleeper: sleeper.end):
            each.woken.set_result(None)
        if asleep and not over:
            self._move(min(asleep, key=_Sleeper.remaining))

    def _move(self, first: _Sleeper) -> None:
        duration = first.remaining()
        seconds = self._seconds_to_next_timer()
        if seconds < duration.total_seconds():  # a clock that rounds fires it late
            duration = max(ceil(seconds * 1_000_000), 1) * _MICROSECOND
        try:
            first.sim.sleep(duration.total_seconds())
        except BaseException as problem:  # noqa: BLE001 - the sleeper raises it
            first.woken.set_result(problem)

    # The callbacks and timers of asyncio's loops are private attributes. A loop without
    # them (uvloop) gets all its turns, and whole sleeps.

    def _is_idle(self) -> bool:
        return not getattr(self._loop, "_ready", "unknown")

    def _seconds_to_next_timer(self) -> float:
        timers = getattr(self._loop, "_scheduled", ())
        moment: float = min((timer.when() for timer in timers), default=inf)
        now: float = self._loop.time()
        return moment - now


_movers: dict[asyncio.AbstractEventLoop, _Mover] = {}
