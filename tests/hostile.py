"""Values that no caller means well with, and what is held against their effect."""

from __future__ import annotations

from typing import Any

from ec2_export_sim import Simulator

ID = "export-ami-00000001"


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


def held(sim: Simulator) -> Any:
    state = sim._account.state
    return sim.dump_tasks(), list(state.agenda), dict(state.client_tokens), sim.now
