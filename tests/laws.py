"""Every property of the kit as a case of a test that is marked with its rule."""

from __future__ import annotations

import os

import pytest

from ec2_export_sim.conformance import properties

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
LAWS = [
    pytest.param(each, id=f"{each.rule}-{each.name}", marks=pytest.mark.rule(each.rule))
    for each in properties()
]
EXAMPLES = 100 if THOROUGH else 15
