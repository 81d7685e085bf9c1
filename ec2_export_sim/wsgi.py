"""The simulator as a WSGI application, for every SDK that reaches it over HTTP.

`application` is the application itself; the command `serve` listens on a port.

Rules: WIR-03, WIR-12 to WIR-16.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .core import errors
from .http.xml import Reply, answer_request, error_reply
from .simulator import check_simulator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .core.context import Caller
    from .core.policies import Policy
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
    """Return a WSGI application that answers every request with *sim*.

    A request is answered in the region that its signature names, else in that of *sim*;
    the signature is not verified. All callers call as *principal* under *policy*.

    >>> from ec2_export_sim import Simulator
    >>> from wsgiref.simple_server import make_server
    >>> with make_server("127.0.0.1", 0, application(Simulator())) as server:
    ...     port = server.server_port

    Raises TypeError unless *sim* is a Simulator and *policy* a Policy, ValueError for a
    principal that is no text that the wire carries.

    Rules: WIR-12 to WIR-16.
    """
    caller = check_simulator(sim)._caller(policy, principal)

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            reply = _reply(caller, environ)
        except Exception:
            _logger.exception(
                "unhandled exception, answered with InternalError "
                "(raised by the simulator or by on_completed)"
            )
            error = errors.injected_error("InternalError", None, None)
            reply = error_reply(caller.account, error)  # WIR-16
        length = ("content-length", str(len(reply.body)))
        start_response(_status_line(reply.status), [*reply.headers.items(), length])
        return [reply.body]

    return answer


def _reply(caller: Caller, environ: WSGIEnvironment) -> Reply:
    try:
        forms = _forms(environ)
    except errors.ServiceError as error:
        return error_reply(caller.account, error)
    region = _signed_region(environ) or caller.region
    return answer_request(caller._replace(region=region), *forms)


def _forms(environ: WSGIEnvironment) -> tuple[bytes, bytes]:
    """Return the query string and the body; raises InvalidHttpRequest."""
    method = environ["REQUEST_METHOD"]
    if method not in _METHODS:
        raise errors.INVALID_METHOD.error(method=method)
    query = environ.get("QUERY_STRING", "").encode("latin-1", "replace")
    declared = environ.get("CONTENT_LENGTH") or ""
    if not declared and "HTTP_TRANSFER_ENCODING" not in environ:
        declared = "0"
    if not (declared.isascii() and declared.isdigit()):
        raise errors.INVALID_LENGTH.error()
    room = MAX_REQUEST_BYTES - len(query)
    # The number of digits first: Python refuses to read a very long number.
    if len(declared.lstrip("0")) > len(str(room)) or int(declared) > room:
        raise errors.REQUEST_TOO_LARGE.error(limit=MAX_REQUEST_BYTES)
    try:
        body = environ["wsgi.input"].read(int(declared))
    except OSError:  # the caller fell silent, or went away
        raise errors.INVALID_LENGTH.error() from None
    if len(body) < int(declared):
        raise errors.INVALID_LENGTH.error()
    return query, body


def _signed_region(environ: WSGIEnvironment) -> str | None:
    """Return the region of the signature's credential scope, None where none is.

    Rules: WIR-15.
    """
    headed = _IN_HEADER.search(environ.get("HTTP_AUTHORIZATION", ""))
    queried = _IN_QUERY.search(environ.get("QUERY_STRING", ""))
    for found in (headed, queried):
        credential = found and _CREDENTIAL.match(unquote(found[1]))
        if credential:
            return credential[1]
    return None


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"
