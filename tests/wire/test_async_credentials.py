"""Async clients need no credentials, and no provider is asked for any."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import NoCredentialsError

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import intercept

credentials: Any = pytest.importorskip("aiobotocore.credentials")
session: Any = pytest.importorskip("aiobotocore.session")

pytestmark = [pytest.mark.usefixtures("no_network"), pytest.mark.rule("WIR-22")]

REGION = "us-east-1"


def made(service: str) -> Any:
    return session.get_session().create_client(service, REGION)


@pytest.mark.rule("WIR-20")
def test_no_metadata_service_is_asked(
    monkeypatch: pytest.MonkeyPatch, no_network: list[Any], container: str
) -> None:
    async def main() -> None:
        own = session.get_session()
        with intercept(Simulator()):
            async with own.create_client("ec2", REGION) as client:
                await client.describe_export_image_tasks()
                assert no_network == []
                monkeypatch.delenv(container)
                assert await own.get_credentials() is None  # the user's own question
                assert no_network != []
                no_network.clear()
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with pytest.raises(NoCredentialsError):
            await client.describe_export_image_tasks()

    asyncio.run(main())


@pytest.mark.rule("WIR-20")
def test_other_services_look_for_credentials_as_ever() -> None:
    asked: list[str] = []

    async def load(provider: Any) -> None:
        asked.append(provider.METHOD)

    async def main() -> None:
        with (
            patch.object(credentials.AioInstanceMetadataProvider, "load", load),
            intercept(Simulator()),
        ):
            async with made("ec2"):
                assert asked == []
            async with made("s3"):
                assert asked == ["iam-role"]

    asyncio.run(main())


@pytest.mark.rule("WIR-20")
@pytest.mark.usefixtures("role")
def test_refreshable_credentials_are_not_fetched() -> None:
    sim = Simulator()

    async def main() -> None:
        async with made("ec2") as client:
            with intercept(sim):
                await client.describe_export_image_tasks()

    asyncio.run(main())
    assert len(sim.calls) == 1


async def signed_with(client: Any) -> str:
    """Return the access key that a call of *client* is signed with."""
    headers: list[Any] = []
    client.meta.events.register(
        "before-send.ec2", lambda request, **_: headers.append(request.headers)
    )
    await client.describe_export_image_tasks()
    authorization: bytes = headers[0]["Authorization"]
    return authorization.decode().partition("Credential=")[2].partition("/")[0]


@pytest.mark.rule("WIR-20")
@pytest.mark.usefixtures("provider")
def test_no_provider_is_asked() -> None:
    async def main() -> None:
        async with intercept(Simulator()), made("ec2") as client:
            assert await signed_with(client) == "ec2-export-sim"

    asyncio.run(main())


@pytest.mark.rule("WIR-20")
def test_credentials_that_are_there_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")

    async def main() -> None:
        async with intercept(Simulator()), made("ec2") as client:
            assert await signed_with(client) == "a"

    asyncio.run(main())
