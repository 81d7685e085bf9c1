"""Lets sleeps move a simulator's clock, so that they cost no real time.

    virtual_time   the context manager and decorator
    session        the patches, and the simulated time that has passed
    event_loop     asyncio.sleep: which sleep moves the clock, and how far
    retries        adaptive mode of botocore and aiobotocore

Rules: SIM-41 to SIM-49.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..decorators import in_context
from ..simulator import check_simulator
from . import session

if TYPE_CHECKING:
    from ..decorators import F
    from ..simulator import Simulator

__all__ = ["virtual_time"]


class virtual_time:  # noqa: N801 - it reads as a verb in a with statement
    """Let sleeps move the clock of *sim*: a context manager, and a decorator.

    While it is open, `time.sleep` and `asyncio.sleep` move the simulated clock and cost
    no real time. `time.time`, `time.monotonic` and their `_ns` forms read real time
    plus the simulated time that has passed since the entry; they never run backwards.
    So deadlines, `asyncio.timeout` and `wait_for` work. `time.perf_counter` stays real.

    `asyncio.sleep` ends at the simulated moment at which it began plus its delay:
    parallel sleeps overlap. When nothing else is ready to run, the sleeper that ends
    first moves the clock, but not beyond the next timer of the event loop.

    The retries of botocore and aiobotocore cost no real time in any mode.

    It is for the whole process: sleeps of other threads count, too. To leave them
    alone, give `sim.clock` to the module under test. In nested contexts, sleeps move
    the innermost simulator; the clocks keep the time that passed until the outermost
    context is left.

    Each call of a decorated function or coroutine function has a context of its own.

    >>> import time
    >>> from ec2_export_sim import Simulator
    >>> with virtual_time(Simulator()) as sim:
    ...     deadline = time.monotonic() + 3600
    ...     while time.monotonic() < deadline:
    ...         time.sleep(15)
    >>> sim.now.isoformat()
    '2025-01-01T01:00:00+00:00'

    What it does not do:

    - Only a sleep moves the clock. `Event.wait`, `Queue.get`, `Future.result` and waits
      for input and output take real time. Another task or thread that sleeps during
      such a wait moves the clock on.
    - Names that were imported earlier stay real (`from time import sleep`). Patch them
      with `sim.sleep`.
    - `datetime.now` stays real, so that signatures stay valid. To change it, use
      freezegun outside of this context.
    - uvloop's timeouts and trio have clocks of their own.
    - A deadline that was made inside and is used outside lies in the future.

    Raises TypeError if *sim* is not a Simulator, and RuntimeError on leaving a context
    that was not entered.

    Rules: SIM-41 to SIM-49.
    """

    def __init__(self, sim: Simulator) -> None:
        self._sim = check_simulator(sim)

    def __enter__(self) -> Simulator:
        """Begin, and return the simulator."""
        session.enter(self._sim)
        return self._sim

    def __exit__(self, *_: object) -> None:
        """End; the context that is left last puts everything back."""
        session.leave(self._sim)

    def __call__(self, function: F) -> F:
        """Return *function*; each call of it runs in a context of its own.

        Raises TypeError for a class and for a generator function, async or not.
        """
        return in_context(function, lambda: self, "virtual_time")
