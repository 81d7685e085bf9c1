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
        (("*", "X", None, None, "2"), "times must be at least 1, not '2'"),
        (("*", "X", None, 200), "http_status must be from 400 to 599, not 200"),
        (("*", "X", None, "500"), "http_status must be from 400 to 599, not '500'"),
        (("*", "X", None, 503.0), r"http_status must be from 400 to 599, not 503\.0"),
    ],
)
def test_a_wrong_injected_error_is_an_error(arguments: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Simulator().fail_next_call(*arguments)
