"""Injected errors: which calls raise them, in which order, and with which text."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import ClientError, Simulator
from tests.calls import DESCRIBE, ID, code


@pytest.mark.rule("SIM-12", "ERR-05")
def test_injected_errors_are_raised_in_order() -> None:
    sim = Simulator()
    sim.fail_next_call(DESCRIBE, "RequestLimitExceeded", times=2)
    sim.fail_next_call("*", "InternalError")
    sim.fail_next_call(DESCRIBE, "Mine", "my words", 418)
    raised = []
    for _ in range(5):
        try:
            sim.client().describe_export_image_tasks()
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            raised.append((*error.response["Error"].values(), status))
    assert raised == [
        ("RequestLimitExceeded", "Request limit exceeded.", 503),
        ("RequestLimitExceeded", "Request limit exceeded.", 503),
        ("InternalError", "An internal error has occurred", 500),
        ("Mine", "my words", 418),
    ]


@pytest.mark.rule("ORD-02", "SIM-12")
def test_a_call_with_wrong_parameters_uses_no_injected_error() -> None:
    sim = Simulator()
    sim.fail_next_call("*", "Unavailable")
    assert code(sim, Bogus=1) == "UnknownParameter"
    assert code(sim) == "Unavailable"
    assert code(sim) is None


@pytest.mark.rule("SIM-12")
def test_an_injected_error_waits_for_its_operation() -> None:
    sim = Simulator()
    cancel = {"operation": "CancelExportTask", "ExportTaskId": ID}
    sim.fail_next_call("CancelExportTask", "Unavailable")
    assert code(sim) is None
    assert code(sim, "DescribeTags") is None
    assert code(sim, **cancel) == "Unavailable"
    assert code(sim, **cancel) == "InvalidExportTaskID.NotFound"


@pytest.mark.rule("SIM-12")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("Bogus", "X"), "no operation 'Bogus'; known are DescribeExportImageTasks"),
        (("*", "X", None, None, 0), "times must be at least 1, not 0"),
        (("*", "\x00"), "code has text"),
        (("*", ""), "code is empty"),
        (("*", "X", "\x00"), "message has text"),
        (("*", "X", None, None, "2"), "times must be an integer, not '2'"),
        (
            ("*", "X", None, 200),
            "http_status must be at least 400 and at most 599, not 200",
        ),
        (("*", "X", None, "500"), "http_status must be an integer, not '500'"),
        (("*", "X", None, 503.0), r"http_status must be an integer, not 503\.0"),
    ],
)
def test_a_wrong_injected_error_is_an_error(arguments: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Simulator().fail_next_call(*arguments)


# --- calls that go through first, and exceptions ------------------------------------


def codes(sim: Simulator, count: int) -> list[str | None]:
    return [code(sim, "DescribeTags") for _ in range(count)]


@pytest.mark.rule("SIM-12")
def test_calls_of_the_operation_go_through_first() -> None:
    sim = Simulator()
    sim.fail_next_call("DescribeTags", "Unavailable", times=2, skip=2)
    sim.client().describe_export_image_tasks()
    assert codes(sim, 5) == [None, None, "Unavailable", "Unavailable", None]


@pytest.mark.rule("SIM-12")
def test_skipped_calls_are_counted_for_each_injected_error() -> None:
    sim = Simulator()
    sim.fail_next_call("*", "Unavailable", skip=1)
    sim.fail_next_call("DescribeTags", "RequestLimitExceeded", skip=1)
    assert codes(sim, 4) == [None, "Unavailable", "RequestLimitExceeded", None]


@pytest.mark.rule("SIM-12")
def test_an_injected_exception_is_raised_as_it_is() -> None:
    sim = Simulator()
    exception = ConnectionError("Verbindung zurückgesetzt & weg")
    sim.fail_next_call("ExportImage", exception=exception, times=2)
    request: Any = {"ImageId": "ami-12345678", "DiskImageFormat": "RAW"}
    request["S3ExportLocation"] = {"S3Bucket": "b"}
    with pytest.raises(ConnectionError) as caught:
        sim.client().export_image(**request)
    assert caught.value is exception
    with pytest.raises(ConnectionError):
        sim.invoke("ExportImage", request)
    sim.client().export_image(**request)
    assert [call.error_code for call in sim.calls] == ["ConnectionError"] * 2 + [None]
    assert sim.calls[0].rule == "SIM-12"
    assert len(sim.tasks) == 1


@pytest.mark.rule("SIM-12")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "exactly one of code and exception"),
        ({"code": "X", "exception": OSError()}, "exactly one of code and exception"),
        ({"exception": OSError}, "must be an exception"),
        ({"exception": "x"}, "must be an exception"),
        ({"exception": OSError(), "message": "x"}, "has no message"),
        ({"exception": OSError(), "http_status": 500}, "no http_status"),
        ({"code": "X", "skip": -1}, "skip must be at least 0, not -1"),
        ({"code": "X", "skip": "1"}, "skip must be an integer, not '1'"),
        ({"code": "X", "times": 2.0}, "times must be an integer, not 2.0"),
    ],
)
def test_wrong_arguments_are_named(arguments: Any, problem: str) -> None:
    sim = Simulator()
    with pytest.raises(ValueError, match=problem):
        sim.fail_next_call("DescribeTags", **arguments)
    assert codes(sim, 1) == [None]
