"""`sim.clock` stands in for the module `time` in a module under test."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim import Simulator
from tests.calls import exported

if TYPE_CHECKING:
    from ec2_export_sim.clock import Clock

pytestmark = pytest.mark.rule("SIM-40")


def test_time_is_the_simulated_time() -> None:
    start = datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)
    sim = Simulator(start=start)
    sim.advance(0.25)
    assert sim.clock.time() == (start + timedelta(seconds=0.25)).timestamp()
    assert sim.clock.time_ns() == int(start.timestamp()) * 10**9 + 1_039_012_000
    assert time.gmtime(sim.clock.time())[:6] == (2026, 2, 3, 4, 5, 7)


@pytest.mark.parametrize("name", ["monotonic", "perf_counter"])
def test_the_others_count_simulated_seconds_since_construction(name: str) -> None:
    sim = Simulator(start=datetime(2026, 1, 1, tzinfo=UTC))
    clock = sim.in_region("eu-west-1").clock
    seconds, nanoseconds = getattr(clock, name), getattr(clock, f"{name}_ns")
    assert (seconds(), nanoseconds()) == (0.0, 0)
    sim.advance(900.000001)
    assert (seconds(), nanoseconds()) == (900.000001, 900_000_001_000)


def test_sleep_is_the_simulators() -> None:
    sim = Simulator()
    before = sim.now
    sim.clock.sleep(15)
    assert sim.now - before == timedelta(seconds=15)


def test_all_else_is_the_real_modules() -> None:
    clock = Simulator().clock
    assert clock.strftime is time.strftime
    assert clock.process_time is time.process_time
    assert clock.struct_time is time.struct_time
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = clock.no_such_name


def exporter(clock: Clock | ModuleType) -> Any:
    """Return what a module under test does with the module `time`."""

    def wait(sim: Simulator, task_id: str, timeout: float) -> str:
        deadline = clock.monotonic() + timeout
        while clock.monotonic() < deadline:
            if sim.task(task_id).state == "completed":
                return "completed"
            clock.sleep(15)
        return f"timed out at {clock.strftime('%H:%M', clock.gmtime(clock.time()))}"

    return SimpleNamespace(wait=wait)


def test_a_deadline_passes_in_the_module_that_has_the_clock() -> None:
    sim = Simulator(export_seconds=1200)
    module = exporter(sim.clock)
    assert module.wait(sim, exported(sim), 900) == "timed out at 00:15"
    assert module.wait(sim, sim.tasks[0].id, 900) == "completed"
