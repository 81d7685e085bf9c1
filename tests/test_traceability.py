"""Every rule has a test, and every id in code, tests and specs is a rule's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ec2_export_sim.core.errors import CHAPTERS
from ec2_export_sim.rules import rules, specs_directory
from tests import matrix
from tests.traces import ids_in

ROOT = Path(__file__).parent.parent


def sources(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@pytest.mark.parametrize(
    "path", sources(ROOT / "tests", matrix.PACKAGE), ids=lambda path: path.name
)
def test_every_id_is_a_rules(path: Path) -> None:
    assert ids_in(path.read_text(encoding="utf-8")) - set(rules()) == set()


@pytest.mark.parametrize("name", [*CHAPTERS.values(), "README"])
def test_every_id_in_the_specs_is_a_rules(name: str) -> None:
    text = (specs_directory() / f"{name}.md").read_text(encoding="utf-8")
    assert ids_in(text) - set(rules()) == set()


@pytest.mark.parametrize(("prefix", "chapter"), CHAPTERS.items())
def test_a_chapter_holds_the_rules_of_its_prefix_each_once(
    prefix: str, chapter: str
) -> None:
    text = (specs_directory() / f"{chapter}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\S+)", text, re.MULTILINE)
    assert len(headings) == len(set(headings)) > 0
    assert all(re.fullmatch(rf"{prefix}-[0-9]{{2}}", each) for each in headings)
    readme = (specs_directory() / "README.md").read_text(encoding="utf-8")
    assert f"| {prefix} | [{chapter}]({chapter}.md) |" in readme


def test_every_chapter_is_known() -> None:
    chapters = {path.stem for path in specs_directory().glob("*.md")} - {"README"}
    assert chapters == set(CHAPTERS.values())


def test_documented_rules_name_the_operations_page_or_its_model() -> None:
    for rule in rules().values():
        if rule.status == "documented":
            page = "docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
            assert page in rule.source or "service model" in rule.source, rule.id


def test_the_matrix_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert matrix.main() == 0
    printed = capsys.readouterr().out
    assert all(f"\n{each}  " in f"\n{printed}" for each in rules())
