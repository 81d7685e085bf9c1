"""One request to a WSGI application, as a server hands it over."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def call(
    app: WSGIApplication, body: bytes = b"", /, **environ: Any
) -> tuple[str, dict[str, str], bytes]:
    """Return the status line, the headers and the body that *app* answers with."""
    asked = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    begun: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        begun.extend((status, headers))

    answered: Any = app(asked, start_response)
    try:
        answer = b"".join(answered)
    finally:
        if hasattr(answered, "close"):
            answered.close()
    status, headers = begun
    assert len(dict(headers)) == len(headers)
    return status, dict(headers), answer


def error(answer: bytes) -> tuple[str | None, str | None]:
    """Return code and message of a refusal as the wire writes it."""
    root = ET.fromstring(answer)  # noqa: S314 - our own bytes
    return root.findtext("Errors/Error/Code"), root.findtext("Errors/Error/Message")
