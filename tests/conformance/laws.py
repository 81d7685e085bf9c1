"""What the kit has to show, as its tests ask for it."""

from __future__ import annotations

import os

import pytest

from ec2_export_sim.conformance import properties

LAWS = [
    pytest.param(each, id=f"{each.rule}-{each.name}", marks=pytest.mark.rule(each.rule))
    for each in properties()
]

# How many rules are held against a target unless more is asked.
MUST = len({each.rule for each in properties("must")})

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
