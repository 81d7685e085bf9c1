"""The core's answers are the oracle's, over whole random accounts and requests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from ec2_export_sim import ClientError, Policy, ServiceError, Simulator
from tests import oracle, worlds


def walked(sim: Simulator, policy: Policy, request: dict[str, Any]) -> Any:
    """Return the code of the refusal, or the tasks of all pages."""
    tasks: list[Any] = []
    token: dict[str, str] = {}
    while True:
        try:
            parameters = {**request, **token}
            answer = sim.invoke("DescribeExportImageTasks", parameters, policy=policy)
        except ServiceError as refusal:
            return refusal.code
        page = answer["ExportImageTasks"]
        assert len(page) <= request.get("MaxResults", len(page))
        tasks += page
        if "NextToken" not in answer:
            return tasks
        assert page
        token = {"NextToken": answer["NextToken"]}


def expected(tasks: list[Any], request: dict[str, Any], *, allowed: bool) -> Any:
    try:
        return oracle.describe(tasks, allowed=allowed, **request)
    except oracle.Refused as refusal:
        return str(refusal)


@pytest.mark.rule("FLT-01", "FLT-02", "FLT-03", "FLT-04", "FLT-05", "FLT-06", "FLT-07")
@pytest.mark.rule("FLT-08", "FLT-09", "FLT-10", "FLT-11", "FLT-12", "FLT-13", "FLT-14")
@pytest.mark.rule("FLT-15", "FLT-16", "FLT-17", "FLT-18", "FLT-19", "FLT-20", "FLT-21")
@pytest.mark.rule("IDS-01", "IDS-02", "IDS-03", "IDS-04", "IDS-05", "IDS-06", "IDS-07")
@pytest.mark.rule("IDS-08", "IDS-09", "IDS-10", "IDS-11", "ORD-04", "ORD-05", "ORD-06")
@pytest.mark.rule("PAG-01", "PAG-03", "PAG-04", "PAG-05", "PAG-06", "PAG-18", "RSP-01")
@pytest.mark.rule("RSP-12", "AUT-01", "AUT-03", "AUT-04", "ORD-07", "ORD-10", "PRM-05")
@given(worlds.accounts, worlds.requests, st.sampled_from([True, True, True, False]))
@example([], {"Filters": [{}]}, True)
@example([], {"Filters": [{"Name": "task-state", "Values": []}]}, True)
def test_the_answer_is_the_oracles(
    tasks: list[Any], request: dict[str, Any], allowed: bool
) -> None:
    sim = Simulator()
    sim.load_tasks(tasks)
    policy = Policy.allow_all() if allowed else Policy.deny_all()
    answer = expected(tasks, request, allowed=allowed)
    event(answer if isinstance(answer, str) else "answered")
    assert walked(sim, policy, request) == answer
    assert sim.dump_tasks() == tasks


@pytest.mark.rule("FLT-16", "FLT-17", "FLT-18")
@given(worlds.patterns, st.text("abA*?\\", max_size=8))
@example("?" * 5, "aaaaaa")
@example("a?b", "ab")
@example("*?*", "")
def test_a_wildcard_matches_what_the_oracle_says(value: str, text: str) -> None:
    sim = Simulator()
    sim.add_task(tags={"k": text})
    try:
        answer = sim.client().describe_export_image_tasks(
            Filters=[{"Name": "tag:k", "Values": [value]}]
        )
    except ClientError:
        return
    assert bool(answer["ExportImageTasks"]) == oracle.matches(value, text)
