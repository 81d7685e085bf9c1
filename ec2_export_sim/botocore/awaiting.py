"""Serves aiobotocore's clients, and so aioboto3's: the few lines that await.

All that is decided is decided where botocore's clients are served. aiobotocore is not
imported for it: its methods are patched where it is loaded when a context is entered,
or else when a session is made, without which there is no client.

Rules: WIR-22.
"""

from __future__ import annotations

import sys
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials

from .answering import redirected
from .contexts import open_contexts
from .credentials import MADE_UP, is_making, loading, making, signing
from .seam import Seam

if TYPE_CHECKING:
    from .seam import Method


class _Answer(AWSResponse):
    """An answer whose content is awaited."""

    @property
    async def content(self) -> bytes:  # type: ignore[override]
        return super().content

    @property
    async def text(self) -> str:  # type: ignore[override]
        return (await self.content).decode()


def _awaited(answer: Any) -> Any:
    """Return *answer* so that it can be awaited; moto's answers cannot."""
    if type(answer) is not AWSResponse:
        return answer
    headers: Any = answer.headers
    raw: Any = answer.raw
    # Where aiobotocore before 2.21 looks for them.
    raw.raw_headers = [(k.encode(), str(v).encode()) for k, v in headers.items()]
    return _Answer(answer.url, answer.status_code, headers, raw)


class _Emitter(NamedTuple):
    """An event emitter whose listeners' answers can be awaited."""

    emitter: Any

    async def emit(self, event_name: str, **given: Any) -> list[tuple[Any, Any]]:
        answers = await self.emitter.emit(event_name, **given)
        return [(listener, _awaited(answer)) for listener, answer in answers]


def _serving(original: Method) -> Method:
    @wraps(original)
    async def get_response(
        endpoint: Any, request: Any, operation_model: Any, context: Any
    ) -> Any:
        served = redirected(endpoint, request, operation_model, context)
        if served is not endpoint:
            answer = served._send

            async def send(request: Any) -> Any:
                return _awaited(answer(request))

            served._send = send
            served._event_emitter = _Emitter(served._event_emitter)
        return await original(served, request, operation_model, context)

    return get_response


class _MadeUp(Credentials):
    async def get_frozen_credentials(self) -> Any:  # type: ignore[override]
        return super().get_frozen_credentials()


def _making_clients(original: Method) -> Method:
    @wraps(original)
    async def create_client(
        session: Any, service_name: str, *args: Any, **kwargs: Any
    ) -> Any:
        with making(service_name):
            return await original(session, service_name, *args, **kwargs)

    return create_client


def _locating(original: Method) -> Method:
    @wraps(original)
    async def provide(provider: Any) -> Any:
        return None if is_making() else await original(provider)

    return provide


def _making_sessions(original: Method) -> Method:
    @wraps(original)
    def init(session: Any, *args: Any, **kwargs: Any) -> None:
        open_contexts.extend(seams())
        original(session, *args, **kwargs)

    return init


_SESSIONS = Seam("botocore.session:Session", "__init__", (), _making_sessions)
_AWAITED = (
    Seam(
        "aiobotocore.endpoint:AioEndpoint",
        "_do_get_response",
        ("request", "operation_model", "context"),
        _serving,
    ),
    Seam(
        "aiobotocore.signers:AioRequestSigner",
        "get_auth_instance",
        ("signing_name", "region_name", "signature_version"),
        partial(signing, _MadeUp(*MADE_UP)),
    ),
    Seam(
        "aiobotocore.session:AioSession",
        "_create_client",
        ("service_name",),
        _making_clients,
    ),
    Seam(
        "aiobotocore.credentials:AioCredentialResolver", "load_credentials", (), loading
    ),
    Seam("aiobotocore.utils:AioIMDSRegionProvider", "provide", (), _locating),
)


def seams() -> tuple[Seam, ...]:
    """Return the seams of aiobotocore where it is loaded, and what sees it come."""
    loaded = "aiobotocore.session" in sys.modules
    return (_SESSIONS, *_AWAITED) if loaded else (_SESSIONS,)
