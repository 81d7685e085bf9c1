"""Profiles, and the tests' bond to the rules."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "dev",
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("ci", settings.get_profile("dev"), max_examples=400)
settings.register_profile("mutants", settings.get_profile("dev"), database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
