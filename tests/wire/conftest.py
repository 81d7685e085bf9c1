"""Botocore as it is new, and no network where a test asks for that."""

from __future__ import annotations

import socket
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NoReturn
from unittest import mock

import boto3
import pytest
from moto import mock_aws

from tests.real import ROLE, loader

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


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Fail the test where anything connects or looks up a name."""
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
