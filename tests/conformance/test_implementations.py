"""The kit accepts whatever the documentation allows, and tells the others why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ec2_export_sim.conformance import check
from tests.conformance.emulators import EMULATORS
from tests.conformance.sound import SOUND
from tests.properties import THOROUGH

if TYPE_CHECKING:
    from ec2_export_sim.conformance import Target

SEEDS = range(20 if THOROUGH else 3)
EXAMPLES = None if THOROUGH else 8


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("target", SOUND)
def test_a_sound_implementation_keeps_every_documented_rule(
    target: Target, seed: int
) -> None:
    report = check(target, seed=seed, examples=EXAMPLES)
    assert report.ok, str(report)


@pytest.mark.parametrize("target", SOUND)
def test_a_sound_implementation_differs_from_ours(target: Target) -> None:
    assert not check(target, level="should", examples=1).ok


@pytest.mark.parametrize(("target", "broken"), EMULATORS.items())
def test_an_emulator_is_told_its_faults(target: Target, broken: set[str]) -> None:
    report = check(target, examples=1)
    found = {each.rule for each in report.failures}
    assert broken <= found, str(report)
