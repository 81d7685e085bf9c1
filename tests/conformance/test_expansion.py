"""The kit in a test suite of a user's own, as pytest runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.properties import MUST

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["pytester"]

SUITE = """
from ec2_export_sim.conformance import pytest_tests
from ec2_export_sim.conformance.targets import simulator

def lists_nothing(tasks, *, authorized=True):
    return simulator([], authorized=authorized)
"""


def result(pytester: pytest.Pytester, line: str, *words: str) -> pytest.RunResult:
    pytester.makepyfile(SUITE + line)
    return pytester.runpytest("-p", "no:randomly", "-p", "no:cacheprovider", *words)


def test_there_is_one_test_for_every_rule(pytester: pytest.Pytester) -> None:
    line = "test_conformance = pytest_tests(simulator, examples=1)"
    told = result(pytester, line, "-v", "--strict-markers")
    told.assert_outcomes(passed=MUST)
    told.stdout.fnmatch_lines(["*test_conformance?FLT-06? PASSED*"])


def test_a_broken_rule_tells_how_to_mend_it(pytester: pytest.Pytester) -> None:
    line = "test_conformance = pytest_tests(lists_nothing, examples=1)"
    told = result(pytester, line)
    told.stdout.fnmatch_lines(
        ["IDS-02 Without ids all tasks are described", "*describe_export_image_tasks()"]
    )
    assert told.parseoutcomes()["failed"] > 3


def test_an_expected_failure_is_strict(pytester: pytest.Pytester) -> None:
    line = (
        "test_conformance = pytest_tests(lists_nothing, examples=1, "
        "expected_failures={'IDS-02': 'lists nothing', 'FLT-05': 'passes'})"
    )
    told = result(pytester, line, "-rxX")
    told.stdout.fnmatch_lines(["*XFAIL*IDS-02* lists nothing*"])
    assert told.parseoutcomes()["xfailed"] == 1


def test_an_expected_failure_that_passes_fails(pytester: pytest.Pytester) -> None:
    line = (
        "test_conformance = pytest_tests(simulator, examples=1, "
        "expected_failures={'IDS-02': 'was mended'})"
    )
    told = result(pytester, line)
    told.assert_outcomes(passed=MUST - 1, failed=1)
    told.stdout.fnmatch_lines(["*XPASS(strict)*was mended*"])


def test_what_a_target_lacks_is_skipped_by_name(pytester: pytest.Pytester) -> None:
    line = "test_conformance = pytest_tests(simulator, examples=1, lacks=['tags'])"
    told = result(pytester, line, "-rs")
    told.assert_outcomes(passed=MUST - 1, skipped=1)
    told.stdout.fnmatch_lines(["SKIPPED*lacks tags"])
