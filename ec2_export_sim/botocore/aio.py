"""Serves the async clients of aiobotocore, and so of aioboto3.

`endpoint` makes the answers. This module does not import aiobotocore. The methods are
patched when an interception is entered, or else when the first session is made.

Rules: WIR-22.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from botocore.awsrequest import AWSResponse

from . import endpoint as sync
from .patches import MethodPatch, interceptions


class _AsyncResponse(AWSResponse):
    """A response with awaitable properties, as aiobotocore reads them."""

    @property
    async def content(self) -> bytes:  # type: ignore[override]
        return super().content

    @property
    async def text(self) -> str:  # type: ignore[override]
        return (await self.content).decode()


def _async_response(response: Any) -> Any:
    """Return *response*, ours or moto's, so that aiobotocore can await it."""
    if type(response) is not AWSResponse:
        return response
    headers: Any = response.headers
    raw: Any = response.raw
    # aiobotocore before 2.21 looks for them here.
    raw.raw_headers = [(k.encode(), str(v).encode()) for k, v in headers.items()]
    return _AsyncResponse(response.url, response.status_code, headers, raw)


async def _call(function: Any, *args: Any) -> Any:
    return _async_response(function(*args))


def _without_network(
    endpoint: Any, request: Any, operation_model: Any, context: Any
) -> Any:
    served = sync.without_network(endpoint, request, operation_model, context)
    if served is not endpoint:
        served._send = partial(_call, served._send)
    return served


def _without_providers(session: Any, service_name: str, *_: Any, **__: Any) -> Any:
    copied = sync.without_providers(session, service_name)
    if copied is not session:
        copied.get_credentials = partial(_call, copied.get_credentials)
    return copied


def _with_aiobotocore(session: Any, *_: Any, **__: Any) -> Any:
    """Patch aiobotocore if it was imported after the interception was entered."""
    interceptions.add_patches(patches())
    return session


_SESSION = MethodPatch("botocore.session:Session.__init__", _with_aiobotocore)
_PATCHES = (
    MethodPatch("aiobotocore.endpoint:AioEndpoint._do_get_response", _without_network),
    MethodPatch(
        "aiobotocore.signers:AioRequestSigner.get_auth_instance", sync.with_usable_keys
    ),
    MethodPatch("aiobotocore.session:AioSession._create_client", _without_providers),
)


def patches() -> tuple[MethodPatch, ...]:
    """Return the patches of aiobotocore, and the one that notices its import."""
    imported = "aiobotocore.session" in sys.modules
    return (_SESSION, *_PATCHES) if imported else (_SESSION,)
