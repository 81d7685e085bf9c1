"""Conveniences: wrong guesses, other kinds of numbers, and running tasks."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import ec2_export_sim
from ec2_export_sim import ClientError, Simulator
from tests.calls import IMAGE, OTHER, export, exported

START = datetime(2025, 1, 1, tzinfo=UTC)


class Int64:
    """An integer of another library, such as numpy's."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __index__(self) -> int:
        return self._value


class Float64:
    """A number of another library, such as numpy's."""

    def __float__(self) -> float:
        return 2.5


# --- durations and numbers ----------------------------------------------------------


@pytest.mark.rule("SIM-23")
@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (timedelta(minutes=15), 900),
        (Int64(5), 5),
        (Float64(), 2.5),
        (Decimal("0.5"), 0.5),
        (Fraction(1, 4), 0.25),
    ],
)
def test_any_kind_of_number_is_a_duration(duration: Any, seconds: float) -> None:
    sim = Simulator()
    sim.advance(duration)
    sim.sleep(duration)
    assert sim.now == START + 2 * timedelta(seconds=seconds)
    sim = Simulator(export_seconds=duration, seconds_per_call=duration)
    task_id = exported(sim)
    sim.advance(duration)
    assert sim.task(task_id).state == "completed"


@pytest.mark.rule("SIM-23")
@pytest.mark.parametrize("wrong", ["5", b"5", None, [], 1j, float("nan"), object()])
def test_other_values_are_no_durations(wrong: Any) -> None:
    with pytest.raises(ValueError, match="number of seconds or a timedelta"):
        Simulator().advance(wrong)


@pytest.mark.rule("SIM-23")
@pytest.mark.parametrize("wrong", [1e308, 10**400, float("inf")])
def test_a_duration_that_is_too_long_is_named(wrong: Any) -> None:
    with pytest.raises(ValueError, match="at most 999999999 days"):
        Simulator().advance(wrong)


@pytest.mark.rule("SIM-23")
def test_integers_of_other_libraries_are_integers() -> None:
    limit: Any = Int64(1)
    sim = Simulator(max_running_exports=limit)
    exported(sim)
    assert export(sim, ImageId=OTHER)[0] == "ResourceLimitExceeded"
    sim.fail_next_call("*", "Unavailable", times=limit, http_status=None)
    with pytest.raises(ClientError, match="Unavailable"):
        sim.client().describe_tags()


# --- test controls ------------------------------------------------------------------


@pytest.mark.rule("SIM-21")
@pytest.mark.parametrize(
    ("progress", "shown"),
    [
        (None, ["0", "21", "60", "80", "85", None]),
        (0, ["0", "21", "60", "80", "85", None]),
        (50, ["50", "50", "60", "80", "85", None]),
        ("80", ["80", "80", "80", "80", "85", None]),
        (99.5, ["99.5"] * 5 + [None]),
    ],
)
def test_a_running_task_goes_on_from_its_progress(
    progress: Any, shown: list[str | None]
) -> None:
    sim = Simulator(export_seconds=1000)
    task_id = sim.add_task(progress=progress, running=True).id
    moments = {None: 0, 0: 0, 50: 100, "80": 500, 99.5: 900}[progress]
    seen = []
    for fraction in (0, 100, 300, 500, 900, 1000):
        if fraction > moments:
            sim.advance(fraction - moments)
            moments = fraction
        seen.append(sim.task(task_id).progress)
    assert seen == shown
    assert sim.task(task_id).state == "completed"


@pytest.mark.rule("SIM-21")
def test_a_running_task_is_described_as_it_was_added_and_notified() -> None:
    completed: list[str] = []
    sim = Simulator(on_completed=lambda task: completed.append(task.id))
    sim.fail_exports_of("*", "no")
    task = sim.add_task(image_id=IMAGE, progress=33, status_message="x", running=True)
    assert (task.progress, task.status_message) == ("33", "x")
    assert sim.task(task.id) == task
    sim.advance(900)
    assert completed == [task.id]


@pytest.mark.rule("SIM-21")
@pytest.mark.parametrize("status", ["completed", "deleting", "deleted"])
def test_only_an_active_task_is_running(status: str) -> None:
    sim = Simulator()
    with pytest.raises(ValueError, match="only an active task is running"):
        sim.add_task(status=status, running=True)
    assert sim.tasks == ()


@pytest.mark.rule("SIM-05")
def test_a_whole_response_can_be_loaded() -> None:
    sim = Simulator()
    sim.add_task(description="Bäckerei & Söhne <1>")
    response: Any = sim.client().describe_export_image_tasks()
    other = Simulator()
    other.load_tasks(response)
    assert other.dump_tasks() == sim.dump_tasks()
    with pytest.raises(ValueError, match="not dict, or a response with Exp"):
        other.load_tasks({"Tasks": []})


@pytest.mark.rule("SIM-10")
def test_exports_of_any_image_can_be_made_to_fail() -> None:
    sim = Simulator()
    sim.fail_exports_of("*", "any")
    sim.fail_exports_of(IMAGE, "this")
    ids = [exported(sim, ImageId=image_id) for image_id in (IMAGE, OTHER)]
    sim.advance(450)
    messages = [sim.task(task_id).status_message for task_id in ids]
    assert messages == ["ClientError: this", "ClientError: any"]


@pytest.mark.rule("LIF-20")
def test_images_are_read_at_each_call() -> None:
    images: dict[str, str] = {}
    sim = Simulator(images=images)
    assert export(sim)[0] == "InvalidAMIID.NotFound"
    images[IMAGE] = "own"
    exported(sim)
    images[OTHER] = "borrowed"
    with pytest.raises(ValueError, match="'borrowed'; a kind is own, marketplace"):
        export(sim, ImageId=OTHER)
    assert sim.calls[-1].error_code == "ValueError"


# --- wrong guesses ------------------------------------------------------------------


@pytest.mark.rule("SIM-25")
@pytest.mark.parametrize(
    ("wrong", "right"),
    [("region", "region_name"), ("running_exports", "max_running_exports")],
)
def test_an_argument_of_another_name_is_named(wrong: str, right: str) -> None:
    arguments: Any = {wrong: 1}
    with pytest.raises(TypeError, match=f"{wrong!r}; use {right!r}"):
        Simulator(**arguments)


@pytest.mark.rule("SIM-25")
@pytest.mark.parametrize(
    ("name", "module"), [("intercept", "botocore"), ("serve", "server")]
)
def test_a_name_that_is_elsewhere_is_named(name: str, module: str) -> None:
    with pytest.raises(ImportError, match=f"from ec2_export_sim.{module} import"):
        getattr(ec2_export_sim, name)


@pytest.mark.rule("SIM-25")
def test_virtual_time_is_elsewhere_also_after_its_module_was_imported() -> None:
    import ec2_export_sim.virtual_time as module

    with pytest.raises(ImportError, match=r"from ec2_export_sim\.virtual_time import"):
        exec("from ec2_export_sim import virtual_time", {})  # noqa: S102
    assert ec2_export_sim.virtual_time is module


@pytest.mark.rule("SIM-25")
def test_an_attribute_that_a_paginator_does_not_use_is_named() -> None:
    paginator: Any = Simulator().client().get_paginator("describe_tags")
    with pytest.raises(AttributeError, match=r"PAGE_ITERATOR_CLS.*real boto3 client"):
        paginator.PAGE_ITERATOR_CLS = object


@pytest.mark.rule("SIM-25")
@pytest.mark.parametrize("do", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_simulator_is_not_copied(do: Any) -> None:
    sim = Simulator()
    with pytest.raises(TypeError, match="dump_tasks and load_tasks"):
        do(sim)
    if do is not copy.copy:
        for part in (sim.client(), sim.snapshot()):
            with pytest.raises(TypeError, match="snapshot and restore"):
                do(part)


@pytest.mark.rule("SIM-25")
def test_reprs_say_what_a_thing_is() -> None:
    sim = Simulator("eu-west-1")
    assert repr(sim.client()).startswith("<Client of eu-west-1, arn:aws:iam::")
    assert repr(sim.snapshot()) == "<Snapshot at 2025-01-01 00:00:00Z>"
    assert repr(sim.clock) == "<Clock at 2025-01-01 00:00:00Z>"
