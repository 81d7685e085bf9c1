"""What a client without credentials meets while a context is open.

It signs with made-up ones, and making it asks no metadata service. What the user has
configured is used as it is, unless it would have to be fetched, and no session keeps
anything of this.

Rules: WIR-20.
"""

from __future__ import annotations

import copy
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from botocore.credentials import Credentials, RefreshableCredentials

from .contexts import open_contexts
from .ownership import is_ec2
from .seam import Seam

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .seam import Method

MADE_UP = ("ec2-export-sim", "ec2-export-sim")

# Those of the provider chain that ask a metadata service: a container's, an instance's,
# and a role's, whose source may be one of them.
_ASKING = ("container-role", "iam-role", "assume-role")

# Whether this thread, or task, is just making a client that will be served.
_making: ContextVar[bool] = ContextVar("_making", default=False)


def signing(made_up: Credentials, original: Method) -> Method:
    """Sign with *made_up* credentials where a served client has no usable ones."""

    @wraps(original)
    def get_auth_instance(signer: Any, *args: Any, **kwargs: Any) -> Any:
        # Refreshable ones would be fetched now, or when they have expired.
        held = signer._credentials
        usable = held is not None and not isinstance(held, RefreshableCredentials)
        if (
            not usable
            and is_ec2(signer._service_id)
            and open_contexts.innermost("_request_signer", signer) is not None
        ):
            signer = copy.copy(signer)
            signer._credentials = made_up
        return original(signer, *args, **kwargs)

    return get_auth_instance


@contextmanager
def making(service_name: str) -> Iterator[None]:
    """Ask no metadata service while a client is made that will be served."""
    token = _making.set(service_name == "ec2" and open_contexts.serve_all)
    try:
        yield
    finally:
        _making.reset(token)


def is_making() -> bool:
    """Tell whether a client that will be served is just being made."""
    return _making.get()


def _making_clients(original: Method) -> Method:
    @wraps(original)
    def create_client(
        session: Any, service_name: str, *args: Any, **kwargs: Any
    ) -> Any:
        with making(service_name):
            return original(session, service_name, *args, **kwargs)

    return create_client


def loading(original: Method) -> Method:
    """Pass over the providers that ask a metadata service."""

    @wraps(original)
    def load_credentials(resolver: Any) -> Any:
        if is_making():
            chain, resolver = resolver.providers, copy.copy(resolver)
            resolver.providers = [p for p in chain if p.METHOD not in _ASKING]
        return original(resolver)

    return load_credentials


def _locating(original: Method) -> Method:
    @wraps(original)
    def provide(provider: Any) -> Any:
        return None if is_making() else original(provider)

    return provide


SEAMS = (
    Seam(
        "botocore.signers:RequestSigner",
        "get_auth_instance",
        ("signing_name", "region_name", "signature_version"),
        partial(signing, Credentials(*MADE_UP)),
    ),
    Seam(
        "botocore.session:Session", "create_client", ("service_name",), _making_clients
    ),
    Seam("botocore.credentials:CredentialResolver", "load_credentials", (), loading),
    Seam("botocore.utils:IMDSRegionProvider", "provide", (), _locating),
)
