"""`--explain`: which filter and rule dropped a task, and what would match."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from ec2_export_sim import Simulator
from ec2_export_sim.cli import main
from ec2_export_sim.rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Explain = Callable[..., list[str]]

NIGHTLY = "export-ami-00000001"
RELEASE = "export-ami-00000002"
STATE = "dropped by Filters[0] task-state"
STAGE = "dropped by Filters[1] tag:stage"


def _with_status(rule: re.Match[str]) -> str:
    return f"({rule[1]}, {rules()[rule[1]].status})"


@pytest.fixture
def explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Explain:
    """Return the command on two tasks: words in, the explanation out."""
    sim = Simulator()
    sim.add_task(task_id=NIGHTLY, tags={"stage": "nightly & <b>"})
    sim.add_task(task_id=RELEASE, status="completed")
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(sim.dump_tasks()))

    def run(*words: str) -> list[str]:
        main(["describe-export-image-tasks", "--tasks", str(path), *words, "--explain"])
        out, err = capsys.readouterr()
        assert json.loads(out or "{}") is not None
        return err.splitlines()

    return run


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ([], ["2 of 2 tasks are in the answer."]),
        (
            ["--export-image-task-ids", NIGHTLY],
            [
                "1 of 2 tasks are in the answer.",
                f"{RELEASE}: it is not one of ExportImageTaskIds (IDS-01)",
            ],
        ),
        (
            ["--max-items", "1"],
            [
                "1 of 2 tasks are in the answer.",
                f"{RELEASE}: it matches, but it is on another page (PAG-01)",
            ],
        ),
        (
            ["--filters", "Name=tag:stage,Values=nightly*"],
            [
                "1 of 2 tasks are in the answer.",
                f"{RELEASE}: dropped by Filters[0] tag:stage: the task has no such tag "
                "(FLT-13)",
            ],
        ),
        (
            ["--filters", "Name=task-state,Values=Active,failed"],
            [
                "FLT-06: 'Active' matches nothing, 'active' would match 1 "
                "(ec2-export-sim rules FLT-06)",
                "0 of 2 tasks are in the answer.",
                f"{NIGHTLY}: {STATE}: 'Active' is not 'active' (FLT-06)",
                f"{RELEASE}: {STATE}: 'Active', 'failed' is not 'completed' (FLT-03)",
                "Filters[0] task-state would match: 'active' 1, 'completed' 1",
            ],
        ),
        (
            ["--filters", "Name=task-state"],
            [
                "0 of 2 tasks are in the answer.",
                f"{NIGHTLY}: {STATE}: it has no values (FLT-09)",
                f"{RELEASE}: {STATE}: it has no values (FLT-09)",
                "Filters[0] task-state would match: 'active' 1, 'completed' 1",
            ],
        ),
        (
            ["--filters", "Name=task-state,Values=ACTIVE", "Name=tag:stage,Values=x"],
            [
                "0 of 2 tasks are in the answer.",
                f"{NIGHTLY}: {STATE}: 'ACTIVE' is not 'active' (FLT-06)",
                f"{NIGHTLY}: {STAGE}: 'x' is not 'nightly & <b>' (FLT-03)",
                f"{RELEASE}: {STATE}: 'ACTIVE' is not 'completed' (FLT-03)",
                f"{RELEASE}: {STAGE}: the task has no such tag (FLT-13)",
                "Filters[0] task-state would match: 'active' 1, 'completed' 1",
                "Filters[1] tag:stage would match: 'nightly & <b>' 1",
            ],
        ),
    ],
)
def test_each_task_that_is_not_in_the_answer_has_its_reasons(
    explain: Explain, words: list[str], lines: list[str]
) -> None:
    """The lines above leave out the status that stands next to each rule."""
    with_status = [re.sub(r"\((...-..)\)$", _with_status, line) for line in lines]
    assert explain(*words) == with_status


def test_an_error_is_explained_by_its_note(explain: Explain) -> None:
    empty, error, note = explain("--filters", "Name=Task-State")
    assert (empty, error[:40]) == ("", "An error occurred (InvalidParameterValue")
    assert note.startswith("FLT-05: ")
    assert "'task-state'" in note
