"""Finds the ids of rules in code, tests and prose."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

from ec2_export_sim.rules import rules

if TYPE_CHECKING:
    from pathlib import Path

ID = re.compile(r"\b[A-Z]{3}-[0-9]{2}\b")
RANGE = re.compile(r"\b([A-Z]{3})-([0-9]{2}) to (?:\1-)?([0-9]{2})\b")
OTHERS = {"UTF-16"}  # what looks like an id and is none


@cache
def ids_in(text: str) -> frozenset[str]:
    """Return the ids that *text* names, those within a range included."""
    found = set(ID.findall(text)) - OTHERS
    for prefix, first, last in RANGE.findall(text):
        every = (f"{prefix}-{n:02}" for n in range(int(first), int(last) + 1))
        found.update(each for each in every if each in rules())
    return frozenset(found)


@cache  # the matrix asks for each rule
def marked(path: Path) -> frozenset[str]:
    """Return the ids that the markers and the properties in *path* bear."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("rule"):
            found.update(
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
            )
    return frozenset(found)
