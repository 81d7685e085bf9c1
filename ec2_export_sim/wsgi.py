"""The simulator as a WSGI application, for every SDK that reaches it over HTTP.

`server.serve` runs it on a port, and so does any WSGI server.

Rules: WIR-03, WIR-12 to WIR-16, WIR-23.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from . import wire
from .core import errors
from .core.envelope import http_date
from .simulator import context_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .core.context import Context
    from .core.permissions import Policy
    from .simulator import Simulator

_logger = logging.getLogger(__name__)

MAX_REQUEST_BYTES = 2**20
_METHODS = ("GET", "POST")

# A credential is the access key and its scope: KEY/DATE/REGION/SERVICE/aws4_request.
_CREDENTIAL = re.compile("[^/]+/[0-9]{8}/([a-z0-9]+(?:-[a-z0-9]+)*)/")
_IN_HEADER = re.compile("[ ,]Credential=([^,]*)")
_IN_QUERY = re.compile("(?:^|&)X-Amz-Credential=([^&]*)")


def application(
    sim: Simulator, *, policy: Policy | None = None, principal: str | None = None
) -> WSGIApplication:
    """Return a WSGI application that answers every request from *sim*.

    A request is answered in the region that its signature names, or in the region of
    *sim* if it names none; the signature is not verified. All callers call as
    *principal* with *policy*.

    >>> from ec2_export_sim import Simulator
    >>> from wsgiref.simple_server import make_server
    >>> with make_server("127.0.0.1", 0, application(Simulator())) as server:
    ...     port = server.server_port

    Raises TypeError unless *sim* is a Simulator and *policy* a Policy, ValueError for a
    principal that is not text that XML can carry.

    Rules: WIR-12 to WIR-16, WIR-23.
    """
    context = context_of(sim, policy, principal)

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            reply = _reply(context, environ)
        except Exception:
            _logger.exception("answered as InternalError: a bug, or on_completed's own")
            error = errors.fault("InternalError", None, None)
            reply = wire.refuse(context.account, error)  # WIR-16
        headers = {
            **reply.headers,
            "date": real_date(),  # WIR-23
            "content-length": str(len(reply.body)),
        }
        if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["allow"] = ", ".join(_METHODS)
        start_response(status_line(reply.status), list(headers.items()))
        return [reply.body]

    return answer


def read_body(environ: WSGIEnvironment, limit: int) -> bytes:
    """Return the body of a request that, with its query string, has *limit* bytes.

    Raises InvalidHttpRequest for a larger request, which is not read to its end, and
    for a body whose end cannot be found.

    Rules: WIR-13, WIR-14.
    """
    room = limit - len(environ.get("QUERY_STRING", ""))
    declared = environ.get("CONTENT_LENGTH") or "0"
    in_chunks = "HTTP_TRANSFER_ENCODING" in environ
    if in_chunks and environ.get("wsgi.input_terminated"):  # the server decodes them
        declared = str(max(room, 0) + 1)
    elif in_chunks or not (declared.isascii() and declared.isdigit()):
        raise errors.INVALID_LENGTH()
    # The number of digits first: Python refuses to read a very long number.
    elif len(declared.lstrip("0")) > len(str(limit)) or int(declared) > room:
        raise errors.REQUEST_TOO_LARGE(limit=limit)
    try:
        body: bytes = environ["wsgi.input"].read(int(declared))
    except OSError:  # the caller sends nothing more
        raise errors.INVALID_LENGTH() from None
    if len(body) > room:
        raise errors.REQUEST_TOO_LARGE(limit=limit)
    if len(body) < int(declared) and not in_chunks:
        raise errors.INVALID_LENGTH()
    return body


def real_date() -> str:
    """Return the real time as HTTP writes a date (WIR-23).

    An SDK that sees another time takes each error for a wrong clock, and retries.
    """
    return http_date(datetime.now(UTC))


def status_line(status: int) -> str:
    """Return *status* with its standard phrase."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _reply(context: Context, environ: WSGIEnvironment) -> wire.Reply:
    try:
        forms = _forms(environ)
    except errors.ServiceError as error:
        return wire.refuse(context.account, error)
    region = _signed_region(environ) or context.region
    return wire.respond(context._replace(region=region), *forms)


def _forms(environ: WSGIEnvironment) -> tuple[bytes, bytes]:
    """Return the query string and the body; raises InvalidHttpRequest."""
    method = environ["REQUEST_METHOD"]
    if method not in _METHODS:
        raise errors.INVALID_METHOD(method=method)
    query = environ.get("QUERY_STRING", "").encode("latin-1", "replace")
    return query, read_body(environ, MAX_REQUEST_BYTES)


def _signed_region(environ: WSGIEnvironment) -> str | None:
    """Return the region of the signature's credential scope, None if there is none.

    Rules: WIR-15.
    """
    headed = _IN_HEADER.search(environ.get("HTTP_AUTHORIZATION", ""))
    queried = _IN_QUERY.search(environ.get("QUERY_STRING", ""))
    for found in (headed, queried):
        credential = found and _CREDENTIAL.match(unquote(found[1]))
        if credential:
            return credential[1]
    return None
