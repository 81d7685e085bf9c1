"""Filters: names, values, AND and OR.

A table has the filters of an operation, and the texts of an item that each compares.

Rules: specs/filters.md.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from . import errors
from .model import TaskState
from .quirks import Quirk
from .wildcards import Wildcard, filter_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from .model import ExportImageTask

_Item = TypeVar("_Item")

if TYPE_CHECKING:
    # The texts of an item that a filter compares.
    ValuesOf: TypeAlias = Callable[[_Item], Iterable[str]]
    # A filter's name -> its ValuesOf. If a name ends with a colon, a function makes the
    # ValuesOf from the text that follows the colon.
    FilterTable: TypeAlias = Mapping[
        str, ValuesOf[_Item] | Callable[[str], ValuesOf[_Item]]
    ]

MAX_VALUES = 200
MAX_VALUE_LENGTH = 255

# How many items and filters are examined for the reason of an empty answer.
MOST_ITEMS_EXAMINED = 10_000
MOST_FILTERS_EXAMINED = 10

ALL_STATES = frozenset(TaskState)

_MAGIC = re.compile(r"[*?\\]")


def _tag_values(key: str) -> ValuesOf[ExportImageTask]:
    return lambda task: [tag.value or "" for tag in task.tag_set if tag.key == key]


TASK_FILTERS: FilterTable[ExportImageTask] = {
    "task-state": lambda task: (task.state.value,),  # FLT-04
    "tag:": _tag_values,  # FLT-12, FLT-13, FLT-15
    "tag-key": lambda task: [tag.key for tag in task.tag_set if tag.key is not None],
}


def task_filters(quirks: Collection[Quirk]) -> FilterTable[ExportImageTask]:
    """Return the filters of tasks, with *quirks* applied (FLT-24, FLT-25)."""
    if Quirk.TAG_FILTERS_REFUSED in quirks:
        return {"task-state": TASK_FILTERS["task-state"]}
    return TASK_FILTERS


class Values(NamedTuple):
    """The values of one filter: literal texts, and texts with wildcards."""

    literals: frozenset[str]
    wildcards: tuple[Wildcard, ...]

    @classmethod
    def compile(cls, texts: Sequence[str]) -> Values:
        """Return the values; raises InvalidParameterValue for a bad escape."""
        literals = frozenset(text for text in texts if not _MAGIC.search(text))
        patterns = (text for text in texts if text not in literals)
        return cls(literals, tuple(Wildcard(filter_tokens(text)) for text in patterns))

    def match(self, text: str) -> bool:
        """Return whether one of the values matches *text* (FLT-03, FLT-06)."""
        return text in self.literals or any(w.matches(text) for w in self.wildcards)


class Clause(NamedTuple, Generic[_Item]):
    """One filter, compiled."""

    name: str
    values_of: ValuesOf[_Item]
    values: Values

    def matches(self, item: _Item) -> bool:
        """Return whether a text of *item* matches one of the values (FLT-03)."""
        return any(map(self.values.match, self.values_of(item)))


def compile_filters(
    filters: Sequence[dict[str, Any]], table: FilterTable[_Item]
) -> tuple[Clause[_Item], ...]:
    """Return the parameter Filters as clauses.

    Raises InvalidParameterValue for an unknown name or a bad escape, and
    FilterLimitExceeded for values that are too many or too long; names come first.

    Rules: FLT-02, FLT-05 to FLT-09, FLT-19 to FLT-22.
    """
    if not filters:
        return ()
    names = [_check_name(each) for each in filters]
    values_of = [_lookup(name, table) for name in names]
    texts = [each.get("Values", ()) for each in filters]
    _check_limits(names, texts)
    values = map(Values.compile, texts)
    return tuple(map(Clause, names, values_of, values))


def select(items: Iterable[_Item], clauses: Sequence[Clause[_Item]]) -> Iterable[_Item]:
    """Return those of *items* that match every clause, in their order.

    Rules: FLT-01, FLT-02.
    """
    if not clauses:
        return items
    return (item for item in items if all(clause.matches(item) for clause in clauses))


def possible_states(
    clauses: Iterable[Clause[ExportImageTask]],
) -> Collection[TaskState]:
    """Return the states that a task which matches every clause can have."""
    states: Collection[TaskState] = ALL_STATES
    for clause in clauses:
        if clause.name == "task-state":
            states = {state for state in states if clause.values.match(state)}
    return states


def suggest_case(
    items: Iterable[_Item],
    filters: Sequence[dict[str, Any]],
    table: FilterTable[_Item],
) -> str | None:
    """Return a note if a value would match some of *items* in another case.

    Rules: FLT-06.
    """
    if len(filters) > MOST_FILTERS_EXAMINED:
        return None
    clauses = compile_filters(filters, table)
    examined = list(islice(items, MOST_ITEMS_EXAMINED))
    for clause, parameter in zip(clauses, filters, strict=True):
        others = [each for each in clauses if each is not clause]
        texts = Counter(
            text for item in select(examined, others) for text in clause.values_of(item)
        )
        for value in parameter.get("Values", ()):
            for text, count in texts.items():
                if text != value and text.casefold() == value.casefold():
                    return f"{value!r} matches nothing, {text!r} would match {count}"
    return None


def _check_name(parameter: dict[str, Any]) -> str:
    if "Name" not in parameter:
        raise errors.NAMELESS_FILTER.error()
    name: str = parameter["Name"]
    return name


def _lookup(name: str, table: FilterTable[_Item]) -> ValuesOf[_Item]:
    """Return what the filter *name* compares (FLT-05, FLT-07, FLT-15)."""
    head, colon, key = name.partition(":")
    row: Any = table.get(head + colon)
    if row is not None:
        values_of: ValuesOf[_Item] = row(key) if colon else row
        return values_of
    meant = (head + colon).lower()
    if meant in table:
        raise errors.FILTER_NAME_CASE.error(name=name, meant=meant + key)
    supported = (f"{each}<key>" if each.endswith(":") else each for each in table)
    raise errors.UNKNOWN_FILTER.error(name=name, supported=", ".join(supported))


def _check_limits(names: Sequence[str], texts: Sequence[Sequence[str]]) -> None:
    """Raise FilterLimitExceeded for too many or too long values (FLT-20, FLT-21)."""
    count = sum(map(len, texts))
    if count > MAX_VALUES:
        raise errors.TOO_MANY_FILTER_VALUES.error(count=count, bound=MAX_VALUES)
    for name, values in zip(names, texts, strict=True):
        for value in values:
            if len(value) > MAX_VALUE_LENGTH:
                raise errors.FILTER_VALUE_TOO_LONG.error(
                    name=name, length=len(value), bound=MAX_VALUE_LENGTH
                )
