"""A machine without credentials, and without a network where a test asks for that."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any, NoReturn
from unittest import mock

import boto3
import botocore.loaders
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def _one_loader() -> Iterator[None]:
    """Read EC2's large model once, not once a session of botocore's."""
    loader = botocore.loaders.create_loader()
    with mock.patch("botocore.session.create_loader", return_value=loader):
        yield


@pytest.fixture(autouse=True)
def _bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


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
