"""Adaptive mode of botocore and aiobotocore.

Legacy and standard mode wait with `time.sleep` or `asyncio.sleep`. Adaptive mode also
has a bucket of tokens that fills with time, and waits on a condition for a token. Here
this wait is a sleep, and simulated time fills the bucket, too. The bucket's clock stays
real, because after the context it would otherwise be far ahead of the real time.

Rules: SIM-45.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType
    from typing import TypeAlias

    from ..simulator import Simulator

    # The object, the name of the attribute to replace, and a function that makes the
    # replacement from the real value.
    Patch: TypeAlias = tuple[Any, str, Callable[[Any], Any]]

_SHORTEST = 1e-6  # seconds, the step of a simulated clock


class Adaptive:
    """The buckets of tokens while a session lasts.

    *innermost* returns the simulator that sleeps move, None if no context is open.
    *passed* returns how much simulated time has passed.
    """

    def __init__(
        self,
        innermost: Callable[[], Simulator | None],
        passed: Callable[[], timedelta],
    ) -> None:
        self._innermost = innermost
        self._passed = passed
        # How much simulated time had passed when a bucket was filled.
        self._filled: WeakKeyDictionary[Any, timedelta] = WeakKeyDictionary()

    def patches(self) -> Iterator[Patch]:
        """Yield the patches of botocore and aiobotocore, if they are installed."""
        if bucket := _imported("botocore.retries.bucket"):
            yield bucket.Clock, "current_time", self._current_time
            yield bucket.TokenBucket, "_refill", self._refill
            yield bucket.TokenBucket, "acquire", self._acquire
        if bucket := _imported("aiobotocore.retries.bucket"):
            yield bucket.AsyncTokenBucket, "_refill", self._refill
            yield bucket.AsyncTokenBucket, "acquire", self._async_acquire

    def fill(self) -> None:
        """Fill each bucket with the simulated time that has passed."""
        for bucket in list(self._filled):
            bucket._refill()

    def _current_time(self, _: Any) -> Any:
        real = time.time  # it is not replaced yet
        return lambda _: real()

    def _refill(self, real: Any) -> Any:
        def refill(bucket: Any) -> None:
            real(bucket)
            passed = self._passed()
            since = passed - self._filled.get(bucket, timedelta())
            self._filled[bucket] = passed
            if bucket.max_rate is not None and since > timedelta():
                bucket._current_capacity = min(
                    bucket._current_capacity + since.total_seconds() * bucket.max_rate,
                    bucket.max_capacity,
                )

        return refill

    def _acquire(self, _: Any) -> Any:
        def acquire(bucket: Any, amount: float = 1, block: bool = True) -> Any:
            while True:
                sim = self._innermost()
                with bucket._new_fill_rate_condition:
                    seconds = _seconds_until(bucket, amount)
                    if not seconds or not block or sim is None:
                        return bucket._acquire(amount, block)
                sim.sleep(seconds)

        return acquire

    def _async_acquire(self, real: Any) -> Any:
        async def acquire(bucket: Any, amount: float = 1, block: bool = True) -> Any:
            while block and self._innermost() is not None:
                seconds = _seconds_until(bucket, amount)
                if not seconds:
                    break
                await asyncio.sleep(seconds)
            return await real(bucket, amount, block)

        return acquire


def _imported(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def _seconds_until(bucket: Any, amount: float) -> float:
    bucket._refill()
    seconds = bucket._sleep_amount(amount)
    return max(seconds, _SHORTEST) if seconds > 0 else 0.0
