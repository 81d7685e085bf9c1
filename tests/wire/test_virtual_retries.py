"""In `virtual_time`, the retries of real clients cost no real time, in any mode."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import intercept
from ec2_export_sim.virtual_time import virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.usefixtures("no_network"), pytest.mark.rule("SIM-45")]

REGION = "us-east-1"
MODES = pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make real time stand still; return what was really slept."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    return seconds


def seconds(sim: Simulator) -> float:
    return sim.clock.monotonic()


def throttled(sim: Simulator, times: int = 4) -> None:
    operation = "DescribeExportImageTasks"
    sim.fail_next_call(operation, "RequestLimitExceeded", times=times)


def made(mode: Any) -> Any:
    config = Config(retries={"mode": mode, "total_max_attempts": 6})
    return boto3.client("ec2", REGION, config=config)


@MODES
@pytest.mark.parametrize("when", ["before", "inside"])
def test_retries_cost_simulated_time(mode: str, when: str, slept: list[float]) -> None:
    with intercept(Simulator()) as sim:
        sim.add_task()
        ec2 = made(mode)
        with virtual_time(sim):
            if when == "inside":
                ec2 = made(mode)
            throttled(sim)
            before = time.monotonic()
            answer = ec2.describe_export_image_tasks()
            assert time.monotonic() - before == pytest.approx(seconds(sim))
    assert seconds(sim) > 0
    assert len(answer["ExportImageTasks"]) == 1
    assert len(sim.calls) == 5
    assert slept == []


@pytest.mark.usefixtures("slept")
def test_a_wait_of_adaptive_mode_is_a_sleep() -> None:
    with intercept(Simulator()) as sim, virtual_time(sim):
        ec2 = made("adaptive")
        throttled(sim, 1)
        ec2.describe_export_image_tasks()
        before = seconds(sim)
        ec2.describe_export_image_tasks()
        assert seconds(sim) - before == pytest.approx(2)  # its least rate is 0.5


def test_on_completed_may_call_with_the_client_that_waits() -> None:
    sim = Simulator(export_seconds=1, on_completed=lambda task: tag(task.id))
    with intercept(sim), virtual_time(sim):
        ec2 = made("adaptive")

        def tag(task_id: str) -> None:
            ec2.create_tags(Resources=[task_id], Tags=[{"Key": "k", "Value": "v"}])

        sim.invoke(
            "ExportImage",
            {
                "ImageId": "ami-0123456789abcdef0",
                "DiskImageFormat": "VMDK",
                "S3ExportLocation": {"S3Bucket": "b"},
            },
        )
        throttled(sim)
        ec2.describe_export_image_tasks()
    assert dict(sim.tasks[0].tags) == {"k": "v"}


@pytest.mark.usefixtures("slept")  # a wait for real time would never end
@pytest.mark.parametrize("when", ["before", "inside"])
def test_a_client_that_outlives_the_context_is_not_slowed_down(when: str) -> None:
    with intercept(Simulator()) as sim:
        ec2 = made("adaptive")
        with virtual_time(sim):
            if when == "inside":
                ec2 = made("adaptive")
            throttled(sim)
            ec2.describe_export_image_tasks()
            time.sleep(1_000_000)
        passed = seconds(sim)
        ec2.describe_export_image_tasks()
    assert seconds(sim) == passed > 1_000_000


@pytest.mark.usefixtures("slept")
def test_simulated_time_fills_the_bucket_of_adaptive_mode() -> None:
    with intercept(Simulator()) as sim, virtual_time(sim):
        ec2 = made("adaptive")
        throttled(sim)
        ec2.describe_export_image_tasks()
        before = seconds(sim)
        for _ in range(10):
            time.sleep(15)
            ec2.describe_export_image_tasks()
        assert seconds(sim) - before == 150


@pytest.fixture
def async_client() -> Callable[[str], Any]:
    session: Any = pytest.importorskip("aiobotocore.session")
    config: Any = pytest.importorskip("aiobotocore.config")

    def create(mode: str) -> Any:
        retries = {"mode": mode, "total_max_attempts": 6}
        return session.get_session().create_client(
            "ec2", region_name=REGION, config=config.AioConfig(retries=retries)
        )

    return create


@MODES
@pytest.mark.parametrize("when", ["before", "inside"])
@pytest.mark.usefixtures("slept")
def test_retries_of_async_clients_cost_simulated_time(
    mode: str, when: str, async_client: Callable[[str], Any]
) -> None:
    async def call(ec2: Any) -> None:
        throttled(sim)
        async with asyncio.timeout(10_000):
            answer = await ec2.describe_export_image_tasks()
        assert len(answer["ExportImageTasks"]) == 1
        assert seconds(sim) > 0

    async def main() -> None:
        if when == "inside":
            with virtual_time(sim):
                async with async_client(mode) as ec2:
                    await call(ec2)
        else:
            async with async_client(mode) as ec2:
                with virtual_time(sim):
                    await call(ec2)

    with intercept(Simulator()) as sim:
        sim.add_task()
        asyncio.run(main())
    assert len(sim.calls) == 5


@pytest.mark.usefixtures("slept")
def test_parallel_calls_of_an_async_client_wait_for_their_turn(
    async_client: Callable[[str], Any],
) -> None:
    async def main() -> None:
        async with async_client("adaptive") as ec2:
            throttled(sim, 1)
            await ec2.describe_export_image_tasks()
            before = seconds(sim)
            calls = [ec2.describe_export_image_tasks() for _ in range(5)]
            await asyncio.gather(*calls)
            assert seconds(sim) - before == pytest.approx(10)

    with intercept(Simulator()) as sim, virtual_time(sim):
        asyncio.run(main())
