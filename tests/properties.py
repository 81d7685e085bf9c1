"""The checks of the conformance suite as test cases, each marked with its rule."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ec2_export_sim.conformance import properties

if TYPE_CHECKING:
    from ec2_export_sim.conformance import Report

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
LAWS = [
    pytest.param(each, id=f"{each.rule}-{each.name}", marks=pytest.mark.rule(each.rule))
    for each in properties()
]
EXAMPLES = 100 if THOROUGH else 15

# The number of rules that are checked unless more is asked for.
MUST = len({each.rule for each in properties("must")})


def outcomes(report: Report) -> dict[str, str]:
    """Return the outcome of each rule."""
    return {each.rule: each.outcome for each in report.outcomes}
