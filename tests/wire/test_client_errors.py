"""Errors of real clients: their rules, and the exceptions of callbacks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock

import boto3
import pytest
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

import ec2_export_sim
from ec2_export_sim import Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept
from tests.calls import OTHER, REQUEST
from tests.real import KEYS, made

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("no_network")

REGION = "us-east-1"
OURS = Path(ec2_export_sim.__file__).parent
STATUS: Any = [{"Name": "status", "Values": ["München & <Co>"]}]
MODES: list[Any] = ["legacy", "standard", "adaptive"]


def failing(call: Callable[..., Any], **parameters: Any) -> Any:
    """Return the error that *call* ends with."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value


@pytest.mark.rule("ERR-01")
def test_an_error_has_the_rule_and_the_note_of_our_own_clients() -> None:
    with intercept(Simulator()) as sim:
        error = failing(made().describe_export_image_tasks, Filters=STATUS)
        own: Any = failing(sim.client().describe_export_image_tasks, Filters=STATUS)
    assert (error.rule, error.__notes__) == (own.rule, own.__notes__)
    assert error.rule in error.__notes__[0]


@pytest.mark.rule("ERR-01")
def test_an_error_that_was_retried_has_them_too() -> None:
    config = Config(retries={"max_attempts": 1})
    client: Any = boto3.client("ec2", REGION, config=config, **KEYS)
    with intercept(Simulator()) as sim, pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", sim.sleep)
        sim.fail_next_call("DescribeExportImageTasks", "RequestLimitExceeded", times=2)
        error = failing(client.describe_export_image_tasks)
    assert "reached max retries: 1" in str(error)
    assert error.rule == "ERR-05"


def test_no_other_error_has_one() -> None:
    with mock_aws(), intercept(Simulator()):
        client, s3 = made(), boto3.client("s3", REGION, **KEYS)
        failing(client.describe_export_image_tasks, Filters=STATUS)
        others = [
            failing(s3.get_object, Bucket="b", Key="k"),
            failing(client.describe_vpcs, VpcIds=["vpc-1"]),
            ClientError({"Error": {"Code": "c"}}, "o"),
        ]
    assert not any(hasattr(error, "rule") for error in others)
    with mock_aws():
        assert not hasattr(failing(client.describe_vpcs, VpcIds=["vpc-1"]), "rule")


def test_async_clients_have_them_too() -> None:
    session: Any = pytest.importorskip("aiobotocore.session")

    async def main() -> Any:
        create = session.get_session().create_client
        async with intercept(Simulator()), create("ec2", REGION) as client:
            with pytest.raises(ClientError) as caught:
                await client.describe_export_image_tasks(Filters=STATUS)
        return caught.value

    error = asyncio.run(main())
    assert error.rule in error.__notes__[0]


def test_frames_of_ours_are_hidden() -> None:
    sim = simulator_that_raises(KeyError("é"))

    @intercept(sim)
    def complete() -> None:
        made().export_image(**REQUEST)
        made().describe_export_image_tasks()

    with intercept(sim), pytest.raises(OperationNotEmulatedError) as not_emulated:
        made().describe_vpcs()
    with pytest.raises(KeyError) as called:
        complete()
    sim.invoke("ExportImage", {**REQUEST, "ImageId": OTHER})
    with pytest.raises(KeyError) as advanced:
        sim.advance(1000)
    for caught in (not_emulated, called, advanced):
        shown = [entry.path for entry in caught.traceback.filter(caught)]
        assert shown
        assert not any(path.is_relative_to(OURS) for path in map(Path, shown))


# --- what on_completed raises -------------------------------------------------------

URL = "https://s3.amazonaws.com/"
RAISED: list[Exception] = [
    exceptions.EndpointConnectionError(endpoint_url=URL),
    exceptions.ConnectTimeoutError(endpoint_url=URL),
    exceptions.ReadTimeoutError(endpoint_url=URL),
    exceptions.ConnectionClosedError(endpoint_url=URL),
    exceptions.HTTPClientError(error="broken"),
    exceptions.NoCredentialsError(),
    ClientError({"Error": {"Code": "SlowDown", "Message": "a & b"}}, "PutObject"),
    ConnectionError("é"),
    TimeoutError(),
    KeyError("bucket"),
]


def simulator_that_raises(error: Exception) -> Simulator:
    """Return one whose second call completes an export, of which *error* comes."""

    def on_completed(_: object) -> None:
        raise error

    return Simulator(on_completed=on_completed, seconds_per_call=1000)


@pytest.mark.rule("SIM-09")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("error", RAISED, ids=repr)
def test_what_on_completed_raises_leaves_the_call(error: Exception, mode: Any) -> None:
    config = Config(retries={"mode": mode})
    client: Any = boto3.client("ec2", REGION, config=config, **KEYS)
    with intercept(simulator_that_raises(error), client) as sim:
        client.export_image(**REQUEST)
        with pytest.raises(type(error)) as caught:
            client.describe_export_image_tasks()
        assert caught.value is error
        (task,) = client.describe_export_image_tasks()["ExportImageTasks"]
    assert task["Status"] == "completed"
    assert len(sim.calls.of("DescribeExportImageTasks")) == 1  # it was not repeated


@pytest.mark.rule("SIM-09", "WIR-22")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("error", RAISED, ids=repr)
def test_it_leaves_the_call_of_an_async_client(error: Exception, mode: str) -> None:
    session: Any = pytest.importorskip("aiobotocore.session")
    config: Any = pytest.importorskip("aiobotocore.config")
    sim = simulator_that_raises(error)

    async def main() -> None:
        retries = config.AioConfig(retries={"mode": mode})
        create = session.get_session().create_client
        async with intercept(sim), create("ec2", REGION, config=retries) as client:
            await client.export_image(**REQUEST)
            with pytest.raises(type(error)) as caught:
                await client.describe_export_image_tasks()
            assert caught.value is error
            (task,) = (await client.describe_export_image_tasks())["ExportImageTasks"]
            assert task["Status"] == "completed"

    asyncio.run(main())
    assert len(sim.calls.of("DescribeExportImageTasks")) == 1


# --- injected exceptions ------------------------------------------------------------

UNREACHABLE: list[Exception] = [
    exceptions.EndpointConnectionError(endpoint_url=URL),
    exceptions.ConnectTimeoutError(endpoint_url=URL),
    exceptions.ConnectionClosedError(endpoint_url=URL),
]


@pytest.mark.rule("SIM-12")
@pytest.mark.parametrize("mode", MODES[:2])
@pytest.mark.parametrize("error", UNREACHABLE, ids=lambda error: type(error).__name__)
def test_an_injected_network_error_is_retried(
    error: Exception, mode: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(retries={"mode": mode, "total_max_attempts": 2})
    client: Any = boto3.client("ec2", REGION, config=config, **KEYS)
    with intercept(Simulator(), client) as sim:
        monkeypatch.setattr(time, "sleep", sim.sleep)
        sim.fail_next_call("describe_export_image_tasks", exception=error)
        answer = client.describe_export_image_tasks()
        assert answer["ResponseMetadata"]["RetryAttempts"] == 1
        sim.fail_next_call("describe_export_image_tasks", exception=error, times=2)
        with pytest.raises(type(error)) as caught:
            client.describe_export_image_tasks()
    assert caught.value is error
    name = type(error).__name__
    assert [call.error_code for call in sim.calls] == [name, None, name, name]


@pytest.mark.rule("SIM-12", "WIR-22")
def test_so_it_is_by_an_async_client(monkeypatch: pytest.MonkeyPatch) -> None:
    session: Any = pytest.importorskip("aiobotocore.session")

    async def main() -> int:
        create = session.get_session().create_client
        async with intercept(Simulator()) as sim, create("ec2", REGION) as client:
            monkeypatch.setattr("asyncio.sleep", AsyncMock(side_effect=sim.sleep))
            sim.fail_next_call("*", exception=UNREACHABLE[0], times=2)
            answer = await client.describe_export_image_tasks()
        return int(answer["ResponseMetadata"]["RetryAttempts"])

    assert asyncio.run(main()) == 2


@pytest.mark.rule("SIM-12")
def test_an_injected_exception_that_botocore_does_not_retry_is_raised() -> None:
    error = KeyboardInterrupt("Größe")
    with intercept(Simulator()) as sim:
        client = made()
        sim.fail_next_call("ExportImage", exception=error)
        with pytest.raises(KeyboardInterrupt) as caught:
            client.export_image(**REQUEST)
    assert caught.value is error
    assert len(sim.calls) == 1
