"""`Simulator.clock`, which replaces the module `time` in a module under test."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .core.account import Account

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock:
    """The module `time` with the clock of a simulator.

    `time` returns the simulated time, `monotonic` and `perf_counter` the simulated
    seconds since the simulator was constructed. Their `_ns` forms return nanoseconds.
    `sleep` is that of the simulator. Everything else is that of the real module.

    >>> from ec2_export_sim import Simulator
    >>> clock = Simulator().clock
    >>> deadline = clock.monotonic() + 60
    >>> clock.sleep(61)
    >>> clock.monotonic() > deadline
    True

    Rules: SIM-40.
    """

    def __init__(
        self, account: Account, sleep: Callable[[float | timedelta], None]
    ) -> None:
        self._account = account
        self.sleep = sleep

    def time(self) -> float:
        """Return the simulated time in seconds since 1970."""
        return self._account.state.now.timestamp()

    def time_ns(self) -> int:
        """Return the simulated time in nanoseconds since 1970."""
        return _nanoseconds(self._account.state.now - _EPOCH)

    def monotonic(self) -> float:
        """Return the simulated seconds since the simulator was constructed."""
        return self._since_start().total_seconds()

    def monotonic_ns(self) -> int:
        """Return the simulated nanoseconds since the simulator was constructed."""
        return _nanoseconds(self._since_start())

    perf_counter = monotonic
    perf_counter_ns = monotonic_ns

    def __repr__(self) -> str:
        return f"<Clock at {self._account.state.now:%Y-%m-%d %H:%M:%S}Z>"

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def _since_start(self) -> timedelta:
        return self._account.state.now - self._account.settings.start_utc


def _nanoseconds(duration: timedelta) -> int:
    return duration // _MICROSECOND * 1000
