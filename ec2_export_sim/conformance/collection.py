"""The suite as pytest sees it: one test for each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .judge import FAILED, NOT_JUDGED, PASSED, Judge, Verdict
from .registry import checks
from .run import known_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pytest

    from .account import Target


def pytest_tests(
    target: Target | None = None,
    *,
    fixture: str | None = None,
    level: str = "documented",
    read_only: bool = False,
    expected_failures: Mapping[str, str] | None = None,
    seed: int = 0,
    examples: int | None = None,
    unsupported: Iterable[str] = (),
) -> Any:
    """Return a test that pytest runs once for each rule of *level*.

    One line in a test module or a class is the whole use:

        test_conformance = pytest_tests(make_client)

    Args:
        target: See `check`.
        fixture: Instead of a target, the name of a fixture that makes it.
        level: See `check`.
        read_only: See `check`.
        expected_failures: Rule id to reason; such a test is a strict xfail.
        seed: See `check`.
        examples: See `check`.
        unsupported: See `check`.

    Raises:
        ValueError: As for `check`; or neither or both of target and fixture.

    If the target cannot be examined, every test fails.
    """
    import pytest  # noqa: PLC0415 - `check` works without it

    if (target is None) == (fixture is None):
        raise ValueError("pytest_tests needs either a target or the name of a fixture")
    settings: dict[str, Any] = {
        "read_only": read_only,
        "seed": seed,
        "examples": examples,
        "unsupported": tuple(unsupported),
    }
    Judge(target, **settings)  # type: ignore[arg-type]  # a wrong setting fails here
    judges: dict[int, Judge] = {}

    @pytest.mark.parametrize("rule", rule_parameters(level, expected_failures or {}))
    def test_conformance(rule: str, request: pytest.FixtureRequest) -> None:
        made: Any = target if fixture is None else request.getfixturevalue(fixture)
        if id(made) not in judges:
            judges[id(made)] = Judge(made, **settings)
        judge = judges[id(made)]
        require_passed(judge.judge(rule), judge, request, level)

    if fixture is not None:
        test_conformance = pytest.mark.usefixtures(fixture)(test_conformance)
    test: Any = staticmethod(test_conformance)  # so that it can be in a class
    test.pytestmark = test_conformance.pytestmark  # type: ignore[attr-defined]
    return test


def rule_parameters(level: str, expected_failures: Mapping[str, str]) -> list[Any]:
    """Return pytest's parameters: the rules of *level*."""
    import pytest  # noqa: PLC0415

    known_rules(expected_failures)
    return [
        pytest.param(
            each.rule, id=each.rule, marks=_marks(each.rule, expected_failures)
        )
        for each in checks(level)
    ]


def _marks(rule: str, expected_failures: Mapping[str, str]) -> list[Any]:
    import pytest  # noqa: PLC0415

    if rule not in expected_failures:
        return []
    return [pytest.mark.xfail(strict=True, reason=expected_failures[rule])]


def require_passed(
    verdict: Verdict, judge: Judge, request: pytest.FixtureRequest, level: str
) -> None:
    """Fail or skip the running test unless *verdict* is passed.

    If the verdict waits for another rule of *level*, and the test of that rule was not
    selected, this test fails: otherwise nothing would.
    """
    import pytest  # noqa: PLC0415

    asked = {each.rule for each in checks(level)}
    if verdict.because in asked and not _is_selected(verdict, request):
        verdict = verdict._replace(
            outcome=FAILED, explanation=judge.judge(verdict.because).explanation
        )
    properties = request.node.user_properties
    properties.append(("verdict", list(verdict[:4])))
    if verdict.outcome == FAILED or judge.obstacle:
        pytest.fail(verdict.explanation or verdict.reason, pytrace=False)
    if verdict.outcome != PASSED:
        not_judged = f"{NOT_JUDGED}: " if verdict.outcome == NOT_JUDGED else ""
        pytest.skip(f"{not_judged}{verdict.reason}")


def _is_selected(verdict: Verdict, request: pytest.FixtureRequest) -> bool:
    """Return whether pytest runs the test of the rule that *verdict* waits for."""
    before, _, after = request.node.nodeid.rpartition(verdict.rule)
    wanted = f"{before}{verdict.because}{after}"
    return any(item.nodeid == wanted for item in request.session.items)
