r"""Wildcards: one matcher for two languages.

    language    *          ?                     \
    filters     any run    zero or one character escapes *, ? and \
    IAM         any run    exactly one character is a plain character

Rules: FLT-16 to FLT-19, AUT-07.
"""

from __future__ import annotations

import re
from collections import defaultdict
from enum import Enum, auto
from typing import TYPE_CHECKING

from . import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias


class Special(Enum):
    """A token of a pattern that is not a literal character."""

    ANY_RUN = auto()
    ANY_CHARACTER = auto()
    OPTIONAL_CHARACTER = auto()


if TYPE_CHECKING:
    Token: TypeAlias = str | Special

_FILTER_TOKEN = re.compile(r"\\[*?\\]|\\.?|.", re.DOTALL)


class Wildcard:
    """A pattern. It reads a text once, so that no pattern is slow.

    Bit i of a state is set if the first i tokens can match the text read so far.
    """

    __slots__ = ("_any", "_final", "_literals", "_optional", "_runs")

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._runs = self._optional = self._any = 0
        self._literals: defaultdict[str, int] = defaultdict(int)
        bit = 1
        for token in tokens:
            if isinstance(token, str):
                self._literals[token] |= bit
            else:
                self._any |= bit
                if token is Special.ANY_RUN:
                    self._runs |= bit
                if token is not Special.ANY_CHARACTER:
                    self._optional |= bit
            bit <<= 1
        self._final = bit

    def matches(self, text: str) -> bool:
        """Return whether the whole of *text* matches."""
        state = self._with_skipped(1)
        for character in text:
            taken = state & (self._any | self._literals.get(character, 0))
            state = self._with_skipped((taken << 1) | (state & self._runs))
            if not state:
                return False
        return bool(state & self._final)

    def _with_skipped(self, state: int) -> int:
        """Return *state* with the states that optional tokens reach without a text."""
        while (more := state | ((state & self._optional) << 1)) != state:
            state = more
        return state


def filter_tokens(pattern: str) -> Iterator[Token]:
    """Yield the tokens of a filter's value; raises InvalidParameterValue (FLT-19)."""
    for token in _FILTER_TOKEN.findall(pattern):
        if token == "*":
            yield Special.ANY_RUN
        elif token == "?":
            yield Special.OPTIONAL_CHARACTER
        elif token[0] != "\\":
            yield token
        elif len(token) > 1 and token[1] in "*?\\":
            yield token[1]
        else:
            raise errors.BAD_ESCAPE.error(sequence=token)
