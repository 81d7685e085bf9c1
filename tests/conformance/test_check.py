"""`check` and its report: what a maker of an implementation reads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ec2_export_sim import ClientError
from ec2_export_sim.conformance import check, examine, properties
from ec2_export_sim.conformance.targets import simulator
from tests.conformance.broken import Mutant, without
from tests.conformance.mutants.filters import filter_values_are_lowered as broken
from tests.properties import MUST, outcomes

FLT_06 = "FLT-06"


def test_the_simulator_keeps_every_rule_at_both_levels() -> None:
    must = check(simulator, examples=1)
    should = check(simulator, level="should", examples=1)
    assert must.ok
    assert should.ok
    assert set(outcomes(must).values()) == set(outcomes(should).values()) == {"passed"}
    assert outcomes(must).keys() < outcomes(should).keys()


def test_a_report_names_rule_source_account_calls_and_how_to_run_it_again() -> None:
    report = check(broken, examples=1)
    assert not report.ok
    assert outcomes(report)[FLT_06] == "FAILED"
    text = str(report)
    for told in (
        "FLT-06 Filter values are case-sensitive",
        "`Active` does not match a task that is `active`.",
        "source: [Filter](https://docs.aws.amazon.com",
        "level: must (documented)",
        "Active was answered as if it were active",
        "the account holds 2 task(s)",
        "describe_export_image_tasks(Filters=[{'Name': 'task-state', 'Values': ['Act",
        "→ [export-ami-00000000000000007 active]",
        "FLT-06  must    FAILED",
        f"{MUST} rules: {MUST - 1} passed, 1 FAILED",
        "tests.conformance.broken:Mutant --level must --seed 0 --examples 1",
    ):
        assert told in text


def test_a_report_as_json_holds_what_reproduces_it() -> None:
    told = check(broken, seed=7, examples=3).as_json()
    assert json.loads(json.dumps(told)) == told
    assert told["seed"] == 7
    assert told["examples"] == 3
    assert not told["ok"]
    assert {"kit", "python", "hypothesis", "target", "reproduce"} <= told.keys()
    (rule,) = (each for each in told["rules"] if each["id"] == FLT_06)
    assert rule["outcome"] == "FAILED"
    assert {"title", "statement", "source", "status", "level"} <= rule.keys()
    (finding,) = (p["finding"] for p in rule["properties"] if p["finding"])
    assert finding["calls"][-1]["request"]["Filters"][0]["Values"] == ["Active"]
    assert finding["calls"][-1]["answer"]["ExportImageTasks"]
    assert finding["held"]


def test_the_same_seed_makes_the_same_calls() -> None:
    def calls(seed: int | None) -> list[Any]:
        made: list[Any] = []

        def remembered(world: Any, request: dict[str, Any]) -> Any:
            made.append((world.tasks, request))
            return world.describe(**request)

        check(Mutant("remembered", (), remembered), seed=seed, examples=4)
        return made

    assert calls(None) == calls(0) != calls(1)


def test_an_expected_failure_is_no_failure() -> None:
    report = check(broken, expected_failures={FLT_06: "issue 12"}, examples=1)
    assert report.ok
    assert outcomes(report)[FLT_06] == "expected failure"
    assert "expected failure  Filter values are case-sensitive (issue 12)" in str(
        report
    )


def test_an_expected_failure_that_passes_is_not_ok() -> None:
    report = check(simulator, expected_failures={FLT_06: "issue 12"}, examples=1)
    assert not report.ok
    assert outcomes(report)[FLT_06] == "UNEXPECTED PASS"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"level": "may"}, "level must be one of must, should, not 'may'"),
        ({"lacks": ["wings"]}, "no capability wings; known are seed, filters"),
        ({"expected_failures": {"no-such-rule": ""}}, "the rule no-such-rule"),
        ({"examples": 0}, "examples must be at least 1, not 0"),
    ],
)
def test_a_wrong_call_is_a_value_error(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check(simulator, **wrong)


@pytest.mark.parametrize("target", [None, 5, "tests.doors:wsgi"])
def test_what_is_no_target_is_a_value_error(target: Any) -> None:
    with pytest.raises(
        ValueError, match=f"the target must be callable, not {target!r}"
    ):
        check(target)


def test_a_target_that_tells_codes_alone_breaks_no_rule() -> None:
    class CodeError(Exception):
        def __init__(self, code: str) -> None:
            self.response = {"Error": {"Code": code}}

    class Curt:
        def __init__(self, tasks: Any, *, authorized: bool = True) -> None:
            self.client: Any = simulator(tasks, authorized=authorized)

        def describe_export_image_tasks(self, **request: Any) -> Any:
            try:
                return self.client.describe_export_image_tasks(**request)
            except ClientError as refused:
                raise CodeError(refused.response["Error"]["Code"]) from None

    report = check(Curt, level="should", examples=1)
    assert report.ok, str(report)
    left = {rule for rule, told in outcomes(report).items() if told != "passed"}
    assert left == {"AUT-05", "ERR-02"}  # which speak of what is not told


# --- whatever a target does ---------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"ExportImageTasks": {}},
        {"ExportImageTasks": {"a": 1}},
        {"ExportImageTasks": [None]},
        {"ExportImageTasks": [{}]},
        {"ExportImageTasks": [{"ExportImageTaskId": 1}]},
        {"ExportImageTasks": [], "NextToken": 5},
        {"ExportImageTasks": [], "NextToken": "again"},
        {"ExportImageTasks": [{"ExportImageTaskId": "x", "Tags": 5}]},
        {"ExportImageTasks": [{"ExportImageTaskId": "x", "S3ExportLocation": "y"}]},
    ],
)
def test_no_answer_crashes_the_kit(answer: Any) -> None:
    odd = Mutant("odd", (), lambda _world, _request: answer)
    report = check(odd, level="should", examples=1)
    assert not report.ok
    assert str(report)
    assert report.as_json()


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyError(), RecursionError()])
def test_an_exception_is_a_finding_with_its_request(error: Exception) -> None:
    def crash(world: Any, request: dict[str, Any]) -> Any:
        if "Filters" in request:
            raise error
        return world.describe(**request)

    report = check(Mutant("crash", (), crash), examples=1)
    found = {each.rule: each for each in report.failures}
    assert {"FLT-03", "FLT-04"} <= found.keys()
    finding = found["FLT-04"].finding
    assert finding is not None
    assert type(error).__name__ in finding.message
    assert finding.exchanges[-1].request["Filters"]


def test_a_target_that_cannot_be_made_is_a_finding_told_once() -> None:
    def silent(_tasks: list[Any], **_caller: bool) -> Any:
        raise OSError

    report = check(silent, examples=1)
    assert {each.outcome for each in report.outcomes} == {"FAILED"}
    assert str(report).count("the account holds") == 1
    assert "the call raised OSError: , as for ORD-05" in str(report)


def test_a_target_that_wavers_is_told_so() -> None:
    def wavering(world: Any, request: dict[str, Any]) -> Any:
        seen.append(1)
        answer = world.describe(**request)
        return without(answer, "ExportImageTasks") if len(seen) % 50 == 0 else answer

    seen: list[int] = []
    (law,) = (p for p in properties() if p.name == "the_list_of_tasks_is_always_there")
    verdict = examine(law, Mutant("wavering", (), wavering), examples=200)
    assert verdict.finding is not None
    assert "did not do so every time" in str(verdict.finding.__notes__)
