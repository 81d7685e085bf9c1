"""What a client without credentials meets while a context is open.

It signs with made-up ones, and making it asks no metadata service. What the user has
configured is used as it is, and no session keeps anything of this.

Rules: WIR-20.
"""

from __future__ import annotations

import copy
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any

from botocore.credentials import CredentialResolver, Credentials, RefreshableCredentials
from botocore.session import Session
from botocore.signers import RequestSigner
from botocore.utils import IMDSRegionProvider

from .contexts import open_contexts
from .seam import Seam

if TYPE_CHECKING:
    from .seam import Method

_MADE_UP = Credentials("ec2-export-sim", "ec2-export-sim")

# Those of the provider chain that ask a metadata service: a container's, an instance's.
_ASKING = ("container-role", "iam-role")

# Whether this thread is just making a client that will be served.
_making: ContextVar[bool] = ContextVar("_making", default=False)


def _signing(original: Method) -> Method:
    @wraps(original)
    def get_auth_instance(signer: Any, *args: Any, **kwargs: Any) -> Any:
        # Refreshable ones would be fetched now, or when they have expired.
        held = signer._credentials
        usable = held is not None and not isinstance(held, RefreshableCredentials)
        is_ec2 = str(signer._service_id) == "EC2"
        if (
            not usable
            and is_ec2
            and open_contexts.innermost("_request_signer", signer) is not None
        ):
            signer = copy.copy(signer)
            signer._credentials = _MADE_UP
        return original(signer, *args, **kwargs)

    return get_auth_instance


def _making_clients(original: Method) -> Method:
    @wraps(original)
    def create_client(
        session: Any, service_name: str, *args: Any, **kwargs: Any
    ) -> Any:
        token = _making.set(service_name == "ec2" and open_contexts.serve_all)
        try:
            return original(session, service_name, *args, **kwargs)
        finally:
            _making.reset(token)

    return create_client


def _loading(original: Method) -> Method:
    @wraps(original)
    def load_credentials(resolver: Any) -> Any:
        if _making.get():
            chain, resolver = resolver.providers, copy.copy(resolver)
            resolver.providers = [p for p in chain if p.METHOD not in _ASKING]
        return original(resolver)

    return load_credentials


def _locating(original: Method) -> Method:
    @wraps(original)
    def provide(provider: Any) -> Any:
        return None if _making.get() else original(provider)

    return provide


SEAMS = (
    Seam(
        RequestSigner,
        "get_auth_instance",
        ("signing_name", "region_name", "signature_version"),
        _signing,
    ),
    Seam(Session, "create_client", ("service_name",), _making_clients),
    Seam(CredentialResolver, "load_credentials", (), _loading),
    Seam(IMDSRegionProvider, "provide", (), _locating),
)
