"""What leaves a real client's call: the rule of an error, and what a callback raises."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept
from tests.calls import REQUEST
from tests.real import KEYS, made

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("no_network")

REGION = "us-east-1"
STATUS: Any = [{"Name": "status", "Values": ["München & <Co>"]}]
MODES: list[Any] = ["legacy", "standard", "adaptive"]


def failing(call: Callable[..., Any], **parameters: Any) -> Any:
    """Return the error that *call* ends with."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value


@pytest.mark.rule("ERR-01")
def test_an_error_has_its_rule_and_its_note() -> None:
    with intercept(Simulator()):
        error = failing(made().describe_export_image_tasks, Filters=STATUS)
    assert error.rule == "FLT-05"
    (note,) = error.__notes__
    assert note.startswith("FLT-05: ")
    assert type(error) is ClientError


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
        making = session.get_session().create_client("ec2", REGION)
        async with intercept(Simulator()), making as client:
            with pytest.raises(ClientError) as caught:
                await client.describe_export_image_tasks(Filters=STATUS)
        return caught.value

    error = asyncio.run(main())
    assert error.rule == "FLT-05"
    assert error.__notes__


def test_frames_of_ours_are_hidden() -> None:
    with intercept(Simulator()), pytest.raises(OperationNotEmulatedError) as caught:
        made().describe_vpcs()
    shown = [str(entry.path) for entry in caught.traceback.filter(caught)]
    assert shown
    assert not any("ec2_export_sim" in path for path in shown)


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
    assert [call.operation[:8] for call in sim.calls] == ["ExportIm", *["Describe"] * 2]


@pytest.mark.rule("SIM-09", "WIR-22")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("error", RAISED, ids=repr)
def test_it_leaves_the_call_of_an_async_client(error: Exception, mode: str) -> None:
    session: Any = pytest.importorskip("aiobotocore.session")
    config: Any = pytest.importorskip("aiobotocore.config")
    sim = simulator_that_raises(error)

    async def main() -> None:
        retries = config.AioConfig(retries={"mode": mode})
        making = session.get_session().create_client("ec2", REGION, config=retries)
        async with intercept(sim), making as client:
            await client.export_image(**REQUEST)
            with pytest.raises(type(error)) as caught:
                await client.describe_export_image_tasks()
            assert caught.value is error

    asyncio.run(main())
    assert len(sim.calls) == 2
