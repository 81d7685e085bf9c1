"""Invalid filters, and the errors they get."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import ClientError, Simulator


def error_of(*filters: dict[str, Any]) -> ClientError:
    with pytest.raises(ClientError) as caught:
        Simulator().client().describe_export_image_tasks(
            Filters=filters  # type: ignore[arg-type]
        )
    return caught.value


@pytest.mark.parametrize(
    ("invalid", "code", "message", "rule"),
    [
        pytest.param(
            {"Name": "Task-State", "Values": ["active"]},
            "InvalidParameterValue",
            "The filter 'Task-State' is invalid",
            "FLT-05",
            marks=pytest.mark.rule("FLT-05"),
        ),
        pytest.param(
            {"Name": "Tag:Name"},
            "InvalidParameterValue",
            "The filter 'Tag:Name' is invalid",
            "FLT-05",
            marks=pytest.mark.rule("FLT-05"),
        ),
        pytest.param(
            {"Name": "state"},
            "InvalidParameterValue",
            "The filter 'state' is invalid",
            "FLT-07",
            marks=pytest.mark.rule("FLT-07"),
        ),
        pytest.param(
            {"Values": ["active"]},
            "InvalidParameterValue",
            "The filter 'null' is invalid",
            "FLT-08",
            marks=pytest.mark.rule("FLT-08"),
        ),
        pytest.param(
            {"Name": "task-state", "Values": [r"a\d"]},
            "InvalidParameterValue",
            r"Invalid filter value: The escape sequence '\d' is invalid",
            "FLT-19",
            marks=pytest.mark.rule("FLT-19"),
        ),
        pytest.param(
            {"Name": "task-state", "Values": ["a\\"]},
            "InvalidParameterValue",
            "Invalid filter value: The escape sequence '\\' is invalid",
            "FLT-19",
            marks=pytest.mark.rule("FLT-19"),
        ),
        pytest.param(
            {"Name": "task-state", "Values": ["x"] * 201},
            "FilterLimitExceeded",
            "The maximum number of filter values specified on a single call is 200",
            "FLT-20",
            marks=pytest.mark.rule("FLT-20"),
        ),
        pytest.param(
            {"Name": "task-state", "Values": ["é" * 256]},
            "FilterLimitExceeded",
            "The maximum length for a filter value is 255 characters",
            "FLT-21",
            marks=pytest.mark.rule("FLT-21"),
        ),
    ],
)
def test_an_invalid_filter_is_an_error(
    invalid: dict[str, Any], code: str, message: str, rule: str
) -> None:
    error = error_of(invalid)
    assert error.response["Error"] == {"Code": code, "Message": message}
    assert error.rule == rule


@pytest.mark.rule("FLT-05")
def test_a_name_in_another_case_gets_a_suggestion() -> None:
    assert error_of({"Name": "Task-State"}).__notes__ == [
        "FLT-05: filter names are case-sensitive; did you mean 'task-state'? "
        "(ec2-export-sim rules FLT-05)"
    ]


@pytest.mark.rule("FLT-20")
def test_the_values_of_all_filters_count_together() -> None:
    filters = [{"Name": "task-state", "Values": ["x"] * 100}] * 2
    Simulator().client().describe_export_image_tasks(
        Filters=filters  # type: ignore[arg-type]
    )
    assert error_of(*filters, {"Name": "tag-key", "Values": ["x"]}).rule == "FLT-20"


@pytest.mark.rule("FLT-21")
def test_255_characters_are_not_too_long() -> None:
    Simulator().client().describe_export_image_tasks(
        Filters=[{"Name": "task-state", "Values": ["é" * 255]}]
    )


@pytest.mark.rule("FLT-22")
def test_filters_are_checked_from_name_to_escape() -> None:
    escape = {"Name": "tag-key", "Values": ["\\x"]}
    length = {"Name": "tag-key", "Values": ["x" * 256]}
    count = {"Name": "tag-key", "Values": ["x"] * 201}
    name = {"Name": "bogus"}
    assert error_of(escape, length, count, name).rule == "FLT-07"
    assert error_of(escape, length, count).rule == "FLT-20"
    assert error_of(escape, length).rule == "FLT-21"
    assert error_of(escape).rule == "FLT-19"
