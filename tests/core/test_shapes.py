"""The shapes are botocore's, and the TypedDicts are the shapes."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from ec2_export_sim import type_defs
from ec2_export_sim.core import shapes
from ec2_export_sim.core.operations import OPERATIONS
from tests.real import model


def ours(shape: shapes.Shape, *, request: bool) -> Any:
    """Return a shape of ours in a form that botocore's can be compared with."""
    if isinstance(shape, shapes.Structure):
        return {
            name: (
                shapes.request_name(member.wire_name) if request else member.wire_name,
                name in shape.required,
                ours(member.shape, request=request),
            )
            for name, member in shape.members.items()
        }
    if isinstance(shape, shapes.ListOf):
        element = ours(shape.element, request=request)
        return [element] if request else [shape.item, element]
    return (shape.type, shape.minimum, shape.maximum)


def theirs(shape: Any, *, request: bool) -> Any:
    """Return a shape of botocore's in the same form.

    A request's lists are always flattened, so an element's name counts only in answers.
    """
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {
            name: (
                wire_name(name, member.serialization, request=request),
                name in shape.required_members,
                theirs(member, request=request),
            )
            for name, member in shape.members.items()
        }
    if shape.type_name == "list":
        element = theirs(shape.member, request=request)
        return [element] if request else [shape.member.serialization["name"], element]
    metadata = shape.metadata
    return (shape.type_name, metadata.get("min"), metadata.get("max"))


def wire_name(name: str, serialization: dict[str, str], *, request: bool) -> str:
    written = serialization.get("name", name)
    return (
        serialization.get("queryName", shapes.request_name(written))
        if request
        else written
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_shapes_are_those_of_botocore(operation: str) -> None:
    botocores = model().operation_model(operation)
    row = OPERATIONS[operation]
    assert ours(row.input, request=True) == theirs(botocores.input_shape, request=True)
    given = ours(row.output, request=False)
    assert given == theirs(botocores.output_shape, request=False)


def members(shape: shapes.Shape) -> Any:
    if isinstance(shape, shapes.Structure):
        return {name: members(member.shape) for name, member in shape.members.items()}
    if isinstance(shape, shapes.ListOf):
        return [members(shape.element)]
    return {"string": str, "boolean": bool, "integer": int}[shape.type]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_typed_dicts_are_the_shapes(operation: str) -> None:
    def resolved(hint: Any) -> Any:
        if typing.is_typeddict(hint):
            hints = typing.get_type_hints(hint)
            return {n: resolved(h) for n, h in hints.items() if n != "ResponseMetadata"}
        if typing.get_origin(hint) is typing.Literal or hint is type_defs.ResourceType:
            return str
        arguments = typing.get_args(hint)
        return [resolved(arguments[0])] if arguments else hint

    row = OPERATIONS[operation]
    takes = getattr(type_defs, f"{operation}RequestTypeDef")
    assert resolved(takes) == members(row.input)
    if row.output.members:
        gives = getattr(type_defs, f"{operation}ResultTypeDef")
        assert resolved(gives) == members(row.output)
