"""`on_completed`: which completions are announced, in which order, and how it fails."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest

from ec2_export_sim import ExportImageTask, Simulator
from tests.calls import answer, create_tags, export, exported, images, tag_list


@pytest.mark.rule("LIF-26")
def test_completions_are_announced_in_order_each_once() -> None:
    told: list[ExportImageTask] = []
    sim = Simulator(on_completed=told.append)
    there = sim.in_region("eu-west-1")
    first, second, third = images(3)
    expected = [exported(there, ImageId=first), exported(sim, ImageId=second)]
    late = exported(sim, ImageId=third)
    sim.complete_task(late)
    assert told == [sim.task(late)]
    sim.advance(10)
    expected.append(exported(sim, ImageId=third))
    arranged = sim.add_task(status="completed")
    sim.add_task()
    sim.load_tasks([{**sim.dump_tasks()[0], "ExportImageTaskId": f"{late[:-1]}t"}])
    sim.advance(10**6)
    sim.advance(10**6)
    assert [task.id for task in told] == [late, *expected]
    assert arranged not in told
    assert told[1] == there.task(expected[0])
    assert {task.state for task in told} == {"completed"}


@pytest.mark.rule("LIF-26", "LIF-08")
def test_an_arranged_task_is_announced_when_the_back_door_completes_it() -> None:
    told: list[ExportImageTask] = []
    sim = Simulator(on_completed=told.append)
    sim.add_task(status="completed")
    task, other = sim.add_task(), sim.add_task()
    sim.fail_task(other.id, "broken")
    assert told == []
    assert [sim.complete_task(task.id)] == told == [sim.task(task.id)]
    sim.advance(10**6)
    assert len(told) == 1


@pytest.mark.rule("LIF-26")
def test_a_task_is_announced_as_it_is_with_its_tags_and_its_key() -> None:
    told: list[ExportImageTask] = []
    sim = Simulator(on_completed=told.append)
    location = {"S3Bucket": "b", "S3Prefix": "p/"}
    task_id = exported(sim, S3ExportLocation=location, DiskImageFormat="raw")
    create_tags(sim, tag_list({"k": "v"}), task_id)
    sim.advance(900)
    (task,) = told
    assert (task.s3_bucket, task.s3_key) == ("b", f"p/{task_id}.raw")
    assert (dict(task.tags), task.progress) == ({"k": "v"}, None)


@pytest.mark.rule("LIF-26", "ORD-09")
@pytest.mark.parametrize("refused", [False, True])
def test_a_completion_during_a_call_is_announced_when_the_call_is_over(
    refused: bool,
) -> None:
    seen: list[Any] = []

    def on_completed(task: ExportImageTask) -> None:
        def look() -> None:
            seen.append((task.id, sim.task(task.id).state, len(sim.calls), sim.now))

        look()
        thread = Thread(target=look)  # which the lock, were it held, would stop
        thread.start()
        thread.join(10)
        assert not thread.is_alive()

    sim = Simulator(seconds_per_call=450, on_completed=on_completed)
    task_id = exported(sim)
    sim.advance(450)
    if refused:
        sim.fail_next_call("*", "Unavailable")
    answered = answer(sim, "DescribeExportImageTasks")
    told = (task_id, "completed", 2, sim.now)
    assert seen == [told, told]
    assert (answered[0] == "Unavailable") if refused else answered["ExportImageTasks"]


@pytest.mark.rule("LIF-26")
def test_a_callback_may_act_and_move_the_clock() -> None:
    told: list[str] = []
    sim: Simulator

    def on_completed(task: ExportImageTask) -> None:
        told.append(task.id)
        if len(told) < 3:
            export(sim)
            sim.advance(900)

    sim = Simulator(on_completed=on_completed)
    export(sim)
    sim.advance(900)
    assert told == [task.id for task in sim.tasks]
    assert len(told) == 3
    assert sim.now == datetime(2025, 1, 1, 0, 45, tzinfo=UTC)


@pytest.mark.rule("LIF-26")
@pytest.mark.parametrize("by", ["advance", "invoke", "client", "complete_task"])
def test_an_exception_leaves_from_the_call_that_moved_the_clock(by: str) -> None:
    told: list[str] = []

    def on_completed(task: ExportImageTask) -> None:
        told.append(task.id)
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
    assert told == ids[:1]
    assert [task.state for task in sim.tasks] == ["completed", "active"]
    with pytest.raises(RuntimeError, match=f"no bucket for {ids[1]}"):
        sim.advance(2)
    sim.advance(10**6)
    assert told == ids


@pytest.mark.rule("LIF-26")
def test_of_several_exceptions_the_first_leaves_and_all_are_announced() -> None:
    told: list[str] = []

    def on_completed(task: ExportImageTask) -> None:
        told.append(task.id)
        if len(told) != 2:
            raise RuntimeError(f"announcement {len(told)}")

    sim = Simulator(on_completed=on_completed)
    ids = [exported(sim, ImageId=image_id) for image_id in images(4)]
    with pytest.raises(RuntimeError, match="announcement 1") as caught:
        sim.advance(2000)
    assert caught.value.__notes__ == [
        f"and on_completed of {ids[n - 1]}: RuntimeError('announcement {n}')"
        for n in (3, 4)
    ]
    assert (told, sim.now.minute) == (ids, 33)
    assert {task.state for task in sim.tasks} == {"completed"}


@pytest.mark.rule("LIF-26", "LIF-16")
def test_what_is_restored_completes_and_is_announced_again() -> None:
    told: list[str] = []
    sim = Simulator(on_completed=lambda task: told.append(task.id))
    task_id = exported(sim)
    before = sim.snapshot()
    sim.advance(900)
    sim.restore(before)
    sim.advance(899)
    assert told == [task_id]
    sim.advance(1)
    assert told == [task_id, task_id]


@pytest.mark.rule("LIF-16", "LIF-26")
def test_nothing_of_a_world_that_was_left_is_announced() -> None:
    announced: list[str] = []

    def leave(task: ExportImageTask) -> None:
        announced.append(task.id)
        sim.reset()

    sim = Simulator(on_completed=leave)
    for image_id in images(3):
        export(sim, ImageId=image_id)
    sim.advance(900)
    sim.client().describe_export_image_tasks()
    assert len(announced) == 1
