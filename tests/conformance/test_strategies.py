"""The strategies draw what the documentation allows, and what the simulator takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ec2_export_sim import Simulator
from ec2_export_sim.conformance import oracle, strategies

FEW = settings(max_examples=50, deadline=None)


def loaded(tasks: list[dict[str, Any]]) -> Simulator:
    sim = Simulator()
    sim.load_tasks(tasks)
    return sim


@FEW
@given(strategies.accounts() | strategies.accounts(strategies.sparse_tasks()))
def test_accounts_are_in_the_responses_shape(tasks: list[dict[str, Any]]) -> None:
    assert loaded(tasks).dump_tasks() == tasks


@FEW
@given(strategies.accounts(min_size=1))
def test_tasks_have_the_members_of_their_state(
    tasks: list[dict[str, Any]],
) -> None:
    for task in tasks:
        assert ("Progress" in task) == (task["Status"] == "active")
        assert task["Tags"] is not None


@FEW
@given(st.data())
def test_requests_are_answered(data: st.DataObject) -> None:
    tasks = data.draw(strategies.accounts())
    ids = [task["ExportImageTaskId"] for task in tasks]
    request = data.draw(strategies.requests(ids))
    loaded(tasks).client().describe_export_image_tasks(**request)
    assert not {"ExportImageTaskIds", "MaxResults"} <= request.keys()


@FEW
@given(
    strategies.accounts(strategies.tagged_tasks()),
    st.sampled_from(["task-state", "tag:Team", "tag-key"]),
    strategies.patterns("*", "?", "\\*", "\\?", "\\\\"),
)
def test_filters_are_answered_as_the_oracle_does(
    tasks: list[dict[str, Any]], name: str, pattern: str
) -> None:
    filters: Any = [{"Name": name, "Values": [pattern]}]
    answer = loaded(tasks).client().describe_export_image_tasks(Filters=filters)
    found = {task.get("ExportImageTaskId") for task in answer["ExportImageTasks"]}
    assert found == oracle.selected(tasks, filters)


@given(strategies.texts())
def test_a_literal_matches_nothing_else(text: str) -> None:
    assert oracle.matches(strategies.literal(text), text)
    assert not oracle.matches(strategies.literal(text), f"{text}x")


@pytest.mark.parametrize("state", strategies.STATES)
def test_tasks_may_be_of_given_states(state: str) -> None:
    @FEW
    @given(strategies.tasks([state]))
    def drawn(task: dict[str, Any]) -> None:
        assert task["Status"] == state

    drawn()
