"""The kit can fail: every fault is named by its rule, whatever the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ec2_export_sim.conformance import Property, examine, properties
from tests.conformance.broken import MUTANTS, Mutant
from tests.conformance.mutants import (  # noqa: F401 - they fill MUTANTS
    errors,
    filter_values,
    filters,
    ids,
    lifecycle,
    order,
    paging,
    parameters,
    permissions,
    response,
)
from tests.properties import LAWS, THOROUGH

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = range(20 if THOROUGH else 3)
BY_RULE = {
    rule: [each for each in properties() if each.rule == rule]
    for rule in {each.rule for each in properties()}
}
NAMED = [
    pytest.param(mutant, rule, id=f"{mutant.name}-{rule}", marks=pytest.mark.rule(rule))
    for mutant in MUTANTS
    for rule in mutant.rules
]


def found(law: Property, mutant: Mutant, seed: int = 0) -> bool:
    return examine(law, mutant, seed=seed, examples=20).finding is not None


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("mutant", "rule"), NAMED)
def test_a_rule_names_the_fault(mutant: Mutant, rule: str, seed: int) -> None:
    assert any(found(law, mutant, seed) for law in BY_RULE[rule])


@pytest.mark.parametrize("law", LAWS)
def test_every_property_finds_a_mutant(law: Property) -> None:
    assert any(found(law, mutant) for mutant in MUTANTS if law.rule in mutant.rules)


def test_every_mutant_stands_in_the_chapter_of_its_first_rule() -> None:
    for mutant in MUTANTS:
        laws = BY_RULE[mutant.rules[0]]
        assert _chapter(mutant.fault) in {_chapter(law.check) for law in laws}


def _chapter(function: Callable[..., object]) -> str:
    return function.__module__.rpartition(".")[2]


def test_every_rule_has_a_mutant_and_every_mutant_another_name() -> None:
    assert {rule for mutant in MUTANTS for rule in mutant.rules} == BY_RULE.keys()
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
