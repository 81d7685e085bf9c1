"""HTTP/1.1 for one WSGI application, on the standard library's servers.

It adds what they do not have: chunked bodies, more than five callers at once, IPv6, and
a stop that lets the current answers finish.

Rules: WIR-31 to WIR-33.
"""

from __future__ import annotations

import logging
import re
import socket
import sys
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from wsgiref.types import WSGIApplication

_logger = logging.getLogger(__name__)

# In seconds: how often a stop is looked for, how long a silent connection stays open,
# and how long the server waits for the rest of an unread body.
_POLL = 0.05
_KEEP = 300
_LINGER = 2


@contextmanager
def listening(app: WSGIApplication, host: str, port: int) -> Iterator[str]:
    """Let *app* answer on *host* and *port* while the context is open; yield the URL.

    An exception of *app* closes the connection without an answer. Raises ValueError if
    the address cannot be used.
    """
    server = _listen(app, host, port)
    thread = Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listen(app: WSGIApplication, host: str, port: int) -> _Server:
    if not host:  # the system takes it for every interface
        raise ValueError("host is empty")
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        return _Server(app, family, (address[0], port, *address[2:]))
    except (OSError, OverflowError, TypeError, UnicodeError) as problem:
        place = f"host {host!r}, port {port!r}"
        raise ValueError(f"cannot listen on {place}: {problem}") from None


class _Server(ThreadingTCPServer):
    """A server with a thread for each connection."""

    allow_reuse_address = True
    request_queue_size = 1024  # the default of 5 resets the others of a burst

    def __init__(self, app: WSGIApplication, family: int, address: Any) -> None:
        self.address_family = family
        self.app = app
        self.base_environ = {"wsgi.url_scheme": "http", "SCRIPT_NAME": ""}
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        host, port, *_ = self.server_address
        if self.address_family == socket.AF_INET6:
            host = f"[{host!s}]"
        return f"http://{host!s}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close idle connections, and wait until the current answers are sent."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        _logger.info("connection closed: %r", sys.exception())


class _Handler(WSGIRequestHandler):
    """One connection, which brings one request after the other."""

    protocol_version = "HTTP/1.1"
    timeout = _KEEP
    disable_nagle_algorithm = True  # headers and body are two writes
    server: Any

    handle = BaseHTTPRequestHandler.handle  # wsgiref's own handles a single request

    def answer(self) -> None:
        """Answer one request of any method."""
        body = _Body(self.rfile, self.headers)
        environ = self.get_environ()
        environ["wsgi.input"] = body
        environ["wsgi.input_terminated"] = True
        started: list[Any] = []

        def start_response(status: str, headers: Any, *_: Any) -> Any:
            started.extend((status, headers))

        answer = b"".join(self.server.app(environ, start_response))
        status, headers = started
        self.send_response_only(int(status[:3]), status[4:])
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection or not body.is_read:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
        if not body.is_read:
            self._linger()

    do_GET = do_HEAD = do_POST = answer  # noqa: N815 - the standard library's names
    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def _linger(self) -> None:
        """Read the rest of the body; a reset connection would lose the answer."""
        self.connection.settimeout(_LINGER)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while self.connection.recv(2**16):
                pass

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's
        _logger.info(format, *args)


class _Body:
    """The body of one request; its headers or its chunks say where it ends."""

    def __init__(self, stream: BufferedIOBase, headers: Any) -> None:
        self._stream = stream
        self._coding = headers.get("transfer-encoding", "").lower()
        self._left = 0  # bytes of this chunk, or of a body without chunks
        self.is_read = False
        if not self._coding:
            length = headers.get("content-length") or "0"
            with suppress(ValueError):  # the application refuses it
                self._left = _number(length, 10)
                self.is_read = self._left == 0

    def read(self, size: int) -> bytes:
        """Return *size* bytes, or all if there are fewer.

        Raises OSError for a body that ends early, and for wrong chunks.
        """
        body = bytearray()
        while len(body) < size and not self.is_read:
            if not self._left:
                self._begin_chunk()
                continue
            piece = self._stream.read(min(self._left, size - len(body)))
            if not piece:
                raise OSError("the body ends early")
            body += piece
            self._left -= len(piece)
            if not self._left:
                self._end_chunk()
        return bytes(body)

    def _begin_chunk(self) -> None:
        if self._coding != "chunked":
            raise OSError(f"no Content-Length, and the coding is {self._coding!r}")
        length, _, _ = self._line().partition(";")
        try:
            self._left = _number(length.strip(), 16)
        except ValueError as problem:
            raise OSError(problem) from None
        if not self._left:
            while self._line():
                pass  # a trailer
            self.is_read = True

    def _end_chunk(self) -> None:
        if not self._coding:
            self.is_read = True
        elif self._line():
            raise OSError("a chunk is longer than it says")

    def _line(self) -> str:
        return self._stream.readline(2**16).decode("latin-1").strip()


def _number(digits: str, base: int) -> int:
    if not re.fullmatch("[0-9A-Fa-f]+", digits):
        raise ValueError(f"{digits!r} is not a number")
    return int(digits, base)
