"""Reads the rules from `specs/`, which alone has them.

The wheel has the chapters as `ec2_export_sim/specs/`; a checkout has them next to the
package. How a rule is written: specs/README.md.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Prefix -> chapter: FLT-05 is in specs/filters.md.
CHAPTERS = {
    "ORD": "order",
    "PRM": "parameters",
    "AUT": "permissions",
    "IDS": "ids",
    "FLT": "filters",
    "PAG": "paging",
    "LIF": "lifecycle",
    "TAG": "tags",
    "RSP": "response",
    "ERR": "errors",
    "WIR": "wire",
    "SIM": "simulator",
}

_LEVEL_OF_STATUS = {"documented": "must", "observed": "should", "decided": "should"}

_HEADING = re.compile(r"^### ([A-Z]{3}-[0-9]{2}) (.+)$", re.MULTILINE)
_SOURCE = re.compile(r"^Source: (.+)$", re.MULTILINE)
_STATUS = re.compile(r"^Status: (\w+)$", re.MULTILINE)


class Rule(NamedTuple):
    """One rule: its id, what it says, and how certain it is."""

    id: str
    title: str
    statement: str
    source: str
    status: str
    chapter: str

    @property
    def level(self) -> str:
        """Its level in the conformance kit: `must` if documented, else `should`."""
        return _LEVEL_OF_STATUS[self.status]


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its id, in the order of the chapters.

    Raises ValueError, with the id, for a rule without a source or a status.
    """
    return {rule.id: rule for chapter in CHAPTERS.values() for rule in _read(chapter)}


def specs_directory() -> Path:
    """Return the directory of the chapters."""
    package = Path(__file__).parent
    installed = package / "specs"
    return installed if installed.is_dir() else package.parent / "specs"


def _read(chapter: str) -> Iterator[Rule]:
    path = specs_directory() / f"{chapter}.md"
    text = path.read_text(encoding="utf-8").partition("\n## ")[0]
    headings = list(_HEADING.finditer(text))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        body = text[heading.end() : following.start() if following else None]
        rule_id, title = heading.groups()
        source, status = _SOURCE.search(body), _STATUS.search(body)
        if source is None or status is None or status[1] not in _LEVEL_OF_STATUS:
            raise ValueError(f"{rule_id} in {path.name} has no source or no status")
        statement = body[: source.start()].strip()
        yield Rule(rule_id, title, statement, source[1], status[1], chapter)
