"""The simulator on a port: the API for every SDK, and control paths for its tests.

It is for a developer's own machine: no TLS, signatures are not verified, and it listens
on the loopback interface by default. The standard library's server does the work; what
it leaves to its users stands here.

Rules: WIR-23 to WIR-26, SIM-60 to SIM-64.
"""

from __future__ import annotations

import json
import logging
import re
import socket
import sys
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from socketserver import ThreadingTCPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler

from .core import errors
from .http import control
from .wsgi import MAX_REQUEST_BYTES, application, read_body, real_date, status_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .core.permissions import Policy
    from .simulator import Simulator

_logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"

# A list of 100 000 recorded tasks is half of it.
MAX_CONTROL_BYTES = 2**26

# At this speed the calendar, which ends in the year 9999, lasts three days.
MAX_SPEED = 1_000_000

# Seconds: how soon the server notices that it is to stop, how long a silent connection
# is kept, and how long the rest of a request that was refused is read.
_POLL = 0.05
_KEPT = 300
_LINGER = 2


@contextmanager
def serve(
    sim: Simulator,
    host: str = LOOPBACK,
    port: int = 0,
    *,
    speed: float = 0,
    policy: Policy | None = None,
    principal: str | None = None,
) -> Iterator[str]:
    """Serve *sim* over HTTP while the context is open, and give the URL.

    host: the interface to listen on, a name or an address of IPv4 or IPv6
    port: 0 takes a free one
    speed: simulated seconds per real second; 0 lets no time pass by itself
    policy: what all callers may do; None allows everything
    principal: the ARN of the caller

    On leaving, answers under way are finished.

    >>> from ec2_export_sim import Simulator
    >>> with serve(Simulator()) as url:
    ...     environment = {"AWS_ENDPOINT_URL_EC2": url}  # of the program under test

    Raises ValueError if it cannot listen there, for a wrong speed or principal, and
    TypeError unless *sim* is a Simulator and *policy* a Policy.

    Rules: WIR-23 to WIR-26, SIM-60 to SIM-64.
    """
    app = _with_control(sim, application(sim, policy=policy, principal=principal))
    if not (isinstance(speed, int | float) and 0 <= speed <= MAX_SPEED):
        raise ValueError(f"speed must be from 0 to {MAX_SPEED}, not {speed!r}")
    if speed:
        app = _with_clock(sim, speed, app)
    server = _listen(app, host, port)
    thread = Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- what is served -----------------------------------------------------------------


def _with_control(sim: Simulator, api: WSGIApplication) -> WSGIApplication:
    """Return *api* with the control paths of *sim* (SIM-60)."""

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if not control.is_control(environ["PATH_INFO"]):
            return api(environ, start_response)
        found = _control(sim, environ)
        body = json.dumps(found.value).encode()
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "date": real_date(),
        }
        if found.allow:
            headers["allow"] = found.allow
        start_response(status_line(found.status), list(headers.items()))
        return [body]

    return answer


def _control(sim: Simulator, environ: WSGIEnvironment) -> control.Answer:
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
        return control.Answer(error.http_status, {"error": error.message})
    except Exception as problem:
        _logger.exception("a bug, or on_completed's own")
        return control.Answer(500, {"error": repr(problem)})


def _with_clock(sim: Simulator, speed: float, app: WSGIApplication) -> WSGIApplication:
    """Return *app*, before whose answers simulated time follows real time (SIM-64)."""
    lock = Lock()
    seen = time.perf_counter()  # the clock that virtual_time leaves alone

    def answer(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        nonlocal seen
        with lock:
            now = time.perf_counter()
            passed, seen = now - seen, now
        try:
            sim.advance(passed * speed)
        except Exception:
            _logger.exception("on_completed failed")
        return app(environ, start_response)

    return answer


# --- HTTP ---------------------------------------------------------------------------


class _Server(ThreadingTCPServer):
    """Answers each connection in its own thread, and ends when all have their answer."""

    allow_reuse_address = True
    request_queue_size = 1024  # connections at once: more wait a second, and are reset

    def __init__(self, app: WSGIApplication, family: int, address: Any) -> None:
        self.address_family = family
        self.app = app
        self.base_environ = {"wsgi.url_scheme": "http", "SCRIPT_NAME": ""}
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close what waits for its next request, and wait for what is answered."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        # The caller went away, or the answer is an exception that a test injected.
        _logger.info("%s: %r", client_address, sys.exception())


def _listen(app: WSGIApplication, host: str, port: int) -> _Server:
    try:
        if not host:
            raise OSError("no host is given")
        family, _, _, _, address = socket.getaddrinfo(
            host, None, type=socket.SOCK_STREAM
        )[0]
        return _Server(app, family, (address[0], port, *address[2:]))
    except (OSError, OverflowError) as problem:
        raise ValueError(f"cannot listen on {host}:{port}: {problem}") from None


class _Handler(WSGIRequestHandler):
    """One connection, which is kept for further requests."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = _KEPT
    disable_nagle_algorithm = True  # an answer is two writes

    handle = BaseHTTPRequestHandler.handle

    def answer(self) -> None:
        """Answer one request, of any method; the application refuses the wrong ones."""
        environ = self.get_environ()
        is_control = control.is_control(environ["PATH_INFO"])
        limit = MAX_CONTROL_BYTES if is_control else MAX_REQUEST_BYTES
        body, is_whole = self._read_body(limit)
        environ["wsgi.input"] = BytesIO(body)
        environ["wsgi.input_terminated"] = is_whole or len(body) > limit
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]]) -> Any:
            started.extend((status, headers))

        answer = b"".join(self.server.app(environ, start_response))
        status, headers = started
        self.send_response_only(int(status[:3]), status[4:])
        for name, value in headers:
            self.send_header(name, value)
        if not is_whole or self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
        _logger.info("%s", _summary(environ, body, status, answer))
        if not is_whole:
            self._linger()

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def _read_body(self, limit: int) -> tuple[bytes, bool]:
        """Return the body, and whether it was read to its end.

        What is longer than *limit* is not, nor what is not written as HTTP asks.
        """
        body = bytearray()
        try:
            for piece in self._pieces(limit):
                body += piece
                if len(body) > limit:
                    return bytes(body), False
        except (OSError, ValueError):
            return bytes(body), False
        return bytes(body), True

    def _pieces(self, limit: int) -> Iterator[bytes]:
        coding = self.headers.get("transfer-encoding")
        if coding is None:
            size = _number(self.headers.get("content-length") or "0", 10)
            if size > limit:
                raise ValueError
            yield from self._exactly(size)
        elif coding.lower() == "chunked":
            while size := _number(self._read_line().partition(";")[0].strip(), 16):
                yield from self._exactly(size)
                if self._read_line():
                    raise ValueError
            while self._read_line():
                pass  # a trailer
        else:
            raise ValueError

    def _exactly(self, size: int) -> Iterator[bytes]:
        while size:
            piece = self.rfile.read(min(size, 2**16))
            if not piece:
                raise ValueError
            size -= len(piece)
            yield piece

    def _read_line(self) -> str:
        return self.rfile.readline(2**16).decode("latin-1").strip()

    def _linger(self) -> None:
        """Read what is still sent, else the caller is reset before it reads the answer."""
        self.connection.settimeout(_LINGER)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while self.connection.recv(2**16):
                pass

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - theirs
        _logger.info(format, *args)


def _number(digits: str, base: int) -> int:
    if not re.fullmatch("[0-9A-Fa-f]+", digits):
        raise ValueError
    return int(digits, base)


_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_CODE = re.compile(rb"<Code>([\w.]+)</Code>")


def _summary(environ: WSGIEnvironment, body: bytes, status: str, answer: bytes) -> str:
    """Return what a person looks for: `DescribeTags 400 InvalidParameterValue`."""
    if control.is_control(environ["PATH_INFO"]):
        return f"{environ['PATH_INFO']!r} {status[:3]}"
    operation = _ACTION.search(environ["QUERY_STRING"].encode() + b"&" + body)
    code = _CODE.search(answer)
    words = (operation and operation[1], status[:3].encode(), code and code[1])
    return b" ".join(filter(None, words)).decode()
