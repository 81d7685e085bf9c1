"""Parses a caller's parameters once, and finds every error in them.

One walk over the input's shape serves two purposes. The client reports all errors as
botocore does, a line for each. The service answers with the first error, and names the
parameter as on the wire.

Rules: specs/parameters.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import errors
from .operations import OPERATIONS
from .shapes import request_name
from .text import is_xml_text, safe_str

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from .operations import Operation
    from .shapes import ListOf, Member, Scalar, Structure

    # A path to a value: the path to its parent, then the step in Python and on the
    # wire; the index of a list's element is both steps. None is the path to the input.
    Path: TypeAlias = tuple["Path", str | int, str | int] | None

# The Python types that botocore's report names for each type of the model.
PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "list": (list, tuple),
    "structure": (dict,),
}

# The kinds of errors that botocore's client reports (PRM-07). It accepts a boolean as
# an integer, and text that the wire cannot carry.
CLIENT_KINDS = frozenset({"missing", "unknown", "type", "minimum"})
# The kinds of errors that the service answers, in the order of its checks (PRM-04).
SERVICE_KINDS = (
    frozenset({"unknown"}),
    frozenset({"type", "boolean", "text"}),
    frozenset({"missing_after_pruning"}),
)


class ParameterError(NamedTuple):
    """One error in the parameters: its kind, its path, and the value found there."""

    kind: str
    path: Path
    value: object = None
    type: str = ""
    minimum: int | None = None
    members: Mapping[str, Member] | None = None

    @property
    def line(self) -> str:
        """The line of botocore's report."""
        name, value = _python_name(self.path), safe_str(self.value)
        if self.kind == "missing":
            return f'Missing required parameter in {name}: "{value}"'
        if self.kind == "unknown":
            known = ", ".join(self.members or ())
            return f'Unknown parameter in {name}: "{value}", must be one of: {known}'
        if self.kind == "type":
            types = ", ".join(str(python) for python in PYTHON_TYPES[self.type])
            return (
                f"Invalid type for parameter {name}, value: {value}, "
                f"type: {type(self.value)}, valid types: {types}"
            )
        return (
            f"Invalid value for parameter {name}, value: {value}, "
            f"valid min value: {self.minimum}"
        )

    def service_error(self, operation: Operation) -> errors.ServiceError:
        """Return the service's error for it in a call of *operation*."""
        name = _wire_name(self.path)
        if self.kind == "unknown":
            known = (_both_names(*member) for member in (self.members or {}).items())
            return errors.UNKNOWN_PARAMETER.error(
                name=f"{name}.{safe_str(self.value)}" if name else self.value,
                known=", ".join(known),
            )
        if self.kind == "missing_after_pruning":
            own = operation.missing.get(_python_name(self.path))
            return own() if own else errors.MISSING_PARAMETER.error(name=name)
        if self.kind == "text":
            return errors.UNCARRIABLE_TEXT.error(name=name)
        return errors.WRONG_TYPE.error(
            value=self.value, name=name or "input", type=self.type
        )


class Request(NamedTuple):
    """One call of an operation: its parameters as the service gets them, their errors.

    The parameters are a copy, without empty lists and empty structures (PRM-05).
    """

    operation: str
    parameters: dict[str, Any]
    errors: tuple[ParameterError, ...] = ()

    @classmethod
    def parse(cls, operation: str, parameters: object) -> Request:
        """Return the request; no parameters make it raise an exception.

        Rules: PRM-01 to PRM-06.
        """
        if not isinstance(operation, str) or operation not in OPERATIONS:
            return cls(operation, {})
        shape = OPERATIONS[operation].input
        found: list[ParameterError] = []
        pruned = _structure(shape, parameters, None, found)
        if pruned is None:
            pruned = {}
            _note_missing(shape, pruned, None, found)
        return cls(operation, pruned, tuple(found))

    def botocore_report(self) -> str:
        """Return botocore's report of the errors, a line each; empty if it has none.

        Rules: PRM-07, PRM-08.
        """
        if not self.errors:
            return ""
        lines = [each.line for each in self.errors if each.kind in CLIENT_KINDS]
        return "\n".join(lines)

    def raise_first_error(self) -> None:
        """Raise the service's error for a wrong operation or for the first error.

        Rules: ORD-01, ORD-02, PRM-01 to PRM-04, PRM-06, PRM-09, PRM-10.
        """
        operation = self.operation
        if not isinstance(operation, str) or operation not in OPERATIONS:
            emulated = ", ".join(OPERATIONS)
            raise errors.INVALID_ACTION.error(action=operation, emulated=emulated)
        for kinds in SERVICE_KINDS if self.errors else ():
            for error in self.errors:
                if error.kind in kinds:
                    raise error.service_error(OPERATIONS[operation])


# --- the walk -----------------------------------------------------------------------

# Each walker returns a copy of the value, or None if nothing is left of it: an empty
# list or structure vanishes on the wire, so it is absent everywhere (PRM-05).


def _structure(
    shape: Structure, value: object, path: Path, found: list[ParameterError]
) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        found.append(ParameterError("type", path, value, shape.type))
        return None
    members = shape.members
    for name in shape.required:
        if name not in value:
            found.append(ParameterError("missing", path, name))  # noqa: PERF401
    if not value.keys() <= members.keys():
        found += [
            ParameterError("unknown", path, name, members=members)
            for name in value
            if name not in members
        ]
    pruned: dict[str, Any] = {}
    for name, member_value in value.items():
        if name in members:
            member, wire_name = members[name]
            walk = _WALKERS[member.type]
            left = walk(member, member_value, (path, name, wire_name), found)
            if left is not None:
                pruned[name] = left
    if not pruned:
        return None
    if shape.required:
        _note_missing(shape, pruned, path, found)
    return pruned


def _list(
    shape: ListOf, value: object, path: Path, found: list[ParameterError]
) -> list[object] | None:
    if not isinstance(value, (list, tuple)):
        found.append(ParameterError("type", path, value, shape.type))
        return None
    element = shape.element
    walk = _WALKERS[element.type]
    pruned = []
    for index, element_value in enumerate(value):
        left = walk(element, element_value, (path, index, index), found)
        if left is not None:
            pruned.append(left)
    return pruned or None


def _string(
    shape: Scalar, value: object, path: Path, found: list[ParameterError]
) -> str | None:
    if not isinstance(value, str):
        found.append(ParameterError("type", path, value, shape.type))
        return None
    if not is_xml_text(value):
        found.append(ParameterError("text", path))
        return None
    return value if type(value) is str else str.__str__(value)


def _boolean(
    shape: Scalar, value: object, path: Path, found: list[ParameterError]
) -> bool | None:
    if not isinstance(value, bool):
        found.append(ParameterError("type", path, value, shape.type))
        return None
    return value


def _integer(
    shape: Scalar, value: object, path: Path, found: list[ParameterError]
) -> int | None:
    if not isinstance(value, int):
        found.append(ParameterError("type", path, value, shape.type))
        return None
    if isinstance(value, bool):  # an int to botocore, but "True" on the wire
        found.append(ParameterError("boolean", path, value, shape.type))
    if shape.minimum is not None and value < shape.minimum:
        found.append(ParameterError("minimum", path, value, minimum=shape.minimum))
    return int(value)


_WALKERS: dict[str, Callable[..., object]] = {
    "structure": _structure,
    "list": _list,
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
}


def _note_missing(
    shape: Structure, pruned: dict[str, Any], path: Path, found: list[ParameterError]
) -> None:
    for name in shape.required:
        if name not in pruned:
            step = (path, name, shape.members[name].wire_name)
            found.append(ParameterError("missing_after_pruning", step))


# --- names of values ----------------------------------------------------------------


def _python_name(path: Path) -> str:
    """Return botocore's notation of *path*: `Filters[0].Values[1]`."""
    name = ""
    while path is not None:
        path, step, _ = path
        name = f"[{step}]{name}" if isinstance(step, int) else f".{step}{name}"
    return name.removeprefix(".") or "input"


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
