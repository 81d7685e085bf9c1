"""The command: exit statuses, files, and one clear line for a wrong call."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ec2_export_sim.cli import main
from tests.properties import MUST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., int]
    Capture = pytest.CaptureFixture[str]

OURS = "ec2_export_sim.conformance.targets:simulator"
QUICK = ("--examples", "1")
BROKEN = """
from ec2_export_sim.conformance.targets import simulator

def lists_nothing(tasks, *, authorized=True):
    return simulator([], authorized=authorized)

class Holder:
    target = staticmethod(simulator)

number = 5
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    (tmp_path / "a_broken_target.py").write_text(BROKEN)
    (tmp_path / "a_module_that_fails.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each])
    yield lambda *words: main(["conformance", *words])
    sys.modules.pop("a_broken_target", None)


def test_the_status_is_0_where_every_rule_holds(run: Run, capsys: Capture) -> None:
    assert run(OURS, *QUICK) == 0
    told = capsys.readouterr()
    assert f"{MUST} rules: {MUST} passed" in told.out
    assert told.err.splitlines()[0] == "ORD-05 passed"


def test_the_status_is_1_where_a_rule_is_broken(run: Run, capsys: Capture) -> None:
    assert run("a_broken_target:lists_nothing", *QUICK) == 1
    told = capsys.readouterr()
    assert "IDS-02  must    FAILED" in told.out
    assert "IDS-02 FAILED" in told.err


def test_a_target_may_be_an_attribute_of_an_attribute(run: Run) -> None:
    assert run("a_broken_target:Holder.target", *QUICK) == 0


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("nothing", "'nothing' is not of the form MODULE:CALLABLE"),
        ("no_such_module:x", "'no_such_module' cannot be imported: ModuleNotFound"),
        ("a_module_that_fails:x", "cannot be imported: ZeroDivisionError"),
        ("a_broken_target:x", "'a_broken_target' has no 'x'"),
        ("a_broken_target:number", "is not callable, but a int"),
    ],
)
def test_a_target_that_is_none_is_a_wrong_call(
    run: Run, capsys: Capture, target: str, told: str
) -> None:
    assert run(target) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 2


def test_failures_may_be_expected_in_a_file(
    run: Run, capsys: Capture, tmp_path: Path
) -> None:
    words = ("a_broken_target:lists_nothing", *QUICK, "--expect-fail", "known")
    known = tmp_path / "known"
    known.write_text("# known\n\nIDS-02  lists nothing  # issue 1\n")
    assert run(*words) == 1
    told = capsys.readouterr()
    assert "IDS-02  must    expected failure  Without ids" in told.out
    assert "(lists nothing)" in told.out
    with known.open("a") as file:
        file.writelines(
            line.replace("FAILED", "lists nothing")
            for line in told.err.splitlines(keepends=True)
            if "FAILED" in line
        )
    assert run(*words) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("FLT-06", "known, line 1: FLT-06 has no reason"),
        ("no-such-rule x", "no-such-rule"),
    ],
)
def test_a_file_that_is_wrong_is_a_wrong_call(
    run: Run, capsys: Capture, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "known").write_text(text)
    assert run(OURS, "--expect-fail", "known") == 2
    assert told in capsys.readouterr().err


def test_a_file_that_is_missing_is_a_wrong_call(run: Run, capsys: Capture) -> None:
    assert run(OURS, "--expect-fail", "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err


def test_the_report_is_written_as_json(run: Run, tmp_path: Path) -> None:
    assert run(OURS, *QUICK, "--report", "report.json", "--lacks", "tags") == 0
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert told["ok"]
    assert told["lacks"] == ["tags"]
    assert told["reproduce"].endswith("--level must --seed 0 --examples 1 --lacks tags")


def test_without_hypothesis_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import ec2_export_sim, ec2_export_sim.rules\n"
        "import ec2_export_sim.conformance"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "pip install 'ec2-export-sim[conformance]'" in done.stderr.splitlines()[-1]
