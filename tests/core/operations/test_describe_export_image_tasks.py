"""The responses are those of the oracle, for random accounts and requests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from ec2_export_sim import Policy, ServiceError, Simulator
from tests import oracle, strategies
from tests.calls import DESCRIBE


def walked(sim: Simulator, policy: Policy, request: dict[str, Any]) -> Any:
    """Return the error code, or the tasks of all pages."""
    tasks: list[Any] = []
    token: dict[str, str] = {}
    for _ in range(len(sim.tasks) + 1):
        try:
            parameters = {**request, **token}
            response = sim.invoke(DESCRIBE, parameters, policy=policy)
        except ServiceError as error:
            return error.code
        page = response["ExportImageTasks"]
        assert len(page) <= request.get("MaxResults", len(page))
        tasks += page
        if "NextToken" not in response:
            return tasks
        assert "MaxResults" in request
        assert page
        token = {"NextToken": response["NextToken"]}
    raise AssertionError("the walk does not end")


def expected(tasks: list[Any], request: dict[str, Any], *, allowed: bool) -> Any:
    try:
        return oracle.describe(tasks, allowed=allowed, **request)
    except oracle.ModelError as error:
        return str(error)


TASKS = [
    {"ExportImageTaskId": task_id, "Status": status, "Tags": tags}
    for task_id, status, tags in zip(
        strategies.IDS,
        ["active", "completed", "active", "deleted"],
        [
            [{"Key": "Name", "Value": "prod"}, {"Key": "a:b", "Value": ""}],
            [{"Key": "Name", "Value": "Prod"}],
            [{"Key": "name", "Value": "prod"}, {"Key": "stage"}],
            [],
        ],
        strict=False,
    )
]
# What each rule depends on, so that no test run needs luck to see it broken.
FILTERS: list[list[dict[str, Any]]] = [
    [{}],
    [{"Name": "task-state", "Values": []}],
    [{"Name": "task-state", "Values": [""]}],
    [{"Name": "task-state", "Values": ["active", "deleted"]}],
    [{"Name": "task-state", "Values": ["failed"]}],
    [{"Name": "task-state", "Values": ["Active"]}],
    [{"Name": "task-state", "Values": [state]} for state in ("active", "deleted")],
    [{"Name": "tag:Name", "Values": ["prod"]}, {"Name": "tag-key", "Values": ["a:b"]}],
    [{"Name": "tag:Name", "Values": ["prod"]}, {"Name": "tag-key", "Values": ["none"]}],
    [{"Name": "tag:Name", "Values": ["*"]}],
    [{"Name": "tag:a:b", "Values": [""]}],
    [{"Name": "tag:name", "Values": ["prod"]}],
    [{"Name": "tag:N*", "Values": ["prod"]}],
    [{"Name": "tag:stage", "Values": [""]}],
    [{"Name": "tag-key", "Values": ["Name"]}],
    [{"Name": "tag-key", "Values": ["a\\\\b"]}],
    [{"Name": "tag:stage", "Values": ["a"]}],
]
REQUESTS: list[dict[str, Any]] = [
    *({"Filters": filters} for filters in FILTERS),
    {"ExportImageTaskIds": strategies.IDS[2:0:-1]},
    {"ExportImageTaskIds": [strategies.IDS[1]] * 2},
    {"ExportImageTaskIds": [strategies.IDS[1]], "Filters": FILTERS[3]},
    {"ExportImageTaskIds": [strategies.IDS[-1]]},
    {"ExportImageTaskIds": [strategies.IDS[-2]]},
    {"ExportImageTaskIds": strategies.IDS[:4], "MaxResults": 2},
    {"ExportImageTaskIds": ["export-ami-XYZ", strategies.IDS[-1]]},
    *({"MaxResults": size} for size in (1, 2, 3, 4, 501)),
]


def with_examples(test: Any) -> Any:
    """Add each of REQUESTS as an example."""
    for request in REQUESTS:
        test = example(TASKS, request, True)(test)
    return test


@pytest.mark.rule("FLT-01", "FLT-02", "FLT-03", "FLT-04", "FLT-05", "FLT-06", "FLT-07")
@pytest.mark.rule("FLT-08", "FLT-09", "FLT-10", "FLT-11", "FLT-12", "FLT-13", "FLT-14")
@pytest.mark.rule("FLT-15", "FLT-16", "FLT-17", "FLT-18", "FLT-19", "FLT-20", "FLT-21")
@pytest.mark.rule("IDS-01", "IDS-02", "IDS-03", "IDS-04", "IDS-05", "IDS-06", "IDS-07")
@pytest.mark.rule("IDS-08", "IDS-09", "IDS-10", "IDS-11", "ORD-04", "ORD-05", "ORD-06")
@pytest.mark.rule("PAG-01", "PAG-03", "PAG-04", "PAG-05", "PAG-06", "PAG-18", "RSP-01")
@pytest.mark.rule("RSP-12", "AUT-01", "AUT-03", "AUT-04", "ORD-07", "ORD-10", "PRM-05")
@given(
    strategies.accounts,
    strategies.describe_requests,
    st.sampled_from([True, True, True, False]),
)
@with_examples
def test_the_response_is_the_oracles(
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
@given(strategies.patterns, st.text("abA*?\\", max_size=8))
@example("?" * 5, "aaaaaa")
@example("a?b", "ab")
@example("*?*", "")
def test_a_wildcard_matches_like_the_oracle(value: str, text: str) -> None:
    sim = Simulator()
    sim.add_task(tags={"k": text})
    request = {"Filters": [{"Name": "tag:k", "Values": [value]}]}
    answer = walked(sim, Policy.allow_all(), request)
    if re.search(oracle.BAD_ESCAPE, value):
        assert answer == "InvalidParameterValue"
    else:
        assert bool(answer) == oracle.matches(value, text)


@pytest.mark.rule("IDS-18")
def test_a_call_may_name_any_number_of_tasks() -> None:
    sim = Simulator()
    ids = [f"export-ami-{n:017x}" for n in range(2000)]
    sim.load_tasks([{"ExportImageTaskId": each, "Status": "active"} for each in ids])
    tasks = sim.invoke(DESCRIBE, {"ExportImageTaskIds": ids[::-1]})["ExportImageTasks"]
    assert [task["ExportImageTaskId"] for task in tasks] == ids
