"""Keeps a served client in this process: its calls, its signatures, its construction.

Rules: WIR-17, WIR-18, WIR-20.
"""

from __future__ import annotations

import copy
import os
import sys
from contextvars import ContextVar
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.loaders import create_loader

from ..core.errors import InjectedException, ServiceError
from ..core.operations import OPERATIONS, Owner
from ..core.operations.describe_tags import has_matching_tags
from ..exceptions import add_rule
from ..http.query import decode_parameters, parse_form
from ..http.xml import answer_request
from .patches import MethodPatch, interceptions

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import Self

    from ..core.context import Caller
    from ..http.xml import Reply
    from ..simulator import Simulator

__tracebackhide__ = True
EC2 = "EC2"  # its service id
KEY_NAMES = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
DUMMY_KEYS = ("ec2-export-sim", "ec2-export-sim")

# The last reply to a call of this thread or task.
_last_reply: ContextVar[Reply | None] = ContextVar("_last_reply", default=None)


class OperationNotEmulatedError(NotImplementedError):
    """A real client made a call that neither the simulator nor anyone else answers."""


# --- a call -------------------------------------------------------------------------


def without_network(
    endpoint: Any, request: Any, operation_model: Any, context: Any
) -> Any:
    """Return a copy of *endpoint* that sends nothing; *endpoint* if it is not served.

    botocore sends a request if no handler of `before-send` answers it. moto's handler
    raises for an operation that moto does not have. So the copy is without it, and
    `_send` calls it for the operations that are not ours.
    """
    if operation_model.service_model.service_id != EC2:
        return endpoint
    interception = interceptions.serving(endpoint)
    if interception is None:
        return endpoint
    operation = operation_model.name
    sim = interception.sim.in_region(context["client_region"])  # WIR-17
    stubber = getattr(sys.modules.get("moto.core.models"), "botocore_stubber", None)
    moto = stubber if stubber and stubber.enabled else None
    passes_through = interception.pass_through and not _is_aws(endpoint.host)
    owner = _owner(operation, request, sim, has_others=passes_through or bool(moto))
    if passes_through and owner is not Owner.SIMULATOR:
        return endpoint
    served = copy.copy(endpoint)
    if moto:
        served._event_emitter = copy.copy(endpoint._event_emitter)
        served._event_emitter.unregister("before-send", moto)
    answer = partial(_answer, interception.caller._replace(region=sim.region_name))
    if owner is Owner.OTHERS:
        answer = partial(_refuse, operation)
    served._send = partial(_send, owner is not Owner.SIMULATOR and moto, answer)
    return served


def _owner(operation: str, request: Any, sim: Simulator, *, has_others: bool) -> Owner:
    if operation not in OPERATIONS:
        return Owner.OTHERS
    row = OPERATIONS[operation]
    if row.owner is None:
        return Owner.SIMULATOR
    try:
        parameters = decode_parameters(row.input, parse_form(*_forms(request)))
        owner = row.owner(parameters)
        splits = owner is Owner.OTHERS_FIRST and has_others
        if splits and has_matching_tags(sim.tasks, parameters.get("Filters", ())):
            raise OperationNotEmulatedError(
                f"{operation}: both have matching tags; filter by resource-type "
                "(the simulator and what serves the rest of EC2, WIR-19)"
            )
    except ServiceError:  # the simulator answers with what is wrong
        return Owner.SIMULATOR
    if owner is Owner.BOTH:
        raise OperationNotEmulatedError(
            f"{operation} names export image tasks and other resources; "
            "call it for each kind (WIR-19)"
        )
    return owner


def _send(moto: Any, answer: Callable[[Any], AWSResponse], request: Any) -> AWSResponse:
    return (moto and moto("before-send", request)) or answer(request)


def _answer(caller: Caller, request: Any) -> AWSResponse:
    headers: Any = {}
    try:
        reply = answer_request(caller, *_forms(request))
    except InjectedException as injected:
        raise injected.exception from None
    except Exception as error:  # noqa: BLE001 - on_completed may raise anything
        # botocore retries if sending fails, but not if reading the answer fails.
        return AWSResponse(request.url, 200, headers, _Body(error))
    _last_reply.set(reply)
    headers = reply.headers
    return AWSResponse(request.url, reply.status, headers, _Body(reply.body))


def _refuse(operation: str, _request: Any) -> AWSResponse:
    of_others = " of other resources" if operation in OPERATIONS else ""
    raise OperationNotEmulatedError(
        f"{operation}{of_others} is not emulated, and nobody else answered it "
        f"(WIR-18). Emulated are {', '.join(OPERATIONS)}. For the rest of EC2 activate "
        "moto, or set pass_through=True and an endpoint_url that is not AWS's"
    )


@cache
def _is_aws(url: str) -> bool:
    host = (urlsplit(url).hostname or "").rstrip(".")
    partitions = create_loader().load_data("partitions")["partitions"]
    keys = ("dnsSuffix", "dualStackDnsSuffix")
    suffixes = [each["outputs"][key] for each in partitions for key in keys]
    return any(host.endswith(f".{suffix}") for suffix in suffixes)


def _forms(request: Any) -> tuple[bytes, bytes]:
    """Return the query string and the body of *request*."""
    query, body = urlsplit(request.url).query, request.body or ""
    return query.encode(), body.encode() if isinstance(body, str) else body


class _Body:
    """The body of an answer, or the exception that reading it raises."""

    def __init__(self, content: bytes | Exception) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        if isinstance(self._content, Exception):
            raise self._content
        yield self._content


def with_rule(error: Any, error_response: Any, *_: Any, **__: Any) -> Any:
    """Return *error*; add rule and notes if the simulator's last reply caused it."""
    reply = _last_reply.get()
    request_id = error_response.get("ResponseMetadata", {}).get("RequestId")
    if reply and reply.error and reply.headers["x-amzn-requestid"] == request_id:
        add_rule(error, reply.error)
    return error


# --- credentials --------------------------------------------------------------------


class _DummyCredentials(Credentials):
    """Dummy keys, as botocore and aiobotocore take them: the latter awaits them."""

    def get_frozen_credentials(self) -> Any:
        return self

    def __await__(self) -> Generator[None, None, Self]:
        yield from ()
        return self


def with_usable_keys(signer: Any, *_: Any, **__: Any) -> Any:
    """Return *signer*; if it is served without static keys, a copy with dummy ones."""
    own = signer._credentials
    is_static = own is not None and not isinstance(own, RefreshableCredentials)
    if is_static or signer._service_id != EC2 or interceptions.serving(signer) is None:
        return signer
    signer = copy.copy(signer)
    signer._credentials = _DummyCredentials(*DUMMY_KEYS)
    return signer


def without_providers(session: Any, service_name: str, *_: Any, **__: Any) -> Any:
    """Return a copy of *session* that makes a client which will be served.

    The copy gets neither credentials from a process or a service nor the region of an
    instance.
    """
    if service_name != "ec2" or interceptions.serving(None) is None:
        return session
    copied = copy.copy(session)
    keys = None if session._credentials else _configured_keys(session)
    if keys:
        copied.set_credentials(*keys)
    copied.get_credentials = lambda: copied._credentials
    copied.get_auth_token = lambda **_: None  # EC2 takes none
    mode = session._resolve_defaults_mode
    copied._resolve_defaults_mode = lambda *args: mode(*args).replace(
        "auto", "standard"
    )
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
    MethodPatch("botocore.exceptions:ClientError.__init__", with_rule),
    MethodPatch("botocore.endpoint:Endpoint._do_get_response", without_network),
    MethodPatch("botocore.signers:RequestSigner.get_auth_instance", with_usable_keys),
    MethodPatch("botocore.session:Session.create_client", without_providers),
)
