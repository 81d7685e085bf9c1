"""A new botocore for each test, and no network if a test asks for that."""

from __future__ import annotations

import socket
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NoReturn
from unittest import mock

import boto3
import pytest
from moto import mock_aws

from tests.real import ROLE, loader

# What a config file and the environment may contain instead of two plain keys.
PROVIDERS: dict[str, tuple[str, dict[str, str]]] = {
    "process": ("credential_process = {python} -c \"open({started!r}, 'x')\"", {}),
    "login": ("login_session = arn:aws:iam::123456789012:user/e", {}),
    "sso": (
        "sso_start_url = https://x\nsso_region = us-east-1\n"
        "sso_account_id = 123456789012\nsso_role_name = r",
        {},
    ),
    "sso-session": ("sso_session = s\n[sso-session s]\nsso_region = us-east-1", {}),
    "sso-session that is not there": ("sso_session = nowhere", {}),
    "role": (ROLE.partition("\n")[2], {}),
    "role of an instance": (
        "role_arn = arn:aws:iam::123456789012:role/r\n"
        "credential_source = Ec2InstanceMetadata",
        {},
    ),
    "role of a container": (
        "role_arn = arn:aws:iam::123456789012:role/r\ncredential_source = EcsContainer",
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/role"},
    ),
    "web identity": (
        "role_arn = arn:aws:iam::123456789012:role/r\n"
        "web_identity_token_file = {config}",
        {},
    ),
    "container": ("", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/r"}),
    "instance": ("", {}),
    "half a pair in the file": ("aws_access_key_id = a", {}),
    "half a pair in the environment": ("", {"AWS_ACCESS_KEY_ID": "a"}),
    "other half in the environment": ("", {"AWS_SECRET_ACCESS_KEY": "b"}),
    "expired": (
        "",
        {
            "AWS_ACCESS_KEY_ID": "",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
        },
    ),
}

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", autouse=True)
def _one_loader() -> Iterator[None]:
    """Read EC2's large model once, not once a session of botocore's."""
    with mock.patch("botocore.session.create_loader", return_value=loader()):
        yield


@pytest.fixture(autouse=True)
def _no_session_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture(params=["off", "outside", "inside"])
def moto(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Return what a test enters around its context and within: moto, or nothing."""
    return (
        mock_aws() if request.param == "outside" else nullcontext(),
        mock_aws() if request.param == "inside" else nullcontext(),
    )


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the machine's credentials be those of a role, which must be asked for."""
    path = tmp_path / "config"
    path.write_text(ROLE)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))


@pytest.fixture(params=PROVIDERS)
def provider(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """Let the machine's credentials be such as must be fetched, or be incomplete."""
    profile, environment = PROVIDERS[request.param]
    config, started = tmp_path / "config", tmp_path / "started"
    text = profile.format(python=sys.executable, started=str(started), config=config)
    config.write_text(f"[default]\n{text}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield
    assert not started.exists()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Fail the test if anything connects or looks up a name."""
    tried: list[Any] = []

    def refuse(*target: Any, **_: Any) -> NoReturn:
        tried.append(target)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield tried
    assert tried == []


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let every metadata service be worth asking; return what names a container's."""
    name = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    monkeypatch.setenv(name, "/role")
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "auto")
    monkeypatch.setenv("AWS_EXECUTION_ENV", "")
    return name
