"""The suite in a test suite of a user's own, as pytest runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim.conformance import checks, pytest_tests
from ec2_export_sim.conformance.targets import simulator

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

pytest_plugins = ["pytester"]

DOCUMENTED = len(checks("documented"))
SUITE = """
import pytest
from ec2_export_sim.conformance import pytest_tests
from ec2_export_sim.conformance.targets import simulator

def lists_nothing(tasks, *, authorized=True):
    return simulator([], authorized=authorized)

class Lowering:
    def __init__(self, tasks, *, authorized=True):
        self._client = simulator(tasks, authorized=authorized)
        self.advance = self._client.advance
    def __getattr__(self, name):
        return getattr(self._client, name)
    def describe_export_image_tasks(self, **request):
        for each in request.get("Filters", []):
            if each.get("Name") == "task-state":
                each["Values"] = [value.lower() for value in each.get("Values", [])]
        return self._client.describe_export_image_tasks(**request)

def dead(tasks, *, authorized=True):
    raise ConnectionError("refused")
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    def run(line: str, *words: str) -> pytest.RunResult:
        pytester.makepyfile(SUITE + line)
        options = ("-p", "no:randomly", "-p", "no:cacheprovider", "--strict-markers")
        return pytester.runpytest(*options, *words)

    return run


def test_there_is_one_test_for_each_rule(run: Run) -> None:
    result = run("test_conformance = pytest_tests(simulator, examples=0)", "-v")
    result.assert_outcomes(passed=DOCUMENTED)
    result.stdout.fnmatch_lines(["*test_conformance?FLT-06? PASSED*"])


def test_it_may_be_in_a_class(run: Run) -> None:
    line = """
class TestTarget:
    test_conformance = pytest_tests(simulator, examples=0)
"""
    run(line).assert_outcomes(passed=DOCUMENTED)


@pytest.mark.parametrize("scope", ["function", "module"])
def test_a_fixture_may_make_the_target(run: Run, scope: str) -> None:
    line = f"""
@pytest.fixture(scope="{scope}", params=[simulator, Lowering], ids=["good", "bad"])
def made(request):
    return request.param

test_conformance = pytest_tests(fixture="made", examples=0)
"""
    result = run(line, "-k", "IDS or FLT-06")
    result.assert_outcomes(passed=5, failed=1, deselected=2 * DOCUMENTED - 6)
    result.stdout.fnmatch_lines(["FLT-06 *(documented)", "*violation: Active is *"])


def test_a_rule_that_fails_explains_itself(run: Run) -> None:
    result = run("test_conformance = pytest_tests(Lowering, examples=0)")
    result.assert_outcomes(passed=DOCUMENTED - 1, failed=1)
    result.stdout.fnmatch_lines(
        ["FLT-06 *(documented)", "  source: *", "  the account has 2 tasks"]
    )


def test_what_waits_for_a_rule_that_fails_is_skipped(run: Run) -> None:
    result = run("test_conformance = pytest_tests(lists_nothing, examples=0)", "-rs")
    outcomes = result.parseoutcomes()
    assert (
        outcomes["failed"] == 1 + outcomes.get("passed", 0) * 0 or outcomes["skipped"]
    )
    result.stdout.fnmatch_lines(["SKIPPED*not judged: because of IDS-02"])


def test_it_fails_if_pytest_does_not_run_that_rule(run: Run) -> None:
    line = "test_conformance = pytest_tests(lists_nothing, examples=0)"
    result = run(line, "-k", "IDS-01")
    result.assert_outcomes(failed=1, deselected=DOCUMENTED - 1)
    result.stdout.fnmatch_lines(["IDS-02 *(documented)"])


def test_an_expected_failure_is_strict(run: Run) -> None:
    line = (
        "test_conformance = pytest_tests(Lowering, examples=0, "
        "expected_failures={'FLT-06': 'issue 12', 'FLT-05': 'passes'})"
    )
    result = run(line, "-rxX")
    result.assert_outcomes(passed=DOCUMENTED - 2, xfailed=1, failed=1)
    result.stdout.fnmatch_lines(["*XFAIL*FLT-06* issue 12*"])
    result.stdout.fnmatch_lines(["*XPASS(strict)*passes*"])


def test_what_a_target_does_not_support_is_skipped_by_name(run: Run) -> None:
    line = "test_conformance = pytest_tests(simulator, unsupported=['dry-run'])"
    result = run(line, "-rs", "-k", "AUT-01")
    result.assert_outcomes(skipped=1, deselected=DOCUMENTED - 1)
    result.stdout.fnmatch_lines(["SKIPPED*unsupported: dry-run"])


def test_a_target_that_cannot_be_examined_fails(run: Run) -> None:
    result = run("test_conformance = pytest_tests(dead)", "-k", "IDS")
    result.assert_outcomes(failed=2, deselected=DOCUMENTED - 2)
    result.stdout.fnmatch_lines(["ConnectionError: refused"])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, "either a target or the name of a fixture"),
        ({"target": simulator, "fixture": "x"}, "either a target or the name"),
        ({"target": simulator, "level": "should"}, "level must be one of documented"),
        ({"fixture": "x", "unsupported": ["wings"]}, "no capability wings"),
        (
            {"fixture": "x", "expected_failures": {"X-1": ""}},
            "no check of the rule X-1",
        ),
    ],
)
def test_a_wrong_call_is_a_value_error(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pytest_tests(**wrong)
