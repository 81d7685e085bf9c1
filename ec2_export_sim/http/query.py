"""The requests of EC2's Query protocol: a form -> fields -> parameters.

This module checks only the form itself. The core checks the values, as for every other
entry point.

Rules: WIR-01 to WIR-04, WIR-07.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from ..core import errors, shapes
from ..core.shapes import request_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from ..core.shapes import ListOf, Shape, Structure

    # The rest of a field's name below a shape, None if the name ends there; its value.
    Entry: TypeAlias = tuple[str | None, str]


# --- a form -> fields ---------------------------------------------------------------

_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def parse_form(*forms: bytes) -> dict[str, str]:
    """Return the fields of *forms*: the query string and the body.

    Raises MalformedQueryString.

    Rules: WIR-03, WIR-04.
    """
    fields: dict[str, str] = {}
    for pair in b"&".join(forms).split(b"&"):
        if not pair:
            continue
        encoded_name, _, encoded_value = pair.partition(b"=")
        name, value = _text(encoded_name), _text(encoded_value)
        if not name:
            raise errors.MALFORMED_QUERY.error(problem="a value has no name")
        if name in fields:
            raise errors.MALFORMED_QUERY.error(problem=f"{name} is given twice")
        fields[name] = value
    return fields


def _text(encoded: bytes) -> str:
    if _BAD_PERCENT.search(encoded):
        raise errors.MALFORMED_QUERY.error(
            problem="a percent sign without two hex digits"
        )
    try:
        return unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise errors.MALFORMED_QUERY.error(problem="it is not UTF-8") from None


# --- fields -> parameters -----------------------------------------------------------

_INDEX = re.compile("[1-9][0-9]*")
_INTEGER = re.compile("-?[0-9]+")
# `int()` rejects longer numbers. An out-of-range number is used instead, which messages
# print as `…` (PRM-08), just as they would print the number itself.
_MAX_DIGITS = 4300
_OUT_OF_RANGE: int = 10**_MAX_DIGITS


class _UnknownName(str):
    """A field's name that no member has on the wire.

    A member may have that name in Python: on the wire, the parameter `Filters` is named
    `Filter`. So an unknown name equals only itself, and the parameter check reports it.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def decode_parameters(shape: Structure, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return *fields* as parameters, by the names that callers use.

    It raises nothing. A field that does not fit the shape is passed on as it is, so
    that the parameter check reports it.

    Rules: WIR-01, WIR-02, WIR-07.
    """
    return _structure(shape, fields.items())


def _structure(shape: Structure, fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    members = _request_members(shape)
    decoded: dict[str, Any] = {}
    entries: dict[str, list[Entry]] = {}
    for field, value in fields:
        head, dot, tail = field.partition(".")
        rest = tail if dot else None
        unknown = head if head not in members else None
        if unknown is None:
            unknown = _unknown_path(head, members[head][1], rest)
        if unknown is None:
            entries.setdefault(head, []).append((rest, value))
        else:
            decoded[_UnknownName(unknown)] = value
    for head, below in entries.items():
        name, member = members[head]
        decoded[name] = _value(member, below)
    return decoded


@cache
def _request_members(shape: Structure) -> dict[str, tuple[str, Shape]]:
    """Return a structure's members by their names in a request."""
    return {
        request_name(wire_name): (name, member)
        for name, (member, wire_name) in shape.members.items()
    }


def _unknown_path(head: str, shape: Shape, rest: str | None) -> str | None:
    """Return the field *head*.*rest* up to its first unknown part (PRM-09).

    It returns None if *rest* can be a path to a value in *shape*.
    """
    path = head
    while rest is not None and isinstance(shape, shapes.ListOf):
        index, dot, tail = rest.partition(".")
        path = f"{path}.{index}"
        if not _INDEX.fullmatch(index):
            return path
        shape, rest = shape.element, tail if dot else None
    if rest is None or isinstance(shape, shapes.Structure):
        return None
    return f"{path}.{rest.partition('.')[0]}"


def _value(shape: Shape, entries: list[Entry]) -> object:
    for rest, text in entries:
        if rest is None:
            return _SCALARS[shape.type](text) if shape.type in _SCALARS else text
    below = [(rest, text) for rest, text in entries if rest is not None]
    if isinstance(shape, shapes.Structure):
        return _structure(shape, below)
    assert isinstance(shape, shapes.ListOf)  # noqa: S101 - _unknown_path lets no other through
    return _list(shape, below)


def _list(shape: ListOf, fields: list[tuple[str, str]]) -> list[object]:
    elements: dict[str, list[Entry]] = {}
    for field, value in fields:
        index, dot, tail = field.partition(".")
        elements.setdefault(index, []).append((tail if dot else None, value))
    # Shorter numbers are smaller; `int()` would reject very long ones.
    ordered = sorted(elements, key=lambda index: (len(index), index))
    return [_value(shape.element, elements[index]) for index in ordered]


def _integer(text: str) -> int | str:
    if not _INTEGER.fullmatch(text):
        return text
    if len(text) > _MAX_DIGITS:
        return -_OUT_OF_RANGE if text.startswith("-") else _OUT_OF_RANGE
    return int(text)


_SCALARS: dict[str, Callable[[str], object]] = {
    "string": str,
    "boolean": lambda text: {"true": True, "false": False}.get(text, text),
    "integer": _integer,
}
