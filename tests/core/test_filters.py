"""Filters: what each selects, and the errors of invalid ones.

A new filter without a row in `SELECTS` fails.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from ec2_export_sim import ServiceError, Simulator
from ec2_export_sim.core.operations import OPERATIONS
from tests import calls
from tests.calls import DESCRIBE, ID, IMAGE, code, for_rule


def error_of(*filters: dict[str, Any]) -> ServiceError:
    return calls.error_of(Simulator(), DESCRIBE, Filters=list(filters))


NAME = "InvalidParameterValue: The filter '{}' is invalid"
ESCAPE = (
    "InvalidParameterValue: Invalid filter value: The escape sequence '{}' is invalid"
)
COUNT = (
    "FilterLimitExceeded: "
    "The maximum number of filter values specified on a single call is 200"
)
LENGTH = "FilterLimitExceeded: The maximum length for a filter value is 255 characters"


def state(*values: str) -> dict[str, Any]:
    return {"Name": "task-state", "Values": list(values)}


@pytest.mark.parametrize(
    ("rule", "invalid", "expected"),
    [
        for_rule("FLT-05", {"Name": "Task-State"}, NAME.format("Task-State")),
        for_rule("FLT-05", {"Name": "Tag:Name"}, NAME.format("Tag:Name")),
        for_rule("FLT-07", {"Name": "state"}, NAME.format("state")),
        for_rule("FLT-08", {"Values": ["active"]}, NAME.format("null")),
        for_rule("FLT-19", state(r"a\d"), ESCAPE.format(r"\d")),
        for_rule("FLT-19", state("a\\"), ESCAPE.format("\\")),
        for_rule("FLT-20", state(*["x"] * 201), COUNT),
        for_rule("FLT-21", state("é" * 256), LENGTH),
    ],
)
def test_an_invalid_filter_is_an_error(
    rule: str, invalid: dict[str, Any], expected: str
) -> None:
    error = error_of(invalid)
    assert (error.rule, str(error)) == (rule, expected)


@pytest.mark.rule("FLT-24", "FLT-07")
@pytest.mark.parametrize(
    "name",
    [
        *("image-id", "export-image-task-id", "resource-id", "owner-id", "status"),
        *("status-message", "progress", "description", "s3-bucket", "tag-value"),
        *("tags", "state", "key", "tag"),
    ],
)
def test_there_is_no_filter_by_another_attribute_or_id(name: str) -> None:
    error = error_of({"Name": name, "Values": ["*"]})
    assert (error.rule, str(error)) == ("FLT-07", NAME.format(name))


@pytest.mark.rule("FLT-05")
def test_a_name_in_another_case_gets_a_suggestion() -> None:
    assert error_of({"Name": "Task-State"}).__notes__ == [
        "FLT-05: filter names are case-sensitive; did you mean 'task-state'? "
        "(ec2-export-sim rules FLT-05)"
    ]


@pytest.mark.rule("FLT-20")
def test_the_values_of_all_filters_count_together() -> None:
    filters = [state(*["x"] * 100)] * 2
    assert code(Simulator(), Filters=filters) is None
    assert error_of(*filters, {"Name": "tag-key", "Values": ["x"]}).rule == "FLT-20"


@pytest.mark.rule("FLT-21")
def test_255_characters_are_not_too_long() -> None:
    assert code(Simulator(), Filters=[state("é" * 255)]) is None


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


# --- what each filter selects -------------------------------------------------------

# A value of each filter that selects the task ID, or its tag, and nothing else.
SELECTS: dict[str, dict[str, str]] = {
    DESCRIBE: {"task-state": "act*", "tag:<key>": "a & ?", "tag-key": "Name"},
    "DescribeTags": {
        "key": "Name",
        "value": "a & b",
        "resource-id": ID,
        "resource-type": "export-image-task",
        "tag:<key>": "a*",
    },
}


def supported_filters(operation: str) -> set[str]:
    """Return the filters that the note of an error names."""
    unknown = [{"Name": "x"}]
    (note,) = calls.error_of(Simulator(), operation, Filters=unknown).__notes__
    found = re.search(r"the filters supported are (.*) \(", note)
    assert found is not None
    return set(found[1].split(", "))


@pytest.mark.rule("FLT-01", "FLT-02", "FLT-03", "FLT-06", "FLT-24", "TAG-12")
@pytest.mark.parametrize(
    "operation",
    [name for name, row in OPERATIONS.items() if "Filters" in row.input.members],
)
def test_every_filter_selects(operation: str) -> None:
    assert supported_filters(operation) == set(SELECTS[operation])
    sim = Simulator()
    sim.add_task(IMAGE, task_id=ID, tags={"Name": "a & b"})
    sim.add_task(status="completed", tags={"stage": "x"})
    for name, value in SELECTS[operation].items():
        filters = [{"Name": name.replace("<key>", "Name"), "Values": [value]}]
        (found,) = sim.invoke(operation, {"Filters": filters}).values()
        if name != "resource-type":  # every task has the same
            assert len(found) == 1
        assert any(ID in each.values() for each in found)
