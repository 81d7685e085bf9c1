"""`check` and its report: what a maker of an implementation reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim.conformance import CAPABILITIES, check, examine, properties
from ec2_export_sim.conformance.targets import simulator
from tests.conformance.broken import Mutant, on_tags, without
from tests.conformance.laws import MUST
from tests.conformance.mutants.filters import filter_values_are_lowered as broken
from tests.conformance.sound import Lenient

if TYPE_CHECKING:
    from ec2_export_sim.conformance import Target

FLT_06 = "FLT-06"


def outcomes(report: Any) -> dict[str, str]:
    return {each.rule: each.outcome for each in report.outcomes}


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


# --- capabilities -------------------------------------------------------------------


def test_what_a_target_lacks_is_skipped_by_name_and_never_passed() -> None:
    report = check(simulator, lacks=["permissions", "filters"], examples=1)
    assert report.ok
    assert outcomes(report)["AUT-02"] == outcomes(report)[FLT_06] == "skipped"
    remarks = {each.rule: each.remark for each in report.outcomes}
    assert remarks["AUT-02"] == "lacks permissions, lacks filters"
    assert remarks["PAG-04"] == "in part: lacks filters"


def test_a_target_may_say_itself_what_it_lacks() -> None:
    class NoTags:
        lacks = ("tags",)

        def __call__(self, tasks: list[Any], *, authorized: bool = True) -> Any:
            return simulator(tasks, authorized=authorized)

    report = check(NoTags(), examples=1)
    assert outcomes(report)["FLT-01"] == "skipped"
    assert report.target.endswith("NoTags")


class Lacking:
    """A target that crashes where it is asked for what it lacks."""

    def __init__(self, capability: str) -> None:
        self.lacks = (capability,)

    def __call__(self, tasks: list[Any], *, authorized: bool = True) -> Any:
        assert "permissions" not in self.lacks or authorized
        assert "seed" not in self.lacks or not tasks
        self._client = simulator(tasks, authorized=authorized)
        return self

    def describe_export_image_tasks(self, **request: Any) -> Any:
        given = [f for f in request.get("Filters", []) if isinstance(f, dict)]
        asked = {
            "filters": bool(given),
            "paging": "MaxResults" in request or "NextToken" in request,
            "dry-run": "DryRun" in request,
            "tags": any(map(on_tags, given)),
        }
        assert not asked.get(self.lacks[0])
        return self._client.describe_export_image_tasks(**request)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_target_is_not_asked_for_what_it_lacks(capability: str) -> None:
    report = check(Lacking(capability), level="should", examples=3)
    assert report.counts.keys() <= {"passed", "skipped"}, str(report)


def full(make: Target) -> Target:
    """Return a target that holds tasks of its own."""
    held = [
        {"ExportImageTaskId": f"export-ami-{n:017x}", "Status": status}
        for n, status in enumerate(["active", "active", "deleted", "completed"])
    ]

    def target(tasks: list[Any], *, authorized: bool = True) -> Any:
        assert tasks == []
        return make(held, authorized=authorized)

    return target


def test_read_only_asks_only_for_what_needs_nothing_but_reads() -> None:
    report = check(full(simulator), read_only=True)
    assert report.ok
    assert report.examples == 5
    skipped = {rule for rule, told in outcomes(report).items() if told == "skipped"}
    assert skipped == {"IDS-02", "LIF-01"}


def test_read_only_finds_a_fault_in_what_is_there() -> None:
    report = check(full(broken), read_only=True)
    assert {each.rule for each in report.failures} == {FLT_06}


def test_read_only_skips_what_an_empty_account_cannot_show() -> None:
    told = outcomes(check(simulator, read_only=True))
    passed = {rule for rule, outcome in told.items() if outcome == "passed"}
    assert passed == {"ORD-05", "AUT-01", "AUT-02", "IDS-01"}
    assert set(told.values()) == {"passed", "skipped"}


def test_a_run_that_shows_nothing_is_not_ok() -> None:
    report = check(Lenient, read_only=True, lacks=["dry-run"])
    assert report.counts.keys() == {"skipped"}
    assert not report.ok


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
