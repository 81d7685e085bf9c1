"""A client that is awaited keeps every rule that a target can show."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.botocore import intercept
from ec2_export_sim.conformance import Property, examine
from tests.properties import EXAMPLES, LAWS
from tests.real import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

session: Any = pytest.importorskip("aiobotocore.session")


class Bridge:
    """A client of aiobotocore that is called from code that cannot await."""

    def __init__(self, loop: asyncio.Runner, client: Any, served: intercept) -> None:
        self._loop = loop
        self._client = client
        self._served = served

    def describe_export_image_tasks(self, **parameters: Any) -> Any:
        async def call() -> Any:
            async with self._served:
                return await self._client.describe_export_image_tasks(**parameters)

        return self._loop.run(call())


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as loop:
        yield loop


@pytest.fixture(scope="module")
def client(loop: asyncio.Runner) -> Iterator[Any]:
    """One client for all calls: making one takes long."""
    making = session.get_session().create_client("ec2", "us-east-1", **KEYS)
    yield loop.run(making.__aenter__())
    loop.run(making.__aexit__(None, None, None))


@pytest.mark.rule("WIR-22")
@pytest.mark.parametrize("law", LAWS)
def test_the_client_keeps_the_rule(
    law: Property, loop: asyncio.Runner, client: Any
) -> None:
    def target(tasks: list[dict[str, Any]], *, authorized: bool = True) -> Bridge:
        sim = Simulator()
        sim.load_tasks(tasks)
        policy = None if authorized else Policy.deny_all()
        return Bridge(loop, client, intercept(sim, client, policy=policy))

    verdict = examine(law, target, examples=EXAMPLES)
    if verdict.finding is not None:
        raise verdict.finding
    assert verdict.passed, verdict.skipped
