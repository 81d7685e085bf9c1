"""The EC2 Query wire: a form in, XML out, by walking the shapes.

It knows no operation by name. `query` reads what comes in.

    encode     members -> XML, by the output's shape
    respond    one request, whole: what every door of the wire calls

Rules: specs/wire.md.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .core import errors, shapes
from .core.envelope import headers, http_date
from .core.service import serve
from .query import decode, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .core.account import Account
    from .core.service import Caller
    from .core.shapes import Shape, Structure

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
