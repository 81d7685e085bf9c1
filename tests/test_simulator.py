"""The account: regions, calls, time and snapshots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from ec2_export_sim import (
    Call,
    ClientError,
    ParamValidationError,
    ServiceError,
    Simulator,
)
from tests.calls import DESCRIBE, code

START = datetime(2025, 1, 1, tzinfo=UTC)


# --- calls, time --------------------------------------------------------------------


@pytest.mark.rule("SIM-17")
def test_a_call_is_logged_with_its_time_and_its_error() -> None:
    sim = Simulator(seconds_per_call=2.5)
    client = sim.client(principal="arn:aws:iam::123456789012:role/r")
    client.describe_export_image_tasks(Filters=[], MaxResults=7)
    with pytest.raises(ClientError):
        client.describe_export_image_tasks(NextToken="x")
    with pytest.raises(ParamValidationError):
        client.describe_export_image_tasks(MaxResults=0)
    with pytest.raises(ServiceError):
        sim.invoke(DESCRIBE, {"Bogus": 1})
    who, region = "arn:aws:iam::123456789012:role/r", "us-east-1"
    spans = [timedelta(seconds=2.5), timedelta(seconds=5)]
    assert sim.calls == (
        Call(DESCRIBE, {"MaxResults": 7}, who, region, START + spans[0], None),
        Call(
            DESCRIBE,
            {"NextToken": "x"},
            who,
            region,
            START + spans[1],
            "InvalidParameterValue",
            "PAG-11",
            "PAG-11: a token is good only for the account, region, ids and filters it "
            "was given for (ec2-export-sim rules PAG-11)",
        ),
    )
    assert sim.now == START + spans[1]


@pytest.mark.rule("SIM-17")
def test_time_stops_at_the_end_of_the_calendar() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    sim = Simulator(start=end - timedelta(seconds=5), seconds_per_call=10)
    assert [code(sim), code(sim)] == [None, None]
    assert [call.at for call in sim.calls] == [end, end]


@pytest.mark.rule("SIM-17")
def test_the_log_has_the_last_ten_thousand_calls() -> None:
    sim = Simulator()
    for n in range(10_003):
        sim.invoke(DESCRIBE, {"MaxResults": n % 500 + 1})
    assert len(sim.calls) == 10_000
    assert sim.calls[0].parameters == {"MaxResults": 4}


@pytest.mark.rule("RSP-10")
def test_the_log_shares_no_object() -> None:
    sim = Simulator()
    filters: list[Any] = [{"Name": "task-state", "Values": ["active"]}]
    sim.client().describe_export_image_tasks(Filters=filters)
    filters[0]["Values"].append("x")
    sim.calls[0].parameters["Filters"][0]["Values"].append("y")
    logged = {"Filters": [{"Name": "task-state", "Values": ["active"]}]}
    assert sim.calls[0].parameters == logged


def test_time_moves_by_advance_and_sleep() -> None:
    sim = Simulator(start=datetime(2024, 2, 29, 1, tzinfo=timezone(timedelta(hours=1))))
    assert sim.now == datetime(2024, 2, 29, tzinfo=UTC)
    sim.advance(0.25)
    sim.sleep(59)
    other = sim.in_region("eu-west-1")
    assert other.now == datetime(2024, 2, 29, 0, 0, 59, 250_000, UTC)
    for seconds in (-1, float("nan"), float("inf"), 10**12, "x", None):
        with pytest.raises(ValueError, match=r"seconds|too long"):
            sim.advance(seconds)  # type: ignore[arg-type]
    assert sim.now == other.now


# --- regions, snapshots -------------------------------------------------------------


@pytest.mark.rule("LIF-15", "IDS-05")
def test_a_region_has_its_own_tasks() -> None:
    sim = Simulator()
    other = sim.in_region("eu-west-1")
    assert other is sim.in_region("eu-west-1")
    assert other.in_region("us-east-1") is sim
    assert other.client().meta.region_name == "eu-west-1"
    task = other.add_task()
    assert (sim.tasks, other.tasks) == ((), (task,))
    assert code(sim, ExportImageTaskIds=[task.id]) == "InvalidExportTaskID.NotFound"
    assert [call.region for call in other.calls] == ["us-east-1"]
    sim.fail_next_call("*", "Unavailable")
    assert code(other) == "Unavailable"


@pytest.mark.rule("LIF-15")
def test_a_region_has_the_class_of_its_simulator() -> None:
    class Mine(Simulator):
        pass

    other = Mine().in_region("eu-west-1")
    assert type(other) is Mine
    assert type(other.in_region("eu-north-1")) is Mine
    assert other.add_task() == other.tasks[0]


@pytest.mark.rule("SIM-08", "SIM-20")
def test_a_snapshot_restores_the_whole_account() -> None:
    sim = Simulator(seconds_per_call=1)
    other = sim.in_region("eu-west-1")

    def play() -> list[Any]:
        results: list[Any] = [sim.add_task(tags={"a": "b"}).id, other.add_task().id]
        results.append(code(sim))
        results.append(sim.client().describe_export_image_tasks(MaxResults=1))
        results.append(other.complete_task(other.tasks[0].id))
        return [*results, sim.now, sim.calls, sim.dump_tasks(), other.dump_tasks()]

    sim.add_task()
    sim.fail_next_call("*", "Unavailable")
    snapshot = sim.snapshot()
    first = play()
    for _ in range(2):
        sim.restore(snapshot)
        assert (len(sim.tasks), other.tasks, sim.now) == (1, (), START)
        assert len(sim.calls) == 0
        assert play() == first


@pytest.mark.rule("SIM-08")
def test_a_reset_restores_the_constructed_account() -> None:
    sim = Simulator()
    first = sim.add_task()
    sim.in_region("eu-west-1").add_task()
    sim.fail_next_call("*", "Unavailable")
    sim.advance(5)
    code(sim)
    sim.reset()
    assert (sim.tasks, sim.in_region("eu-west-1").tasks) == ((), ())
    assert (sim.now, len(sim.calls), code(sim)) == (START, 0, None)
    assert sim.add_task() == first


@pytest.mark.rule("SIM-08")
def test_only_a_snapshot_of_this_account_can_be_restored() -> None:
    with pytest.raises(ValueError, match="another simulator's account"):
        Simulator().restore(Simulator().snapshot())
    with pytest.raises(ValueError, match="restore takes a snapshot, not None"):
        Simulator().restore(None)  # type: ignore[arg-type]
