"""Holds a target against all rules of a level."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING

from .registry import CAPABILITIES, properties
from .report import Report, RuleOutcome
from .trial import EXAMPLES, examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .probe import Target
    from .registry import Property

EXAMPLES_READ_ONLY = 5


def check(
    target: Target,
    *,
    level: str = "must",
    read_only: bool = False,
    expected_failures: Mapping[str, str] | None = None,
    seed: int | None = None,
    examples: int | None = None,
    lacks: Iterable[str] = (),
    progress: Callable[[RuleOutcome], None] | None = None,
) -> Report:
    """Return what came of holding *target* against every rule of *level*.

    With *read_only* the target is called with no tasks, holds whatever it holds, and is
    asked only for what needs nothing but reads. *expected_failures* maps a rule's id to
    the reason why it is known to fail; the report is not ok where it then passes.
    *lacks* names capabilities that the target does not have, beside those in its own
    attribute `lacks`. *examples* is the number of drawn cases a property, *seed* what
    they depend on; the same seed, and None, draws the same cases every time. *progress*
    is called with each rule's outcome.

    >>> from ec2_export_sim.conformance.targets import simulator
    >>> check(simulator, examples=1).ok
    True

    Raises ValueError for a target that is not callable, and for an unknown level,
    capability or rule.
    """
    plan = Plan(target, level, read_only, expected_failures, seed, examples, lacks)
    outcomes = []
    for rule in plan.rules:
        outcome = plan.judge(rule)
        outcomes.append(outcome)
        if progress is not None:
            progress(outcome)
    return Report(
        plan.name,
        level,
        plan.seed,
        plan.examples,
        plan.read_only,
        plan.lacks,
        tuple(outcomes),
    )


class Plan:
    """The rules to be shown, and how; the same for every door of the kit."""

    def __init__(
        self,
        target: Target,
        level: str,
        read_only: bool,
        expected_failures: Mapping[str, str] | None,
        seed: int | None,
        examples: int | None,
        lacks: Iterable[str],
    ) -> None:
        if not callable(target):
            raise ValueError(f"the target must be callable, not {target!r}")
        self._target = target
        self.name = name_of(target)
        self.lacks = frozenset(lacks) | frozenset(getattr(target, "lacks", ()))
        unknown = self.lacks - CAPABILITIES.keys()
        if unknown:
            known = ", ".join(CAPABILITIES)
            raise ValueError(f"no capability {', '.join(unknown)}; known are {known}")
        self.read_only = read_only or "seed" in self.lacks
        self.seed = 0 if seed is None else seed
        default = EXAMPLES_READ_ONLY if self.read_only else EXAMPLES
        self.examples = default if examples is None else examples
        if self.examples < 1:
            raise ValueError(f"examples must be at least 1, not {examples}")
        self.expected = dict(expected_failures or {})
        strangers = self.expected.keys() - {each.rule for each in properties()}
        if strangers:
            raise ValueError(f"no property of the rule {', '.join(sorted(strangers))}")
        self._properties: dict[str, list[Property]] = {
            rule: list(group)
            for rule, group in groupby(properties(level), lambda each: each.rule)
        }
        self.rules = tuple(self._properties)

    def judge(self, rule: str) -> RuleOutcome:
        """Return what comes of one rule."""
        verdicts = tuple(
            examine(
                each,
                self._target,
                seed=self.seed,
                examples=self.examples,
                read_only=self.read_only,
                lacks=self.lacks,
            )
            for each in self._properties[rule]
        )
        return RuleOutcome(rule, verdicts, self.expected.get(rule))


def name_of(target: object) -> str:
    """Return how a command would name *target*, where it can: `module:callable`."""
    module = getattr(target, "__module__", type(target).__module__)
    for name, value in list(vars(sys.modules.get(module, object)).items()):
        if value is target:
            return f"{module}:{name}"
    return f"{module}:{getattr(target, '__qualname__', type(target).__qualname__)}"
