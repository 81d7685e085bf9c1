"""The option `--explain`, which says why a task is not in the answer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ..core.errors import comma_list
from ..core.filters import TASK_FILTERS, compile_filters
from ..rules import rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ..core.filters import Clause
    from ..core.model import ExportImageTask
    from ..simulator import Simulator


def explain(
    simulator: Simulator, parameters: Mapping[str, Any], answered: Collection[str]
) -> Iterator[str]:
    """Yield the lines for a call with *parameters* that answered with these task ids.

    Each line ends with a rule and its status.
    """
    ids = parameters.get("ExportImageTaskIds") or ()
    filters = parameters.get("Filters") or ()
    clauses = compile_filters(filters, TASK_FILTERS)
    tasks = simulator.tasks
    yield f"{len(answered)} of {len(tasks)} tasks are in the answer."
    for task in tasks:
        if task.id in answered:
            continue
        reasons = list(_reasons(task, ids, filters, clauses))
        if not reasons:
            reasons = [("it matches, but it is on another page", "PAG-01")]
        for reason, rule in reasons:
            yield f"{task.id}: {reason} ({rule}, {rules()[rule].status})"
    for index, clause in enumerate(clauses):
        texts = Counter(text for task in tasks for text in clause.values_of(task))
        if texts and not any(map(clause.matches, tasks)):
            present = comma_list([f"{text!r} {n}" for text, n in texts.most_common()])
            yield f"{_name(index, clause)} would match: {present}"


def _reasons(
    task: ExportImageTask,
    ids: Collection[str],
    filters: Sequence[Mapping[str, Any]],
    clauses: Sequence[Clause[ExportImageTask]],
) -> Iterator[tuple[str, str]]:
    """Yield each reason for which *task* was dropped, and its rule."""
    if ids and task.id not in ids:
        yield "it is not one of ExportImageTaskIds", "IDS-01"
    for index, (given, clause) in enumerate(zip(filters, clauses, strict=True)):
        if not clause.matches(task):
            reason, rule = _mismatch(
                given.get("Values") or (), list(clause.values_of(task))
            )
            yield f"dropped by {_name(index, clause)}: {reason}", rule


def _mismatch(values: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    """Return why none of a filter's *values* matches one of a task's *texts*."""
    if not values:
        return "it has no values", "FLT-09"
    if not texts:
        return "the task has no such tag", "FLT-13"
    for value in values:
        for text in texts:
            if value.casefold() == text.casefold():
                return f"{value!r} is not {text!r}", "FLT-06"
    wanted, found = (comma_list(list(map(repr, each))) for each in (values, texts))
    return f"{wanted} is not {found}", "FLT-03"


def _name(index: int, clause: Clause[ExportImageTask]) -> str:
    return f"Filters[{index}] {clause.name}"
