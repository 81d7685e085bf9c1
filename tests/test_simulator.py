"""The account: regions, calls, faults, time, snapshots, and the order of checks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


# --- faults -------------------------------------------------------------------------


@pytest.mark.rule("ERR-04", "ERR-05")
def test_faults_are_met_first_in_first_out() -> None:
    sim = Simulator()
    sim.fail_next_call(OPERATION, "RequestLimitExceeded", times=2)
    sim.fail_next_call("*", "InternalError")
    sim.fail_next_call(OPERATION, "Mine", "my words", 418)
    met = []
    for _ in range(5):
        try:
            sim.client().describe_export_image_tasks()
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            met.append((*error.response["Error"].values(), status))
    assert met == [
        ("RequestLimitExceeded", "Request limit exceeded.", 503),
        ("RequestLimitExceeded", "Request limit exceeded.", 503),
        ("InternalError", "An internal error has occurred", 500),
        ("Mine", "my words", 418),
    ]


@pytest.mark.rule("ORD-02", "ERR-04")
def test_a_call_with_wrong_parameters_meets_no_fault() -> None:
    sim = Simulator()
    sim.fail_next_call("*", "Unavailable")
    assert code_of(sim, Bogus=1) == "UnknownParameter"
    assert code_of(sim) == "Unavailable"
    assert code_of(sim) is None


@pytest.mark.rule("ERR-04")
def test_a_fault_waits_for_its_operation() -> None:
    sim = Simulator()
    cancel = {"operation": "CancelExportTask", "ExportTaskId": ID}
    sim.fail_next_call("CancelExportTask", "Unavailable")
    assert code_of(sim) is None
    assert code_of(sim, operation="DescribeTags") is None
    assert code_of(sim, **cancel) == "Unavailable"
    assert code_of(sim, **cancel) == "InvalidExportTaskID.NotFound"


@pytest.mark.rule("ERR-04")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("Bogus", "X"), "no operation 'Bogus'; known are DescribeExportImageTasks"),
        (("*", "X", None, None, 0), "times must be at least 1, not 0"),
        (("*", "\x00"), "code holds text"),
        (("*", "X", "\x00"), "message holds text"),
        (("*", "X", None, None, "2"), "times must be at least 1, not '2'"),
        (("*", "X", None, 200), "http_status must be an error's, not 200"),
        (("*", "X", None, "500"), "http_status must be an error's, not '500'"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(arguments: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Simulator().fail_next_call(*arguments)


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


# --- construction -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"account_id": "123"}, "account_id must be 12 digits, not '123'"),
        ({"account_id": 123456789012}, "account_id must be 12 digits"),
        ({"region_name": "US East"}, "region_name must be like 'us-east-1'"),
        ({"region_name": None}, "region_name must be like"),
        ({"start": datetime(2025, 1, 1)}, "start must be an aware datetime"),  # noqa: DTZ001
        ({"start": "2025"}, "start must be an aware datetime"),
        ({"seconds_per_call": -1}, "seconds_per_call is -1"),
        ({"seconds_per_call": "x"}, "seconds_per_call is 'x'"),
        ({"seed": 1.5}, "seed must be an int or a str"),
        ({"quirks": ["FLT-23"]}, "quirks holds 'FLT-23'"),
        ({"images": ["ami-00000000"]}, "images must be a mapping, not list"),
    ],
)
def test_an_argument_out_of_range_is_refused(
    arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        Simulator(**arguments)


def test_a_simulator_shows_itself() -> None:
    sim = Simulator("eu-west-1")
    text = "<Simulator 123456789012/eu-west-1, {}, 2025-01-01 00:15:00Z>"
    sim.advance(900)
    assert repr(sim) == text.format("0 tasks")
    sim.add_task()
    assert repr(sim) == text.format("1 task")


@given(st.sampled_from(["a", "A_", "", "-", "a--b", "é", "a\n"]))
def test_a_region_that_is_none_is_refused(name: str) -> None:
    sim = Simulator()
    if name == "a":
        assert sim.in_region(name).region_name == name
    else:
        with pytest.raises(ValueError, match="region_name must be like"):
            sim.in_region(name)


def test_a_principal_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(ValueError, match="principal holds text"):
        Simulator().client(principal="\x00")
