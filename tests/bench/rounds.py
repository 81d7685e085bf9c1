"""Alternating rounds: both sides of a comparison are measured again and again.

A ratio is taken within one round, so other load on the machine affects both sides.
The table has the median and, as spread, the quartiles. As in `timeit`, the garbage
collector is off.
"""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

# How long one side is called in one round: long enough for the clock's resolution.
_SIDE_SECONDS = 0.01


class Row(NamedTuple):
    """One line of the table, per call."""

    figure: str
    compared: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    low: float
    high: float
    target: float

    @property
    def verdict(self) -> str:
        """Return whether the target is met."""
        return "met" if self.ratio <= self.target else "MISSED"


def seconds(call: Callable[[], Any], calls: int = 1) -> float:
    """Return the seconds per call, over *calls* calls in a row."""
    times = range(calls)
    started = time.perf_counter()
    for _ in times:
        call()
    return (time.perf_counter() - started) / calls


@contextmanager
def no_collector() -> Iterator[None]:
    """Switch the garbage collector off."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def interleaved(
    sides: Mapping[str, Callable[[], Any]], rounds: int
) -> dict[str, list[float]]:
    """Return the seconds per call of each side and round, in alternating order."""
    names = list(sides)
    with no_collector():
        calls = {}
        for name, call in sides.items():
            once = min(seconds(call) for _ in range(3))
            calls[name] = max(1, int(_SIDE_SECONDS / once))
        taken: dict[str, list[float]] = {name: [] for name in names}
        for number in range(rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                taken[name].append(seconds(sides[name], calls[name]))
    return taken


def row(
    figure: str,
    compared: str,
    sides: Iterable[Sequence[float]],
    target: float,
    unit: str = "s",
) -> Row:
    """Return the line of the table for the rounds of two sides, ours first."""
    ours, theirs = sides
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    medians = median(ours), median(theirs)
    return Row(figure, compared, *medians, unit, median(ratios), low, high, target)
