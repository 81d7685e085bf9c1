r"""Filters: names, values, wildcards, AND and OR.

The language of the values is EC2's (`*` any run, `?` zero or one character, `\`
escapes), not that of IAM policies. This file never sees the store: it turns filters
into a `Selection`, which says which states can pass and tests one task at a time.

Rules: specs/filters.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from . import errors
from .model import TaskState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from .model import ExportImageTask

_Item = TypeVar("_Item")

if TYPE_CHECKING:
    Reader: TypeAlias = Callable[[_Item, str], Iterable[str]]
    Supported: TypeAlias = Mapping[str, Reader[_Item] | None]

MAX_VALUES = 200
MAX_VALUE_LENGTH = 255

# --- which filters there are --------------------------------------------------------


def _tag_keys(task: ExportImageTask, _key: str) -> Iterable[str]:
    return (tag.key for tag in task.tag_set if tag.key is not None)


def _tag_values(task: ExportImageTask, key: str) -> Iterable[str]:
    return (tag.value or "" for tag in task.tag_set if tag.key == key)


# A filter's name and what it compares of a task; None is its state, which the store is
# asked for. A name that ends in a colon takes all that follows it, as it stands, as the
# key of a tag.
SUPPORTED_FILTERS: Supported[ExportImageTask] = {
    "task-state": None,  # FLT-04
    "tag:": _tag_values,  # FLT-12, FLT-13, FLT-15
    "tag-key": _tag_keys,  # FLT-14
}


def _reader(name: str, supported: Supported[_Item]) -> tuple[Reader[_Item] | None, str]:
    """Return what the filter *name* reads of an item, and the key it reads it by.

    Rules: FLT-05, FLT-07, FLT-15.
    """
    head, colon, key = name.partition(":")
    if head + colon in supported:
        return supported[head + colon], key
    meant = (head + colon).lower()
    if meant in supported:
        raise errors.FILTER_NAME_CASE(name=name, meant=meant + key)
    spelled = (f"{each}<key>" if each.endswith(":") else each for each in supported)
    raise errors.UNKNOWN_FILTER(name=name, supported=", ".join(spelled))


# --- what a value matches -----------------------------------------------------------

_TOKEN = re.compile(r"\\[*?\\]|\\.?|.", re.DOTALL)
_MAGIC = re.compile(r"[*?\\]")


class Wildcard:
    """A value with `*`, `?` or an escape, as a machine that reads a text once.

    Bit i of its state says that the first i tokens can have matched what was read. So a
    text costs one step a character, whatever the pattern.

    Rules: FLT-16, FLT-17, FLT-18, FLT-19.
    """

    __slots__ = ("_final", "_literals", "_optional", "_stars")

    def __init__(self, pattern: str) -> None:
        self._literals: defaultdict[str, int] = defaultdict(int)
        self._stars = self._optional = 0
        bit = 1
        for token in _TOKEN.findall(pattern):
            if token == "*":
                self._stars |= bit
            elif token == "?":
                self._optional |= bit
            elif token[0] != "\\":
                self._literals[token] |= bit
            elif len(token) > 1 and token[1] in "*?\\":
                self._literals[token[1]] |= bit
            else:
                raise errors.BAD_ESCAPE(sequence=token)
            bit <<= 1
        self._optional |= self._stars  # a star, too, may match nothing
        self._final = bit

    def matches(self, text: str) -> bool:
        """Tell whether the whole of *text* matches."""
        state = self._skipped(1)
        for character in text:
            taken = state & (self._optional | self._literals.get(character, 0))
            state = self._skipped((taken << 1) | (state & self._stars))
            if not state:
                return False
        return bool(state & self._final)

    def _skipped(self, state: int) -> int:
        # The carry of the addition runs through each run of optional tokens, upward
        # from the first that was reached, and out at its end.
        optional = self._optional
        return state | ((optional + (state & optional)) ^ optional)


class Values(NamedTuple):
    """The values of one filter: those to equal, and those with wildcards."""

    literals: frozenset[str]
    wildcards: tuple[Wildcard, ...]

    def match(self, text: str) -> bool:
        """Tell whether one of the values matches *text* (FLT-03, FLT-06)."""
        return text in self.literals or any(w.matches(text) for w in self.wildcards)


class Clause(NamedTuple, Generic[_Item]):
    """One filter, compiled: what it reads of an item, and the values that pass."""

    read: Reader[_Item]
    key: str
    values: Values

    def passes(self, item: _Item) -> bool:
        """Tell whether what it reads of *item* matches one of the values (FLT-03)."""
        return any(self.values.match(text) for text in self.read(item, self.key))


class Selection(NamedTuple, Generic[_Item]):
    """What all filters of a call let pass: the states, and the clauses beside them."""

    states: frozenset[TaskState]
    clauses: tuple[Clause[_Item], ...]


_EVERYTHING: Selection[Any] = Selection(frozenset(TaskState), ())


def compile_filters(
    filters: Sequence[dict[str, Any]], supported: Supported[_Item]
) -> Selection[_Item]:
    """Return what *filters*, the parameter Filters, let pass of what is *supported*.

    Raises InvalidParameterValue for a name or an escape that is not known, and
    FilterLimitExceeded for too many or too long values; names are looked at first.

    Rules: FLT-01, FLT-02, FLT-05 to FLT-09, FLT-19 to FLT-22.
    """
    if not filters:
        return _EVERYTHING
    named = [(_name(each), each.get("Values", ())) for each in filters]
    readers = [_reader(name, supported) for name, _ in named]
    count = sum(len(values) for _, values in named)
    if count > MAX_VALUES:
        raise errors.TOO_MANY_FILTER_VALUES(count=count, bound=MAX_VALUES)
    for name, values in named:
        for value in values:
            if len(value) > MAX_VALUE_LENGTH:
                raise errors.FILTER_VALUE_TOO_LONG(
                    name=name, length=len(value), bound=MAX_VALUE_LENGTH
                )
    states: list[TaskState] = list(TaskState)
    clauses: list[Clause[_Item]] = []
    for (read, key), (_, texts) in zip(readers, named, strict=True):
        values = _values(texts)
        if read is None:
            states = [state for state in states if values.match(state.value)]
        else:
            clauses.append(Clause(read, key, values))
    return Selection(frozenset(states), tuple(clauses))


def select(items: Iterable[_Item], clauses: Sequence[Clause[_Item]]) -> Iterable[_Item]:
    """Return those of *items* that pass every clause, in the order given.

    Rules: FLT-01, FLT-02.
    """
    if not clauses:
        return items
    return (item for item in items if all(clause.passes(item) for clause in clauses))


def _name(given: dict[str, Any]) -> str:
    name: str | None = given.get("Name")
    if name is None:
        raise errors.NAMELESS_FILTER()
    return name


def _values(texts: Sequence[str]) -> Values:
    literals = frozenset(text for text in texts if not _MAGIC.search(text))
    return Values(literals, tuple(Wildcard(t) for t in texts if t not in literals))
