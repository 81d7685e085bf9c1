"""The account: regions, calls, faults, time, snapshots, and the order of checks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from ec2_export_sim import (
    Call,
    ClientError,
    ParamValidationError,
    Policy,
    ServiceError,
    Simulator,
)

OPERATION = "DescribeExportImageTasks"
START = datetime(2025, 1, 1, tzinfo=UTC)
ID = "export-ami-1234567890abcdef0"


def code_of(sim: Simulator, **request: Any) -> str | None:
    policy = request.pop("policy", None)
    operation = request.pop("operation", OPERATION)
    try:
        sim.invoke(operation, request, policy=policy)
    except ServiceError as error:
        return error.code
    return None


# --- order --------------------------------------------------------------------------


@pytest.mark.rule(
    "ORD-01", "ORD-02", "ORD-03", "ORD-04", "ORD-05", "ORD-06", "ORD-07", "PRM-01"
)
def test_the_checks_answer_in_this_order() -> None:
    """Each step mends the mistake that was answered, and the next one shows."""
    sim = Simulator()
    held = sim.add_task().id
    sim.fail_next_call("*", "Unavailable")
    request: dict[str, Any] = {
        "operation": "DescribeBogus",
        "policy": Policy.deny_all(),
        "Bogus": 1,
        "DryRun": True,
        "ExportImageTaskIds": ["malformed", ID],
        "MaxResults": 501,
        "Filters": [{"Name": "bogus"}],
        "NextToken": "bogus",
    }
    steps: list[tuple[str, dict[str, Any]]] = [
        ("InvalidAction", {"operation": OPERATION}),
        ("UnknownParameter", {"Bogus": None}),
        ("Unavailable", {}),
        ("UnauthorizedOperation", {"policy": Policy.allow_all()}),
        ("DryRunOperation", {"DryRun": False}),
        ("InvalidExportTaskID.Malformed", {"ExportImageTaskIds": [ID]}),
        ("InvalidParameterValue", {"MaxResults": 5}),
        ("InvalidParameterValue", {"Filters": []}),
        ("InvalidNextToken", {"NextToken": None}),
        ("InvalidExportTaskID.NotFound", {"ExportImageTaskIds": [held]}),
    ]
    for code, mended in steps:
        given = {name: value for name, value in request.items() if value is not None}
        assert code_of(sim, **given) == code
        request.update(mended)
    given = {name: value for name, value in request.items() if value is not None}
    assert code_of(sim, **given) is None


@pytest.mark.rule("ORD-06", "PAG-18", "FLT-07")
def test_a_range_comes_before_a_filter() -> None:
    request = {"MaxResults": 0, "Filters": [{"Name": "bogus"}]}
    with pytest.raises(ServiceError) as caught:
        Simulator().invoke(OPERATION, request)
    assert caught.value.rule == "PAG-18"


@pytest.mark.rule("ORD-01")
@pytest.mark.parametrize(
    "operation", ["", "describeExportImageTasks", "RunInstances", None, []]
)
def test_an_unknown_operation_is_refused(operation: Any) -> None:
    with pytest.raises(ServiceError) as caught:
        Simulator().invoke(operation, {})
    assert caught.value.code == "InvalidAction"
    assert caught.value.message == (
        f"The action {operation} is not valid for this web service."
    )


@pytest.mark.rule("ORD-10")
@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"DryRun": True},
        {"ExportImageTaskIds": [ID]},
        {"MaxResults": 501},
        {"MaxResults": 1},
        {"Filters": [{"Name": "bogus"}]},
        {"NextToken": "bogus"},
        {"Bogus": 1},
    ],
)
def test_a_read_and_a_refused_call_change_nothing(request_: dict[str, Any]) -> None:
    sim = Simulator()
    sim.add_task()
    sim.add_task()
    before = sim.dump_tasks()
    code_of(sim, **request_)
    assert sim.dump_tasks() == before
    assert sim.now == START
    other = Simulator()
    other.add_task()
    other.add_task()
    assert sim.add_task().id == other.add_task().id


# --- calls, time --------------------------------------------------------------------


@pytest.mark.rule("ORD-09")
def test_a_call_is_logged_with_its_time_and_its_error() -> None:
    sim = Simulator(seconds_per_call=2.5)
    client = sim.client(principal="arn:aws:iam::123456789012:role/r")
    client.describe_export_image_tasks(Filters=[], MaxResults=7)
    with pytest.raises(ClientError):
        client.describe_export_image_tasks(NextToken="x")
    with pytest.raises(ParamValidationError):
        client.describe_export_image_tasks(MaxResults=0)
    with pytest.raises(ServiceError):
        sim.invoke(OPERATION, {"Bogus": 1})
    who, where = "arn:aws:iam::123456789012:role/r", "us-east-1"
    spans = [timedelta(seconds=2.5), timedelta(seconds=5)]
    assert sim.calls == (
        Call(OPERATION, {"MaxResults": 7}, who, where, START + spans[0], None),
        Call(
            OPERATION,
            {"NextToken": "x"},
            who,
            where,
            START + spans[1],
            "InvalidNextToken",
        ),
    )
    assert sim.now == START + spans[1]


@pytest.mark.rule("ORD-09")
def test_time_stands_still_at_the_end_of_the_calendar() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    sim = Simulator(start=end - timedelta(seconds=5), seconds_per_call=10)
    assert [code_of(sim), code_of(sim)] == [None, None]
    assert [call.at for call in sim.calls] == [end, end]


@pytest.mark.rule("ORD-09")
def test_the_log_holds_the_last_ten_thousand() -> None:
    sim = Simulator()
    for n in range(10_003):
        sim.invoke(OPERATION, {"MaxResults": n % 500 + 1})
    assert len(sim.calls) == 10_000
    assert sim.calls[0].parameters == {"MaxResults": 4}


@pytest.mark.rule("RSP-10")
def test_the_log_shares_nothing() -> None:
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
    assert code_of(sim, ExportImageTaskIds=[task.id]) == "InvalidExportTaskID.NotFound"
    assert [call.region for call in other.calls] == ["us-east-1"]
    sim.fail_next_call("*", "Unavailable")
    assert code_of(other) == "Unavailable"


@pytest.mark.rule("LIF-16", "RSP-13")
def test_a_snapshot_brings_back_the_whole_account() -> None:
    sim = Simulator(seconds_per_call=1)
    other = sim.in_region("eu-west-1")

    def play() -> list[Any]:
        told: list[Any] = [sim.add_task(tags={"a": "b"}).id, other.add_task().id]
        told.append(code_of(sim))
        told.append(sim.client().describe_export_image_tasks(MaxResults=1))
        told.append(other.complete_task(other.tasks[0].id))
        return [*told, sim.now, sim.calls, sim.dump_tasks(), other.dump_tasks()]

    sim.add_task()
    sim.fail_next_call("*", "Unavailable")
    snapshot = sim.snapshot()
    first = play()
    for _ in range(2):
        sim.restore(snapshot)
        assert (len(sim.tasks), other.tasks, sim.now, sim.calls) == (1, (), START, ())
        assert play() == first


@pytest.mark.rule("LIF-16")
def test_a_reset_gives_the_account_as_it_was_constructed() -> None:
    sim = Simulator()
    first = sim.add_task()
    sim.in_region("eu-west-1").add_task()
    sim.fail_next_call("*", "Unavailable")
    sim.advance(5)
    code_of(sim)
    sim.reset()
    assert (sim.tasks, sim.in_region("eu-west-1").tasks) == ((), ())
    assert (sim.now, sim.calls, code_of(sim)) == (START, (), None)
    assert sim.add_task() == first


@pytest.mark.rule("LIF-16")
def test_anothers_snapshot_is_refused() -> None:
    with pytest.raises(ValueError, match="another simulator's account"):
        Simulator().restore(Simulator().snapshot())
    with pytest.raises(ValueError, match="restore takes a snapshot, not None"):
        Simulator().restore(None)  # type: ignore[arg-type]
