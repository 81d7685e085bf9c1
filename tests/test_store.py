"""The store's indexes follow its tasks, whatever is done to them, and after a crash."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ec2_export_sim.core import store as module
from ec2_export_sim.core.model import ExportImageTask, TaskState
from ec2_export_sim.core.store import TaskStore

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY = frozenset(TaskState)
states = st.sampled_from(list(TaskState))


def task(number: int, state: TaskState) -> ExportImageTask:
    return ExportImageTask(number, f"export-ami-{number:08}", state)


@pytest.fixture(autouse=True, scope="module")
def short_lists() -> Iterator[None]:
    """Let a handful of tasks fill many of the short lists."""
    patch = pytest.MonkeyPatch()
    patch.setattr(module, "_CHUNK", 3)
    yield
    patch.undo()


class Machine(RuleBasedStateMachine):
    """A store beside a plain dict."""

    def __init__(self) -> None:
        super().__init__()
        self.store = TaskStore()
        self.plain: dict[int, ExportImageTask] = {}
        self.created = 0

    @rule(added=st.lists(states, max_size=8))
    def add(self, added: list[TaskState]) -> None:
        tasks = [task(self.created + n, state) for n, state in enumerate(added, 1)]
        self.created += len(tasks)
        self.store.add(tasks)
        self.plain.update((each.number, each) for each in tasks)

    @precondition(lambda self: self.plain)
    @rule(data=st.data(), state=states)
    def replace(self, data: st.DataObject, state: TaskState) -> None:
        numbers = data.draw(
            st.lists(st.sampled_from(sorted(self.plain)), min_size=1, unique=True)
        )
        tasks = [task(number, state) for number in numbers]
        self.store.replace(tasks)
        self.plain.update((each.number, each) for each in tasks)

    @precondition(lambda self: self.plain)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.plain)))
        self.store.remove(self.plain.pop(number).id)

    @precondition(lambda self: self.plain)
    @rule(data=st.data(), state=states)
    def crash(self, data: st.DataObject, state: TaskState) -> None:
        """A change that breaks off behind the dict leaves the state after it."""
        number = data.draw(st.sampled_from(sorted(self.plain)))
        self.plain[number] = task(number, state)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module._Ordered, "replace", lambda *_: 1 // 0)
            with pytest.raises(ZeroDivisionError):
                self.store.replace([task(number, state)])
        if data.draw(st.booleans(), label="change it again before anybody looks"):
            self.store.replace([self.plain[number]])

    @invariant()
    def every_view_is_the_plain_ones(self) -> None:
        expected = [self.plain[number] for number in sorted(self.plain)]
        assert list(self.store) == expected
        assert len(self.store) == len(expected)
        for after in {0, 1, self.created // 2, self.created}:
            for wanted in (EVERY, {TaskState.ACTIVE}, EVERY - {TaskState.DELETED}):
                assert list(self.store.find((), wanted, after)) == [
                    each
                    for each in expected
                    if each.state in wanted and each.number > after
                ]
        assert list(self.store.find((), frozenset(), 0)) == []
        for each in expected:
            assert each.id in self.store
            assert self.store.get(each.id) == each


TestStore = Machine.TestCase


def test_the_lists_stay_short() -> None:
    store = TaskStore(task(n, TaskState.ACTIVE) for n in range(1, 50))
    for n in range(49, 0, -1):  # each arrives before all that are there
        store.replace([task(n, TaskState.COMPLETED)])
    lists = store._by_state[TaskState.COMPLETED]._chunks
    assert max(len(each) for each in lists) <= 2 * module._CHUNK
    assert all(a[-1].number < b[0].number for a, b in pairwise(lists))
