"""One request to a WSGI application, as a server makes it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def call(
    app: WSGIApplication, body: bytes = b"", /, **environ: Any
) -> tuple[str, dict[str, str], bytes]:
    """Return status line, headers and body of the response."""
    request = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        started.extend((status, headers))

    chunks: Any = app(request, start_response)
    try:
        answer = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = started
    assert len(dict(headers)) == len(headers)
    return status, dict(headers), answer


def error(answer: bytes) -> tuple[str | None, str | None]:
    """Return code and message of an error in XML."""
    root = ET.fromstring(answer)  # noqa: S314 - our own bytes
    return root.findtext("Errors/Error/Code"), root.findtext("Errors/Error/Message")
