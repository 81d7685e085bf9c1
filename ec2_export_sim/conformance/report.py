"""The report of a run: what failed and why, the outcome of each rule, the counts."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import hypothesis

from .. import __version__
from ..rules import rules
from . import corpus
from .explain import fold
from .judge import FAILED, NOT_JUDGED, PASSED, SKIPPED
from .registry import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .judge import Judge, Verdict

EVERYTHING_PASSED, SOMETHING_FAILED, NOTHING_SHOWN = 0, 1, 2

_ORDER = (PASSED, FAILED, SKIPPED, NOT_JUDGED)


@dataclass(frozen=True)
class Report:
    """The verdicts of a run; `str` gives the explanations and the table.

    target               the name of the target, as a command takes it
    verdicts             a `Verdict` for each rule, in the order of the rules
    expected_failures    rule id → the reason why it is known to fail
    command              the command that repeats the run
    """

    target: str
    level: str
    verdicts: tuple[Verdict, ...]
    expected_failures: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    target_version: str = ""

    @property
    def outcomes(self) -> dict[str, str]:
        """Rule id → "passed", "failed", "skipped" or "not judged"."""
        return {each.rule: each.outcome for each in self.verdicts}

    @property
    def reasons(self) -> dict[str, str]:
        """Rule id → why it is not passed, or why its failure is expected."""
        return {
            each.rule: self.expected_failures.get(each.rule, each.reason)
            for each in self.verdicts
            if each.outcome != PASSED
        }

    @property
    def failures(self) -> tuple[Verdict, ...]:
        """The rules that failed and were not expected to."""
        return tuple(
            each
            for each in self.verdicts
            if each.outcome == FAILED and each.rule not in self.expected_failures
        )

    @property
    def unexpected_passes(self) -> tuple[str, ...]:
        """The rules that passed although a failure was expected."""
        return tuple(
            each.rule
            for each in self.verdicts
            if each.outcome == PASSED and each.rule in self.expected_failures
        )

    @property
    def exit_status(self) -> int:
        """0: something passed and nothing failed; 1: something failed; else 2."""
        if self.failures or self.unexpected_passes:
            return SOMETHING_FAILED
        passed = PASSED in self.outcomes.values()
        return EVERYTHING_PASSED if passed else NOTHING_SHOWN

    def markdown(self) -> str:
        """Return one table, with the counts of each level."""
        lines = [
            "| target | level | passed | failed | skipped | not judged |",
            "|---|---|---|---|---|---|",
        ]
        name = f"{self.target} {self.target_version}".strip()
        for level, counts in self._counts_by_level():
            cells = " | ".join(str(counts[outcome]) for outcome in _ORDER)
            lines.append(f"| {name} | {level} | {cells} |")
        return "\n".join(lines)

    @property
    def obstacle(self) -> str:
        """Why the target cannot be examined; empty if something could be."""
        reasons = {each.reason for each in self.verdicts}
        single = len(reasons) == 1 and {*self.outcomes.values()} == {NOT_JUDGED}
        return reasons.pop() if single else ""

    def __str__(self) -> str:
        lines = (*self._explanations(), *self._table(), *self._summary())
        if self.obstacle:
            lines = tuple(fold(f"the target cannot be examined: {self.obstacle}", 0))
        return "\n".join((*lines, *self._origin()))

    def _explanations(self) -> Iterator[str]:
        for each in self.failures:
            yield each.explanation
            consequences = [v.rule for v in self.verdicts if v.because == each.rule]
            if consequences:
                yield from fold(
                    f"not judged because of it: {', '.join(consequences)}", 2
                )
            yield ""

    def _table(self) -> Iterator[str]:
        for each in self.verdicts:
            rule = rules()[each.rule]
            reason = self.reasons.get(each.rule, "")
            if each.rule in self.expected_failures:
                expected = f"expected to fail: {self.expected_failures[each.rule]}"
                reason = expected
            shown = f" ({reason})" if reason and each not in self.failures else ""
            text = (
                f"{each.rule}  {rule.status:10}  {each.outcome:10}  {rule.title}{shown}"
            )
            yield from fold(text, 0)

    def _summary(self) -> Iterator[str]:
        yield ""
        yield self.markdown()
        yield ""
        counts = Counter(self.outcomes.values())
        shown = counts[PASSED] + counts[FAILED]
        yield f"shown: {shown} of {len(self.verdicts)} rules"
        reasons = Counter(
            reason
            for rule, reason in self.reasons.items()
            if self.outcomes[rule] in (SKIPPED, NOT_JUDGED)
        )
        for reason, count in reasons.most_common():
            yield from fold(f"{count} {'rule' if count == 1 else 'rules'}: {reason}", 2)
        for rule in self.unexpected_passes:
            yield f"{rule} passed, but is expected to fail"

    def _origin(self) -> Iterator[str]:
        yield f"versions: {versions()}"
        yield "again:"
        yield " \\\n".join(fold(self.command, 2))

    def _counts_by_level(self) -> Iterator[tuple[str, Counter[str]]]:
        for level in LEVELS[: LEVELS.index(self.level) + 1]:
            yield (
                level,
                Counter(
                    each.outcome
                    for each in self.verdicts
                    if rules()[each.rule].status == level
                ),
            )


def report_of(
    judge: Judge,
    level: str,
    verdicts: tuple[Verdict, ...],
    expected_failures: Mapping[str, str],
) -> Report:
    """Return the report of what *judge* found."""
    words = (
        f"ec2-export-sim conformance {judge.target_name} --level {level}",
        f"--seed {judge.seed} --examples {judge.examples}",
        *(["--read-only"] if judge.read_only else []),
        *(f"--unsupported {name}" for name in sorted(judge.unsupported)),
    )
    return Report(
        judge.target_name,
        level,
        verdicts,
        expected_failures,
        " ".join(words),
        judge.target_version,
    )


@cache
def versions() -> str:
    """Return the versions of what the verdicts depend on."""
    text = "".join(map(repr, rules().values()))
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return (
        f"ec2-export-sim {__version__}, rules {digest}, cases {corpus.version()}, "
        f"Hypothesis {hypothesis.__version__}, Python {platform.python_version()}"
    )
