"""Walks a shape over a caller's parameters: what is wrong, and what is left.

One walk serves two judges. botocore's check (the client's) reports every mistake in its
own words; the service answers its first mistake by its wire name. This file knows
shapes only, no operation.

Rules: specs/parameters.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import errors
from .text import is_carriable, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from .shapes import ListOf, Member, Scalar, Structure

    # The way to a value, from its end: the path of what holds it, then a member's name
    # and wire name, or an element's index twice. A walk that finds no mistake builds no
    # more of it than this.
    Path: TypeAlias = tuple["Path", str | int, str | int] | None

# The Python types that botocore's report names for each type of the model.
PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "list": (list, tuple),
    "structure": (dict,),
}


class Kind(NamedTuple):
    """Who speaks of a kind of mistake: the client (PRM-07), the service (PRM-04).

    *rank* is the order in which the service looks, None where it has nothing to say.
    """

    client: bool
    rank: int | None


KINDS = {
    "unknown": Kind(True, 0),  # a name that the shape does not have
    "type": Kind(True, 1),  # a value of another type
    "boolean": Kind(False, 1),  # one where an integer should be: botocore lets it pass
    "text": Kind(False, 1),  # text that cannot be carried (PRM-06)
    "missing": Kind(False, 2),  # what is required: not given, or empty (PRM-05)
    "required": Kind(True, None),  # what is required: not given
    "minimum": Kind(True, None),  # below the lower bound; ranges are values (ORD-06)
}


class Mistake(NamedTuple):
    """One thing wrong with the parameters: of what kind, where, and what is there."""

    kind: str
    path: Path
    found: object = None
    type: str = ""
    minimum: int | None = None
    members: Mapping[str, Member] | None = None


if TYPE_CHECKING:
    # The parameters, copied and without what is empty, and what is wrong with them.
    Examined: TypeAlias = tuple[dict[str, Any], list[Mistake]]


def examine(shape: Structure, parameters: object) -> Examined:
    """Return *parameters* as the service gets them, with every mistake in them.

    Rules: PRM-01 to PRM-06.
    """
    mistakes: list[Mistake] = []
    found = _structure(shape, parameters, None, mistakes)
    if found is None:
        found = {}
        _note_missing(shape, found, None, mistakes)
    return found, mistakes


# Each walker returns a copy of the value, or None where nothing is left of it: an empty
# list or structure vanishes on the wire, so it is absent everywhere (PRM-05).


def _structure(
    shape: Structure, value: object, path: Path, mistakes: list[Mistake]
) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        mistakes.append(Mistake("type", path, value, shape.type))
        return None
    members = shape.members
    if shape.required or not value.keys() <= members.keys():
        mistakes += _wrong_names(shape, value, path)
    kept: dict[str, Any] = {}
    for name, given in value.items():
        if name in members:
            member, wire_name = members[name]
            walk = _WALKERS[member.type]
            left = walk(member, given, (path, name, wire_name), mistakes)
            if left is not None:
                kept[name] = left
    if not kept:
        return None
    if shape.required:
        _note_missing(shape, kept, path, mistakes)
    return kept


def _wrong_names(shape: Structure, value: dict[Any, Any], path: Path) -> list[Mistake]:
    """Return what is required and not there, then what is there and not known."""
    members = shape.members
    required = [Mistake("required", path, n) for n in shape.required if n not in value]
    unknown = [n for n in value if n not in members]
    return required + [Mistake("unknown", path, n, members=members) for n in unknown]


def _list(
    shape: ListOf, value: object, path: Path, mistakes: list[Mistake]
) -> list[object] | None:
    if not isinstance(value, (list, tuple)):
        mistakes.append(Mistake("type", path, value, shape.type))
        return None
    element = shape.element
    walk = _WALKERS[element.type]
    kept = []
    for index, given in enumerate(value):
        left = walk(element, given, (path, index, index), mistakes)
        if left is not None:
            kept.append(left)
    return kept or None


def _string(
    shape: Scalar, value: object, path: Path, mistakes: list[Mistake]
) -> str | None:
    if not isinstance(value, str):
        mistakes.append(Mistake("type", path, value, shape.type))
        return None
    if not is_carriable(value):
        mistakes.append(Mistake("text", path))
        return None
    return value if type(value) is str else str.__str__(value)


def _boolean(
    shape: Scalar, value: object, path: Path, mistakes: list[Mistake]
) -> bool | None:
    if not isinstance(value, bool):
        mistakes.append(Mistake("type", path, value, shape.type))
        return None
    return value


def _integer(
    shape: Scalar, value: object, path: Path, mistakes: list[Mistake]
) -> int | None:
    if not isinstance(value, int):
        mistakes.append(Mistake("type", path, value, shape.type))
        return None
    if isinstance(value, bool):  # an int to botocore, but "True" on the wire
        mistakes.append(Mistake("boolean", path, value, shape.type))
    if shape.minimum is not None and value < shape.minimum:
        mistakes.append(Mistake("minimum", path, value, minimum=shape.minimum))
    return int(value)


_WALKERS: dict[str, Callable[..., object]] = {
    "structure": _structure,
    "list": _list,
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
}


def _note_missing(
    shape: Structure, kept: dict[str, Any], path: Path, mistakes: list[Mistake]
) -> None:
    for name in shape.required:
        if name not in kept:
            step = (path, name, shape.members[name].wire_name)
            mistakes.append(Mistake("missing", step))


# --- the client's judgement ---------------------------------------------------------


def report(mistakes: list[Mistake]) -> str:
    """Return botocore's report of *mistakes*, a line each; empty where it has none.

    Rules: PRM-07, PRM-08.
    """
    return "\n".join(_line(m) for m in mistakes if KINDS[m.kind].client)


def _line(mistake: Mistake) -> str:
    name = _python_name(mistake.path)
    found = shown(mistake.found)
    if mistake.kind == "required":
        return f'Missing required parameter in {name}: "{found}"'
    if mistake.kind == "unknown":
        known = ", ".join(mistake.members or ())
        return f'Unknown parameter in {name}: "{found}", must be one of: {known}'
    if mistake.kind == "type":
        types = ", ".join(str(python) for python in PYTHON_TYPES[mistake.type])
        return (
            f"Invalid type for parameter {name}, value: {found}, "
            f"type: {type(mistake.found)}, valid types: {types}"
        )
    return (
        f"Invalid value for parameter {name}, value: {found}, "
        f"valid min value: {mistake.minimum}"
    )


def _python_name(path: Path) -> str:
    """Return botocore's notation of *path*: `Filters[0].Values[1]`."""
    name = ""
    while path is not None:
        path, step, _ = path
        name = f"[{step}]{name}" if isinstance(step, int) else f".{step}{name}"
    return name.removeprefix(".") or "input"


# --- the service's judgement --------------------------------------------------------


def check(mistakes: list[Mistake]) -> None:
    """Raise the service's answer to *mistakes*, where it has one.

    Rules: PRM-01 to PRM-04, PRM-06.
    """
    ranked = [(KINDS[mistake.kind].rank, mistake) for mistake in mistakes]
    answered = [(rank, mistake) for rank, mistake in ranked if rank is not None]
    if not answered:
        return
    _, first = min(answered, key=lambda each: each[0])
    name = _wire_name(first.path)
    if first.kind == "unknown":
        known = (_both_names(*member) for member in (first.members or {}).items())
        raise errors.UNKNOWN_PARAMETER(
            name=f"{name}.{shown(first.found)}" if name else first.found,
            known=", ".join(known),
        )
    if first.kind == "missing":
        raise errors.MISSING_PARAMETER(name=name)
    if first.kind == "text":
        raise errors.UNCARRIABLE_TEXT(name=name)
    raise errors.WRONG_TYPE(value=first.found, name=name or "input", type=first.type)


def _wire_name(path: Path) -> str:
    """Return the wire's notation of *path*: `Filter.1.Value.2`."""
    steps: list[str] = []
    while path is not None:
        path, _, step = path
        steps.append(str(step + 1) if isinstance(step, int) else request_name(step))
    return ".".join(reversed(steps))


def _both_names(name: str, member: Member) -> str:
    wire_name = request_name(member.wire_name)
    return name if name == wire_name else f"{name} ({wire_name} on the wire)"


def request_name(wire_name: str) -> str:
    """Return a wire name as a request spells it: with a capital first letter."""
    return wire_name[:1].upper() + wire_name[1:]
