"""The suite can fail: each fault is named by its rule, and by no other."""

from __future__ import annotations

import pytest

from ec2_export_sim.conformance import check, checks
from tests.conformance import (  # noqa: F401 - they fill FAULTS
    faults_of_answers,
    faults_of_filters,
    faults_of_requests,
    faults_of_writes,
)
from tests.conformance.faulty import FAULTS, FaultyTarget

# Rules that another rule contains: a fault is named by that one.
CONTAINED = {"LIF-01", "LIF-03"}


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(
            each, id=f"{each.rule}-{each.name}", marks=pytest.mark.rule(each.rule)
        )
        for each in FAULTS
    ],
)
def test_a_fault_is_named_by_its_rule_alone(target: FaultyTarget) -> None:
    report = check(target, level="decided", examples=0)
    failed = {rule for rule, outcome in report.outcomes.items() if outcome == "failed"}
    assert failed == {target.rule}, str(report)
    assert report.exit_status == 1


def test_each_check_has_a_fault_and_each_fault_has_a_name() -> None:
    assert {each.rule for each in FAULTS} | CONTAINED == {c.rule for c in checks()}
    assert len({each.name for each in FAULTS}) == len(FAULTS)
