"""An async client follows every rule that the suite can check."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.botocore import intercept
from ec2_export_sim.conformance import Judge
from tests.properties import EXAMPLES, RULES
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

    def __getattr__(self, operation: str) -> Any:
        async def call(parameters: dict[str, Any]) -> Any:
            async with self._served:
                return await getattr(self._client, operation)(**parameters)

        return lambda **parameters: self._loop.run(call(parameters))


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


@pytest.fixture(scope="module")
def judge(loop: asyncio.Runner, client: Any) -> Judge:
    def target(tasks: list[dict[str, Any]], *, authorized: bool = True) -> Bridge:
        sim = Simulator()
        sim.load_tasks(tasks)
        policy = None if authorized else Policy.deny_all()
        return Bridge(loop, client, intercept(sim, client, policy=policy))

    return Judge(target, examples=EXAMPLES, unsupported=["clock", "many-tasks"])


@pytest.mark.rule("WIR-22")
@pytest.mark.parametrize("rule", RULES)
def test_the_client_follows_the_rule(rule: str, judge: Judge) -> None:
    verdict = judge.judge(rule)
    assert verdict.outcome in {"passed", "skipped"}, verdict.explanation
    if verdict.outcome == "skipped":
        assert verdict.reason in {"unsupported: clock", "unsupported: many-tasks"}
