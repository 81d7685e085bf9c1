"""What a client's call meets while a context is open.

Rules: WIR-17, WIR-18.
"""

from __future__ import annotations

import copy
import sys
from functools import wraps
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse

from ..core.errors import ServiceError
from ..core.operations import OPERATIONS, Owner
from ..http.query import decode_parameters, parse_form
from ..http.xml import answer_request
from .contexts import open_contexts
from .ownership import is_ec2
from .seam import Seam

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .contexts import Interception
    from .seam import Method


class OperationNotEmulatedError(NotImplementedError):
    """A call of a real client that neither the simulator nor anyone else answers."""


def _serving(original: Method) -> Method:
    @wraps(original)
    def get_response(
        endpoint: Any, request: Any, operation_model: Any, context: Any
    ) -> Any:
        endpoint = redirected(endpoint, request, operation_model, context)
        return original(endpoint, request, operation_model, context)

    return get_response


SEAM = Seam(
    "botocore.endpoint:Endpoint",
    "_do_get_response",
    ("request", "operation_model", "context"),
    _serving,
)


def redirected(endpoint: Any, request: Any, operation_model: Any, context: Any) -> Any:
    """Return a copy of *endpoint* that has no way to the network, where it is served.

    botocore asks those who listen to `before-send`, moto among them, and sends where
    nobody answers. So of others' operations only the sending is replaced.
    """
    if not is_ec2(operation_model.service_model.service_id):
        return endpoint
    serving = open_contexts.innermost("_endpoint", endpoint)
    if serving is None:
        return endpoint
    operation = operation_model.name
    try:
        whose = _owner(operation, request)
    except ServiceError:  # the answer will tell what is wrong
        whose = Owner.SIMULATOR
    if whose is Owner.BOTH:
        raise OperationNotEmulatedError(
            f"{operation} names export image tasks and other resources; "
            "call it for each kind, since each has an owner of its own (WIR-19)"
        )

    def send(request: Any) -> AWSResponse:
        if whose is Owner.OTHERS:
            of_others = " of other resources" if operation in OPERATIONS else ""
            raise OperationNotEmulatedError(
                f"{operation}{of_others} is not emulated, and nobody else answered it "
                f"(WIR-18). Emulated are {', '.join(OPERATIONS)}; for the rest "
                "of EC2 activate moto, which serves clients made after its import"
            )
        return _answer(serving, request, context["client_region"])

    served = copy.copy(endpoint)
    served._send = send
    if whose is Owner.SIMULATOR:
        served._event_emitter = _without_moto(endpoint._event_emitter)
    return served


def _owner(operation: str, request: Any) -> Owner:
    if operation not in OPERATIONS:
        return Owner.OTHERS
    row = OPERATIONS[operation]
    return row.owner(decode_parameters(row.input, parse_form(*_forms(request))))


def _without_moto(emitter: Any) -> Any:
    """Return *emitter* as it is without moto.

    All who listen to `before-send` are asked, and moto raises for what it lacks.
    """
    stubber = getattr(sys.modules.get("moto.core.models"), "botocore_stubber", None)
    if stubber is None or not stubber.enabled:
        return emitter
    quiet = copy.copy(emitter)
    quiet.unregister("before-send", stubber)
    return quiet


def _answer(serving: Interception, request: Any, region: str) -> AWSResponse:
    sim = serving.sim.in_region(region)  # WIR-17
    caller = sim._caller(serving.policy, serving.principal)
    reply = answer_request(caller, *_forms(request))
    headers: Any = reply.headers
    return AWSResponse(request.url, reply.status, headers, _Body(reply.body))


def _forms(request: Any) -> tuple[bytes, bytes]:
    body = request.body or b""
    if isinstance(body, str):
        body = body.encode()
    return urlsplit(request.url).query.encode(), body


class _Body(BytesIO):
    """A body as botocore's response reads it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()
