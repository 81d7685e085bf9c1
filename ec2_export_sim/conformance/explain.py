"""Explains a violation: the rule, the account, the calls; lines of 100 characters."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ..rules import rules
from .capabilities import DESCRIBE
from .differences import clip
from .outcomes import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import Violation
    from .outcomes import CallRecord, Record
    from .registry import Check

WIDTH = 98
_MOST_CALLS = 8
_MOST_TASKS = 6


def explain(check: Check, violation: Violation) -> str:
    """Return what the rule says, and the account and the calls that violate it."""
    rule = rules()[check.rule]
    account = violation.account
    lines = [
        f"{rule.id} {rule.title} ({rule.status})",
        *(each for line in rule.statement.splitlines() for each in fold(line, 2)),
        *fold(f"source: {rule.source}", 2),
        *fold(f"check: {check.name}", 2),
        *fold(f"violation: {violation}", 2),
        *(f"  {note}" for note in getattr(violation, "__notes__", ())),
        *_account_lines(list(account.known)),
        "  the calls",
        *_call_lines(account.calls),
    ]
    return "\n".join(lines)


def fold(text: str, indent: int) -> list[str]:
    """Return *text* as indented lines of at most 100 characters."""
    margin = " " * indent
    return wrap(text, WIDTH, initial_indent=margin, subsequent_indent=f"{margin}  ")


def _account_lines(held: list[Record]) -> Iterator[str]:
    yield f"  the account has {_count(held)}"
    for task in held[:_MOST_TASKS]:
        yield from fold(clip(repr(task), 400), 4)
    if len(held) > _MOST_TASKS:
        yield f"    … and {len(held) - _MOST_TASKS} more"


def _count(tasks: list[Any]) -> str:
    return f"{len(tasks) or 'no'} {'task' if len(tasks) == 1 else 'tasks'}"


def _call_lines(calls: list[CallRecord]) -> Iterator[str]:
    if len(calls) > _MOST_CALLS:
        yield f"    … {len(calls) - _MOST_CALLS} earlier calls"
    for call in calls[-_MOST_CALLS:]:
        given = ", ".join(
            f"{name}={value!r}" for name, value in call.parameters.items()
        )
        caller = "" if call.authorized else " by a caller who is not allowed"
        yield from fold(f"{clip(f'{call.operation}({given})')}{caller}", 4)
        yield from fold(f"→ {clip(_outcome(call))}", 6)


def _outcome(call: CallRecord) -> str:
    if isinstance(call.outcome, (TargetError, str)):
        return str(call.outcome)
    if call.operation == DESCRIBE:
        return _tasks(call.outcome)
    shown = {k: v for k, v in call.outcome.items() if k != "ResponseMetadata"}
    return repr(shown)


def _tasks(answer: Mapping[str, object]) -> str:
    tasks = answer.get("ExportImageTasks")
    if not isinstance(tasks, list) or not all(isinstance(t, dict) for t in tasks):
        return repr(dict(answer))
    states = [f"{t.get('ExportImageTaskId')} {t.get('Status')}" for t in tasks]
    token = answer.get("NextToken")
    more = [] if token is None else [f"NextToken {token!r}"]
    return f"{_count(tasks)}: {', '.join((*states, *more))}".removesuffix(": ")
