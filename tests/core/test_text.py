"""Which text the API takes, and how messages show values that cannot be printed."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from ec2_export_sim import ClientError, ParamValidationError, Simulator
from tests.calls import DESCRIBE, error_of
from tests.invalid_values import deep_list, endless_list


@pytest.mark.rule("PRM-06")
@pytest.mark.parametrize("text", ["\x00", "\x1f", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize("parameter", ["NextToken", "id", "name", "value"])
def test_text_that_xml_cannot_carry_is_an_error(text: str, parameter: str) -> None:
    requests: dict[str, dict[str, Any]] = {
        "NextToken": {"NextToken": text},
        "id": {"ExportImageTaskIds": [text]},
        "name": {"Filters": [{"Name": text, "Values": ["x"]}]},
        "value": {"Filters": [{"Name": "task-state", "Values": [text]}]},
    }
    sim = Simulator()
    with pytest.raises(ClientError) as caught:
        sim.client().describe_export_image_tasks(**requests[parameter])
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"
    assert caught.value.rule == "PRM-06"
    assert sim.calls == ()


@pytest.mark.rule("PRM-06")
@pytest.mark.parametrize("text", ["\t", "\n", "\r", "\x7f", "\x85", "é", "\U0010ffff"])
def test_text_that_xml_can_carry_is_accepted(text: str) -> None:
    sim = Simulator()
    task = sim.add_task(tags={"k": text})
    answer = sim.client().describe_export_image_tasks(
        Filters=[{"Name": "tag:k", "Values": [text]}]
    )
    assert [t["ExportImageTaskId"] for t in answer["ExportImageTasks"]] == [task.id]


@pytest.mark.rule("PRM-08")
def test_an_endless_value_is_shown_as_an_ellipsis() -> None:
    many: list[Any] = []
    for _ in range(60):
        many = [many, many]
    for endless in (endless_list(), {"a": [endless_list()]}, many):
        error = error_of(Simulator(), DESCRIBE, NextToken=endless)
        assert error.message.startswith("Value ( … ) for parameter NextToken")


@pytest.mark.rule("PRM-08")
def test_an_unprintable_value_is_shown_as_an_ellipsis() -> None:
    client: Any = Simulator().client()
    with pytest.raises(ParamValidationError, match="value: …, type: <class 'list'>"):
        client.describe_export_image_tasks(NextToken=deep_list())


class Word(str, Enum):  # noqa: UP042 - whose str() is not its text
    ACTIVE = "active"


@pytest.mark.rule("RSP-10")
def test_a_subclass_of_str_is_read_as_its_text() -> None:
    sim = Simulator()
    sim.add_task()
    answer = sim.client().describe_export_image_tasks(
        Filters=[{"Name": "task-state", "Values": [Word.ACTIVE]}]
    )
    assert len(answer["ExportImageTasks"]) == 1
    logged = sim.calls[-1].parameters["Filters"][0]["Values"][0]
    assert (type(logged), logged) == (str, "active")
