"""Values that no caller should send."""

from __future__ import annotations

from typing import Any


class Unprintable:
    def __repr__(self) -> str:
        raise ZeroDivisionError


def deep_list(depth: int = 100_000) -> list[Any]:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    return nested


def endless_list() -> list[Any]:
    ring: list[Any] = []
    ring.append(ring)
    return ring


def endless_dict() -> dict[str, Any]:
    ring: dict[str, Any] = {}
    ring["Name"] = ring["Values"] = ring["Key"] = ring["Tags"] = ring
    return ring


INVALID: dict[str, Any] = {
    "a deep list": deep_list(),
    "an endless list": endless_list(),
    "an endless dict": endless_dict(),
    "a dict with keys that are no names": {0: 1, None: 2, (): 3},
    "a huge text": "x" * 1_000_000,
    "a huge pattern": "*?" * 500_000,
    "a lone surrogate": "\ud800",
    "a control character": "a\x00b",
    "many digits": 10**5000,
    "not a number": float("nan"),
    "bytes": b"\xff",
    "unprintable": Unprintable(),
    "None": None,
}
