"""Holds any implementation of the operation against the rules of `specs/`.

A target is a callable `(tasks, *, authorized=True) -> client`; of the client only
`describe_export_image_tasks` is used. Each chapter of the specs has a module here of
the same name, with the properties of its rules.

Reading order: `registry` (what a property is), `probe` (how a target is called),
`filters` (a chapter), `trial` (how a property is tried), `run` and `report`.

    check(target)            all rules, as a report
    pytest_tests(target)     all rules, as tests of your own suite
    ec2-export-sim conformance MODULE:CALLABLE     all rules, as a command
    strategies               tasks, accounts, filters and requests, for your own tests
"""

try:
    import hypothesis as _hypothesis  # noqa: F401 - looked for, to say what is missing
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "ec2_export_sim.conformance needs Hypothesis, which the extra 'conformance' "
        "brings: pip install 'ec2-export-sim[conformance]'",
        name=missing.name,
    ) from missing

from . import (  # noqa: F401 - the chapters register their properties
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
from .expansion import pytest_tests
from .probe import Account, Answer, Exchange, Finding, Refusal, Target
from .registry import CAPABILITIES, LEVELS, Property, properties, rule
from .report import Report, RuleOutcome
from .run import check
from .trial import Verdict, examine

__all__ = [
    "CAPABILITIES",
    "LEVELS",
    "Account",
    "Answer",
    "Exchange",
    "Finding",
    "Property",
    "Refusal",
    "Report",
    "RuleOutcome",
    "Target",
    "Verdict",
    "check",
    "examine",
    "properties",
    "pytest_tests",
    "rule",
]
