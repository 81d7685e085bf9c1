"""`check` and its report: what the author of a target reads."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from ec2_export_sim.conformance import LEVELS, check, checks
from ec2_export_sim.conformance.targets import simulator
from ec2_export_sim.rules import rules
from tests.conformance.conforming import Naive
from tests.conformance.faults_of_filters import (
    filter_values_are_lowered,
    filters_are_not_read,
)
from tests.conformance.faulty import FaultyTarget, World, on_tags, without

FLT_06 = "FLT-06"
DOCUMENTED = len(checks("documented"))


def target_of(fault: Any) -> FaultyTarget:
    """Return a target that answers as *fault* does."""
    return FaultyTarget("", "", fault, ("describe_export_image_tasks",))


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_a_status_and_includes_those_before_it(level: str) -> None:
    wanted = LEVELS[: LEVELS.index(level) + 1]
    outcomes = check(simulator, level=level, examples=0).outcomes
    assert {rules()[rule].status for rule in outcomes} == set(wanted)
    assert list(outcomes) == [each.rule for each in checks(level)]


def test_a_report_says_what_is_wrong_and_how_to_see_it_again() -> None:
    report = check(filter_values_are_lowered, examples=1)
    assert report.exit_status == 1
    assert report.outcomes[FLT_06] == "failed"
    assert report.reasons == {FLT_06: "Active is answered as active is"}
    text = str(report)
    for line in (
        f"FLT-06 {rules()[FLT_06].title} (documented)",
        "  violation: Active is answered as active is",
        "  the account has 2 tasks",
        "    describe_export_image_tasks(Filters=[{'Name': 'task-state', 'Values': "
        "['Active']}])",
        "      → 1 task: export-ami-000000000000007b0 active",
        f"| documented | {DOCUMENTED - 1} | 1 | 0 | 0 |",
        f"shown: {DOCUMENTED} of {DOCUMENTED} rules",
        "again:\n  ec2-export-sim conformance tests.conformance.faulty:FaultyTarget",
    ):
        assert line in text, text
    assert report.command.endswith("--level documented --seed 0 --examples 1")
    assert rules()[FLT_06].source.split("]")[0] in text
    assert all(len(line) <= 100 or line[0] == "|" for line in text.splitlines())


def test_consequences_are_counted_in_one_line() -> None:
    report = check(filters_are_not_read)
    assert [each.rule for each in report.failures] == ["FLT-04"]
    assert report.reasons["FLT-06"] == "because of FLT-04"
    assert "not judged because of it: FLT-01, FLT-03, FLT-05, FLT-06" in str(report)


def test_a_table_to_paste_has_the_counts_of_each_level() -> None:
    report = check(filter_values_are_lowered, level="observed", examples=0)
    lines = report.markdown().splitlines()
    assert lines[0] == "| target | level | passed | failed | skipped | not judged |"
    assert [line.split(" | ")[1] for line in lines[2:]] == ["documented", "observed"]


def test_the_target_says_its_version() -> None:
    class Versioned(Naive):
        version = "1.2.3"

    assert "Versioned 1.2.3 | documented" in str(check(Versioned, examples=0))


def test_the_same_seed_makes_the_same_calls() -> None:
    def calls(seed: int) -> list[Any]:
        made: list[Any] = []

        def remembered(world: World, request: dict[str, Any]) -> Any:
            made.append((world.tasks, request))
            return world.call(**request)

        check(target_of(remembered), seed=seed, examples=4)
        return made

    assert calls(0) == calls(0) != calls(1)


def test_without_drawn_cases_the_seed_changes_nothing() -> None:
    first, second = (
        check(filter_values_are_lowered, seed=seed, examples=0) for seed in (0, 1)
    )
    assert first.verdicts == second.verdicts


def test_an_expected_failure_is_no_failure() -> None:
    expected = {FLT_06: "issue 12"}
    report = check(filter_values_are_lowered, expected_failures=expected, examples=0)
    assert report.exit_status == 0
    assert report.outcomes[FLT_06] == "failed"
    assert report.reasons[FLT_06] == "issue 12"
    assert "expected to fail: issue 12" in str(report)


def test_an_expected_failure_that_passes_is_a_failure() -> None:
    report = check(simulator, expected_failures={FLT_06: "issue 12"}, examples=0)
    assert report.exit_status == 1
    assert "FLT-06 passed, but is expected to fail" in str(report)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"level": "must"}, "level must be one of documented, observed, decided"),
        ({"unsupported": ["wings"]}, "no capability wings; known are tasks"),
        ({"expected_failures": {"no-such-rule": ""}}, "the rule no-such-rule"),
        ({"examples": -1}, "examples must be at least 0, not -1"),
    ],
)
def test_a_wrong_call_is_a_value_error(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(simulator, **wrong)


def test_checks_run_in_threads() -> None:
    reports: list[Any] = []
    threads = [
        Thread(target=lambda: reports.append(check(simulator, examples=0)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.exit_status for report in reports] == [0, 0, 0]


# --- capabilities -------------------------------------------------------------------


def test_what_a_target_does_not_support_is_skipped_by_name_and_never_passed() -> None:
    report = check(simulator, unsupported=["permissions", "filters"], examples=0)
    assert report.exit_status == 0
    assert report.outcomes["AUT-02"] == report.outcomes[FLT_06] == "skipped"
    assert report.reasons["AUT-02"] == "unsupported: permissions"
    assert report.outcomes["PAG-04"] == "passed"  # without the cases that filter


def test_a_target_may_say_itself_what_it_does_not_support() -> None:
    assert check(Naive, level="decided", examples=0).outcomes["TAG-01"] == "skipped"


NEEDED = {
    "filters": lambda request: "Filters" in request,
    "paging": lambda request: "MaxResults" in request or "NextToken" in request,
    "dry-run": lambda request: "DryRun" in request,
    "tags": lambda request: any(map(on_tags, request.get("Filters", []))),
}


@pytest.mark.parametrize("capability", NEEDED)
def test_a_target_is_not_asked_for_what_it_does_not_support(capability: str) -> None:
    def strict(world: World, request: dict[str, Any]) -> Any:
        assert not NEEDED[capability](request)
        return world.call(**request)

    target = target_of(strict)
    report = check(target, level="decided", examples=2, unsupported=[capability])
    assert "AssertionError" not in str(report.reasons)


# --- reading only -------------------------------------------------------------------


def full(make: Any, *states: str) -> Any:
    """Return a target that has tasks of its own, and is given none."""
    tasks = [
        {"ExportImageTaskId": f"export-ami-{n:017x}", "Status": status, "Tags": []}
        for n, status in enumerate(states)
    ]

    def target(given: list[Any], *, authorized: bool = True) -> Any:
        assert given == []
        return make(tasks, authorized=authorized)

    return target


STATES = ("active", "active", "deleted", "completed")


def test_read_only_shows_what_reads_can_show() -> None:
    report = check(full(simulator, *STATES), read_only=True)
    outcomes = report.outcomes
    skipped = {rule for rule, outcome in outcomes.items() if outcome == "skipped"}
    assert {report.reasons[rule] for rule in skipped} == {
        f"unsupported: {name}" for name in ("tasks", "tag-calls", "export", "cancel")
    }
    assert outcomes["FLT-04"] == outcomes["PAG-04"] == "passed"
    assert "failed" not in outcomes.values()


def test_read_only_finds_a_fault_in_what_is_there() -> None:
    report = check(full(filter_values_are_lowered, *STATES), read_only=True)
    assert [each.rule for each in report.failures] == [FLT_06]


def test_read_only_says_what_an_account_of_one_task_cannot_show() -> None:
    report = check(full(simulator, "active"), read_only=True)
    assert report.outcomes["FLT-03"] == "not judged"
    assert report.reasons["FLT-03"] == "needs tasks in two of the states"
    assert report.reasons["PAG-04"] == "needs more tasks than MaxResults"


# --- whatever a target does ---------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
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
def test_no_answer_breaks_the_suite(answer: Any) -> None:
    report = check(target_of(lambda _world, _request: answer), examples=0)
    assert report.exit_status == 1
    assert str(report)


def test_a_walk_without_end_is_walked_once() -> None:
    calls: list[Any] = []

    def endless(world: World, request: dict[str, Any]) -> Any:
        calls.append(request)
        return {**world.call(**without(request, "NextToken")), "NextToken": "again"}

    report = check(target_of(endless), examples=0)
    assert "PAG-05" in {each.rule for each in report.failures}
    assert report.reasons["IDS-02"] == "because of PAG-05"
    assert sum("NextToken" in request for request in calls) < 1_500


def test_a_walk_that_ends_is_walked_after_one_that_does_not() -> None:
    def endless_with_filters(world: World, request: dict[str, Any]) -> Any:
        if "Filters" not in request or "tag" in str(request["Filters"]):
            return world.call(**request)
        answer = world.call(**without(request, "NextToken"))
        return {**answer, "NextToken": "again"}

    outcomes = check(target_of(endless_with_filters), examples=0).outcomes
    assert outcomes["PAG-05"] == outcomes["PAG-02"] == outcomes["IDS-02"] == "passed"
    assert outcomes["FLT-04"] == "failed"


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyError(), RecursionError()])
def test_an_exception_is_a_violation_with_its_call(error: Exception) -> None:
    def crash(world: World, request: dict[str, Any]) -> Any:
        if "Filters" in request and request["Filters"][0]["Values"] == ["active"]:
            raise error
        return world.call(**request)

    report = check(target_of(crash), examples=0)
    assert report.outcomes["FLT-04"] == "failed"
    assert report.reasons["FLT-04"].startswith(
        f"the call raised {type(error).__name__}"
    )


def test_a_violation_that_does_not_happen_again_has_a_note() -> None:
    seen: list[int] = []

    def unsteady(world: World, request: dict[str, Any]) -> Any:
        seen.append(1)
        answer = world.call(**request)
        return without(answer, "ExportImageTasks") if len(seen) % 23 == 0 else answer

    text = str(check(target_of(unsteady), examples=0))
    assert "the target did not do so when it was asked again" in text
