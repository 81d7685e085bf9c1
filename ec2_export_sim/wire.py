"""The EC2 Query wire: a form in, XML out, by walking the shapes.

It knows no operation by name. `query` reads what comes in.

    encode     members -> XML, by the output's shape
    respond    one request, whole: what every door of the wire calls

Rules: specs/wire.md.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .core import errors, shapes
from .core.envelope import headers
from .core.service import serve
from .core.text import carried
from .query import decode, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from .core.account import Account
    from .core.context import Context
    from .core.shapes import ListOf, Shape, Structure

    # A writer adds a value's parts to those of the answer.
    Add: TypeAlias = Callable[[str], None]
    Writer: TypeAlias = Callable[[Any, Add], None]

VERSION = "2016-11-15"
_NAMESPACE = f"http://ec2.amazonaws.com/doc/{VERSION}/"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What a signature brings, of version 2 and 4; the latter's all begin with X-Amz-.
_SIGNATURE_FIELDS = frozenset(
    {
        *("AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion"),
        *("SecurityToken", "Timestamp", "Expires"),
    }
)


# --- members -> XML -----------------------------------------------------------------

# While an answer is put together, these stand for < and > of its markup. XML cannot
# hold them, so no text does (PRM-06), and all of its text is escaped at once.
_OPEN, _CLOSE = "\x01", "\x02"
_MARKUP = bytes.maketrans(b"\x01\x02", b"<>")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def encode(shape: Structure, members: Mapping[str, Any]) -> bytes:
    """Return *members* as XML elements.

    Rules: WIR-09, WIR-11.
    """
    parts: list[str] = []
    _writer(shape)(members, parts.append)
    return _finished("".join(parts))


def _finished(text: str) -> bytes:
    # Hardly any text needs it, and looking costs next to nothing.
    if any(character in text for character in "&<>\r"):
        text = text.translate(_ESCAPED)
    return text.encode().translate(_MARKUP)


def _start_and_end(name: str) -> tuple[str, str]:
    return f"{_OPEN}{name}{_CLOSE}", f"{_OPEN}/{name}{_CLOSE}"


@cache
def _writer(shape: Shape) -> Writer:
    """Return what adds a value of *shape*, without an element of its own."""
    return _WRITERS[shape.type](shape)


def _structure_writer(shape: Structure) -> Writer:
    rows: dict[str, tuple[str, str, Writer | None]] = {}

    def write(members: Any, add: Add) -> None:
        if not rows:  # not earlier: a shape may hold itself
            rows.update(dict(_rows(shape)))  # at once: threads share it
        for name, value in members.items():
            opening, closing, write_value = rows[name]
            add(opening)
            if write_value is None:
                add(value)
            else:
                write_value(value, add)
            add(closing)

    return write


def _rows(shape: Structure) -> Iterator[tuple[str, tuple[str, str, Writer | None]]]:
    """Yield how each member is written; a string is added as it is."""
    for name, (member, wire_name) in shape.members.items():
        if isinstance(member, shapes.ListOf) and member.flattened:
            yield name, ("", "", _list_writer(member, wire_name))
        else:
            write = None if member.type == "string" else _writer(member)
            yield name, (*_start_and_end(wire_name), write)


def _list_writer(shape: ListOf, name: str | None = None) -> Writer:
    opening, closing = _start_and_end(name or shape.item)
    write_element = _writer(shape.element)

    def write(elements: Any, add: Add) -> None:
        for element in elements:
            add(opening)
            write_element(element, add)
            add(closing)

    return write


_WRITERS: dict[str, Callable[[Any], Writer]] = {
    "structure": _structure_writer,
    "list": _list_writer,
    "string": lambda _: lambda value, add: add(value),
    "boolean": lambda _: lambda value, add: add("true" if value else "false"),
    "integer": lambda _: lambda value, add: add(str(value)),
}


# --- one request, whole -------------------------------------------------------------


class Reply(NamedTuple):
    """An answer as HTTP carries it; the headers' names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def respond(context: Context, *forms: bytes) -> Reply:
    """Answer the request whose parameters stand in *forms*: query string and body.

    Rules: WIR-01 to WIR-11, WIR-21.
    """
    try:
        operation, fields = _addressed(parse(*forms))
        known = shapes.OPERATIONS.get(operation)
        parameters = decode(known.input, fields) if known else {}
        members, request_id, date = serve(context, operation, parameters)
    except errors.ServiceError as error:
        return refuse(context.account, error)
    opening = (
        f'{_DECLARATION}<{operation}Response xmlns="{_NAMESPACE}">'
        f"<requestId>{request_id}</requestId>"
    )
    result = _result(shapes.OPERATIONS[operation].output, members)
    body = b"%b%b</%bResponse>" % (opening.encode(), result, operation.encode())
    return Reply(200, headers(request_id, date), body)


def _result(shape: Structure, members: Mapping[str, Any]) -> bytes:
    if not shape.members:  # WIR-21
        return b"<return>true</return>"
    return encode(shape, members)


def _addressed(fields: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the operation that *fields* call, and what is left for it to read."""
    action = fields.pop("Action", "")
    if not action:
        raise errors.MISSING_ACTION()
    version = fields.pop("Version", None)
    if version is None:
        raise errors.MISSING_VERSION(name="Version", emulated=VERSION)
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
    code, message = (
        carried(text).translate(_ESCAPED) for text in (error.code, error.message)
    )
    body = (
        f"{_DECLARATION}<Response><Errors><Error><Code>{code}</Code>"
        f"<Message>{message}</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
    )
    told = headers(request_id, account.date())
    return Reply(error.http_status, told, body.encode())
