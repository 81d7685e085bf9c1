"""Examines a target: one loop over the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .judge import Judge
from .registry import CHECKS, checks
from .report import Report, report_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .account import Target


def check(
    target: Target,
    *,
    level: str = "documented",
    read_only: bool = False,
    expected_failures: Mapping[str, str] | None = None,
    seed: int = 0,
    examples: int | None = None,
    unsupported: Iterable[str] = (),
) -> Report:
    """Examine *target* and return the report.

    Args:
        target: A callable `(tasks, *, authorized=True) -> client`.
        level: "documented", "observed" or "decided"; it includes those before it.
        read_only: Whether the target is given no tasks, and nothing is changed.
        expected_failures: Rule id to the reason why it is known to fail; such a rule
            must fail.
        seed: What the drawn cases depend on.
        examples: The number of drawn cases for each rule; 0: the fixed cases alone;
            None: 20, or 5 if *read_only*.
        unsupported: Names of capabilities that the target does not have, in addition to
            its own attribute `unsupported`.

    Raises:
        ValueError: An unknown level, capability or rule; a negative number of examples.

    A target that cannot be examined gives a report whose rules are all not judged.

    >>> from ec2_export_sim.conformance.targets import simulator
    >>> check(simulator, examples=0).exit_status
    0
    """
    wanted = checks(level)
    expected = known_rules(expected_failures or {})
    judge = Judge(
        target,
        read_only=read_only,
        seed=seed,
        examples=examples,
        unsupported=unsupported,
    )
    verdicts = tuple(judge.judge(each.rule) for each in wanted)
    return report_of(judge, level, verdicts, expected)


def known_rules(expected_failures: Mapping[str, str]) -> Mapping[str, str]:
    """Return *expected_failures*; raises ValueError for a rule without a check."""
    if unknown := sorted(expected_failures.keys() - CHECKS.keys()):
        raise ValueError(f"there is no check of the rule {', '.join(unknown)}")
    return expected_failures
