"""The checks of the conformance suite as test cases, each marked with its rule."""

from __future__ import annotations

import os

import pytest

from ec2_export_sim.conformance import checks

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
RULES = [
    pytest.param(each.rule, id=each.rule, marks=pytest.mark.rule(each.rule))
    for each in checks()
]
EXAMPLES = 100 if THOROUGH else 2
