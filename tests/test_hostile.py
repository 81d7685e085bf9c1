"""Hostile calls: a documented error or a right answer, bounded work, nothing touched.

Time is bounded by counted work: the lines that the simulator executes.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from ec2_export_sim import ParamValidationError, Policy, ServiceError
from ec2_export_sim.core import shapes
from ec2_export_sim.core.filters import Wildcard
from ec2_export_sim.core.permissions import pattern_matches
from tests.calls import DESCRIBE, ID, REQUEST, held
from tests.hostile import HOSTILE, lines, world

# --- parameters ---------------------------------------------------------------------

RIGHT: dict[str, dict[str, Any]] = {
    DESCRIBE: {},
    "ExportImage": REQUEST,
    "CancelExportTask": {"ExportTaskId": ID},
    "CreateTags": {"Resources": [ID], "Tags": [{"Key": "k"}]},
    "DeleteTags": {"Resources": [ID]},
    "DescribeTags": {},
}


@pytest.mark.rule("ORD-10", "PRM-08")
@pytest.mark.parametrize("operation", shapes.OPERATIONS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_in_any_place_is_refused_and_touches_nothing(
    operation: str, name: str
) -> None:
    value, sim = HOSTILE[name], world()
    before = held(sim)
    wrapped = (
        value,
        [value],
        [{"Name": value}],
        [{"Name": "tag:a", "Values": [value]}],
    )
    for member in shapes.OPERATIONS[operation].input.members:
        for each in wrapped:
            request = {**RIGHT[operation], member: each}
            try:
                sim.invoke(operation, request)
            except ServiceError as refused:
                assert refused.message.isprintable() or name.startswith("huge")
                assert held(sim) == before
            else:  # what is long but well-formed, as a role's name may be
                assert name.startswith("huge")
                sim, before = world(), held(world())
    with pytest.raises(ParamValidationError):
        sim.client().describe_export_image_tasks(Filters=[value])
    assert held(sim) == before


@pytest.mark.rule("ORD-10")
@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        (DESCRIBE, {"ExportImageTaskIds": [ID] * 10**6}),
        (DESCRIBE, {"Filters": [{"Name": "tag:a", "Values": ["x"] * 10**6}]}),
        (DESCRIBE, {"Filters": [{"Name": "tag-key"}] * 10**5}),
        ("CreateTags", {"Resources": [ID] * 10**5, "Tags": [{"Key": "k"}]}),
        ("DeleteTags", {"Resources": [ID], "Tags": [{"Key": ""}] * 10**6}),
        ("ExportImage", {**REQUEST, "TagSpecifications": [{"Tags": []}] * 10**6}),
    ],
)
def test_the_work_grows_with_the_request_and_no_faster(
    operation: str, request_: dict[str, Any]
) -> None:
    sim = world()
    before = held(sim)

    def work(count: int) -> int:
        """Return the lines executed for the request with its lists cut to *count*."""
        request = shortened(request_, count)

        def call() -> None:
            with suppress(ServiceError):
                sim.invoke(operation, request, policy=Policy.allow_all())

        return lines(call)

    assert work(4000) <= 2.2 * work(2000)
    with suppress(ServiceError):
        sim.invoke(operation, request_)
    if operation != "ExportImage":
        assert held(sim) == before


def shortened(value: Any, count: int) -> Any:
    if isinstance(value, dict):
        return {name: shortened(each, count) for name, each in value.items()}
    return (
        [shortened(v, count) for v in value[:count]] if type(value) is list else value
    )


# --- two languages of wildcards -----------------------------------------------------


@pytest.mark.rule("FLT-16", "FLT-17")
@pytest.mark.parametrize(
    "pattern", ["*a" * 120 + "b", "?" * 255, "*?" * 127, "*" * 255]
)
def test_a_filters_value_reads_a_text_once(pattern: str) -> None:
    wildcard = Wildcard(pattern)
    short, long = (lines(lambda n=n: wildcard.matches("a" * n)) for n in (1000, 2000))  # type: ignore[misc]
    assert long <= 2.1 * short
    assert long <= 10 * 2000


@pytest.mark.rule("AUT-07")
@pytest.mark.parametrize("pattern", ["*a" * 50 + "b", "*?" * 50, "*" * 100 + "b"])
def test_a_policys_pattern_costs_no_more_than_the_product(pattern: str) -> None:
    text = "a" * 200
    work = lines(lambda: pattern_matches(pattern, text))
    assert work <= 8 * len(pattern) * len(text)
