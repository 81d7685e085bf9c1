"""A poll that nothing will ever end is warned of, once, and says what to do."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from ec2_export_sim import Simulator, StuckClockWarning
from tests.calls import DESCRIBE, IMAGE, UNKNOWN, exported

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 1000


@pytest.fixture(autouse=True)
def threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many threads are alive, in a list of one: pytest-xdist has some."""
    alive = [1]
    monkeypatch.setattr(threading, "active_count", lambda: alive[0])
    return alive


def warned(sim: Simulator, times: int, **parameters: object) -> list[str]:
    """Return the warnings that so many calls issue."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(times):
            sim.invoke(DESCRIBE, parameters)
    assert {each.category for each in caught} <= {StuckClockWarning}
    return [str(each.message) for each in caught]


@pytest.mark.rule("SIM-38")
def test_a_clock_that_stands_still_is_warned_of_once() -> None:
    sim = Simulator()
    task_id = exported(sim)
    sim.advance(90)
    assert warned(sim, MANY - 1) == []
    assert warned(sim, 3 * MANY) == [
        "1,000 identical calls of DescribeExportImageTasks in a row have answered that "
        f"{task_id} is active, and the simulated clock has stood still at 00:01:30. "
        "Move it with sim.advance(seconds), or sleep in virtual_time(sim) of "
        "ec2_export_sim.virtual_time (the fixture ec2_export_time)."
    ]


@pytest.mark.rule("SIM-38")
def test_a_task_that_does_not_run_is_warned_of_although_the_clock_moves() -> None:
    sim = Simulator(seconds_per_call=15)
    task = sim.add_task(progress=80)
    assert warned(sim, MANY - 1, ExportImageTaskIds=[task.id]) == []
    assert warned(sim, MANY, ExportImageTaskIds=[task.id]) == [
        "1,000 identical calls of DescribeExportImageTasks in a row have answered that "
        f"{task.id} is active. It does not run: a task of add_task or load_tasks stays "
        "as it is. Make it with add_task(running=True), or end it with "
        "sim.complete_task or sim.fail_task."
    ]


@pytest.mark.rule("SIM-38")
@pytest.mark.parametrize("status", ["completed", "deleting", "deleted"])
def test_a_task_that_has_ended_is_not_warned_of(status: str) -> None:
    sim = Simulator()
    sim.add_task(status=status)
    assert warned(sim, 2 * MANY) == []


@pytest.mark.rule("SIM-38")
def test_only_an_answer_with_a_single_task_counts() -> None:
    sim = Simulator()
    assert warned(sim, 2 * MANY) == []
    tasks = [sim.add_task(), sim.add_task()]
    assert warned(sim, 2 * MANY) == []
    assert len(warned(sim, MANY, ExportImageTaskIds=[tasks[1].id])) == 1


@pytest.mark.rule("SIM-38")
def test_each_task_is_warned_of() -> None:
    sim = Simulator()
    there = sim.in_region("eu-west-1")
    ids = [sim.add_task().id, sim.add_task().id, there.add_task().id]
    regions = [sim, sim, there]
    for region, task_id in zip(regions, ids, strict=True):
        (text,) = warned(region, MANY, ExportImageTaskIds=[task_id])
        assert task_id in text
        assert warned(region, MANY, ExportImageTaskIds=[task_id]) == []


@pytest.mark.rule("SIM-38")
def test_while_other_threads_are_alive_it_takes_more(threads: list[int]) -> None:
    sim = Simulator()
    sim.add_task()
    threads[0] = 2
    assert warned(sim, 100 * MANY - 1) == []
    (text,) = warned(sim, 1)
    assert text.startswith("100,000 identical calls")


@pytest.mark.rule("SIM-38")
def test_as_an_error_it_ends_the_poll() -> None:
    sim = Simulator()
    sim.add_task()
    ec2 = sim.client()

    def poll() -> None:
        while ec2.describe_export_image_tasks()["ExportImageTasks"]:
            pass

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(StuckClockWarning):
            poll()
    assert len(sim.calls) == MANY


CHANGES: dict[str, Callable[[Simulator], object]] = {
    "a task is added": lambda sim: sim.add_task(),
    "tasks are loaded": lambda sim: sim.load_tasks(
        [{"ExportImageTaskId": UNKNOWN, "Status": "deleted"}]
    ),
    "a task is completed": lambda sim: sim.complete_task(sim.tasks[1].id),
    "a task fails": lambda sim: sim.fail_task(sim.tasks[1].id, "broken"),
    "a task is removed": lambda sim: sim.remove_task(sim.tasks[1].id),
    "a task there is added": lambda sim: sim.in_region("eu-west-1").add_task(),
    "an error is injected": lambda sim: sim.fail_next_call("ExportImage", "Mine"),
    "exports are to fail": lambda sim: sim.fail_exports_of(IMAGE, "broken"),
    "the clock moves": lambda sim: sim.advance(1),
    "the account is restored": lambda sim: sim.restore(sim.snapshot()),
    "tags are set": lambda sim: sim.invoke(
        "CreateTags",
        {"Resources": [sim.tasks[0].id], "Tags": [{"Key": "k", "Value": "v"}]},
    ),
    "another region is asked": lambda sim: warned(sim.in_region("eu-west-1"), 1),
    "something else is asked": lambda sim: warned(
        sim, 1, ExportImageTaskIds=[sim.tasks[0].id], MaxResults=5
    ),
    "another caller asks": lambda sim: sim.invoke(
        DESCRIBE,
        {"ExportImageTaskIds": [sim.tasks[0].id]},
        principal="arn:aws:iam::123456789012:user/other",
    ),
}


@pytest.mark.rule("SIM-39")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_starts_the_count_again(change: Callable[[Simulator], object]) -> None:
    sim = Simulator()
    task_id = exported(sim)
    sim.add_task()
    ask = {"ExportImageTaskIds": [task_id]}
    assert warned(sim, MANY - 1, **ask) == []
    change(sim)
    assert warned(sim, MANY - 1, **ask) == []
    assert len(warned(sim, 1, **ask)) == 1


@pytest.mark.rule("SIM-39")
def test_an_error_starts_the_count_again() -> None:
    sim = Simulator()
    exported(sim)
    sim.fail_next_call(DESCRIBE, "RequestLimitExceeded", skip=MANY - 1)
    assert warned(sim, MANY - 1) == []
    assert sim.calls.last is not None
    with pytest.raises(Exception, match="Request limit exceeded"):
        sim.invoke(DESCRIBE, {})
    assert warned(sim, MANY - 1) == []
    assert len(warned(sim, 1)) == 1


@pytest.mark.rule("SIM-38", "SIM-39")
def test_a_task_after_reset_is_another_one() -> None:
    sim = Simulator()
    exported(sim)
    assert len(warned(sim, MANY)) == 1
    sim.reset()
    exported(sim)
    assert warned(sim, MANY - 1) == []
    assert len(warned(sim, 1)) == 1


@pytest.mark.rule("SIM-38")
def test_the_warning_points_at_the_line_that_polls() -> None:
    sim = Simulator()
    sim.add_task()
    ec2 = sim.client()
    for _ in range(MANY - 1):
        ec2.describe_export_image_tasks()
    with pytest.warns(StuckClockWarning) as caught:
        ec2.describe_export_image_tasks()
    assert [warning.filename for warning in caught] == [__file__]
