"""The EC2 Query wire: a form in, XML out, by walking the shapes.

It knows no operation by name. What a request says is handed to the core as it stands,
so that a mistake gets the same answer here as at every other door.

    decode     a form's fields -> parameters, by the input's shape
    encode     members -> XML, by the output's shape
    respond    one request, whole: what every door of the wire calls

Rules: specs/wire.md.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from .core import errors, shapes
from .core.envelope import headers, http_date
from .core.parameters import request_name
from .core.service import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from .core.account import Account
    from .core.service import Caller
    from .core.shapes import ListOf, Shape, Structure

    # Where a field lies below a shape, None where it is the shape's own, and its value.
    Entry: TypeAlias = tuple[str | None, str]

VERSION = "2016-11-15"
_NAMESPACE = f"http://ec2.amazonaws.com/doc/{VERSION}/"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


# --- a form -> fields ---------------------------------------------------------------

# What a signature brings, of version 2 and 4; the latter's all begin with X-Amz-.
_SIGNATURE_FIELDS = frozenset(
    {
        *("AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion"),
        *("SecurityToken", "Timestamp", "Expires"),
    }
)
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def parse(*forms: bytes) -> dict[str, str]:
    """Return the fields of *forms*, which are the query string and the body.

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
            raise errors.MALFORMED_QUERY(problem="a value has no name")
        if name in fields:
            raise errors.MALFORMED_QUERY(problem=f"{name} is given twice")
        fields[name] = value
    return fields


def _text(encoded: bytes) -> str:
    if _BAD_PERCENT.search(encoded):
        raise errors.MALFORMED_QUERY(problem="a percent sign lacks its two hex digits")
    try:
        return unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise errors.MALFORMED_QUERY(problem="it is not UTF-8") from None


# --- fields -> parameters -----------------------------------------------------------

_INDEX = re.compile("[1-9][0-9]*")
_INTEGER = re.compile("-?[0-9]+")
# Python refuses to read longer numbers. One that is as much out of every range, and is
# as little printed in a message (PRM-08), stands for them.
_READABLE_DIGITS = 4300
_UNREADABLE: int = 10**_READABLE_DIGITS


class _Stray(str):
    """A field's name that no member bears on the wire, though one may in Python.

    `Filters` is no parameter of the wire, whose name for it is `Filter`; so a stray
    name equals only itself, and the parameter check finds it unknown.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def decode(shape: Structure, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return *fields* as parameters by the names that callers use.

    Nothing is refused here: what does not fit is left as it is, for the parameter check
    to find.

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
        if head in members and _leads(members[head][1], rest):
            entries.setdefault(head, []).append((rest, value))
        else:
            decoded[_Stray(field)] = value
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


def _leads(shape: Shape, rest: str | None) -> bool:
    """Tell whether *rest* of a field's name can lead to a value below *shape*."""
    while rest is not None and isinstance(shape, shapes.ListOf):
        index, dot, tail = rest.partition(".")
        if not _INDEX.fullmatch(index):
            return False
        shape, rest = shape.element, tail if dot else None
    return rest is None or isinstance(shape, shapes.Structure)


def _value(shape: Shape, entries: list[Entry]) -> object:
    for rest, text in entries:
        if rest is None:
            return _SCALARS[shape.type](text) if shape.type in _SCALARS else text
    below = [(rest, text) for rest, text in entries if rest is not None]
    if isinstance(shape, shapes.Structure):
        return _structure(shape, below)
    assert isinstance(shape, shapes.ListOf)  # noqa: S101 - _leads lets no other through
    return _list(shape, below)


def _list(shape: ListOf, fields: list[tuple[str, str]]) -> list[object]:
    elements: dict[str, list[Entry]] = {}
    for field, value in fields:
        index, dot, tail = field.partition(".")
        elements.setdefault(index, []).append((tail if dot else None, value))
    # By size first: the order of the numbers, without reading them.
    ordered = sorted(elements, key=lambda index: (len(index), index))
    return [_value(shape.element, elements[index]) for index in ordered]


def _integer(text: str) -> int | str:
    if not _INTEGER.fullmatch(text):
        return text
    if len(text) > _READABLE_DIGITS:
        return -_UNREADABLE if text.startswith("-") else _UNREADABLE
    return int(text)


_SCALARS: dict[str, Callable[[str], object]] = {
    "string": str,
    "boolean": lambda text: {"true": True, "false": False}.get(text, text),
    "integer": _integer,
}


# --- members -> XML -----------------------------------------------------------------

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_TO_ESCAPE = re.compile("[&<>\r]").search


def escape(text: str) -> str:
    """Return *text* as the content of an element (WIR-11)."""
    # Hardly any text needs it, and looking costs a third of translating.
    return text.translate(_ESCAPED) if _TO_ESCAPE(text) else text


def encode(shape: Structure, members: Mapping[str, Any]) -> str:
    """Return *members* as XML elements.

    Rules: WIR-09, WIR-11.
    """
    writers = _writers(shape)
    return "".join([writers[name](held) for name, held in members.items()])


class _Writers(dict[str, "Callable[[Any], str]"]):
    """What writes each member of a structure, made when it is first needed.

    Not earlier: a shape may hold itself.
    """

    def __init__(self, shape: Structure) -> None:
        super().__init__()
        self._members = shape.members

    def __missing__(self, name: str) -> Callable[[Any], str]:
        member, wire_name = self._members[name]
        self[name] = writer = _writer(member, wire_name)
        return writer


_writers = cache(_Writers)


@cache
def _writer(shape: Shape, name: str) -> Callable[[Any], str]:
    """Return what writes a value of *shape* as the element *name*."""
    opening, closing = f"<{name}>", f"</{name}>"
    if isinstance(shape, shapes.Structure):
        writers = _writers(shape)

        def write(value: Any) -> str:
            parts = [writers[member](held) for member, held in value.items()]
            return f"{opening}{''.join(parts)}{closing}"

    elif isinstance(shape, shapes.ListOf):
        item = _writer(shape.element, name if shape.flattened else shape.item)

        def write(value: Any) -> str:
            if shape.flattened:
                return "".join(map(item, value))
            return f"{opening}{''.join(map(item, value))}{closing}"

    else:
        text = _TEXTS[shape.type]

        def write(value: Any) -> str:
            return f"{opening}{text(value)}{closing}"

    return write


_TEXTS: dict[str, Callable[[Any], str]] = {
    "string": escape,
    "boolean": lambda value: "true" if value else "false",
    "integer": str,
}


# --- one request, whole -------------------------------------------------------------


class Reply(NamedTuple):
    """An answer as HTTP carries it; the headers' names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def respond(account: Account, caller: Caller, *forms: bytes) -> Reply:
    """Answer the request whose parameters stand in *forms*: query string and body.

    Rules: WIR-01 to WIR-11.
    """
    try:
        operation, fields = _addressed(parse(*forms))
        known = shapes.OPERATIONS.get(operation)
        parameters = decode(known.input, fields) if known else {}
        answer = serve(account, caller, operation, parameters)
    except errors.ServiceError as error:
        return refuse(account, error)
    members = encode(shapes.OPERATIONS[operation].output, answer.members)
    body = (
        f'{_DECLARATION}<{operation}Response xmlns="{_NAMESPACE}">'
        f"<requestId>{answer.request_id}</requestId>{members}</{operation}Response>"
    )
    return Reply(200, headers(answer.request_id, http_date(answer.at)), body.encode())


def _addressed(fields: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the operation that *fields* call, and what is left for it to read."""
    action = fields.pop("Action", "")
    if not action:
        raise errors.MISSING_ACTION()
    version = fields.pop("Version", None)
    if version is None:
        raise errors.MISSING_PARAMETER(name="Version")
    if version != VERSION:
        raise errors.NO_SUCH_VERSION(version=version, emulated=VERSION)
    return action, {
        name: value
        for name, value in fields.items()
        if name not in _SIGNATURE_FIELDS and not name.startswith("X-Amz-")
    }


def refuse(account: Account, error: errors.ServiceError) -> Reply:
    """Return *error* as the wire writes it, with a request id of its own (WIR-10)."""
    request_id = error.request_id
    if request_id is None:
        with account.lock:
            request_id = account.next_request_id()
    body = (
        f"{_DECLARATION}<Response><Errors><Error><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
    )
    date = http_date(account.state.now)
    return Reply(error.http_status, headers(request_id, date), body.encode())
