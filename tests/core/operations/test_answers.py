"""Every operation has a row in `tests/answers.py` that demands a right answer.

A new operation without a row fails, and so does a row whose answer leaves a member of
the output out, or empty. The same for filters: tests/core/test_filters.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim.core.operations import OPERATIONS
from ec2_export_sim.core.shapes import ListOf, Structure
from tests.answers import ANSWERS, FIRST, account

if TYPE_CHECKING:
    from ec2_export_sim.core.shapes import Shape

GENERATED = {"ExportImageTaskId"}


def absent(shape: Shape, value: Any) -> set[str]:
    """Return the members of *shape* that *value* does not show."""
    if isinstance(shape, ListOf):
        parts = [absent(shape.element, each) for each in value]
        return set.intersection(*parts) if parts else {"an element"}
    if isinstance(shape, Structure):
        return {
            name
            for name, member in shape.members.items()
            if not value.get(name) or absent(member.shape, value[name])
        }
    return set()


@pytest.mark.rule("RSP-01", "LIF-27", "LIF-30", "TAG-10", "TAG-11", "TAG-12")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_answers(operation: str) -> None:
    row = ANSWERS[operation]
    sim = account()
    response = sim.invoke(operation, row.parameters)
    output = OPERATIONS[operation].output
    assert absent(output, response) <= {"NextToken"}
    generated = GENERATED & set(response)
    assert {n: m for n, m in response.items() if n not in generated} == row.response
    assert sim.dump_tasks()[0] == row.first_task
    assert row.response or row.first_task != FIRST
