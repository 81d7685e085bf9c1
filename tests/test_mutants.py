"""Each fault of `tests/mutants.py` fails a test of the rule that it breaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ec2_export_sim.rules import rules
from tests.mutants import MUTANTS, Mutant

ROOT = Path(__file__).parent.parent
MUST_DIE = ("filters", "paging", "permissions", "lifecycle", "tags")


def test_every_rule_of_these_chapters_has_a_mutant() -> None:
    wanted = {rule.id for rule in rules().values() if rule.chapter in MUST_DIE}
    assert wanted - {mutant.rule for mutant in MUTANTS} == set()


def test_no_mutant_stands_twice() -> None:
    assert max(Counter(MUTANTS).values()) == 1


@pytest.mark.skipif(
    not (ROOT / "ec2_export_sim").is_dir(), reason="needs the source tree beside tests/"
)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.rule))
def test_a_mutant_dies(mutant: Mutant, tmp_path: Path) -> None:
    for folder in ("ec2_export_sim", "specs", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder)  # compiled files, too
    broken = tmp_path / "ec2_export_sim" / mutant.file
    source = broken.read_text(encoding="utf-8")
    assert mutant.right in source
    broken.write_text(source.replace(mutant.right, mutant.wrong), encoding="utf-8")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "--rule", mutant.rule),
            "--assert=plain",  # only the exit counts, and rewriting costs a second
            *("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)),
            *("-o", f"pythonpath={tmp_path}", "-p", "no:randomly", "-p", "no:cov"),
            *("-p", "no:xdist", "-p", "no:cacheprovider", f"tests/{mutant.tests}"),
        ],
        cwd=tmp_path,
        env={**os.environ, "HYPOTHESIS_PROFILE": "mutants"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
