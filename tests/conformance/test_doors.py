"""Every door of the simulator keeps every rule that a target can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ec2_export_sim.conformance import Property, examine
from tests.entry_points import ENTRY_POINTS
from tests.properties import EXAMPLES, LAWS

if TYPE_CHECKING:
    from ec2_export_sim.conformance import Target

ENTRY_POINTS_BY_NAME = {door.__name__: door for door in ENTRY_POINTS}

# What a door cannot show, for it is the client that adds it.
NOT_OF_THE_NECK = {"every_answer_has_a_request_id_of_its_own"}


@pytest.mark.parametrize("door", ENTRY_POINTS, ids=ENTRY_POINTS_BY_NAME)
@pytest.mark.parametrize("law", LAWS)
def test_the_door_keeps_the_rule(law: Property, door: Target) -> None:
    verdict = examine(law, door, examples=EXAMPLES)
    if verdict.finding is not None:
        raise verdict.finding
    if door is ENTRY_POINTS_BY_NAME["invoke"] and law.name in NOT_OF_THE_NECK:
        assert verdict.skipped
    else:
        assert verdict.passed, verdict.skipped
