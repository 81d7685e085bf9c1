"""Every rule has a test, and every id in code, tests and specs is a rule's."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import ec2_export_sim
from ec2_export_sim.rules import CHAPTERS, rules, specs_directory

TESTS = Path(__file__).parent
PACKAGE = Path(ec2_export_sim.__file__).parent
SOURCES = sorted(path for folder in (TESTS, PACKAGE) for path in folder.rglob("*.py"))
DOCUMENTS = sorted(specs_directory().glob("*.md"))

ID = re.compile(r"\b[A-Z]{3}-[0-9]{2}\b")
NOT_IDS = {"UTF-16", "UTF-32"}


def marked(path: Path) -> set[str]:
    """Return the ids that the rule markers and the checks in *path* have."""
    return {
        argument.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("rule")
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_rule_has_a_test() -> None:
    tested: set[str] = set().union(*(marked(path) for path in SOURCES))
    assert set(rules()) - tested == set()


@pytest.mark.parametrize("path", [*SOURCES, *DOCUMENTS], ids=lambda path: path.name)
def test_every_id_is_a_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^Retired: .*$", "", text, flags=re.MULTILINE)
    found = set(ID.findall(text)) - NOT_IDS
    assert found - set(rules()) == set()


@pytest.mark.parametrize(("prefix", "chapter"), CHAPTERS.items())
def test_a_chapter_has_the_rules_of_its_prefix_each_once(
    prefix: str, chapter: str
) -> None:
    text = (specs_directory() / f"{chapter}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\S+)", text, re.MULTILINE)
    assert len(headings) == len(set(headings)) > 0
    assert all(re.fullmatch(rf"{prefix}-[0-9]{{2}}", each) for each in headings)
    readme = (specs_directory() / "README.md").read_text(encoding="utf-8")
    assert f"| {prefix} | [{chapter}]({chapter}.md) |" in readme


def test_every_chapter_is_known() -> None:
    assert {path.stem for path in DOCUMENTS} == {"README", *CHAPTERS.values()}


def test_the_readme_counts_the_rules() -> None:
    by_status = Counter(rule.status for rule in rules().values())
    counts = ", ".join(
        f"{by_status[status]} {status}"
        for status in ("documented", "observed", "decided")
    )
    readme = (TESTS.parent / "README.md").read_text(encoding="utf-8")
    assert f"\n{len(rules())} rules: {counts}.\n" in readme


def test_observed_rules_have_a_link() -> None:
    for rule in rules().values():
        if rule.status == "observed":
            assert re.search("https://|see [A-Z]{3}-[0-9]{2}", rule.source), rule.id


def test_documented_rules_name_the_operations_page_or_its_model() -> None:
    for rule in rules().values():
        if rule.status == "documented":
            page = "docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
            assert page in rule.source or "service model" in rule.source, rule.id
