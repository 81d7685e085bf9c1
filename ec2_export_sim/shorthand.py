"""The AWS CLI's shorthand for structures: `Name=task-state,Values=active,completed`.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
"""

from __future__ import annotations

import json
import re
from typing import Any

# A quoted text, or plain characters up to the next separator; a backslash takes the
# next character as it is.
_VALUE = re.compile(
    r"""\s*(?P<double>"(?:\\.|[^"\\])*")|\s*(?P<single>'(?:\\.|[^'\\])*')"""
    r"""|(?P<plain>(?:\\.|[^,\\\]])*)""",
    re.DOTALL,
)
_KEY = re.compile(r"(?P<key>[A-Za-z0-9_.:/-]+)=")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def parse_filters(arguments: list[str]) -> list[Any]:
    """Return the parameter Filters that the words after `--filters` state.

    A word is a structure in shorthand or in JSON; a single word may be a JSON list.
    Raises ValueError, naming the word, for anything else.
    """
    parsed: list[Any] = []
    for argument in arguments:
        if argument.lstrip().startswith(("[", "{")):
            value = _parsed_json(argument)
            parsed.extend(value if isinstance(value, list) else [value])
        else:
            parsed.append(_filter(_parsed_shorthand(argument)))
    return parsed


def parse_strings(arguments: list[str]) -> list[Any]:
    """Return the list of strings that *arguments* are, or that their JSON states."""
    if len(arguments) == 1 and arguments[0].lstrip().startswith("["):
        value: list[Any] = _parsed_json(arguments[0])
        return value
    return list(arguments)


def _parsed_json(argument: str) -> Any:
    try:
        return json.loads(argument)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"Invalid JSON: {problem}: {argument}") from None


def _filter(given: dict[str, list[str]]) -> dict[str, Any]:
    """Return *given* with single values where the member is no list."""
    return {
        name: values if name == "Values" or len(values) > 1 else values[0]
        for name, values in given.items()
    }


def _parsed_shorthand(argument: str) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    place = 0
    while place < len(argument) or not given:
        key = _KEY.match(argument, place)
        if key is None or key["key"] in given:
            raise ValueError(
                "Error parsing parameter '--filters': Expected: "
                f"'Name=...,Values=...', received: '{argument[place:]}' "
                f"for input: {argument}"
            )
        given[key["key"]], place = _values(argument, key.end())
    return given


def _values(argument: str, place: int) -> tuple[list[str], int]:
    """Return the values that begin at *place*, and where the next key begins."""
    bracketed = argument.startswith("[", place)
    place += bracketed
    values: list[str] = []
    while True:
        found = _VALUE.match(argument, place)
        assert found is not None  # noqa: S101 - plain text may be empty
        quoted = found["double"] or found["single"]
        text = quoted[1:-1] if quoted else found["plain"].strip()
        values.append(_ESCAPE.sub(r"\1", text))
        place = found.end()
        if bracketed and argument.startswith("]", place):
            place, bracketed = place + 1, False
            if place == len(argument) or argument[place] == ",":
                return values, place + 1
        if place >= len(argument) and not bracketed:
            return values, place
        if not argument.startswith(",", place):
            raise ValueError(
                f"Error parsing parameter '--filters': Expected: ',', "
                f"received: '{argument[place:]}' for input: {argument}"
            )
        place += 1
        if not bracketed and _KEY.match(argument, place):
            return values, place
