"""The checks of the suite: one plain function for each rule that can be seen.

`rule` registers a function as the `Check` of a rule; the chapters, named as those of
`specs/`, contain the functions. A rule's statement, source and status stand in `specs/`
only, and its status is its level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ..rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

Function = TypeVar("Function", bound="Callable[..., None]")

LEVELS = ("documented", "observed", "decided")

# What nearly every check presumes: a walk over pages ends, and a call without ids
# describes all tasks.
ENDING = "PAG-05"
READING = (ENDING, "IDS-02")

# What each check presumes if it fails because an answer cannot be read.
READABLE = "RSP-03"


@dataclass(frozen=True)
class Check:
    """The check of one rule.

    rule        the id of the rule
    function    takes a `TargetAccount` and, by keyword, the members of a case
    case        a strategy for each member of a case
    tasks       a strategy for the tasks of a drawn case; None: any account
    presumes    rules that are judged first if this check fails: if one of them fails,
                this check is not judged
    """

    rule: str
    function: Callable[..., None]
    case: Mapping[str, SearchStrategy[Any]]
    tasks: SearchStrategy[Any] | None
    presumes: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the check shows, in words."""
        return self.function.__name__.replace("_", " ")


CHECKS: dict[str, Check] = {}


def rule(
    rule_id: str,
    *,
    presumes: tuple[str, ...] = READING,
    tasks: SearchStrategy[Any] | None = None,
    **case: SearchStrategy[Any],
) -> Callable[[Function], Function]:
    """Register a function as the check of the rule *rule_id*."""

    def register(function: Function) -> Function:
        CHECKS[rule_id] = Check(rule_id, function, case, tasks, presumes)
        return function

    return register


def checks(level: str = "decided") -> tuple[Check, ...]:
    """Return the checks of *level* and of those before it, in the order of the rules.

    Raises ValueError for an unknown level.
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    wanted = LEVELS[: LEVELS.index(level) + 1]
    return tuple(
        CHECKS[each.id]
        for each in rules().values()
        if each.id in CHECKS and each.status in wanted
    )
