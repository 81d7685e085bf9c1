"""The command: exit statuses, options, files, and one clear line for a wrong call."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import ec2_export_sim
from ec2_export_sim.conformance import checks

OURS = "ec2_export_sim.conformance.targets:simulator"
QUICK = ("--examples", "0")
DOCUMENTED = len(checks("documented"))
TARGETS = """
from ec2_export_sim.conformance.targets import simulator

def lists_nothing(tasks, *, authorized=True):
    return simulator([], authorized=authorized)

def dead(tasks, *, authorized=True):
    raise ConnectionError("refused")

def interrupted(tasks, *, authorized=True):
    if len(tasks) == 510:
        raise KeyboardInterrupt
    return simulator(tasks, authorized=authorized)

class Holder:
    target = staticmethod(simulator)

number = 5
"""


class Run:
    """Runs the command in a directory of its own, as a user does."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __call__(self, *words: str, program: str = "ec2_export_sim") -> Run:
        root = Path(ec2_export_sim.__file__).parents[1]
        done = subprocess.run(
            [sys.executable, "-m", program, "conformance", *words],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": os.fspath(root), "PYTEST_ADDOPTS": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        return self


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "some_targets.py").write_text(TARGETS)
    (tmp_path / "a_module_that_fails.py").write_text("1 / 0")
    return Run(tmp_path)


def test_the_status_is_0_if_nothing_failed(run: Run) -> None:
    run(OURS, *QUICK)
    assert run.status == 0, run.out + run.err
    assert f"shown: {DOCUMENTED} of {DOCUMENTED} rules" in run.out
    assert f"ec2-export-sim conformance {OURS} --examples 0" in run.out


def test_the_status_is_1_if_something_failed(run: Run) -> None:
    run("some_targets:lists_nothing", *QUICK)
    assert run.status == 1
    assert "IDS-02  documented  failed" in run.out
    assert "not judged because of it: IDS-01" in run.out


def test_it_uses_and_leaves_nothing_in_the_current_directory(run: Run) -> None:
    for name in ("conftest.py", "pytest.ini", "pyproject.toml"):
        (run.directory / name).write_text("this is neither Python nor a configuration")
    before = sorted(run.directory.iterdir())
    assert run("some_targets:Holder.target", *QUICK).status == 0, run.out + run.err
    assert sorted(run.directory.iterdir()) == before


def test_pytest_selects_stops_and_writes_junit(run: Run) -> None:
    run("some_targets:lists_nothing", *QUICK, "-k", "IDS", "--junitxml", "junit.xml")
    assert run.status == 1
    assert "shown: 1 of 2 rules" in run.out
    cases = ET.parse(run.directory / "junit.xml").getroot().iter("testcase")  # noqa: S314 - our own file
    assert sorted(str(case.get("name")) for case in cases) == [
        "test_rule[IDS-01]",
        "test_rule[IDS-02]",
    ]


def test_workers_share_the_rules_and_stop_at_the_first_failure(run: Run) -> None:
    run("some_targets:lists_nothing", *QUICK, "-n", "2", "-x", "-p", "no:randomly")
    assert run.status == 1, run.out + run.err
    assert "failed" in run.out


def test_a_plugin_is_added_by_name(run: Run) -> None:
    (run.directory / "my_plugin.py").write_text("raise RuntimeError('loaded')")
    assert "loaded" in run(OURS, *QUICK, "-p", "my_plugin").err


def test_an_interrupt_leaves_a_partial_report(run: Run) -> None:
    run("some_targets:interrupted", *QUICK, "-p", "no:randomly")
    assert run.status == 2
    assert "ORD-05  documented  passed" in run.out
    assert "IDS-02  documented  not judged" in run.out
    assert "the run ended before" in run.out


def test_a_target_that_cannot_be_examined_has_the_status_2(run: Run) -> None:
    run("some_targets:dead")
    assert run.status == 2
    assert run.err == "the target cannot be examined: ConnectionError: refused\n"


def test_nothing_selected_has_the_status_2(run: Run) -> None:
    assert run(OURS, "-k", "no_such_rule").status == 2


def test_failures_are_expected_in_a_file_that_the_command_can_write(run: Run) -> None:
    words = ("some_targets:lists_nothing", *QUICK)
    assert run(*words, "--write-expected-failures", "known").status == 1
    known = run.directory / "known"
    assert known.read_text().startswith("IDS-02 ")
    known.write_text(f"# known\n\n{known.read_text()}")
    run(*words, "--expected-failures", "known")
    assert run.status == 0, run.out
    assert "(expected to fail: the tasks" in run.out
    known.write_text("IDS-02 was mended\n")
    assert run(OURS, *QUICK, "--expected-failures", "known").status == 1
    assert "IDS-02 passed, but is expected to fail" in run.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing",), "'nothing' does not have the form MODULE:CALLABLE"),
        (("no_such_module:x",), "'no_such_module' cannot be imported: ModuleNotFound"),
        (("a_module_that_fails:x",), "cannot be imported: ZeroDivisionError"),
        (("some_targets:x",), "'some_targets' has no 'x'"),
        (("some_targets:number",), "is not callable, but a int"),
        ((), "give either a target, as MODULE:CALLABLE, or --endpoint URL"),
        ((OURS, "--endpoint", "http://x"), "give either a target"),
        (("--endpoint", "http://x", "-n", "2"), "would share the one account"),
        (
            (OURS, "--level", "must"),
            "level must be one of documented, observed, decided",
        ),
        ((OURS, "--unsupported", "wings"), "no capability wings"),
        ((OURS, "--expected-failures", "nowhere"), "nowhere"),
        ((OURS, "--expected-failures", "short"), "short, line 1: FLT-06 has no reason"),
        (
            (OURS, "--expected-failures", "odd"),
            "there is no check of the rule odd-rule",
        ),
    ],
)
def test_a_wrong_call_has_the_status_2_and_one_line(
    run: Run, words: tuple[str, ...], message: str
) -> None:
    (run.directory / "short").write_text("FLT-06")
    (run.directory / "odd").write_text("odd-rule x")
    assert run(*words).status == 2
    assert message in run.err
    assert "Traceback" not in run.err


def test_help_needs_no_extra(run: Run) -> None:
    (run.directory / "without_extras.py").write_text(
        "import sys; sys.modules.update(hypothesis=None, pytest=None)\n"
        "from ec2_export_sim.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    assert run("--help", program="without_extras").status == 0
    assert "--denied-profile" in run.out
    assert run(OURS, program="without_extras").status == 2
    assert "pip install 'ec2-export-sim[conformance]'" in run.err
    assert "Traceback" not in run.err
