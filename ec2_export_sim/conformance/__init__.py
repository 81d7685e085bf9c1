"""Checks whether an implementation of the API follows the rules of `specs/`.

A target is a callable `(tasks, *, authorized=True) -> client`; see `Target`. Each
chapter of the specs has a module here of the same name, with the checks of its rules.

    check(target)            examine a target, and return a report
    pytest_tests(target)     one test for each rule, for a test suite of your own
    ec2-export-sim conformance MODULE:CALLABLE     the same as a command
    strategies               tasks, accounts, filters and requests, for your own tests

Reading order: `registry` (what a check is), `filters` (a chapter), `account` (how a
target is called), `judge` (what comes of a check), `report`. README.md is for users.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401 - looked for, to say what is missing
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "ec2_export_sim.conformance needs Hypothesis: "
        "pip install 'ec2-export-sim[conformance]'",
        name=missing.name,
    ) from missing

from . import (  # noqa: F401 - the chapters register their checks
    errors,
    exports,
    filter_values,
    filters,
    ids,
    lifecycle,
    order,
    paging,
    parameters,
    permissions,
    response,
    tags,
)
from .account import Target, TargetAccount, Violation
from .capabilities import CAPABILITIES
from .collection import pytest_tests
from .judge import Judge, Verdict
from .outcomes import CannotHold
from .registry import LEVELS, Check, checks
from .report import Report
from .run import check

__all__ = [
    "CAPABILITIES",
    "LEVELS",
    "CannotHold",
    "Check",
    "Judge",
    "Report",
    "Target",
    "TargetAccount",
    "Verdict",
    "Violation",
    "check",
    "checks",
    "pytest_tests",
]
