"""`on_completed`: what is notified, in which order, and what its exceptions do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

from ec2_export_sim import ExportImageTask, ServiceError, Simulator
from tests.calls import answer, create_tags, export, exported, images, tag_list


@pytest.mark.rule("SIM-09")
def test_completions_are_notified_once_in_order() -> None:
    notified: list[ExportImageTask] = []
    sim = Simulator(on_completed=notified.append)
    there = sim.in_region("eu-west-1")
    first, second, third = images(3)
    expected = [exported(there, ImageId=first), exported(sim, ImageId=second)]
    late = exported(sim, ImageId=third)
    sim.complete_task(late)
    assert notified == [sim.task(late)]
    sim.advance(10)
    expected.append(exported(sim, ImageId=third))
    added = sim.add_task(status="completed")
    sim.add_task()
    sim.load_tasks([{**sim.dump_tasks()[0], "ExportImageTaskId": f"{late[:-1]}t"}])
    sim.advance(10**6)
    sim.advance(10**6)
    assert [task.id for task in notified] == [late, *expected]
    assert added not in notified
    assert notified[1] == there.task(expected[0])
    assert {task.state for task in notified} == {"completed"}


@pytest.mark.rule("SIM-09", "LIF-08")
def test_an_added_task_is_notified_when_complete_task_completes_it() -> None:
    notified: list[ExportImageTask] = []
    sim = Simulator(on_completed=notified.append)
    sim.add_task(status="completed")
    task, other = sim.add_task(), sim.add_task()
    sim.fail_task(other.id, "broken")
    assert notified == []
    assert [sim.complete_task(task.id)] == notified == [sim.task(task.id)]
    sim.advance(10**6)
    assert len(notified) == 1


@pytest.mark.rule("SIM-09")
def test_the_callback_gets_the_current_task() -> None:
    notified: list[ExportImageTask] = []
    sim = Simulator(on_completed=notified.append)
    location = {"S3Bucket": "b", "S3Prefix": "p/"}
    task_id = exported(sim, S3ExportLocation=location, DiskImageFormat="raw")
    create_tags(sim, tag_list({"k": "v"}), task_id)
    sim.advance(900)
    (task,) = notified
    assert (task.s3_bucket, task.s3_key) == ("b", f"p/{task_id}.raw")
    assert (dict(task.tags), task.progress) == ({"k": "v"}, None)


@pytest.mark.rule("SIM-09", "SIM-17")
@pytest.mark.parametrize("with_error", [False, True])
def test_a_completion_during_a_call_is_notified_before_the_answer(
    with_error: bool,
) -> None:
    seen: list[Any] = []

    def on_completed(task: ExportImageTask) -> None:
        def look() -> None:
            seen.append((task.id, sim.task(task.id).state, len(sim.calls), sim.now))

        look()
        thread = Thread(target=look)  # would wait for the lock
        thread.start()
        thread.join(10)
        assert not thread.is_alive()

    sim = Simulator(seconds_per_call=450, on_completed=on_completed)
    task_id = exported(sim)
    sim.advance(450)
    if with_error:
        sim.fail_next_call("*", "Unavailable")
    response = answer(sim, "DescribeExportImageTasks")
    state = (task_id, "completed", 1, sim.now)
    assert seen == [state, state]
    assert (
        (response[0] == "Unavailable") if with_error else response["ExportImageTasks"]
    )


@pytest.mark.rule("SIM-09")
def test_a_callback_can_export_and_move_the_clock() -> None:
    notified: list[str] = []
    sim: Simulator

    def on_completed(task: ExportImageTask) -> None:
        notified.append(task.id)
        if len(notified) < 3:
            export(sim)
            sim.advance(900)

    sim = Simulator(on_completed=on_completed)
    export(sim)
    sim.advance(900)
    assert notified == [task.id for task in sim.tasks]
    assert len(notified) == 3
    assert sim.now == datetime(2025, 1, 1, 0, 45, tzinfo=UTC)


@pytest.mark.rule("SIM-09")
@pytest.mark.parametrize("by", ["advance", "invoke", "client", "complete_task"])
def test_the_call_that_moved_the_clock_raises_the_exception(by: str) -> None:
    notified: list[str] = []

    def on_completed(task: ExportImageTask) -> None:
        notified.append(task.id)
        raise RuntimeError(f"no bucket for {task.id}")

    sim = Simulator(seconds_per_call=1, on_completed=on_completed)
    ids = [exported(sim, ImageId=image_id) for image_id in images(2)]
    sim.advance(898)
    move: Any = {
        "advance": lambda: sim.advance(1),
        "invoke": lambda: sim.invoke("DescribeTags", {}),
        "client": sim.client().describe_tags,
        "complete_task": lambda: sim.complete_task(ids[0]),
    }[by]
    with pytest.raises(RuntimeError, match=f"no bucket for {ids[0]}"):
        move()
    assert notified == ids[:1]
    assert [task.state for task in sim.tasks] == ["completed", "active"]
    with pytest.raises(RuntimeError, match=f"no bucket for {ids[1]}"):
        sim.advance(2)
    sim.advance(10**6)
    assert notified == ids


@pytest.mark.rule("SIM-09")
def test_the_first_of_several_exceptions_is_raised_with_notes() -> None:
    notified: list[str] = []

    def on_completed(task: ExportImageTask) -> None:
        notified.append(task.id)
        if len(notified) != 2:
            raise RuntimeError(f"notification {len(notified)}")

    sim = Simulator(on_completed=on_completed)
    ids = [exported(sim, ImageId=image_id) for image_id in images(4)]
    with pytest.raises(RuntimeError, match="notification 1") as caught:
        sim.advance(2000)
    assert caught.value.__notes__ == [
        f"on_completed of {ids[n - 1]}: RuntimeError('notification {n}')"
        for n in (3, 4)
    ]
    assert (notified, sim.now.minute) == (ids, 33)
    assert {task.state for task in sim.tasks} == {"completed"}


@pytest.mark.rule("SIM-09", "SIM-08")
def test_a_restored_export_is_notified_again() -> None:
    notified: list[str] = []
    sim = Simulator(on_completed=lambda task: notified.append(task.id))
    task_id = exported(sim)
    before = sim.snapshot()
    sim.advance(900)
    sim.restore(before)
    sim.advance(899)
    assert notified == [task_id]
    sim.advance(1)
    assert notified == [task_id, task_id]


@pytest.mark.rule("SIM-08", "SIM-09")
def test_nothing_is_notified_after_a_reset() -> None:
    notified: list[str] = []

    def leave(task: ExportImageTask) -> None:
        notified.append(task.id)
        sim.reset()

    sim = Simulator(on_completed=leave)
    for image_id in images(3):
        export(sim, ImageId=image_id)
    sim.advance(900)
    sim.client().describe_export_image_tasks()
    assert len(notified) == 1


@pytest.mark.rule("SIM-09")
def test_the_clock_stops_at_each_completion_so_that_exports_can_follow() -> None:
    moments: list[datetime] = []

    def on_completed(_: ExportImageTask) -> None:
        moments.append(sim.now)
        if len(moments) < 4:
            export(sim)

    sim = Simulator(on_completed=on_completed)
    export(sim)
    sim.advance(5000)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    assert moments == [start + timedelta(seconds=900 * n) for n in (1, 2, 3, 4)]
    assert sim.now == start + timedelta(seconds=5000)


@pytest.mark.rule("SIM-09")
def test_parallel_durations_add_up_while_a_callback_runs() -> None:
    entered, leave = Event(), Event()

    def on_completed(_: ExportImageTask) -> None:
        entered.set()
        assert leave.wait(10)

    sim = Simulator(on_completed=on_completed)
    export(sim)
    first = Thread(target=lambda: sim.advance(1000))
    first.start()
    assert entered.wait(10)
    sim.advance(100)  # no lock is held
    leave.set()
    first.join(10)
    assert sim.now == datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=1100)


@pytest.mark.rule("SIM-09")
@pytest.mark.parametrize("change", ["reset", "restore"])
def test_a_callback_can_go_back_in_time(change: str) -> None:
    sim: Simulator

    def on_completed(_: ExportImageTask) -> None:
        sim.reset() if change == "reset" else sim.restore(before)

    sim = Simulator(on_completed=on_completed)
    before = sim.snapshot()
    export(sim)
    sim.advance(5000)
    assert (sim.tasks, sim.now) == ((), datetime(2025, 1, 1, tzinfo=UTC))


@pytest.mark.rule("SIM-09")
def test_an_async_callback_is_refused() -> None:
    async def on_completed(_: ExportImageTask) -> None: ...

    class Callback:
        async def __call__(self, task: ExportImageTask) -> None: ...

    for callback in (on_completed, Callback()):
        with pytest.raises(ValueError, match="must not be async"):
            Simulator(on_completed=callback)


@pytest.mark.rule("SIM-09")
def test_an_error_of_the_service_within_a_callback_leaves_the_call() -> None:
    def on_completed(_: ExportImageTask) -> None:
        sim.invoke("ExportImage", {"ImageId": "x"})

    sim = Simulator(seconds_per_call=1000, on_completed=on_completed)
    sim.add_task(running=True)
    with pytest.raises(ServiceError, match="MissingParameter"):
        sim.client().describe_tags()
