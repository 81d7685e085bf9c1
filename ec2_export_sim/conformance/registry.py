"""The properties of the kit: one named function for what a rule lets one see.

`rule` registers a function as a `Property`; the chapters, named as those of `specs/`,
hold the functions. What a rule says, its source and its status stand in `specs/` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ec2_export_sim.rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

Check = TypeVar("Check", bound="Callable[..., None]")

# What a target may lack, and what is then not asked of it.
CAPABILITIES = {
    "seed": "the account can be given the tasks it holds",
    "filters": "the parameter Filters",
    "paging": "the parameters MaxResults and NextToken",
    "dry-run": "the parameter DryRun",
    "permissions": "a caller who is not allowed",
    "tags": "the filters tag:<key> and tag-key",
}
LEVELS = ("must", "should")

# The *given* of a property of every account.
ANY_ACCOUNT: dict[str, SearchStrategy[Any]] = {}


@dataclass(frozen=True)
class Property:
    """Something that is true of every target that keeps a rule.

    *check* takes an `Account` and, by keyword, a case: a value of each strategy in
    *given*, of which `tasks` draws what the account holds. With *given* None no case
    is drawn. *examples* are cases that are always tried, and first: the known faults of
    real emulators.
    """

    rule: str
    name: str
    check: Callable[..., None]
    given: Mapping[str, SearchStrategy[Any]] | None
    examples: Sequence[Mapping[str, Any]]
    needs: frozenset[str]
    level: str

    def __str__(self) -> str:
        return f"{self.rule} {self.name.replace('_', ' ')}"


_REGISTERED: list[Property] = []


def rule(
    rule_id: str,
    *,
    given: Mapping[str, SearchStrategy[Any]] | None = None,
    examples: Sequence[Mapping[str, Any]] = ({},),
    needs: Sequence[str] = (),
    level: str | None = None,
) -> Callable[[Check], Check]:
    """Register a function as a property of the rule *rule_id*.

    The level is the rule's, but for the part of a documented rule that was only
    observed or decided, which passes `level="should"`. A case that says nothing of
    `tasks` has, fixed, the sample account and, drawn, any.

    Raises ValueError for an unknown capability or a level above the rule's own.
    """
    unknown = set(needs) - CAPABILITIES.keys()
    if unknown:
        raise ValueError(f"{rule_id} needs {unknown}; known are {list(CAPABILITIES)}")
    own = rules()[rule_id].level
    if level == "must" != own:
        raise ValueError(f"{rule_id} is not documented; its level is {own}")

    def register(check: Check) -> Check:
        _REGISTERED.append(
            Property(
                rule_id,
                check.__name__,
                check,
                given,
                examples,
                frozenset(needs),
                own if level is None else level,
            )
        )
        return check

    return register


def properties(level: str = "should") -> tuple[Property, ...]:
    """Return the properties that *level* asks for, in the order of the rules.

    `should` includes `must`. Raises ValueError for another level.
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    place = {rule_id: index for index, rule_id in enumerate(rules())}
    asked = LEVELS[: LEVELS.index(level) + 1]
    return tuple(
        sorted(
            (each for each in _REGISTERED if each.level in asked),
            key=lambda each: (place[each.rule], LEVELS.index(each.level)),
        )
    )
