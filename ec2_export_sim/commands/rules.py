"""The command `rules`: every rule with its level, status, statement and source."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from ..rules import rules

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(_parser: ArgumentParser) -> None:
    """Add nothing: the command prints all there is."""


def run(_arguments: Namespace) -> int:
    """Print the rules, and return 0."""
    for rule in rules().values():
        head = f"{rule.id}  {rule.level:6}  {rule.status:10}  {rule.title}"
        body = "\n".join((rule.statement, f"Source: {rule.source}")).strip()
        sys.stdout.write(f"{head}\n{textwrap.indent(body, ' ' * 8)}\n\n")
    return 0
