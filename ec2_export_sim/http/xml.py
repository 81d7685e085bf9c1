"""The answers of EC2's Query protocol: members -> XML, by walking the output's shape.

    encode            members -> XML elements
    answer_request    one whole request, for every entry point that speaks HTTP

Rules: specs/wire.md.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core import errors
from ..core.dispatch import dispatch
from ..core.operations import OPERATIONS
from ..core.request import Request
from ..core.response import response_headers
from ..core.shapes import ListOf, Structure
from ..core.text import xml_safe
from .query import decode_parameters, parse_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.account import Account
    from ..core.context import Caller
    from ..core.response import Response
    from ..core.shapes import Shape

# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True

VERSION = "2016-11-15"
_NAMESPACE = f"http://ec2.amazonaws.com/doc/{VERSION}/"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# The fields of a signature of version 2. Those of version 4 begin with X-Amz-.
_SIGNATURE_FIELDS = frozenset(
    {
        *("AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion"),
        *("SecurityToken", "Timestamp", "Expires"),
    }
)


# --- members -> XML -----------------------------------------------------------------


def encode(shape: Structure, members: Mapping[str, Any]) -> str:
    """Return *members* as XML elements.

    Rules: WIR-09, WIR-11.
    """
    parts: list[str] = []
    _write(shape, members, parts)
    return "".join(parts)


def _write(shape: Shape, value: Any, parts: list[str]) -> None:
    """Append *value* to *parts*; the caller adds the element around it."""
    if isinstance(shape, Structure):
        tags = _tags(shape)
        for name, member_value in value.items():
            member, start, end = tags[name]
            parts.append(start)
            if member.type == "string":
                parts.append(_escaped(member_value))
            else:
                _write(member, member_value, parts)
            parts.append(end)
    elif isinstance(shape, ListOf):
        for element in value:
            parts.append(f"<{shape.item}>")
            _write(shape.element, element, parts)
            parts.append(f"</{shape.item}>")
    elif shape.type == "boolean":
        parts.append("true" if value else "false")
    else:
        parts.append(_escaped(str(value)))


@cache
def _tags(shape: Structure) -> dict[str, tuple[Shape, str, str]]:
    """Return each member's shape, its start tag and its end tag."""
    return {
        name: (member, f"<{wire_name}>", f"</{wire_name}>")
        for name, (member, wire_name) in shape.members.items()
    }


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


# --- one whole request --------------------------------------------------------------


class Reply(NamedTuple):
    """An answer as HTTP carries it; the headers' names are in lower case.

    *error* is the error in the body, with its rule and its notes.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    error: errors.ServiceError | None = None


def answer_request(caller: Caller, *forms: bytes) -> Reply:
    """Answer the request whose parameters are in *forms*: query string and body.

    Rules: WIR-01 to WIR-11, WIR-21.
    """
    try:
        operation, fields = _split_action(parse_form(*forms))
        row = OPERATIONS.get(operation)
        parameters = decode_parameters(row.input, fields) if row else {}
        response = dispatch(caller, Request.parse(operation, parameters))
    except errors.ServiceError as error:
        return error_reply(caller.account, error)
    return _reply(operation, response)


def _reply(operation: str, response: Response) -> Reply:
    output = OPERATIONS[operation].output
    if output.members:
        result = encode(output, response.members)
    else:  # WIR-21
        result = "<return>true</return>"
    body = (
        f'{_DECLARATION}<{operation}Response xmlns="{_NAMESPACE}">'
        f"<requestId>{response.request_id}</requestId>{result}</{operation}Response>"
    )
    headers = response_headers(response.request_id, response.at)
    return Reply(200, headers, body.encode())


def error_reply(account: Account, error: errors.ServiceError) -> Reply:
    """Return *error* as the wire writes it, with a request id of its own (WIR-10)."""
    request_id = error.request_id
    if request_id is None:
        with account.lock:
            request_id = account.next_request_id()
    code, message = (_escaped(xml_safe(text)) for text in (error.code, error.message))
    body = (
        f"{_DECLARATION}<Response><Errors><Error><Code>{code}</Code>"
        f"<Message>{message}</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
    )
    headers = response_headers(request_id, account.state.now)
    return Reply(error.http_status, headers, body.encode(), error)


def _split_action(fields: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the operation that *fields* name, and its parameters' fields."""
    action = fields.pop("Action", "")
    if not action:
        raise errors.MISSING_ACTION.error()
    version = fields.pop("Version", None)
    if version is None:
        raise errors.MISSING_VERSION.error(name="Version", emulated=VERSION)
    if version != VERSION:
        raise errors.NO_SUCH_VERSION.error(version=version, emulated=VERSION)
    return action, {
        name: value
        for name, value in fields.items()
        if name not in _SIGNATURE_FIELDS and not name.startswith("X-Amz-")
    }
