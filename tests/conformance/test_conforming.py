"""The suite accepts what the documentation allows, and says what it did not show."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import Quirk
from ec2_export_sim.conformance import check
from tests.conformance.conforming import CONFORMING, Lenient, Naive, quirky
from tests.conformance.emulators import EMULATORS, Mockmesh, Robotocore
from tests.properties import THOROUGH

# What the operation's page does not forbid.
AGAINST_THE_PAGE = {Quirk.TASK_STATE_FILTER_IGNORED, Quirk.TAG_KEYS_OF_128}
HARMLESS = sorted(set(Quirk) - AGAINST_THE_PAGE, key=lambda quirk: quirk.name)


def failed(target: Any, **settings: Any) -> dict[str, str]:
    report = check(target, **settings)
    return {r: report.reasons[r] for r, o in report.outcomes.items() if o == "failed"}


@pytest.mark.parametrize("seed", range(10 if THOROUGH else 1))
@pytest.mark.parametrize("name", CONFORMING)
def test_a_conforming_target_breaks_no_documented_rule(name: str, seed: int) -> None:
    report = check(CONFORMING[name], seed=seed, examples=10)
    assert report.exit_status == 0, str(report)
    shown = sum(outcome == "passed" for outcome in report.outcomes.values())
    assert shown > len(report.outcomes) / 3, str(report)


@pytest.mark.parametrize("quirk", HARMLESS, ids=lambda quirk: quirk.name)
def test_the_simulator_with_a_quirk_breaks_no_documented_rule(quirk: Quirk) -> None:
    assert failed(quirky(quirk), examples=0) == {}


def test_the_simulator_passes_every_check_of_every_level() -> None:
    report = check(CONFORMING["simulator"], level="decided", examples=2)
    assert set(report.outcomes.values()) == {"passed"}, str(report)


@pytest.mark.parametrize("name", sorted(CONFORMING.keys() - {"simulator"}))
def test_a_conforming_target_need_not_be_as_ours(name: str) -> None:
    assert failed(CONFORMING[name], level="decided", examples=0)


# Each may break these rules, and only these, at any level: the row of a difference.
@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("BackwardsInShortPages", {"RSP-01", "PAG-03", "PAG-06"}),
        ("InAnyOrder", {"RSP-01"}),
        ("MoreMembers", {"RSP-07"}),
        ("CodesAlone", set()),
        ("FirstReadCompletes", {"LIF-08"}),
    ],
)
def test_one_difference_breaks_only_its_rules(name: str, rules: set[str]) -> None:
    ours = failed(Naive, level="decided", examples=0)
    theirs = failed(CONFORMING[name], level="decided", examples=0)
    assert theirs.keys() - ours.keys() <= rules, theirs


@pytest.mark.parametrize("target", [Robotocore, Mockmesh])
def test_a_target_that_describes_nothing_passes_nothing(target: Any) -> None:
    report = check(target, level="decided", examples=0)
    assert "passed" not in report.outcomes.values()
    assert report.outcomes["IDS-02"] == "failed"
    assert report.exit_status == 1


def test_a_run_that_shows_nothing_has_the_status_2() -> None:
    report = check(Lenient, read_only=True, unsupported=["dry-run"])
    assert set(report.outcomes.values()) == {"skipped", "not judged"}
    assert report.exit_status == 2


@pytest.mark.parametrize(("target", "rules"), EMULATORS.items())
def test_an_imitation_of_an_emulator_breaks_these_rules(
    target: Any, rules: set[str]
) -> None:
    assert failed(target, examples=0).keys() == rules
