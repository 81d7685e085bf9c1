"""Rounds that alternate: what is compared is measured side by side, again and again.

A ratio is taken within a round and its median told, with the quartiles as its spread;
so whatever else the machine does weighs on both sides. As `timeit` does, the garbage
collector waits meanwhile.
"""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

# How long one side is called in one round, so that the clock's own steps vanish.
_SIDE_SECONDS = 0.01


class Row(NamedTuple):
    """One line of the table: what was measured beside what, a call each, and how."""

    figure: str
    beside: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    low: float
    high: float
    target: float | None = None

    @property
    def verdict(self) -> str:
        """Say whether the target is reached; nothing where there is none."""
        if self.target is None:
            return ""
        return "met" if self.ratio <= self.target else "MISSED"


def seconds(call: Callable[[], Any], calls: int = 1) -> float:
    """Return the seconds that one of so many calls in a row takes."""
    times = range(calls)
    begun = time.perf_counter()
    for _ in times:
        call()
    return (time.perf_counter() - begun) / calls


@contextmanager
def collector_waiting() -> Iterator[None]:
    """Keep the garbage collector from running meanwhile."""
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
    """Return the seconds a call of each side, round by round, in turning order."""
    names = list(sides)
    with collector_waiting():
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
    beside: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    target: float | None = None,
    unit: str = "s",
) -> Row:
    """Return the line that two sides' rounds make."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return Row(
        figure,
        beside,
        median(ours),
        median(theirs),
        unit,
        median(ratios),
        low,
        high,
        target,
    )
