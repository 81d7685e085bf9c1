"""The command `rules`."""

from __future__ import annotations

import json
import re

import pytest

from ec2_export_sim.cli import main
from ec2_export_sim.rules import rules, specs_directory


def heads(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """Return the id of each rule that the command prints."""
    assert main(["rules", *words]) == 0
    out = capsys.readouterr().out
    return [line.split()[0] for line in out.splitlines() if line[:1].strip()]


def test_all_rules_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    out = capsys.readouterr().out
    for rule in rules().values():
        assert f"{rule.id}  {rule.status:10}  {rule.title}\n" in out
        assert rule.source in out


@pytest.mark.parametrize("word", ["FLT-06", "flt-06"])
def test_an_id_selects_its_rule_only(
    capsys: pytest.CaptureFixture[str], word: str
) -> None:
    assert heads(capsys, word) == ["FLT-06"]


def test_an_id_that_moved_selects_the_rule_with_its_new_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chapter = (specs_directory() / "lifecycle.md").read_text(encoding="utf-8")
    old, new = re.findall(r"(\S+) is now (\w{3}-\d\d)", chapter)[0]
    assert heads(capsys, old) == [new]


def test_a_word_selects_the_rules_that_contain_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = heads(capsys, "NextToken")
    assert "PAG-05" in found
    assert "FLT-06" not in found
    assert found == heads(capsys, "nexttoken")
    assert set(heads(capsys, "FLT-")) >= {"FLT-01", "FLT-23"}


@pytest.mark.parametrize("status", ["documented", "observed", "decided"])
def test_a_status_selects_its_rules(
    capsys: pytest.CaptureFixture[str], status: str
) -> None:
    found = heads(capsys, "--status", status)
    assert found == [rule.id for rule in rules().values() if rule.status == status]
    both = heads(capsys, "token", "--status", status)
    assert set(both) < set(found)


def test_json_has_every_member_of_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == [rule._asdict() for rule in rules().values()]


@pytest.mark.parametrize(
    "words", [["no-such-rule"], ["no such word"], ["FLT-06", "--status", "decided"]]
)
def test_a_search_that_finds_nothing_is_an_error(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["rules", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert repr(words[0]) in err
