"""The AWS CLI's shorthand for structures: `Name=task-state,Values=active,completed`.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
"""

from __future__ import annotations

import json
import re
from typing import Any

_KEY = re.compile(r"\s*(?P<key>[A-Za-z0-9_.#:/-]+)\s*=")

# A quoted text, or plain characters up to the next separator. Plain text escapes the
# comma only, quoted text its quote and the backslash; all other backslashes stay, for
# the service to read.
_QUOTED = re.compile(
    r"""\s*(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)"""
)
_PLAIN = re.compile(r"(?:\\,|[^,])*")
_PLAIN_IN_BRACKETS = re.compile(r"(?:\\,|[^,\]])*")


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
            raise _broken("'Name=...,Values=...'", argument, place)
        given[key["key"]], place = _values(argument, key.end())
    return given


def _values(argument: str, place: int) -> tuple[list[str], int]:
    """Return the values that begin at *place*, and where the next key begins."""
    if argument.startswith("[", place):
        return _bracketed(argument, place + 1)
    values: list[str] = []
    while True:
        text, place = _value(argument, place, _PLAIN)
        values.append(text)
        if place == len(argument):
            return values, place
        place = _behind_comma(argument, place)
        if place == len(argument):
            raise _broken("a value", argument, place)
        if _KEY.match(argument, place):
            return values, place


def _bracketed(argument: str, place: int) -> tuple[list[str], int]:
    values: list[str] = []
    while not argument.startswith("]", place):
        text, place = _value(argument, place, _PLAIN_IN_BRACKETS)
        values.append(text)
        if not argument.startswith("]", place):
            place = _behind_comma(argument, place)
    place += 1
    return values, place if place == len(argument) else _behind_comma(argument, place)


def _value(argument: str, place: int, plain: re.Pattern[str]) -> tuple[str, int]:
    """Return the one value at *place*, and where it ends."""
    quoted = _QUOTED.match(argument, place)
    if quoted is not None:
        quote = quoted["quote"]
        text = quoted["text"].replace(f"\\{quote}", quote)
        return text.replace("\\\\", "\\"), quoted.end()
    opening = argument[place:].lstrip()[:1]
    if opening in ('"', "'", "{"):  # a quote that never ends, or a structure
        raise _broken(
            "a closing quote" if opening != "{" else "a text", argument, place
        )
    found = plain.match(argument, place)
    assert found is not None  # noqa: S101 - plain text may be empty
    return found[0].replace("\\,", ",").strip(), found.end()


def _behind_comma(argument: str, place: int) -> int:
    if not argument.startswith(",", place):
        raise _broken("','", argument, place)
    return place + 1


def _broken(expected: str, argument: str, place: int) -> ValueError:
    return ValueError(
        f"Error parsing parameter '--filters': Expected: {expected}, "
        f"received: '{argument[place:]}' for input: {argument}"
    )
