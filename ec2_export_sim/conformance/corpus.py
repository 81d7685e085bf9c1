"""The fixed cases of the checks: the same on every machine and in every version.

`corpus.json` has a version, accounts by name, and for each rule the cases of its check.
A case names its account with the member `account`, or has the account `twelve`. A
report to others quotes the verdicts of these cases: `--examples 0`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .strategies import many_tasks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .outcomes import Record

_DEFAULT_ACCOUNT = "twelve"


def version() -> str:
    """Return the version of the fixed cases."""
    text: str = _corpus()["version"]
    return text


@cache
def accounts() -> Mapping[str, list[Record]]:
    """Return the fixed accounts by name."""
    named: dict[str, list[Record]] = {
        **_corpus()["accounts"],
        "many": many_tasks(510),
        "1001 tasks": many_tasks(1_001),
    }
    return named


def cases(rule: str) -> Iterator[tuple[list[Record], dict[str, Any]]]:
    """Yield the tasks and the members of each fixed case of a rule's check."""
    for case in _corpus()["cases"].get(rule, [{}]):
        members = dict(case)
        yield accounts()[members.pop("account", _DEFAULT_ACCOUNT)], members


@cache
def _corpus() -> Any:
    path = Path(__file__).with_name("corpus.json")
    return json.loads(path.read_text(encoding="utf-8"))
