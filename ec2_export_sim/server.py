"""The simulator on a port: the API for every SDK, and control paths for its tests.

It is for a developer's own machine: it has no TLS, does not verify signatures, and
listens on the loopback interface by default.

Rules: WIR-30 to WIR-33, SIM-60 to SIM-65.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from .core import errors
from .core.text import safe_repr
from .http import control
from .http.listener import listening
from .wsgi import application, read_body, real_date, status_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .core.policies import Policy
    from .core.request_context import RequestContext
    from .simulator import Simulator

_logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"

# A recorded list of 100 000 tasks has half as many bytes.
MAX_CONTROL_BYTES = 2**26

# At this speed the calendar, which ends with the year 9999, lasts for three days.
MAX_SPEED = 1_000_000


@contextmanager
def serve(
    sim: Simulator,
    host: str = LOOPBACK,
    port: int = 0,
    *,
    speed: float = 0,
    policy: Policy | None = None,
    principal: str | None = None,
    context: RequestContext | None = None,
) -> Iterator[str]:
    """Serve *sim* over HTTP while the context is open; yield the URL.

    Args:
        sim: The simulator.
        host: The name or address to listen on, IPv4 or IPv6.
        port: The port to listen on; 0 takes a free one.
        speed: How many simulated seconds pass per real second; with 0, time passes only
            by `advance` and `sleep`.
        policy: What all callers may do; None allows everything.
        principal: The ARN of all callers; None is the account's user `test`.
        context: The condition keys of IAM for all callers; see `Simulator.client`.

    Raises:
        TypeError: *sim* is not a Simulator, or *policy* is not a Policy.
        ValueError: *speed*, *principal* or *context* is wrong, or the address cannot be
            used.

    On leaving, the server finishes the current answers.

    >>> from ec2_export_sim import Simulator
    >>> with serve(Simulator()) as url:
    ...     environment = {"AWS_ENDPOINT_URL_EC2": url}  # for the program under test

    Rules: WIR-30 to WIR-33, SIM-60 to SIM-65.
    """
    api = application(sim, policy=policy, principal=principal, context=context)
    app = _with_control(sim, api)
    if not (isinstance(speed, int | float) and 0 <= speed <= MAX_SPEED):
        raise ValueError(f"speed must be from 0 to {MAX_SPEED}, not {safe_repr(speed)}")
    if speed:
        app = _with_clock(sim, speed, app)
    with listening(app, host, port) as url:
        yield url


def _with_control(sim: Simulator, app: WSGIApplication) -> WSGIApplication:
    """Return *app* with the control paths of *sim* (SIM-60)."""

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if not control.is_control(environ["PATH_INFO"]):
            return app(environ, start_response)
        reply = _control_reply(sim, environ)
        body = f"{json.dumps(reply.value)}\n".encode()
        headers = {
            "content-type": "application/json",
            "date": real_date(),
            "content-length": str(len(body)),
        }
        if reply.allow:
            headers["allow"] = reply.allow
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        _logger.info("%s %r %s", method, path, reply.status)
        start_response(status_line(reply.status), list(headers.items()))
        return [body]

    return answer


def _control_reply(sim: Simulator, environ: WSGIEnvironment) -> control.Reply:
    try:
        request = control.Request(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            environ.get("HTTP_ORIGIN"),
            read_body(environ, MAX_CONTROL_BYTES),
        )
        return control.answer(sim, request)
    except errors.ServiceError as error:  # the body cannot be read
        return control.Reply(error.http_status, {"error": error.message})
    except Exception as problem:
        _logger.exception("raised by the simulator or by on_completed")
        return control.Reply(500, {"error": safe_repr(problem)})


def _with_clock(sim: Simulator, speed: float, app: WSGIApplication) -> WSGIApplication:
    """Return *app*, which then moves the clock before each request (SIM-64)."""
    lock = Lock()
    last = time.perf_counter()  # virtual_time does not replace it

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        nonlocal last
        with lock:
            now = time.perf_counter()
            passed, last = now - last, now
        try:
            sim.advance(passed * speed)
        except Exception:
            _logger.exception("raised by on_completed, while real time passed")
        return app(environ, start_response)

    return answer
