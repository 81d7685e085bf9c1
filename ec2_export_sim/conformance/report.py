"""What a run tells: the outcome of each rule, and for a broken one how to mend it.

A rule's outcome is that of all its properties: one finding breaks it, and it passes
only where something was shown. A rule that could not be shown is skipped, never passed.
"""

from __future__ import annotations

import json
import platform
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import hypothesis

from ec2_export_sim import __version__
from ec2_export_sim.rules import rules

from .probe import CRASHED, Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .probe import Exchange, Finding
    from .trial import Verdict

PASSED = "passed"
FAILED = "FAILED"
SKIPPED = "skipped"
EXPECTED_FAILURE = "expected failure"
UNEXPECTED_PASS = "UNEXPECTED PASS"

_SHOWN_CALLS = 6
_SHOWN_CHARACTERS = 400


@dataclass(frozen=True)
class RuleOutcome:
    """What came of one rule; *expected* is the reason why it is known to fail."""

    rule: str
    verdicts: tuple[Verdict, ...]
    expected: str | None = None

    @property
    def outcome(self) -> str:
        """One of the five outcomes, in upper case where the report is not ok for it."""
        if self.finding is not None:
            return FAILED if self.expected is None else EXPECTED_FAILURE
        if not any(verdict.passed for verdict in self.verdicts):
            return SKIPPED
        return PASSED if self.expected is None else UNEXPECTED_PASS

    @property
    def broken(self) -> Verdict | None:
        """The first verdict with a finding, None where there is none."""
        return next((v for v in self.verdicts if v.finding is not None), None)

    @property
    def finding(self) -> Finding | None:
        """What the target did against the rule, None where it did nothing."""
        return self.broken.finding if self.broken else None

    @property
    def level(self) -> str:
        """The level of the property that is broken, else the rule's own."""
        return self.broken.of.level if self.broken else rules()[self.rule].level

    @property
    def remark(self) -> str:
        """Why the rule, or a part of it, was not shown, or why its failure is known."""
        if self.expected is not None:
            return self.expected
        skips = [reason for verdict in self.verdicts for reason in verdict.skipped]
        told = ", ".join(dict.fromkeys(skips))
        in_part = self.outcome == PASSED and told
        return f"in part: {told}" if in_part else told


@dataclass(frozen=True)
class Report:
    """The outcome of every rule asked for; `str` gives the table and the findings.

    `ok` is true where no rule failed that was not expected to, none passed that was
    expected to fail, and at least one was shown.
    """

    target: str
    level: str
    seed: int
    examples: int
    read_only: bool
    lacks: frozenset[str]
    outcomes: tuple[RuleOutcome, ...]

    @property
    def ok(self) -> bool:
        """Tell whether every rule of the level holds, as far as it could be shown."""
        counts = self.counts
        return not counts[FAILED] and not counts[UNEXPECTED_PASS] and counts[PASSED] > 0

    @property
    def counts(self) -> Counter[str]:
        """How many rules had each outcome."""
        return Counter(each.outcome for each in self.outcomes)

    @property
    def failures(self) -> tuple[RuleOutcome, ...]:
        """The rules that failed and were not expected to."""
        return tuple(each for each in self.outcomes if each.outcome == FAILED)

    @property
    def command(self) -> str:
        """The command that runs the same cases again."""
        words = [
            f"ec2-export-sim conformance {self.target} --level {self.level}",
            f"--seed {self.seed} --examples {self.examples}",
            *(["--read-only"] if self.read_only else []),
            *(f"--lacks {name}" for name in sorted(self.lacks)),
        ]
        return " ".join(words)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return "\n".join(
            (
                *_explanations(self.failures),
                f"{self.target} at level {self.level}, seed {self.seed}",
                *_table(self.outcomes),
                f"{len(self.outcomes)} rules: {counts}",
                f"again: {self.command}",
            )
        )

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON holds it, with all that reproduces it."""
        report = {
            "kit": {"name": "ec2_export_sim.conformance", "version": __version__},
            "python": platform.python_version(),
            "hypothesis": hypothesis.__version__,
            "target": self.target,
            "level": self.level,
            "seed": self.seed,
            "examples": self.examples,
            "read_only": self.read_only,
            "lacks": sorted(self.lacks),
            "reproduce": self.command,
            "ok": self.ok,
            "counts": self.counts,
            "rules": [_rule_as_json(each) for each in self.outcomes],
        }
        plain: dict[str, Any] = json.loads(json.dumps(report, default=repr))
        return plain


def _table(outcomes: Sequence[RuleOutcome]) -> Iterator[str]:
    for each in outcomes:
        remark = f" ({each.remark})" if each.remark else ""
        title = rules()[each.rule].title
        yield f"  {each.rule}  {each.level:6}  {each.outcome:16}  {title}{remark}"


def _explanations(failures: Sequence[RuleOutcome]) -> Iterator[str]:
    """Yield the explanations, a crash that breaks many rules only once in full."""
    crashes: dict[str, str] = {}
    for each in failures:
        message = each.finding.message if each.finding else ""
        if message in crashes:
            yield f"{each.rule} {rules()[each.rule].title}"
            yield f"  {_clipped(message)}, as for {crashes[message]}\n"
            continue
        if message.startswith(CRASHED):
            crashes[message] = each.rule
        yield explained(each)


def explained(outcome: RuleOutcome) -> str:
    """Return what a broken rule says, and the calls that break it."""
    broken, finding = outcome.broken, outcome.finding
    assert broken is not None and finding is not None  # noqa: S101, PT018 - a failure's
    rule = rules()[outcome.rule]
    earlier = len(finding.exchanges) - _SHOWN_CALLS
    lines = [
        f"{rule.id} {rule.title}",
        *(f"  {line}" for line in rule.statement.splitlines()),
        f"  source: {rule.source}",
        f"  level: {outcome.level} ({rule.status})",
        f"  broken: {broken.of.name.replace('_', ' ')}",
        f"  {_clipped(finding.message)}",
        *(f"  {note}" for note in getattr(finding, "__notes__", ())),
        f"  the account holds {len(finding.held) or 'no'} task(s)",
        *(f"    {_clipped(repr(task))}" for task in finding.held),
        "  the calls",
        *([f"    … {earlier} before"] if earlier > 0 else []),
        *(line for each in finding.exchanges[-_SHOWN_CALLS:] for line in _lines(each)),
        "",
    ]
    return "\n".join(lines)


def _lines(exchange: Exchange) -> Iterator[str]:
    given = ", ".join(f"{name}={value!r}" for name, value in exchange.request.items())
    caller = "" if exchange.authorized else ", by one who is not allowed"
    yield f"    {_clipped(f'describe_export_image_tasks({given})')}{caller}"
    yield f"      → {_clipped(_told(exchange.reply))}"


def _told(reply: Answer | Refusal | str) -> str:
    if not isinstance(reply, Answer):
        return str(reply)
    tasks = [
        f"{task['ExportImageTaskId']} {task.get('Status')}" for task in reply.tasks
    ]
    token = f", NextToken {reply.token!r}" if reply.token else ""
    return f"[{', '.join(tasks)}]{token}"


def _clipped(text: str) -> str:
    short = len(text) <= _SHOWN_CHARACTERS
    return text if short else f"{text[:_SHOWN_CHARACTERS]}… ({len(text)} characters)"


# --- as JSON ------------------------------------------------------------------------


def _rule_as_json(outcome: RuleOutcome) -> dict[str, Any]:
    return {
        **rules()[outcome.rule]._asdict(),
        "level": outcome.level,
        "outcome": outcome.outcome,
        "remark": outcome.remark,
        "properties": [_verdict_as_json(each) for each in outcome.verdicts],
    }


def _verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    finding = verdict.finding
    return {
        "name": verdict.of.name,
        "level": verdict.of.level,
        "passed": verdict.passed,
        "skipped": verdict.skipped,
        "finding": finding
        and {
            "message": finding.message,
            "held": finding.held,
            "calls": [
                {
                    "request": each.request,
                    "authorized": each.authorized,
                    **_reply_as_json(each.reply),
                }
                for each in finding.exchanges
            ],
        },
    }


def _reply_as_json(reply: Answer | Refusal | str) -> dict[str, Any]:
    if isinstance(reply, Answer):
        return {"answer": reply.raw}
    if isinstance(reply, Refusal):
        return {"refusal": reply._asdict()}
    return {"unreadable": reply}
