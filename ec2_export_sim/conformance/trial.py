"""Holds one target against one property: fixed cases first, then drawn ones.

Deterministic: the same seed draws the same cases, and nothing is kept between runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisException

from .probe import Account, Finding, InconclusiveError, Refusal
from .samples import SAMPLE
from .strategies import accounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from .probe import Target
    from .registry import Property


EXAMPLES = 20  # drawn cases a property, where no other number is asked for


@dataclass(frozen=True)
class Verdict:
    """What came of one property: a finding, or reasons why nothing was shown."""

    of: Property
    finding: Finding | None = None
    skipped: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether the property was shown to hold."""
        return self.finding is None and not self.skipped


def examine(
    of: Property,
    target: Target,
    *,
    seed: int = 0,
    examples: int = EXAMPLES,
    read_only: bool = False,
    lacks: frozenset[str] = frozenset(),
) -> Verdict:
    """Return the verdict on *target*: the fixed cases, then *examples* drawn ones.

    What *lacks* names, and with *read_only* the capability `seed`, is not asked for.
    """
    if read_only:
        lacks |= {"seed"}
    missing = sorted(of.needs & lacks)
    if missing:
        return Verdict(of, skipped=tuple(f"lacks {name}" for name in missing))
    trial = _Trial(of, target, read_only="seed" in lacks)
    try:
        for case in of.examples:
            trial.fixed({"tasks": SAMPLE, **case})
        if of.given is not None:
            trial.draw(of.given, seed, examples)
    except Finding as finding:
        return Verdict(of, finding=finding)
    if not trial.shown:
        return Verdict(of, skipped=(trial.reason,))
    return Verdict(of)


class _Trial:
    """Tries cases, and counts those that came to a verdict."""

    def __init__(self, of: Property, target: Target, *, read_only: bool) -> None:
        self._of = of
        self._target = target
        self._read_only = read_only
        self._last: Finding | None = None
        self.shown = 0
        self.reason = "no case was tried"

    def __call__(self, case: Mapping[str, Any]) -> None:
        members = dict(case)
        tasks = members.pop("tasks")
        account = Account(self._target, None if self._read_only else tasks)
        try:
            account.begin()
            self._of.check(account, **members)
        except InconclusiveError as reason:
            self.reason = str(reason)
        except Finding as finding:
            self._last = finding
            raise
        except HypothesisException:
            raise
        except Exception as error:  # an answer may be of any make
            told = f"the answer cannot be read: {type(error).__name__}: {error}"
            self._last = Finding(told, account.held, account.exchanges)
            raise self._last from error
        else:
            refused = any(isinstance(e.reply, Refusal) for e in account.exchanges)
            if account.held or refused or not self._read_only:
                self.shown += 1
            else:
                self.reason = "the account holds no task"

    def fixed(self, case: Mapping[str, Any]) -> None:
        """Try a fixed case; raises its finding with as few tasks as still show it."""
        try:
            self(case)
        except Finding as finding:
            raise (
                finding if self._read_only else self._smaller(case, finding)
            ) from None

    def _smaller(self, case: Mapping[str, Any], finding: Finding) -> Finding:
        for place in reversed(range(len(case["tasks"]))):
            fewer = [*case["tasks"][:place], *case["tasks"][place + 1 :]]
            try:
                self({**case, "tasks": fewer})
            except Finding as smaller:
                case, finding = {**case, "tasks": fewer}, smaller
        return finding

    def draw(
        self, strategies: Mapping[str, SearchStrategy[Any]], seed: int, examples: int
    ) -> None:
        """Try drawn cases; raises the finding of the smallest that fails."""
        strategies = {"tasks": accounts(), **strategies}
        if self._read_only:
            strategies["tasks"] = st.just([])

        @seeded(seed)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            print_blob=False,
            report_multiple_bugs=False,
            verbosity=Verbosity.quiet,
            phases=(Phase.generate, Phase.shrink),
            # The metaclass hides from pyright what it iterates over.
            suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
        )
        @given(st.fixed_dictionaries(strategies))
        def drawn(case: dict[str, Any]) -> None:
            self(case)

        try:
            drawn()
        except Flaky:
            if self._last is None:
                raise
            self._last.add_note("the target did not do so every time")
            raise self._last from None
