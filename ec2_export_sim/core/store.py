"""The tasks of one region, with indexes that find a page quickly.

`_by_id` has every task. The lists have the same tasks in the order of their numbers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING

from .model import TaskState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from .model import ExportImageTask

_number = attrgetter("number")


class TaskStore:
    """One region's tasks, in the order of creation."""

    __slots__ = ("_all", "_by_id", "_by_state")

    def __init__(self) -> None:
        self._by_id: dict[str, ExportImageTask] = {}
        self._all: list[ExportImageTask] = []
        self._by_state: dict[TaskState, list[ExportImageTask]] = {
            state: [] for state in TaskState
        }

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, task_id: str) -> bool:
        return task_id in self._by_id

    def __iter__(self) -> Iterator[ExportImageTask]:
        return iter(self._all)

    def copy(self) -> TaskStore:
        """Return a store with the same tasks."""
        store = TaskStore()
        store.add(self._all)
        return store

    def get(self, task_id: str) -> ExportImageTask | None:
        """Return the task with that id, None if there is none."""
        return self._by_id.get(task_id)

    def get_all(self, ids: Iterable[str]) -> list[ExportImageTask]:
        """Return the tasks with those ids, which are here, in the order of the ids."""
        return [self._by_id[task_id] for task_id in ids]

    def find(
        self, ids: Sequence[str], states: Collection[TaskState], after: int | None
    ) -> Iterable[ExportImageTask]:
        """Return the tasks in one of *states*, in the order of creation.

        With *ids*, it returns only the tasks with those ids. If *after* is not None, it
        returns only those with a higher number.

        Rules: IDS-01, IDS-08 to IDS-10.
        """
        if ids:
            tasks = sorted(self.get_all(ids), key=_number)
            return [task for task in _after(tasks, after) if task.state in states]
        if len(states) == len(TaskState):
            return _after(self._all, after)
        lists = (_after(self._by_state[state], after) for state in states)
        return merge(*lists, key=_number)

    def count_active(self) -> int:
        """Return the number of active tasks."""
        return len(self._by_state[TaskState.ACTIVE])

    def active_exports_of(self, image_id: str) -> list[str]:
        """Return the ids of the active exports of an image."""
        active = self._by_state[TaskState.ACTIVE]
        return [task.id for task in active if task.image_id == image_id]

    def add(self, tasks: list[ExportImageTask]) -> None:
        """Add *tasks*. Their numbers rise, and are higher than all in the store."""
        for task in tasks:
            self._by_id[task.id] = task
            self._by_state[task.state].append(task)
        self._all.extend(tasks)

    def replace(self, tasks: list[ExportImageTask]) -> None:
        """Replace the tasks that have the same ids as *tasks*."""
        for task in tasks:
            old = self._by_id[task.id]
            self._by_id[task.id] = task
            self._all[_index(self._all, old)] = task
            self._remove_by_state(old)
            insort(self._by_state[task.state], task, key=_number)

    def remove(self, task_id: str) -> None:
        """Remove the task with that id."""
        task = self._by_id.pop(task_id)
        del self._all[_index(self._all, task)]
        self._remove_by_state(task)

    def _remove_by_state(self, task: ExportImageTask) -> None:
        tasks = self._by_state[task.state]
        del tasks[_index(tasks, task)]


def _index(tasks: list[ExportImageTask], task: ExportImageTask) -> int:
    return bisect_left(tasks, task.number, key=_number)


def _after(
    tasks: list[ExportImageTask], number: int | None
) -> Iterable[ExportImageTask]:
    """Return those of *tasks*, sorted, with a number above *number*."""
    if number is None:
        return tasks
    start = bisect_right(tasks, number, key=_number)
    return (tasks[index] for index in range(start, len(tasks)))
