"""Targets that are ready to be examined.

simulator   this package's own
endpoint    whatever answers boto3's EC2 client
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from .. import Policy, Simulator
from .capabilities import WRITING

if TYPE_CHECKING:
    from .account import Target
    from .outcomes import Record

_SECONDS = 60  # how long a server may take to be reset
_SEEDED_TASKS = 3


class _SimulatorClient:
    """The simulator's client, with its clock."""

    def __init__(self, sim: Simulator, policy: Policy | None) -> None:
        self._client = sim.client(policy)
        self.advance = sim.advance

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def simulator(tasks: list[Record], *, authorized: bool = True) -> Any:
    """Return a client of a new simulator that has *tasks*."""
    sim = Simulator()
    sim.load_tasks(tasks)
    return _SimulatorClient(sim, None if authorized else Policy.deny_all())


class Endpoint:
    """Whatever answers boto3's own EC2 client.

    url              its address; None: boto3's own settings say it (AWS_PROFILE,
                     AWS_ENDPOINT_URL_EC2, AWS_REGION …), and it is only read
    reset            a URL: `POST {"ExportImageTasks": [...]}` makes the account have
                     these tasks and no others
    denied_profile   a profile of the AWS configuration whose user is not allowed to
                     make the calls

    Without *reset*, a server with the control paths of `ec2-export-sim serve` is given
    its tasks by them. Another server cannot be given tasks; if it has none, three are
    made by ExportImage.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        reset: str | None = None,
        denied_profile: str | None = None,
    ) -> None:
        self.url = url
        self._reset = reset
        self._denied_profile = denied_profile

    @cached_property
    def unsupported(self) -> frozenset[str]:
        """What cannot be done without *reset*, control paths or a denied profile."""
        names = frozenset[str]() if self._denied_profile else frozenset({"permissions"})
        if self.url is None or _is_aws(self.url):
            return names | WRITING
        if not (self._reset or self._has_control):
            names |= {"tasks", "many-tasks"}
        return names if self._has_control else names | {"clock"}

    @cached_property
    def _has_control(self) -> bool:
        try:
            return "now" in _request(f"{self.url}/_sim/now")
        except (OSError, ValueError, TypeError):
            return False

    def __call__(self, tasks: list[Record], *, authorized: bool = True) -> Any:
        """Return a client of the account, which then has *tasks*."""
        profile = None if authorized else self._denied_profile
        client = self._clients.setdefault(profile, None) or self._make(profile)
        self._clients[profile] = client
        if not authorized or "tag-calls" in self.unsupported:
            return client
        if self._reset:
            _request(self._reset, {"ExportImageTasks": tasks})
        elif self._has_control:
            _request(f"{self.url}/_sim/reset", {})
            _request(f"{self.url}/_sim/load_tasks", {"records": tasks})
        elif not client.describe_export_image_tasks()["ExportImageTasks"]:
            _make_tasks(client)
        return client

    @cached_property
    def _clients(self) -> dict[str | None, Any]:
        return {}

    def _make(self, profile: str | None) -> Any:
        import boto3  # noqa: PLC0415 - only this target needs it
        from botocore.config import Config  # noqa: PLC0415

        session = boto3.Session(profile_name=profile)
        region = session.region_name or "us-east-1"
        config = Config(retries={"total_max_attempts": 1})
        client = session.client(
            "ec2", region_name=region, endpoint_url=self.url, config=config
        )
        return _EndpointClient(client, self.url) if self._has_control else client


class _EndpointClient:
    """A client of boto3, with the clock of the server."""

    def __init__(self, client: Any, url: str | None) -> None:
        self._client = client
        self._url = url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def advance(self, seconds: float) -> None:
        """Move the clock of the server."""
        _request(f"{self._url}/_sim/advance", {"seconds": seconds})


endpoint = Endpoint()


def _is_aws(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))


def _request(url: str, body: Any = None) -> Any:
    """GET a URL, or POST it with a body of JSON; return the JSON of the answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(url, data, headers)  # noqa: S310 - the user's own URL
    with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
        return json.loads(answer.read() or b"{}")


def _make_tasks(client: Any) -> None:
    """Start some exports; a server without ExportImage keeps its empty account."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - only for endpoints

    with suppress(ClientError):
        for number in range(1, _SEEDED_TASKS + 1):
            client.export_image(
                ImageId=f"ami-{number:017x}",
                DiskImageFormat="VMDK",
                S3ExportLocation={"S3Bucket": "exports"},
            )


def make_target(
    name: str | None = None,
    endpoint: str | None = None,
    reset: str | None = None,
    denied_profile: str | None = None,
) -> Target:
    """Return the target that the command's arguments describe.

    Raises ValueError, saying what is wrong, if there is none.
    """
    if name is not None:
        return load_target(name)
    return Endpoint(endpoint, reset=reset, denied_profile=denied_profile)


def load_target(name: str) -> Target:
    """Return the target with the name `MODULE:CALLABLE`.

    Raises ValueError, saying what is wrong, if there is none.
    """
    module_name, colon, path = name.partition(":")
    if not (module_name and colon and path):
        raise ValueError(f"{name!r} does not have the form MODULE:CALLABLE")
    if "" not in sys.path:
        sys.path.insert(0, "")  # as with `python -m`; an installed command has no ""
    try:
        found: Any = import_module(module_name)
    except (Exception, SystemExit) as error:
        problem = f"{type(error).__name__}: {error}"
        raise ValueError(f"{module_name!r} cannot be imported: {problem}") from error
    for step in path.split("."):
        if not hasattr(found, step):
            raise ValueError(f"{module_name!r} has no {path!r}")
        found = getattr(found, step)
    if not callable(found):
        raise ValueError(f"{name!r} is not callable, but a {type(found).__name__}")
    target: Target = found
    return target
