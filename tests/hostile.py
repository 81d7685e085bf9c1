"""Values that no caller should send, a world for them, and a count of its work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ec2_export_sim import Simulator
from tests.calls import ID

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class Unprintable:
    def __repr__(self) -> str:
        raise ZeroDivisionError


def deep(depth: int = 100_000) -> list[Any]:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    return nested


def round_list() -> list[Any]:
    ring: list[Any] = []
    ring.append(ring)
    return ring


def round_dict() -> dict[str, Any]:
    ring: dict[str, Any] = {}
    ring["Name"] = ring["Values"] = ring["Key"] = ring["Tags"] = ring
    return ring


HOSTILE: dict[str, Any] = {
    "deep": deep(),
    "a round list": round_list(),
    "a round dict": round_dict(),
    "a dict of names that are none": {0: 1, None: 2, (): 3},
    "huge": "x" * 1_000_000,
    "huge and wild": "*?" * 500_000,
    "a lone surrogate": "\ud800",
    "a control character": "a\x00b",
    "many digits": 10**5000,
    "no number": float("nan"),
    "bytes": b"\xff",
    "unprintable": Unprintable(),
    "nothing": None,
}


def world() -> Simulator:
    sim = Simulator()
    sim.add_task(task_id=ID, tags={"Name": "1"}, image_id="ami-00000009")
    sim.add_task(status="completed")
    return sim


def lines(call: Callable[[], object]) -> int:
    """Return how many lines the simulator executes in a call."""
    count = 0

    def trace(frame: FrameType, kind: str, _: object) -> Any:
        nonlocal count
        if "ec2_export_sim" not in frame.f_code.co_filename:
            return None
        count += kind == "line"
        return trace

    traced = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(traced)
    return count
