"""The tasks of one region, and the indexes that let a page be read without a scan.

Only this file knows the indexes. The dict of tasks is the truth and its change is the
moment of every change; the indexes follow, and are made anew from it should they ever
have been left behind.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from heapq import merge
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from . import errors
from .model import TaskState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from .model import ExportImageTask

_NUMBER = attrgetter("number")
_CHUNK = 512


class _Ordered:
    """Tasks in the order of their numbers, as a list of short sorted lists.

    Adding at the end is cheap; finding, adding and removing within cost two bisections
    and a move of at most one short list, however many tasks there are.
    """

    __slots__ = ("_chunks",)

    def __init__(self, tasks: list[ExportImageTask]) -> None:
        self._chunks = [
            tasks[start : start + _CHUNK] for start in range(0, len(tasks), _CHUNK)
        ]

    def __len__(self) -> int:
        return sum(map(len, self._chunks))

    def extend(self, tasks: list[ExportImageTask]) -> None:
        """Add *tasks*, sorted, all with numbers above those held."""
        room = _CHUNK - len(self._chunks[-1]) if self._chunks else 0
        if room:
            self._chunks[-1].extend(tasks[:room])
        self._chunks.extend(_Ordered(tasks[room:])._chunks)

    def add(self, task: ExportImageTask) -> None:
        at = self._chunk_of(task.number)
        if at == len(self._chunks):
            self.extend([task])
            return
        chunk = self._chunks[at]
        insort(chunk, task, key=_NUMBER)
        if len(chunk) > 2 * _CHUNK:
            self._chunks[at : at + 1] = _Ordered(chunk)._chunks

    def discard(self, task: ExportImageTask) -> None:
        at = self._chunk_of(task.number)
        chunk = self._chunks[at]
        del chunk[bisect_left(chunk, task.number, key=_NUMBER)]
        if not chunk:
            del self._chunks[at]

    def replace(self, task: ExportImageTask) -> None:
        """Put *task* where the task of the same number is."""
        chunk = self._chunks[self._chunk_of(task.number)]
        chunk[bisect_left(chunk, task.number, key=_NUMBER)] = task

    def after(self, number: int) -> Iterator[ExportImageTask]:
        """Return the tasks with a number above *number*, in order."""
        if not number:
            return chain.from_iterable(self._chunks)
        at = self._chunk_of(number + 1)
        if at == len(self._chunks):
            return iter(())
        chunk = self._chunks[at]
        first = chunk[bisect_right(chunk, number, key=_NUMBER) :]
        later = map(self._chunks.__getitem__, range(at + 1, len(self._chunks)))
        return chain(first, chain.from_iterable(later))

    def _chunk_of(self, number: int) -> int:
        """Return the index of the first chunk that ends at *number* or above."""
        return bisect_left(self._chunks, number, key=lambda chunk: chunk[-1].number)


class TaskStore:
    """One region's tasks, in the order of creation."""

    __slots__ = ("_all", "_by_id", "_by_state", "_images", "_indexed")

    def __init__(self, tasks: Iterable[ExportImageTask] = ()) -> None:
        self._by_id = {task.id: task for task in tasks}
        self._images: Counter[str | None] | None
        self._by_state: dict[TaskState, _Ordered]
        self._index()

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, task_id: str) -> bool:
        return task_id in self._by_id

    def __iter__(self) -> Iterator[ExportImageTask]:
        return iter(self._by_id.values())

    def get(self, task_id: str) -> ExportImageTask | None:
        """Return the task with that id, None where there is none."""
        return self._by_id.get(task_id)

    def find(
        self, ids: Sequence[str], states: Collection[TaskState], after: int
    ) -> Iterable[ExportImageTask]:
        """Return the tasks in one of *states* behind the number *after*, in order.

        Only those named where *ids* are given; raises InvalidExportTaskID.NotFound
        where one of them is unknown, whatever its state or number would have been.

        Rules: IDS-01, IDS-02, IDS-05, IDS-08, IDS-09, IDS-10.
        """
        if ids:
            named = sorted(self.named(ids), key=_NUMBER)
            return [t for t in named if t.number > after and t.state in states]
        self._heal()
        if len(states) == len(TaskState):
            return self._all.after(after)
        parts = [self._by_state[state].after(after) for state in states]
        return parts[0] if len(parts) == 1 else merge(*parts, key=_NUMBER)

    def count(self, state: TaskState) -> int:
        """Return how many tasks are in *state*."""
        self._heal()
        return len(self._by_state[state])

    def exports(self, image_id: str) -> int:
        """Return how many active tasks are of that image."""
        self._heal()
        if self._images is None:  # only programs that export ask, so only they pay
            active = self._by_state[TaskState.ACTIVE].after(0)
            self._images = Counter(task.image_id for task in active)
        return self._images[image_id]

    def named(self, ids: Sequence[str]) -> list[ExportImageTask]:
        """Return the tasks with those ids, in the order of the ids.

        Raises InvalidExportTaskID.NotFound where one is unknown (IDS-05).
        """
        try:
            return list(map(self._by_id.__getitem__, ids))
        except KeyError:
            unknown = [task_id for task_id in ids if task_id not in self._by_id]
        refusal = errors.IDS_NOT_FOUND if len(unknown) > 1 else errors.ID_NOT_FOUND
        raise refusal(ids=", ".join(unknown))

    def add(self, tasks: list[ExportImageTask]) -> None:
        """Take up *tasks*, whose numbers rise and lie above all that are held."""
        self._begin()
        self._by_id.update({task.id: task for task in tasks})
        self._all.extend(tasks)
        for state, ordered in self._by_state.items():
            ordered.extend([task for task in tasks if task.state is state])
        self._count_images(tasks, 1)
        self._indexed = True

    def replace(self, tasks: list[ExportImageTask]) -> None:
        """Put *tasks* in the place of those with the same ids, all at once."""
        before = [self._by_id[task.id] for task in tasks]
        self._begin()
        self._by_id.update({task.id: task for task in tasks})
        for old, new in zip(before, tasks, strict=True):
            self._all.replace(new)
            if old.state is new.state:
                self._by_state[new.state].replace(new)
            else:
                self._by_state[old.state].discard(old)
                self._by_state[new.state].add(new)
        self._count_images(before, -1)
        self._count_images(tasks, 1)
        self._indexed = True

    def remove(self, task_id: str) -> None:
        """Forget the task with that id."""
        self._begin()
        task = self._by_id.pop(task_id)
        self._all.discard(task)
        self._by_state[task.state].discard(task)
        self._count_images([task], -1)
        self._indexed = True

    def _heal(self) -> None:
        """Make the indexes anew where a change broke off and left them behind."""
        if not self._indexed:
            self._index()

    def _begin(self) -> None:
        """Begin a change: until it ends, the indexes are not to be trusted."""
        self._heal()
        self._indexed = False

    def _count_images(self, tasks: list[ExportImageTask], by: int) -> None:
        if self._images is not None:
            for task in tasks:
                if task.state is TaskState.ACTIVE:
                    self._images[task.image_id] += by

    def _index(self) -> None:
        tasks = list(self._by_id.values())
        self._all = _Ordered(tasks)
        self._images = None
        self._by_state = {
            state: _Ordered([task for task in tasks if task.state is state])
            for state in TaskState
        }
        self._indexed = True
