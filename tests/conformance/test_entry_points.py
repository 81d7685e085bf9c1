"""Each entry point of the simulator follows each rule that can be seen."""

from __future__ import annotations

import pytest

from ec2_export_sim.conformance import Judge
from tests.entry_points import ENTRY_POINTS
from tests.properties import EXAMPLES, RULES

EXCEPTIONS = {
    ("invoke", "RSP-11"): "not judged",  # the client adds ResponseMetadata
    ("boto3_client", "TAG-09"): "failed",  # other resources are not emulated
}


@pytest.fixture(scope="module", params=ENTRY_POINTS, ids=lambda each: each.__name__)
def judge(request: pytest.FixtureRequest) -> Judge:
    return Judge(request.param, examples=EXAMPLES)


@pytest.mark.parametrize("rule", RULES)
def test_the_entry_point_follows_the_rule(rule: str, judge: Judge) -> None:
    verdict = judge.judge(rule)
    name = judge.target_name.rpartition(":")[2]
    wanted = EXCEPTIONS.get((name, rule), "passed")
    assert verdict.outcome == wanted, verdict.explanation or verdict.reason
