"""The judge: what comes of one check on one target.

A check is tried on the fixed cases of the corpus, then on drawn ones. If it fails, the
rules that it presumes are judged; if one of them fails, the check is not judged because
of that rule. A verdict is made once for each rule and remembered.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from . import corpus
from .account import EndlessWalk, Session, TargetAccount, Violation
from .capabilities import CAPABILITIES, WRITING
from .explain import explain
from .outcomes import (
    CannotExamineError,
    CannotHold,
    InconclusiveError,
    TargetError,
    UnsupportedError,
)
from .registry import CHECKS, ENDING, READABLE
from .strategies import accounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .account import Target
    from .outcomes import Record
    from .registry import Check

PASSED, FAILED, SKIPPED, NOT_JUDGED = "passed", "failed", "skipped", "not judged"

_NOTHING_SHOWN = (UnsupportedError, CannotHold, InconclusiveError)
_NO_VIOLATION = (*_NOTHING_SHOWN, CannotExamineError)
_ABOUT_CHANGES = ("LIF-08", "ORD-10")  # rules that say what must not change
_MOST_TO_SHRINK = 20  # larger accounts are not shrunk

EXAMPLES = 20  # drawn cases for each check, unless another number is asked for
EXAMPLES_READ_ONLY = 5


class Verdict(NamedTuple):
    """The outcome of one check.

    reason        why it is not passed, in one line; empty if it is
    because       the rule that failed and for which this one is not judged
    explanation   the rule, the account and the calls, if it failed
    """

    rule: str
    outcome: str
    reason: str = ""
    because: str = ""
    explanation: str = ""


class Judge:
    """Judges one target. The order in which rules are judged changes no verdict.

    target        makes a client of an account: see `Target`
    read_only     the target is given no tasks, and nothing is changed
    seed          what the drawn cases depend on
    examples      the number of drawn cases for each check; 0: the fixed cases alone;
                  None: 20, or 5 if *read_only*
    unsupported   names of capabilities, in addition to the target's own `unsupported`

    Raises ValueError for an unknown capability and a negative number of examples.
    """

    def __init__(
        self,
        target: Target,
        *,
        read_only: bool = False,
        seed: int = 0,
        examples: int | None = None,
        unsupported: Iterable[str] = (),
    ) -> None:
        names = {*unsupported, *getattr(target, "unsupported", ())}
        if unknown := sorted(names - CAPABILITIES.keys()):
            known = ", ".join(CAPABILITIES)
            raise ValueError(f"no capability {', '.join(unknown)}; known are {known}")
        if examples is not None and examples < 0:
            raise ValueError(f"examples must be at least 0, not {examples}")
        default = EXAMPLES_READ_ONLY if read_only else EXAMPLES
        self.examples = default if examples is None else examples
        self.seed = seed
        self.read_only = read_only
        self.target_name = name_of(target)
        self.target_version = str(getattr(target, "version", ""))
        self.unsupported = frozenset(names)
        withheld = WRITING if read_only else frozenset[str]()
        self._session = Session(target, self.unsupported | withheld)
        self._verdicts: dict[str, Verdict] = {}
        self._obstacle: str | None = None  # why the target cannot be examined

    @property
    def obstacle(self) -> str:
        """Why the target cannot be examined; empty if it can.

        The first use of this property makes the first calls.
        """
        if self._obstacle is None:
            self._obstacle = _find_obstacle(self._session)
        return self._obstacle

    def judge(self, rule: str) -> Verdict:
        """Return the verdict on one rule."""
        if rule not in self._verdicts:
            verdict = self._verdicts[rule] = self._judge(CHECKS[rule])
            if rule == ENDING:
                self._session.endless = verdict.outcome == FAILED
        return self._verdicts[rule]

    def _judge(self, check: Check) -> Verdict:
        if self.obstacle:
            return Verdict(check.rule, NOT_JUDGED, self.obstacle)
        try:
            violation = self._try(check)
        except CannotExamineError as error:
            self._obstacle = f"the target can no longer be reached: {error}"
            return Verdict(check.rule, NOT_JUDGED, self._obstacle)
        except _NOTHING_SHOWN as nothing:
            verdict = Verdict(check.rule, *_nothing_shown(nothing))
            skipped = verdict.outcome == SKIPPED
            return verdict if skipped else self._because(check) or verdict
        return self._verdict(check, violation)

    def _verdict(self, check: Check, violation: Violation | None) -> Verdict:
        if violation is None:
            return Verdict(check.rule, PASSED)
        if check.rule not in _ABOUT_CHANGES and violation.account.changed_by_itself():
            reason = "the tasks changed while they were read: see LIF-08"
            return Verdict(check.rule, NOT_JUDGED, reason)
        text = explain(check, violation)
        failed = Verdict(check.rule, FAILED, str(violation), explanation=text)
        return self._because(check, unreadable=violation.unreadable) or failed

    def _because(self, check: Check, *, unreadable: bool = False) -> Verdict | None:
        """Return the verdict on *check* if one of the rules that it presumes fails."""
        reading = (READABLE,) if unreadable and check.rule != READABLE else ()
        for presumed in (*reading, *check.presumes):
            verdict = self.judge(presumed)
            cause = verdict.rule if verdict.outcome == FAILED else verdict.because
            if cause:
                reason = f"because of {cause}"
                return Verdict(check.rule, NOT_JUDGED, reason, cause)
        return None

    def _try(self, check: Check) -> Violation | None:
        """Try all cases; return the first violation.

        Raises the first reason why a case showed nothing, if no case showed anything.
        """
        cases = _Cases(check, self._session)
        for tasks, members in corpus.cases(check.rule):
            cases.run(tasks, members)
            if cases.violation is not None:
                return cases.violation
        if self.examples and (check.case or check.tasks is not None):
            self._draw(cases)
        if cases.violation is None and not cases.shown and cases.nothing is not None:
            raise cases.nothing
        return cases.violation

    def _draw(self, cases: _Cases) -> None:
        tasks = cases.check.tasks
        if "tasks" in self._session.unsupported:
            tasks = st.just([])

        @seeded(self.seed)
        @settings(
            max_examples=self.examples,
            database=None,
            deadline=None,
            verbosity=Verbosity.quiet,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
        )
        @given(
            accounts() if tasks is None else tasks,
            st.fixed_dictionaries(dict(cases.check.case)),
        )
        def draw(tasks: list[Record], members: dict[str, Any]) -> None:
            if cases.violation is None:
                cases.run(tasks, members)

        draw()


class _Cases:
    """The cases of one check: the first violation, or how many showed something."""

    def __init__(self, check: Check, session: Session) -> None:
        self.check = check
        self._session = session
        self.shown = 0
        self.violation: Violation | None = None
        self.nothing: Exception | None = None

    def run(self, tasks: Sequence[Record], members: Mapping[str, Any]) -> None:
        """Try one case; shrink the account if there is a violation."""
        try:
            violation = self._violation(tasks, members)
        except _NOTHING_SHOWN as reason:
            if self.nothing is None or isinstance(reason, InconclusiveError):
                self.nothing = reason
            return
        self.shown += 1
        if violation is not None:
            self.violation = self._shrink(tasks, members, violation)

    def _violation(
        self, tasks: Sequence[Record], members: Mapping[str, Any]
    ) -> Violation | None:
        account = TargetAccount(self._session, tasks)
        try:
            self.check.function(account, **members)
        except Violation as violation:
            return violation
        except _NO_VIOLATION:
            raise
        except Exception as error:  # noqa: BLE001 - an answer may contain anything
            reason = f"the answer cannot be read: {type(error).__name__}: {error}"
            return Violation(reason, account, unreadable=True)
        return None

    def _shrink(
        self, tasks: Sequence[Record], members: Mapping[str, Any], violation: Violation
    ) -> Violation:
        """Remove tasks, one at a time, as long as the violation stays and shows tasks.

        A violation that does not happen again gets a note.
        """
        if "tasks" in self._session.unsupported or isinstance(violation, EndlessWalk):
            return violation
        number = len(tasks)
        again = self._still(tasks, members, violation)
        if again is None:
            violation.add_note("the target did not do so when it was asked again")
            return violation
        while number > 0 and len(tasks) <= _MOST_TO_SHRINK:
            number -= 1
            fewer = [*tasks[:number], *tasks[number + 1 :]]
            smaller = self._still(fewer, members, again)
            if smaller is not None:
                tasks, again = fewer, smaller
        return again

    def _still(
        self, tasks: Sequence[Record], members: Mapping[str, Any], before: Violation
    ) -> Violation | None:
        try:
            violation = self._violation(tasks, members)
        except _NOTHING_SHOWN:
            return None
        if violation is None or _shows_tasks(violation) < _shows_tasks(before):
            return None
        return violation


def _shows_tasks(violation: Violation) -> bool:
    """Return whether an answer that led to the violation contains a task."""
    return any(
        not isinstance(call.outcome, (TargetError, str))
        and call.outcome.get("ExportImageTasks")
        for call in violation.account.calls
    )


def _nothing_shown(reason: Exception) -> tuple[str, str]:
    """Return the outcome of a check that showed nothing, and its reason."""
    if isinstance(reason, UnsupportedError):
        return SKIPPED, f"unsupported: {reason}"
    if isinstance(reason, CannotHold):
        return SKIPPED, f"the target cannot hold the tasks: {reason}"
    return NOT_JUDGED, str(reason)


# --- the first calls ----------------------------------------------------------------


def _find_obstacle(session: Session) -> str:
    """Make the first calls; return why the target cannot be examined, or nothing."""
    if not callable(session.target):
        return f"the target is not callable, but a {type(session.target).__name__}"
    tasks = corpus.accounts()["one"]
    try:
        before = _first_call(session, [])
        if "tasks" in session.unsupported:
            return ""
        held = _first_call(session, tasks)
        after = _first_call(session, [])
    except CannotHold:
        return ""
    except (CannotExamineError, InconclusiveError, Violation) as error:
        return str(error)
    given = {tasks[0]["ExportImageTaskId"]}
    if given & after or (given <= held and before & held):
        return "the account was not emptied before it was given tasks"
    return ""


def _first_call(session: Session, tasks: Sequence[Record]) -> set[str]:
    """Describe the tasks of an account that is given *tasks*; return their ids."""
    account = TargetAccount(session, tasks)
    outcome = account.call()
    if isinstance(outcome, TargetError):
        raise CannotExamineError(f"the first call returned the error {outcome}")
    try:
        return set(account.read(outcome).ids)
    except Violation:  # a rule says what is wrong with the answer
        return set()


def name_of(target: object) -> str:
    """Return the name of *target* in a command, `module:callable`, if it has one."""
    module = getattr(target, "__module__", type(target).__module__)
    for name, value in list(vars(sys.modules.get(module, object)).items()):
        if value is target:
            return f"{module}:{name}"
    return f"{module}:{getattr(target, '__qualname__', type(target).__qualname__)}"
