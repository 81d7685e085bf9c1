"""The command `serve`: the WSGI application on a port, on the standard library alone.

It is for a developer's own machine: no TLS, signatures are not verified, and it listens
on the loopback interface unless told otherwise.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
from contextlib import contextmanager, suppress
from socketserver import ThreadingMixIn
from threading import Lock
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from ..simulator import Simulator
from ..wsgi import application
from .files import load_file

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator
    from types import FrameType
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"


def add_arguments(parser: ArgumentParser) -> None:
    """Add what `run` reads: host, port, region, tasks and real_time."""
    parser.add_argument("--host", default=LOOPBACK, help="the interface to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--tasks", metavar="FILE", help="a recorded list as JSON")
    parser.add_argument(
        "--real-time", action="store_true", help="let simulated time pass as real does"
    )


def run(arguments: Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C, and return the exit status.

    The first line on standard output holds the address, once requests are taken. Raises
    ValueError for what cannot be read, and where it cannot listen.
    """
    sim = Simulator(arguments.region)
    if arguments.tasks is not None:
        load_file(arguments.tasks, sim)
    app = application(sim)
    if arguments.real_time:
        app = keeping_time(sim, app)
    server = make_server(app, arguments.host, arguments.port)
    with server, _stopping_on_signals(), suppress(KeyboardInterrupt):
        host, port = server.server_address[:2]
        sys.stdout.write(f"Serving {sim!r} on http://{host!s}:{port}\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.1)
    return 0


def make_server(
    app: WSGIApplication, host: str = LOOPBACK, port: int = 0
) -> WSGIServer:
    """Return a server of *app* that answers each request in a thread of its own.

    Raises ValueError, naming the place, where it cannot listen there.
    """
    try:
        server = _Server((host, port), _Handler)
    except (OSError, OverflowError) as problem:
        raise ValueError(f"cannot listen on {host}:{port}: {problem}") from None
    server.set_app(app)
    return server


def keeping_time(sim: Simulator, app: WSGIApplication) -> WSGIApplication:
    """Return *app* with simulated time brought up to real time before each request."""
    lock = Lock()
    seen = time.monotonic()

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        nonlocal seen
        with lock:
            now = time.monotonic()
            passed, seen = now - seen, now
            sim.advance(passed)
        return app(environ, start_response)

    return answer


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        _logger.info("%s: %r", client_address, sys.exception())


class _Handler(WSGIRequestHandler):
    timeout = 60  # seconds that a silent client may hold its thread

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - theirs
        _logger.info(format, *args)


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does, which a shell's background command ignores."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, stop) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
