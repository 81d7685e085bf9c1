"""The AWS CLI's shorthand for structures: `Name=task-state,Values=active,completed`.

It accepts the words that the AWS CLI accepts for filters, and no others. The member of
a filter is a text or a list of texts, so nested lists and structures are errors here;
the AWS CLI finds them when it checks the parameters.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
"""

from __future__ import annotations

import json
import re
from typing import Any

_KEY = re.compile(r"([A-Za-z0-9_.#/:-]*)\s*(@?)\s*=\s*", re.ASCII)
_SPACE = re.compile(r"\s*", re.ASCII)
_QUOTED = re.compile(r"""(["'])((?:\\\1|(?!\1).)*)\1""", re.DOTALL)

# Plain text: a comma after a backslash is a plain character. The service reads all
# other backslashes. A text that may be followed by a key ends at `=`.
_START = r"""(?:\\,|(?!["',=[{])[!-\uffff])"""
_TEXT = re.compile(_START + r"""(?:\\,|(?!["',\]}])[\s!-\uffff])*""")
_TEXT_OR_KEY = re.compile(_START + r"""(?:\\,|(?!["',=])[\s!-\uffff])*""")


def parse_filters(words: list[str]) -> list[Any]:
    """Return the parameter Filters from the words after `--filters`.

    All words are structures in shorthand, or all are structures in JSON, or the only
    word is a list in JSON. Raises ValueError, with the word, for anything else.
    """
    if not words or not words[0].lstrip().startswith(("[", "{")):
        return [_Word(word).parse() for word in words]
    if len(words) == 1:
        value = _parse_json(words[0])
        return value if isinstance(value, list) else [value]
    for word in words:
        if not word.lstrip().startswith("{"):
            raise ValueError(
                f"The value for parameter '--filters' must be a JSON structure: {word}"
            )
    return list(map(_parse_json, words))


def parse_strings(words: list[str]) -> list[Any]:
    """Return *words*, or the list in JSON that is the only word."""
    if len(words) == 1 and words[0].lstrip().startswith("["):
        value: list[Any] = _parse_json(words[0])
        return value
    return list(words)


def _parse_json(word: str) -> Any:
    try:
        return json.loads(word)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"Invalid JSON: {problem}: {word}") from None


class _Word:
    """One structure in shorthand, and the position up to which it has been read."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._position = 0

    def parse(self) -> dict[str, Any]:
        """Return the structure; Values is always a list."""
        members: dict[str, Any] = {}
        while True:
            key = self._key()
            if key in members:
                raise self._error(f"no second {key!r} (separate filters by a space)")
            members[key] = self._value()
            if self._at_end():
                break
            self._expect(",")
        if isinstance(members.get("Values"), str):
            members["Values"] = [members["Values"]]
        return members

    def _key(self) -> str:
        match = _KEY.match(self._word, self._position)
        if match is None:
            raise self._error("'Name=...,Values=...'")
        self._position = match.end()
        if match[2] and re.match("fileb?://", self._word[self._position :]):
            raise self._error("a text, files are not supported")
        return match[1]

    def _value(self) -> str | list[str]:
        if self._starts_with("["):
            return self._list()
        values = [self._text(_TEXT) or ""]
        while self._skip(","):
            text = self._text(_TEXT_OR_KEY)
            if text is None and self._at_end():
                raise self._error("a value")
            if text is None or not (self._at_end() or self._starts_with(",")):
                # A key begins after the last comma.
                self._position = self._word.rindex(",", 0, self._position + 1)
                break
            values.append(text)
        return values if len(values) > 1 else values[0]

    def _list(self) -> list[str]:
        self._expect("[")
        values = []
        while not self._starts_with("]"):
            values.append(self._text(_TEXT) or "")
            if not self._starts_with("]"):
                self._expect(",")
        self._position += 1
        return values

    def _text(self, plain: re.Pattern[str]) -> str | None:
        """Return the text at the position, None if there is none."""
        if quoted := _QUOTED.match(self._word, self._position):
            quote, text = quoted.groups()
            text = text.replace(f"\\{quote}", quote).replace("\\\\", "\\")
            self._position = quoted.end()
        elif match := plain.match(self._word, self._position):
            text = match[0].replace("\\,", ",").rstrip()
            self._position = match.end()
        else:
            return None
        self._skip_space()
        return text

    def _expect(self, character: str) -> None:
        self._skip_space()
        if not self._skip(character):
            raise self._error(f"'{character}'")

    def _skip(self, character: str) -> bool:
        """Return whether *character* is next; if so, skip it and spaces after it."""
        if not self._starts_with(character):
            return False
        self._position += 1
        self._skip_space()
        return True

    def _skip_space(self) -> None:
        match = _SPACE.match(self._word, self._position)
        self._position = match.end() if match else self._position

    def _starts_with(self, character: str) -> bool:
        return self._word.startswith(character, self._position)

    def _at_end(self) -> bool:
        return self._position == len(self._word)

    def _error(self, expected: str) -> ValueError:
        return ValueError(
            f"Error parsing parameter '--filters': Expected: {expected}, "
            f"received: '{self._word[self._position :]}' for input: {self._word}"
        )
