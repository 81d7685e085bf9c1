"""Text of a policy: wildcards, and variables that get their values from the request.

`*` is any run of characters and `?` exactly one. A variable is written `${key}` or
`${key, 'default'}`; `${*}`, `${?}` and `${$}` are these three characters.

Rules: AUT-07, AUT-23, AUT-24.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from .wildcards import Special, Wildcard

# The condition keys of one request, their names in lower case. A tuple has the values
# of a multivalued key; an empty tuple is the same as no key.
Keys: TypeAlias = Mapping[str, str | tuple[str, ...]]

_WILDCARDS = {"*": Special.ANY_RUN, "?": Special.ANY_CHARACTER}
_CHARACTERS = {special: character for character, special in _WILDCARDS.items()}

_WILDCARD = re.compile(r"[*?]")
_WILDCARD_OR_VARIABLE = re.compile(r"[*?]|\$\{(?P<inside>[^{}]*)(?P<end>\}?)")


class Variable(NamedTuple):
    """A condition key, and the text that replaces an absent value."""

    key: str
    default: str | None


_Filled: TypeAlias = tuple[str | Special, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A text of a policy in parts: plain text, wildcards and variables."""

    parts: tuple[str | Special | Variable, ...]

    @classmethod
    def parse(cls, text: str, *, variables: bool) -> Template:
        """Return *text* in parts; without *variables*, `${` is plain text.

        Raises ValueError for `${` that does not begin a variable.
        """
        parts: list[str | Special | Variable] = []
        end = 0
        for found in (_WILDCARD_OR_VARIABLE if variables else _WILDCARD).finditer(text):
            parts.append(text[end : found.start()])
            parts.append(_WILDCARDS.get(found[0]) or _variable(found))
            end = found.end()
        parts.append(text[end:])
        return cls(tuple(part for part in parts if part != ""))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its variables."""
        return tuple(part.key for part in self.parts if isinstance(part, Variable))

    def text(self, keys: Keys) -> str | None:
        """Return the text with unchanged wildcards; None if a variable has no value."""
        filled = self._filled(keys)
        if filled is None:
            return None
        return "".join(
            part if isinstance(part, str) else _CHARACTERS[part] for part in filled
        )

    def matches(self, text: str, keys: Keys) -> bool:
        """Return whether the whole of *text* matches; False if a variable has no value.

        A `*` or `?` in a value is a plain character.
        """
        if self.parts == (Special.ANY_RUN,):  # as in most policies
            return True
        filled = self._filled(keys)
        return filled is not None and _wildcard(filled).matches(text)

    def matches_arn(self, arn: str, keys: Keys) -> bool:
        """Return whether each of the six components of *arn* matches (AUT-19)."""
        filled = self._filled(keys)
        if filled is None:
            return False
        patterns, components = _components(filled), arn.split(":", 5)
        return len(patterns) == len(components) and all(
            pattern.matches(component)
            for pattern, component in zip(patterns, components, strict=True)
        )

    def _filled(self, keys: Keys) -> _Filled | None:
        """Return the parts with values of variables; None if one is absent (AUT-24)."""
        filled: list[str | Special] = []
        for part in self.parts:
            if isinstance(part, Variable):
                value = keys.get(part.key.lower())
                if not isinstance(value, str):  # absent or multivalued
                    value = part.default
                if value is None:
                    return None
                filled.append(value)
            else:
                filled.append(part)
        return tuple(filled)


def _variable(found: re.Match[str]) -> Variable | str:
    inside = found["inside"]
    if found["end"] and inside in {"*", "?", "$"}:
        return inside
    key, comma, rest = (each.strip() for each in inside.partition(","))
    is_quoted = rest[:1] == rest[-1:] == "'" and rest.count("'") == 2
    if not found["end"] or not key or (comma and not is_quoted):
        raise ValueError(
            f"{found[0]!r} is no policy variable; one is ${{key}} or "
            "${key, 'default'}, or one of ${*}, ${?} and ${$}"
        )
    return Variable(key, rest[1:-1] if comma else None)


@lru_cache(maxsize=1024)
def _wildcard(parts: _Filled) -> Wildcard:
    return Wildcard(_tokens(parts))


@lru_cache(maxsize=1024)
def _components(parts: _Filled) -> tuple[Wildcard, ...]:
    components: list[list[str | Special]] = [[]]
    for token in _tokens(parts):
        if token == ":" and len(components) < 6:
            components.append([])
        else:
            components[-1].append(token)
    return tuple(map(Wildcard, components))


def _tokens(parts: _Filled) -> list[str | Special]:
    return [
        token for part in parts for token in (part if isinstance(part, str) else [part])
    ]
