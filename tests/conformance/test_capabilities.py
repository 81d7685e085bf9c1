"""What a target cannot do is not asked of it, and what is not asked is not passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim.conformance import CAPABILITIES, check
from ec2_export_sim.conformance.targets import simulator
from tests.conformance.broken import on_tags
from tests.conformance.mutants.filters import filter_values_are_lowered as broken
from tests.conformance.sound import Lenient
from tests.properties import outcomes

if TYPE_CHECKING:
    from ec2_export_sim.conformance import Target

FLT_06 = "FLT-06"


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
