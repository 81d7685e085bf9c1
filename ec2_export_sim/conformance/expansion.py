"""The kit in a test suite of your own: one pytest test a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .report import SKIPPED, explained
from .run import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .probe import Target


def pytest_tests(
    target: Target,
    *,
    level: str = "must",
    read_only: bool = False,
    expected_failures: Mapping[str, str] | None = None,
    seed: int | None = None,
    examples: int | None = None,
    lacks: Iterable[str] = (),
) -> Callable[[str], None]:
    """Return a test function with a case for every rule of *level*, as `check` takes.

    One line in a test module is the whole use:

        test_conformance = pytest_tests(make_client, expected_failures={"FLT-06": "…"})

    A rule in *expected_failures* is a strict xfail: it fails the run where it passes.

    Raises ValueError for an unknown level, capability or rule.
    """
    import pytest  # noqa: PLC0415 - the kit's other doors do without it

    plan = Plan(target, level, read_only, expected_failures, seed, examples, lacks)

    def case(rule: str) -> object:
        reason = plan.expected.get(rule)
        expected = pytest.mark.xfail(strict=True, reason=str(reason))
        return pytest.param(rule, id=rule, marks=[expected] if reason else [])

    @pytest.mark.parametrize("rule", [case(rule) for rule in plan.rules])
    def test_conformance(rule: str) -> None:
        outcome = plan.judge(rule)
        if outcome.finding is not None:
            pytest.fail(explained(outcome), pytrace=False)
        if outcome.outcome == SKIPPED:
            pytest.skip(outcome.remark)

    return test_conformance
