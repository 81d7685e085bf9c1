"""The pytest plugin of the command `ec2-export-sim conformance`.

All settings are one option, so that the workers of pytest-xdist receive them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .collection import rule_parameters
from .judge import Judge, Verdict
from .targets import make_target

if TYPE_CHECKING:
    from collections.abc import Iterable

OPTION = "--ec2-export-conformance"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option with the settings of the command, as JSON."""
    parser.addoption(OPTION, default="{}", help="set by ec2-export-sim conformance")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the test of the module `suite` once for each rule."""
    if "conformance_rule" in metafunc.fixturenames:
        settings = settings_of(metafunc.config)
        expected = settings["expected_failures"]
        rules = rule_parameters(settings["level"], expected)
        metafunc.parametrize("conformance_rule", rules)


@pytest.fixture(scope="session")
def conformance_judge(pytestconfig: pytest.Config) -> Judge:
    """Return the judge of the command's target."""
    settings = settings_of(pytestconfig)
    return Judge(make_target(**settings["target"]), **settings["judge"])


def settings_of(config: pytest.Config) -> Any:
    """Return the settings of the command."""
    return json.loads(str(config.getoption(OPTION)))


class Verdicts:
    """Collects the verdicts of a run; its workers are other processes."""

    def __init__(self) -> None:
        self.collected: set[str] = set()  # the rules that were selected
        self.by_rule: dict[str, Verdict] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note which rules are selected."""
        self._collect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Note which rules are selected in a worker."""
        self._collect(ids)

    def _collect(self, nodeids: Iterable[str]) -> None:
        for nodeid in nodeids:
            self.collected.add(nodeid.rpartition("[")[2].removesuffix("]"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the verdict from the report of a test."""
        for name, value in report.user_properties:
            if name == "verdict" and report.when == "call":
                text = str(report.longrepr) if report.failed else ""
                verdict = Verdict(*value, explanation=text)  # type: ignore[misc]
                self.by_rule[verdict.rule] = verdict
