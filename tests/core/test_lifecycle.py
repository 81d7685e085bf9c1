"""Time: what an export shows at every moment, and when it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ec2_export_sim import ServiceError, Simulator
from tests.calls import IMAGE, OTHER, answer, export, exported

STEPS = [
    (0.0, "0", "validating"),
    (0.1, "21", "updating"),
    (0.3, "60", "updating"),
    (0.5, "80", "converting"),
    (0.9, "85", "converting"),
    (1.0, None, None),
]
TICK = timedelta(microseconds=1)


# --- the progress steps -------------------------------------------------------------


@pytest.mark.rule("LIF-25", "LIF-05", "LIF-31", "LIF-03")
@pytest.mark.parametrize("seconds", [900, 1, 10**7, 0.25, 33])
@pytest.mark.parametrize(("before", "after"), [*pairwise(STEPS)])
def test_an_export_reaches_each_step_at_its_moment(
    seconds: float, before: Any, after: Any
) -> None:
    sim = Simulator(export_seconds=seconds, start=datetime(2024, 2, 28, tzinfo=UTC))
    task_id = exported(sim)
    moment = timedelta(seconds=seconds) * after[0]
    sim.advance((moment - TICK).total_seconds())
    task = sim.task(task_id)
    assert (task.state, task.progress, task.status_message) == ("active", *before[1:])
    sim.advance(TICK.total_seconds())
    task = sim.task(task_id)
    state = "completed" if after[1] is None else "active"
    assert (task.state, task.progress, task.status_message) == (state, *after[1:])


@pytest.mark.rule("LIF-25")
@given(st.lists(st.integers(0, 10**9), max_size=6), st.integers(1, 10**9))
@example([90_000_000] * 10, 900_000_000)
@example([1, 1, 1], 3)
def test_progress_depends_on_time_not_on_steps(steps: list[int], span: int) -> None:
    sim = Simulator(export_seconds=span / 10**6)
    task_id = exported(sim)
    for microseconds in steps:
        sim.advance(microseconds / 10**6)
    elapsed = sum(steps) / span
    step = [step for step in STEPS if step[0] <= elapsed][-1]
    assert (sim.task(task_id).progress, sim.task(task_id).status_message) == step[1:]


@pytest.mark.rule("LIF-25", "ORD-10")
def test_reading_changes_nothing() -> None:
    sim = Simulator()
    task_id = exported(sim)
    sim.advance(899)
    start = sim.now
    for _ in range(50):
        assert sim.task(task_id).progress == "85"
        assert sim.invoke("DescribeExportImageTasks", {})["ExportImageTasks"]
    assert (sim.now, sim.task(task_id).state) == (start, "active")


@pytest.mark.rule("LIF-25", "LIF-15")
def test_one_clock_drives_all_regions() -> None:
    sim = Simulator()
    ids = [exported(sim)]
    sim.sleep(300)
    there = sim.in_region("eu-west-1")
    ids.append(exported(there))
    there.sleep(600)
    assert sim.task(ids[0]).state == "completed"
    assert there.task(ids[1]).progress == "80"


@pytest.mark.rule("LIF-25", "SIM-17")
def test_each_call_takes_seconds_per_call() -> None:
    sim = Simulator(seconds_per_call=300)
    task_id = exported(sim)
    assert sim.now == datetime(2025, 1, 1, 0, 5, tzinfo=UTC)
    shown = []
    for _ in range(3):
        tasks = sim.invoke("DescribeExportImageTasks", {})["ExportImageTasks"]
        shown.append((tasks[0]["Status"], tasks[0].get("Progress")))
    assert shown == [("active", "60"), ("active", "80"), ("completed", None)]
    with pytest.raises(ServiceError, match="UnknownParameter"):
        sim.invoke("DescribeExportImageTasks", {"Bogus": 1})
    assert sim.now == datetime(2025, 1, 1, 0, 20, tzinfo=UTC)
    assert sim.task(task_id).state == "completed"


@pytest.mark.rule("LIF-25", "SIM-08")
def test_a_snapshot_restores_scheduled_events() -> None:
    sim = Simulator()
    task_id = exported(sim)
    sim.advance(450)
    half_way = sim.snapshot()
    for _ in range(2):
        sim.advance(449)
        assert sim.task(task_id).progress == "85"
        sim.advance(1)
        assert sim.task(task_id).state == "completed"
        sim.restore(half_way)
        assert sim.task(task_id).progress == "80"


@pytest.mark.rule("LIF-25")
def test_an_export_that_ends_after_the_calendar_never_does() -> None:
    sim = Simulator(export_seconds=10**12)
    sim.fail_exports_of(OTHER, "broken")
    ids = [exported(sim), exported(sim, ImageId=OTHER)]
    sim.advance(timedelta(days=365 * 7000).total_seconds())
    assert [sim.task(task_id).state for task_id in ids] == ["active", "active"]
    with pytest.raises(ValueError, match="the calendar ends"):
        sim.advance(timedelta(days=365 * 7000).total_seconds())


@pytest.mark.rule("LIF-17")
def test_a_task_can_be_canceled_in_the_last_minute_of_the_calendar() -> None:
    sim = Simulator(start=datetime.max.replace(tzinfo=UTC) - timedelta(seconds=30))
    task = sim.add_task()
    assert answer(sim, "CancelExportTask", ExportTaskId=task.id) == {}
    sim.advance(29)
    assert sim.task(task.id).state == "deleting"


# --- failing ------------------------------------------------------------------------


@pytest.mark.rule("SIM-10", "LIF-04", "LIF-17")
@pytest.mark.parametrize("message", ["disk broken", "ClientError: disk broken"])
def test_the_exports_of_an_image_fail_half_way(message: str) -> None:
    notified: list[Any] = []
    sim = Simulator(on_completed=notified.append)
    sim.fail_exports_of(IMAGE, message)
    task_id, other = exported(sim), exported(sim, ImageId=OTHER)
    sim.advance(449.999999)
    assert sim.task(task_id).progress == "60"
    sim.advance(0.000001)
    failed = sim.task(task_id)
    assert (failed.state, failed.progress) == ("deleting", None)
    assert failed.status_message == "ClientError: disk broken"
    sim.advance(60)
    gone = sim.task(task_id)
    assert (gone.state, gone.status_message) == ("deleted", failed.status_message)
    sim.advance(390)
    assert [task.id for task in notified] == [other]
    assert sim.task(exported(sim)).progress == "0"


@pytest.mark.rule("SIM-10", "LIF-15", "SIM-08")
def test_only_later_exports_of_the_region_fail() -> None:
    sim = Simulator()
    there = sim.in_region("eu-west-1")
    before = sim.snapshot()
    first = exported(sim)
    sim.fail_exports_of(IMAGE, "broken")
    export(there)
    sim.advance(900)
    assert [sim.task(first).state, there.tasks[0].state] == ["completed"] * 2
    sim.fail_exports_of(IMAGE, "worse")
    second = exported(sim)
    sim.advance(450)
    assert sim.task(second).status_message == "ClientError: worse"
    sim.restore(before)
    third = exported(sim)
    sim.advance(900)
    assert sim.task(third).state == "completed"
