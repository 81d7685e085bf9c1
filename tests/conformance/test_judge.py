"""The first calls, throttling, what a target cannot hold, and the fixed cases."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

from ec2_export_sim.conformance import CannotHold, Judge, check, checks, corpus
from ec2_export_sim.conformance.account import difference
from ec2_export_sim.conformance.targets import simulator
from tests.conformance.conforming import Failed, Naive

UNREACHABLE = EndpointConnectionError(endpoint_url="http://127.0.0.1:9")


class Raising(Naive):
    """Raises *error* at each call."""

    error: Exception = UNREACHABLE

    def check(self, request: Any) -> None:  # noqa: ARG002 - its pieces are alike
        raise self.error


class WithoutCredentials(Raising):
    error = NoCredentialsError()


class Forbidding(Raising):
    error = Failed("AuthFailure", "who are you?")


class Crashing(Raising):
    error = NotImplementedError("not here")


class Async(Naive):
    async def describe_export_image_tasks(self, **request: Any) -> Any:  # type: ignore[override]
        return request


class GivenNothing(Naive):
    def __init__(self, tasks: Any, *, authorized: bool = True) -> None:
        if tasks:
            raise RuntimeError("no way to add tasks")
        super().__init__(tasks, authorized=authorized)


class NeverEmptied(Naive):
    every: list[Any] = []  # noqa: RUF012 - all accounts share it

    def __init__(self, tasks: Any, *, authorized: bool = True) -> None:
        self.every.extend(task for task in tasks if task not in self.every)
        super().__init__(self.every, authorized=authorized)


class Strings(Naive):
    def describe_export_image_tasks(self, **request: Any) -> Any:
        return str(request)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (Raising, "EndpointConnectionError: Could not connect"),
        (WithoutCredentials, "NoCredentialsError: Unable to locate credentials"),
        (Forbidding, "the first call returned the error AuthFailure: who are you?"),
        (Crashing, "the call raised NotImplementedError: not here"),
        (Async, "the client is async"),
        (GivenNothing, "raised RuntimeError: no way to add tasks when it was given 1"),
        (NeverEmptied, "the account was not emptied before it was given tasks"),
        (Strings, "the answer is not a dict but a str"),
        (None, "the target is not callable, but a NoneType"),
    ],
)
def test_a_target_that_cannot_be_examined_has_one_reason(
    target: Any, reason: str
) -> None:
    report = check(target)
    assert set(report.outcomes.values()) == {"not judged"}
    (found,) = set(report.reasons.values())
    assert reason in found
    assert str(report).count("cannot be examined") == 1
    assert len(str(report).splitlines()) < 8
    assert report.exit_status == 2


def test_a_server_that_goes_away_ends_the_examination() -> None:
    calls: list[int] = []

    class GoingAway(Naive):
        def check(self, request: Any) -> None:
            calls.append(1)
            if len(calls) > 100:
                raise UNREACHABLE
            super().check(request)

    report = check(GoingAway)
    assert "failed" not in report.outcomes.values()
    assert "can no longer be reached" in report.reasons["RSP-09"]
    assert len(calls) < 110


def test_throttling_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("ec2_export_sim.conformance.account.time.sleep", waits.append)
    calls: list[int] = []

    class Throttled(Naive):
        def check(self, request: Any) -> None:
            calls.append(1)
            if len(calls) % 40 < 3:
                raise Failed("RequestLimitExceeded", "Request limit exceeded.")
            super().check(request)

    assert check(Throttled, examples=0).exit_status == 0
    assert waits[:2] == [0.1, 0.2]


def test_a_call_that_is_always_throttled_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("ec2_export_sim.conformance.account.time.sleep", waits.append)

    class Always(Raising):
        error = Failed("Throttling")

    assert check(Always).reasons["IDS-02"] == (
        "the first call returned the error Throttling: "
    )
    assert 20 < sum(waits) < 30


def test_tasks_that_a_target_cannot_hold_are_left_out() -> None:
    def small(tasks: list[Any], *, authorized: bool = True) -> Any:
        if len(tasks) > 2:
            raise CannotHold("at most 2 tasks")
        return simulator(tasks, authorized=authorized)

    report = check(small)
    assert report.outcomes["IDS-02"] == "passed"
    assert report.reasons["AUT-05" if "AUT-05" in report.outcomes else "LIF-01"] == (
        "the target cannot hold the tasks: at most 2 tasks"
    )


class OnlyDescribes:
    """A client of one method."""

    def __init__(self, tasks: Any, *, authorized: bool = True) -> None:
        client = simulator(tasks, authorized=authorized)
        self.describe_export_image_tasks = client.describe_export_image_tasks


class NotImplementedYet(OnlyDescribes):
    def create_tags(self, **_: Any) -> Any:
        raise NotImplementedError

    def export_image(self, **_: Any) -> Any:
        raise Failed("InvalidAction", "The action ExportImage is not valid")


@pytest.mark.parametrize("target", [OnlyDescribes, NotImplementedYet])
def test_an_operation_that_a_client_does_not_have_is_unsupported(target: Any) -> None:
    report = check(target, level="decided", examples=0)
    assert report.exit_status == 0, str(report)
    assert report.reasons["TAG-10"] == "unsupported: tag-calls"
    assert report.reasons["LIF-27"] == "unsupported: export"
    assert report.reasons["LIF-18"] == "unsupported: cancel"
    assert report.outcomes["ORD-10"] == "passed"


def test_a_verdict_is_made_once() -> None:
    made: list[Any] = []

    def counting(tasks: list[Any], *, authorized: bool = True) -> Any:
        made.append(tasks)
        return simulator(tasks, authorized=authorized)

    judge = Judge(counting, examples=0)
    first = judge.judge("FLT-04")
    count = len(made)
    assert judge.judge("FLT-04") is first
    assert len(made) == count


# --- the fixed cases ----------------------------------------------------------------


def test_each_check_has_fixed_cases_with_all_its_members() -> None:
    for each in checks():
        parameters = [*inspect.signature(each.function).parameters][1:]
        for _, members in corpus.cases(each.rule):
            assert sorted(members) == sorted(parameters), each.rule
        if each.case:
            assert sorted(each.case) == sorted(parameters), each.rule


@pytest.mark.parametrize("name", corpus.accounts())
def test_a_fixed_account_is_a_recorded_list(name: str) -> None:
    tasks = corpus.accounts()[name]
    found = simulator(tasks).describe_export_image_tasks()["ExportImageTasks"]
    assert found == tasks
    assert json.loads(json.dumps(tasks)) == tasks


def test_a_rule_presumes_only_rules_that_have_a_check_and_never_itself() -> None:
    presumed = {each.rule: each.presumes for each in checks()}

    def follow(rule: str, path: tuple[str, ...]) -> None:
        assert rule not in path, path
        for other in presumed[rule]:
            follow(other, (*path, rule))

    for rule in presumed:
        follow(rule, ())


@pytest.mark.parametrize(
    ("found", "wanted", "text"),
    [
        ({"a": [1, 2]}, {"a": [1, 3]}, "a[1] is 2, expected 3"),
        ({"a": 1}, {"a": 1, "b": 2}, "b is absent, expected 2"),
        ({"x", "y"}, {"x"}, "'y' is not expected"),
        ({"z"}, {"x", "y", "z"}, "'x' and 1 more is missing"),
        ([1], [1, 2], "found [1], expected [1, 2]"),
        ("a", "b", "found 'a', expected 'b'"),
    ],
)
def test_a_difference_is_the_first_one(found: Any, wanted: Any, text: str) -> None:
    assert difference(found, wanted) == text
