"""Calls with any value anywhere: a documented error, or a response, in bounded time."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from ec2_export_sim import ParamValidationError, Policy, ServiceError, Simulator
from ec2_export_sim.core.operations import OPERATIONS
from tests.answers import ANSWERS, account
from tests.calls import DESCRIBE, ID, REQUEST, observe
from tests.invalid_values import INVALID


@pytest.mark.rule("ORD-10", "PRM-08")
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_value_anywhere_is_an_error_and_changes_nothing(
    operation: str, name: str
) -> None:
    value, sim = INVALID[name], account()
    before = observe(sim)
    wrapped = (
        value,
        [value],
        [{"Name": value}],
        [{"Name": "tag:a", "Values": [value]}],
    )
    for member in OPERATIONS[operation].input.members:
        for each in wrapped:
            try:
                sim.invoke(operation, {**ANSWERS[operation].parameters, member: each})
            except ServiceError as error:
                assert error.message.isprintable() or "huge" in name
                assert all(len(note) < 1000 for note in error.__notes__)
                assert observe(sim) == before
            else:  # what is long but well-formed, as the name of a role can be
                assert "huge" in name
                sim, before = account(), observe(account())
    with pytest.raises(ParamValidationError):
        sim.client().describe_export_image_tasks(Filters=[value])
    assert observe(sim) == before


# Quadratic work on lists of this length would take hours.
@pytest.mark.rule("ORD-10")
@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        (DESCRIBE, {"ExportImageTaskIds": [ID] * 10**6}),
        (DESCRIBE, {"Filters": [{"Name": "tag:a", "Values": ["x"] * 10**6}]}),
        (DESCRIBE, {"Filters": [{"Name": "tag-key"}] * 10**5}),
        ("CreateTags", {"Resources": [ID] * 10**5, "Tags": [{"Key": "k"}]}),
        ("DeleteTags", {"Resources": [ID], "Tags": [{"Key": ""}] * 10**6}),
        ("ExportImage", {**REQUEST, "TagSpecifications": [{"Tags": []}] * 10**6}),
    ],
)
def test_a_huge_request_is_answered(operation: str, parameters: dict[str, Any]) -> None:
    sim = account()
    before = observe(sim)
    with suppress(ServiceError):
        sim.invoke(operation, parameters, policy=Policy.allow_all())
    if operation != "ExportImage":
        assert observe(sim) == before


# Backtracking through these patterns would take longer than the universe is old.
@pytest.mark.rule("FLT-16", "FLT-17")
@pytest.mark.parametrize(
    "pattern", ["*a" * 120 + "b", "?" * 255, "*?" * 127, "*" * 255]
)
def test_a_filter_value_is_matched_without_backtracking(pattern: str) -> None:
    sim = Simulator()
    sim.add_task(tags={"k": "a" * 2000})
    filters = [{"Name": "tag:k", "Values": [pattern]}]
    found = sim.invoke(DESCRIBE, {"Filters": filters})["ExportImageTasks"]
    assert bool(found) is ("*" in pattern and "b" not in pattern)


@pytest.mark.rule("AUT-07")
@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [("*a" * 50 + "b", False), ("*?" * 50, True), ("*" * 100 + "b", False)],
)
def test_a_policys_pattern_is_matched_without_backtracking(
    pattern: str, allowed: bool
) -> None:
    document = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": f"arn:aws:ec2:::{pattern}",
    }
    policy = Policy.from_document({"Statement": document})
    resource = "arn:aws:ec2:::" + "a" * 2000
    assert policy.allows("ec2:ExportImage", resource) is allowed
