"""The simulator as a WSGI application, for every SDK that reaches it over HTTP.

`server.serve` runs it on a port, and so can any other WSGI server.

Rules: WIR-03, WIR-12 to WIR-16, WIR-30, SIM-65.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .core import errors
from .core.response import http_date
from .http.xml import Reply, answer_request, error_reply
from .simulator import check_simulator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .core.context import Caller
    from .core.policies import Policy
    from .core.request_context import RequestContext
    from .simulator import Simulator

_logger = logging.getLogger(__name__)

MAX_REQUEST_BYTES = 2**20
_METHODS = ("GET", "POST")

# A credential is the access key and its scope: KEY/DATE/REGION/SERVICE/aws4_request.
_CREDENTIAL = re.compile("[^/]+/[0-9]{8}/([a-z0-9]+(?:-[a-z0-9]+)*)/")
_IN_HEADER = re.compile("[ ,]Credential=([^,]*)")
_IN_QUERY = re.compile("(?:^|&)X-Amz-Credential=([^&]*)")

_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")


def application(
    sim: Simulator,
    *,
    policy: Policy | None = None,
    principal: str | None = None,
    context: RequestContext | None = None,
) -> WSGIApplication:
    """Return a WSGI application that answers every request with *sim*.

    A request is answered in the region that its signature names, else in that of *sim*;
    the signature is not verified. An injected exception leaves the application, so that
    the server closes the connection. The logger `ec2_export_sim.wsgi` has one line per
    request.

    Args:
        sim: The simulator.
        policy: What all callers may do; None allows everything.
        principal: The ARN of all callers; None is the account's user `test`.
        context: Condition keys of IAM for all callers; see `Simulator.client`.

    Raises:
        TypeError: *sim* is not a Simulator, or *policy* is not a Policy.
        ValueError: *principal* or *context* is wrong.

    >>> from ec2_export_sim import Simulator
    >>> from wsgiref.simple_server import make_server
    >>> with make_server("127.0.0.1", 0, application(Simulator())) as server:
    ...     port = server.server_port

    Rules: WIR-12 to WIR-16, WIR-30, SIM-65.
    """
    caller = check_simulator(sim)._caller(policy, principal, context)

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            reply = _reply(caller, environ)
        except errors.InjectedException:  # SIM-65: the server closes the connection
            raise
        except Exception:
            _logger.exception(
                "unhandled exception, answered with InternalError "
                "(raised by the simulator or by on_completed)"
            )
            error = errors.injected_error("InternalError", None, None)
            reply = error_reply(caller.account, error)  # WIR-16
        headers = {
            **reply.headers,
            "date": real_date(),
            "content-length": str(len(reply.body)),
        }
        if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["allow"] = ", ".join(_METHODS)
        start_response(status_line(reply.status), list(headers.items()))
        return [reply.body]

    return answer


def read_body(environ: WSGIEnvironment, limit: int) -> bytes:
    """Return the body of a request; body and query string have at most *limit* bytes.

    Raises InvalidHttpRequest for more, and for a body whose end cannot be found.

    Rules: WIR-13, WIR-14.
    """
    room = limit - len(environ.get("QUERY_STRING", ""))
    if "HTTP_TRANSFER_ENCODING" not in environ:
        size = _content_length(environ, limit)
        if size > room:
            raise errors.REQUEST_TOO_LARGE.error(limit=limit)
        body = _read(environ, size)
        if len(body) < size:
            raise errors.INVALID_LENGTH.error()
    elif environ.get("wsgi.input_terminated"):  # the server decodes the chunks
        body = _read(environ, max(room, 0) + 1)
        if len(body) > room:
            raise errors.REQUEST_TOO_LARGE.error(limit=limit)
    else:
        raise errors.INVALID_LENGTH.error()
    return body


def real_date() -> str:
    """Return the real time as HTTP writes a date.

    SDKs compare it with their own clock, and retry every error if it differs.

    Rules: WIR-30.
    """
    return http_date(datetime.now(UTC))


def status_line(status: int) -> str:
    """Return *status* with its standard phrase, like `404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _reply(caller: Caller, environ: WSGIEnvironment) -> Reply:
    try:
        forms = _forms(environ)
    except errors.ServiceError as error:
        reply = error_reply(caller.account, error)
        _log(environ, b"", reply)
    else:
        region = _signed_region(environ) or caller.region
        reply = answer_request(caller._replace(region=region), *forms)
        _log(environ, b"&".join(forms), reply)
    return reply


def _forms(environ: WSGIEnvironment) -> tuple[bytes, bytes]:
    """Return the query string and the body; raises InvalidHttpRequest."""
    method = environ["REQUEST_METHOD"]
    if method not in _METHODS:
        raise errors.INVALID_METHOD.error(method=method)
    query = environ.get("QUERY_STRING", "").encode("latin-1", "replace")
    return query, read_body(environ, MAX_REQUEST_BYTES)


def _content_length(environ: WSGIEnvironment, limit: int) -> int:
    """Return Content-Length, at most *limit* + 1; raises InvalidHttpRequest."""
    text = environ.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdigit()):
        raise errors.INVALID_LENGTH.error()
    if len(text.lstrip("0")) > len(str(limit)):  # int rejects very many digits
        return limit + 1
    return min(int(text), limit + 1)


def _read(environ: WSGIEnvironment, size: int) -> bytes:
    try:
        body: bytes = environ["wsgi.input"].read(size)
    except OSError:  # the body ends early, or a chunk is malformed
        raise errors.INVALID_LENGTH.error() from None
    return body


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


def _log(environ: WSGIEnvironment, form: bytes, reply: Reply) -> None:
    """Log a request in one line, like `DescribeTags 400 UnknownParameter PRM-01: …`."""
    if not _logger.isEnabledFor(logging.INFO):
        return
    action = _ACTION.search(form)
    called = action[1].decode() if action else environ["REQUEST_METHOD"]
    error = [reply.error.code, *reply.error.__notes__] if reply.error else []
    _logger.info("%s", " ".join([called, str(reply.status), *error]))
