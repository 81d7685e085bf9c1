"""Keeps a served client in this process: its calls, its signature, its making.

Rules: WIR-17, WIR-18, WIR-20.
"""

from __future__ import annotations

import copy
import os
import sys
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials, RefreshableCredentials

from ..core.errors import ServiceError
from ..core.operations import OPERATIONS, Owner
from ..http.query import decode_parameters, parse_form
from ..http.xml import answer_request
from .patches import Interception, MethodPatch, interceptions

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Self

EC2 = "EC2"  # its service id
KEY_NAMES = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
DUMMY_KEYS = ("ec2-export-sim", "ec2-export-sim")


class OperationNotEmulatedError(NotImplementedError):
    """A call of a real client that neither the simulator nor anyone else answers."""


# --- a call -------------------------------------------------------------------------


def without_network(
    endpoint: Any, request: Any, operation_model: Any, context: Any
) -> Any:
    """Return a copy of *endpoint* that sends nothing, or itself if nobody serves it.

    botocore asks the `before-send` handlers first, for instance moto's, and sends if
    none of them answers. So only the sending is replaced, and moto's handler is left
    out of the simulator's calls.
    """
    if operation_model.service_model.service_id != EC2:
        return endpoint
    interception = interceptions.serving("_endpoint", endpoint)
    if interception is None:
        return endpoint
    operation = operation_model.name
    answers = _owner(operation, request)
    if answers is Owner.BOTH:
        raise OperationNotEmulatedError(
            f"{operation} names export image tasks and other resources; "
            "call it for each kind, since each has an owner of its own (WIR-19)"
        )
    served = copy.copy(endpoint)
    if answers is Owner.OTHERS:
        served._send = partial(_not_emulated, operation)
    else:
        served._send = partial(_answer, interception, context["client_region"])
    if answers is Owner.SIMULATOR:
        served._event_emitter = _without_moto(endpoint._event_emitter)
    return served


def _owner(operation: str, request: Any) -> Owner:
    if operation not in OPERATIONS:
        return Owner.OTHERS
    row = OPERATIONS[operation]
    try:
        return row.owner(decode_parameters(row.input, parse_form(*_forms(request))))
    except ServiceError:  # the simulator answers with what is wrong
        return Owner.SIMULATOR


def _answer(interception: Interception, region: str, request: Any) -> AWSResponse:
    sim = interception.sim.in_region(region)  # WIR-17
    caller = sim._caller(interception.policy, interception.principal)
    reply = answer_request(caller, *_forms(request))
    headers: Any = reply.headers
    return AWSResponse(request.url, reply.status, headers, _Body(reply.body))


def _not_emulated(operation: str, _request: Any) -> AWSResponse:
    of_others = " of other resources" if operation in OPERATIONS else ""
    raise OperationNotEmulatedError(
        f"{operation}{of_others} is not emulated, and nobody else answered it "
        f"(WIR-18). Emulated are {', '.join(OPERATIONS)}; for the rest "
        "of EC2 activate moto, which serves clients made after its import"
    )


def _without_moto(emitter: Any) -> Any:
    """Return *emitter*, or a copy without moto's handler if moto is active.

    All `before-send` handlers are asked, and moto's raises for what moto has not.
    """
    stubber = getattr(sys.modules.get("moto.core.models"), "botocore_stubber", None)
    if stubber is None or not stubber.enabled:
        return emitter
    quiet = copy.copy(emitter)
    quiet.unregister("before-send", stubber)
    return quiet


def _forms(request: Any) -> tuple[bytes, bytes]:
    """Return the query string and the body of *request*."""
    body = request.body or b""
    if isinstance(body, str):
        body = body.encode()
    return urlsplit(request.url).query.encode(), body


class _Body(BytesIO):
    """A body as botocore's response reads it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


# --- credentials --------------------------------------------------------------------


class _DummyCredentials(Credentials):
    """Dummy keys, as botocore and aiobotocore take them: the latter awaits them."""

    def get_frozen_credentials(self) -> Any:
        return self

    def __await__(self) -> Generator[None, None, Self]:
        yield from ()
        return self


def with_usable_keys(signer: Any, *_: Any, **__: Any) -> Any:
    """Return a copy of *signer* with dummy keys if it is served and has no usable ones.

    Refreshable credentials are not usable: they are fetched when they are asked for.
    """
    held = signer._credentials
    if (
        signer._service_id != EC2
        or (held is not None and not isinstance(held, RefreshableCredentials))
        or interceptions.serving("_request_signer", signer) is None
    ):
        return signer
    signer = copy.copy(signer)
    signer._credentials = _DummyCredentials(*DUMMY_KEYS)
    return signer


def without_providers(session: Any, service_name: str, *_: Any, **__: Any) -> Any:
    """Return a copy of *session* for making a client that will be served.

    It asks nobody for credentials: no process, no service, and not the instance, which
    it does not ask for its region, either.
    """
    if service_name != "ec2" or not interceptions.serve_new_clients:
        return session
    copied = copy.copy(session)
    keys = None if session._credentials else _configured_keys(session)
    if keys:
        copied.set_credentials(*keys)
    copied.get_credentials = lambda: copied._credentials
    copied.get_auth_token = lambda **_: None  # EC2 takes none
    copied._resolve_defaults_mode = lambda *args: session._resolve_defaults_mode(
        *args
    ).replace("auto", "standard")
    return copied


def _configured_keys(session: Any) -> list[str | None] | None:
    """Return the keys in the environment or in the profile, if both are there."""
    environment = {name.lower(): value for name, value in os.environ.items()}
    chosen = session.instance_variables().get("profile")  # then only the profile counts
    for source in ({} if chosen else environment, session.get_scoped_config()):
        keys = [source.get(name) for name in KEY_NAMES]
        if all(keys[:2]):
            return keys
    return None


PATCHES = (
    MethodPatch("botocore.endpoint:Endpoint._do_get_response", without_network),
    MethodPatch("botocore.signers:RequestSigner.get_auth_instance", with_usable_keys),
    MethodPatch("botocore.session:Session.create_client", without_providers),
)
