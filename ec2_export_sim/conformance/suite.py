"""The one module that the command gives to pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2_export_sim.conformance.collection import require_passed
from ec2_export_sim.conformance.plugin import settings_of

if TYPE_CHECKING:
    import pytest

    from ec2_export_sim.conformance import Judge


def test_rule(
    conformance_rule: str, conformance_judge: Judge, request: pytest.FixtureRequest
) -> None:
    """Judge one rule."""
    verdict = conformance_judge.judge(conformance_rule)
    level = settings_of(request.config)["level"]
    require_passed(verdict, conformance_judge, request, level)
