"""Tasks are added, removed and changed while a caller reads page after page."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ec2_export_sim import Simulator, TaskState
from tests import oracle, strategies

tags = st.dictionaries(
    st.sampled_from(strategies.KEYS), st.sampled_from(strategies.TEXTS), max_size=3
)


class Walk(RuleBasedStateMachine):
    """One walk over the pages of a filter, compared with a scan of all tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.sim = Simulator()
        self.filters: list[dict[str, Any]] = []
        self.token: str | None = None
        self.seen: list[str] = []
        self.throughout: set[str] = set()
        self.snapshots: list[tuple[Any, list[Any]]] = []

    def matching(self) -> list[str]:
        tasks = oracle.describe(self.sim.dump_tasks(), Filters=self.filters)
        return [task["ExportImageTaskId"] for task in tasks]

    @rule(status=st.sampled_from(strategies.STATES), tags=tags)
    def add(self, status: str, tags: dict[str, str]) -> None:
        self.sim.add_task(status=status, tags=tags)

    @precondition(lambda self: self.sim.tasks)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.sim.remove_task(data.draw(st.sampled_from(self.sim.tasks)).id)

    @precondition(lambda self: self.sim.tasks)
    @rule(data=st.data(), how=st.sampled_from(["complete", "fail"]))
    def move(self, data: st.DataObject, how: str) -> None:
        task = data.draw(st.sampled_from(self.sim.tasks))
        fail = partial(self.sim.fail_task, message="broken")
        move = fail if how == "fail" else self.sim.complete_task
        if task.state is TaskState.ACTIVE:
            move(task.id)
        else:
            with pytest.raises(ValueError, match=f"it cannot {how}"):
                move(task.id)

    @rule()
    def take_snapshot(self) -> None:
        self.snapshots.append((self.sim.snapshot(), self.sim.dump_tasks()))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        snapshot, tasks = data.draw(st.sampled_from(self.snapshots))
        self.sim.restore(snapshot)
        assert self.sim.dump_tasks() == tasks

    @rule(filters=st.lists(strategies.valid_filters, max_size=2))
    def start_again(self, filters: list[dict[str, Any]]) -> None:
        self.filters, self.token, self.seen = filters, None, []
        self.throughout = set(self.matching())

    @rule(size=st.integers(1, 3))
    def next_page(self, size: int) -> None:
        request: dict[str, Any] = {"Filters": self.filters, "MaxResults": size}
        if self.token is not None:
            request["NextToken"] = self.token
        response = self.sim.invoke("DescribeExportImageTasks", request)
        page = [task["ExportImageTaskId"] for task in response["ExportImageTasks"]]
        left = [each for each in self.matching() if each not in self.seen]
        assert page == [each for each in left if each in page]
        self.seen += page
        assert len(set(self.seen)) == len(self.seen)
        self.token = response.get("NextToken")
        if self.token is None:
            assert self.throughout <= set(self.seen)
            self.start_again(self.filters)

    @invariant()
    def only_tasks_that_match_throughout_must_be_seen(self) -> None:
        self.throughout &= set(self.matching())


TestWalk = pytest.mark.rule("PAG-06", "PAG-12", "SIM-07", "SIM-08")(Walk.TestCase)
