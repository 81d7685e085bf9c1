"""Form and XML, compared with vectors of the protocol and with botocore."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from botocore.model import ServiceModel
from botocore.parsers import EC2QueryParser
from botocore.serialize import EC2Serializer
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim.core.errors import ServiceError
from ec2_export_sim.core.shapes import ListOf, Member, Scalar, Structure
from ec2_export_sim.http.query import decode_parameters, parse_form
from ec2_export_sim.http.xml import encode

if TYPE_CHECKING:
    from ec2_export_sim.core.shapes import Shape

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
SCALARS = {name: Scalar(name) for name in ("string", "boolean", "integer")}


def shape_of(notation: Any) -> Any:
    if isinstance(notation, str):
        return SCALARS[notation]
    if "list" in notation:
        return ListOf(shape_of(notation["list"]), notation.get("item", "item"))
    members = notation["structure"].items()
    return Structure({n: Member(shape_of(inner), wire) for n, (wire, inner) in members})


@pytest.mark.rule("WIR-01", "WIR-02", "WIR-07")
@pytest.mark.parametrize("vector", VECTORS["requests"], ids=lambda v: v["id"])
def test_a_form_becomes_parameters(vector: Any) -> None:
    fields = parse_form(vector["form"].encode())
    assert decode_parameters(shape_of(vector["shape"]), fields) == vector["parameters"]


@pytest.mark.rule("WIR-09", "WIR-11")
@pytest.mark.parametrize("vector", VECTORS["answers"], ids=lambda v: v["id"])
def test_members_become_xml(vector: Any) -> None:
    shape = shape_of(vector["shape"])
    assert encode(shape, vector["members"]) == vector["xml"]


def recursive_shape() -> Structure:
    members: dict[str, Member] = {"Foo": Member(SCALARS["string"], "foo")}
    shape = Structure(members)
    members["Self"] = Member(shape, "self")
    members["Selves"] = Member(ListOf(shape), "selves")
    return shape


def test_a_shape_can_contain_itself() -> None:
    form = b"Foo=a&Self.Self.Foo=b&Selves.1.Foo=c&Selves.2.Selves.1.Foo=d"
    shape, inner = recursive_shape(), [{"Foo": "c"}, {"Selves": [{"Foo": "d"}]}]
    expected = {"Foo": "a", "Self": {"Self": {"Foo": "b"}}, "Selves": inner}
    assert decode_parameters(shape, parse_form(form)) == expected
    assert encode(shape, expected) == (
        "<foo>a</foo><self><self><foo>b</foo></self></self>"
        "<selves><item><foo>c</foo></item>"
        "<item><selves><item><foo>d</foo></item></selves></item></selves>"
    )


@pytest.mark.rule("WIR-04")
@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (b"a=%", "a percent sign without two hex digits"),
        (b"a=%4", "a percent sign without two hex digits"),
        (b"%zz=1", "a percent sign without two hex digits"),
        (b"a=%ff", "it is not UTF-8"),
        (b"a=\xff", "it is not UTF-8"),
        (b"a=%ED%A0%80", "it is not UTF-8"),
        (b"=1", "a value has no name"),
        (b"a=1&b=2&%61=1", "a is given twice"),
    ],
)
def test_a_malformed_form_is_an_error(form: bytes, problem: str) -> None:
    with pytest.raises(ServiceError) as caught:
        parse_form(form)
    assert caught.value.code == "MalformedQueryString"
    expected = f"The query string contains a syntax error: {problem}."
    assert caught.value.message == expected


@pytest.mark.rule("WIR-03", "WIR-04")
def test_query_and_body_are_one_form() -> None:
    assert parse_form(b"a=1", b"b=2") == {"a": "1", "b": "2"}
    with pytest.raises(ServiceError, match="a is given twice"):
        parse_form(b"a=1", b"a=2")


# --- botocore as the oracle ---------------------------------------------------------

texts = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"
    )
    | st.sampled_from("&<>\r\n\t%+=;'\" ."),
    max_size=5,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": texts,
    "boolean": st.booleans(),
    "integer": st.integers(-(10**20), 10**20),
}
wire_names = st.sampled_from(["alpha", "Beta", "gammaSet", "d1"])


def structures(shapes: st.SearchStrategy[Shape]) -> st.SearchStrategy[Structure]:
    members = st.lists(
        st.builds(Member, shapes, wire_names),
        max_size=4,
        unique_by=lambda member: member.wire_name.lower(),
    )
    return members.map(
        lambda found: Structure({f"M{i}": m for i, m in enumerate(found)})
    )


def lists(shapes: st.SearchStrategy[Shape]) -> st.SearchStrategy[ListOf]:
    return st.builds(ListOf, shapes, st.sampled_from(["item", "member"]))


any_shape: st.SearchStrategy[Shape] = st.recursive(
    st.sampled_from(list(SCALARS.values())),
    lambda shapes: lists(shapes) | structures(shapes),
    max_leaves=6,
)


def values(shape: Shape) -> st.SearchStrategy[Any]:
    if isinstance(shape, ListOf):
        return st.lists(values(shape.element), max_size=3)
    if isinstance(shape, Structure):
        optional = {name: values(m.shape) for name, m in shape.members.items()}
        return st.fixed_dictionaries({}, optional=optional)
    return VALUES[shape.type]


@st.composite
def shaped_values(draw: st.DrawFn) -> tuple[Structure, dict[str, Any]]:
    shape = draw(structures(any_shape))
    return shape, draw(values(shape))


def operation_of(shape: Structure) -> Any:
    """Return botocore's model of an operation with *shape* as input and output."""
    shapes: dict[str, Any] = {}

    def named(each: Shape) -> str:
        name = f"Shape{len(shapes)}"
        model: dict[str, Any] = {"type": each.type}
        shapes[name] = model
        if isinstance(each, Structure):
            model["members"] = {
                member: {"shape": named(inner), "locationName": wire}
                for member, (inner, wire) in each.members.items()
            }
        elif isinstance(each, ListOf):
            element = {"shape": named(each.element), "locationName": each.item}
            model["member"] = element
        return name

    root = {"shape": named(shape)}
    http = {"method": "POST", "requestUri": "/"}
    operation = {"name": "Op", "http": http, "input": root, "output": root}
    metadata = {"protocol": "ec2", "apiVersion": "2016-11-15", "serviceId": "EC2"}
    described = {
        "metadata": metadata,
        "operations": {"Op": operation},
        "shapes": shapes,
    }
    return ServiceModel(described).operation_model("Op")


def without_empty(value: Any) -> Any:
    """Return *value* without empty lists and structures, None if nothing is left."""
    if isinstance(value, dict):
        kept = {name: without_empty(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if part is not None} or None
    if isinstance(value, list):
        parts = [without_empty(part) for part in value]
        return [part for part in parts if part is not None] or None
    return value


@pytest.mark.rule("WIR-01", "WIR-02", "PRM-05")
@given(shaped_values())
def test_what_botocore_serializes_is_read_unchanged(
    shaped: tuple[Structure, dict[str, Any]],
) -> None:
    shape, parameters = shaped
    serialized = EC2Serializer().serialize_to_request(parameters, operation_of(shape))
    fields = parse_form(urlencode(serialized["body"]).encode())
    assert (fields.pop("Action"), fields.pop("Version")) == ("Op", "2016-11-15")
    assert decode_parameters(shape, fields) == (without_empty(parameters) or {})


@pytest.mark.rule("WIR-09", "WIR-11")
@given(shaped_values())
def test_what_is_written_botocore_parses_unchanged(
    shaped: tuple[Structure, dict[str, Any]],
) -> None:
    shape, members = shaped
    elements = encode(shape, members)
    body = f"<OpResponse>{elements}<requestId>r</requestId></OpResponse>".encode()
    answer: Any = {"status_code": 200, "headers": {}, "body": body}
    parsed = EC2QueryParser().parse(answer, operation_of(shape).output_shape)
    del parsed["ResponseMetadata"]
    assert parsed == members
