"""Async clients keep their hooks, retries and pages; moto works next to them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept
from tests.calls import REQUEST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

config: Any = pytest.importorskip("aiobotocore.config")
session: Any = pytest.importorskip("aiobotocore.session")

pytestmark = [pytest.mark.usefixtures("no_network"), pytest.mark.rule("WIR-22")]

REGION = "us-east-1"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with intercept(Simulator()) as sim:
        yield sim


def run(test: Callable[[Any], Awaitable[None]], **given: Any) -> None:
    """Run *test* with a client."""

    async def main() -> None:
        making = session.get_session().create_client("ec2", REGION, **given)
        async with making as client:
            await test(client)

    asyncio.run(main())


def test_a_page_walk_gives_every_task_once(sim: Simulator) -> None:
    tasks = [sim.add_task(tags={"n": str(n)}) for n in range(7)]

    async def test(client: Any) -> None:
        paginator = client.get_paginator("describe_export_image_tasks")
        walk: AsyncIterator[Any] = paginator.paginate(PaginationConfig={"PageSize": 3})
        pages = [page["ExportImageTasks"] async for page in walk]
        assert [len(page) for page in pages] == [3, 3, 1]
        found = [task["ExportImageTaskId"] for page in pages for task in page]
        assert found == [task.id for task in tasks]

    run(test)


@pytest.mark.usefixtures("sim")
@pytest.mark.rule("AUT-01")
def test_errors_and_dry_runs_are_the_clients_own() -> None:
    async def test(client: Any) -> None:
        unknown = ["export-ami-00000000"]
        with pytest.raises(client.exceptions.ClientError) as refused:
            await client.describe_export_image_tasks(ExportImageTaskIds=unknown)
        response = refused.value.response
        assert response["Error"] == {
            "Code": "InvalidExportTaskID.NotFound",
            "Message": "The export task ID 'export-ami-00000000' does not exist",
        }
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
        with pytest.raises(ClientError, match="Request would have") as refused:
            await client.describe_export_image_tasks(DryRun=True)
        response = refused.value.response
        assert response["Error"]["Code"] == "DryRunOperation"
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 412

    run(test)


@pytest.mark.rule("SIM-12", "ERR-05")
@pytest.mark.parametrize(("mode", "retried"), [("legacy", 4), ("standard", 2)])
@pytest.mark.parametrize("code", ["RequestLimitExceeded", "InternalError"])
def test_faults_are_retried(sim: Simulator, mode: str, retried: int, code: str) -> None:
    async def test(client: Any) -> None:
        sim.fail_next_call("DescribeExportImageTasks", code, times=retried)
        answer = await client.describe_export_image_tasks()
        assert answer["ResponseMetadata"]["RetryAttempts"] == retried
        sim.fail_next_call("DescribeExportImageTasks", code, times=retried + 1)
        with pytest.raises(ClientError, match=rf"reached max retries: {retried}\)"):
            await client.describe_export_image_tasks()

    with patch("asyncio.sleep", side_effect=sim.sleep):
        run(test, config=config.AioConfig(retries={"mode": mode}))
    assert len(sim.calls) == 2 * (retried + 1)


@pytest.mark.usefixtures("sim")
def test_an_operation_that_is_not_emulated_is_not_retried() -> None:
    sends = []

    async def test(client: Any) -> None:
        events = client.meta.events
        events.register("before-send.ec2", lambda **given: sends.append(given))
        with pytest.raises(OperationNotEmulatedError):
            await client.describe_vpcs()

    with patch("asyncio.sleep", side_effect=pytest.fail):
        run(test)
    assert len(sends) == 1


def test_hooks_of_the_user_are_called_and_may_answer(sim: Simulator) -> None:
    awsrequest: Any = pytest.importorskip("aiobotocore.awsrequest")
    seen: list[str] = []
    events = ["before-call", "before-sign", "before-send", "response-received"]

    class Body:
        raw_headers = ()

        async def read(self) -> bytes:
            return b"<R><nextToken>hooked</nextToken></R>"

    async def note(event_name: str, **_: Any) -> None:
        seen.append(event_name.partition(".")[0])

    async def answer(request: Any, **_: Any) -> Any:
        return awsrequest.AioAWSResponse(request.url, 200, {}, Body())

    async def test(client: Any) -> None:
        for event in events:
            name = f"{event}.ec2.DescribeExportImageTasks"
            client.meta.events.register(name, note)
        await client.describe_export_image_tasks()
        assert seen == events
        client.meta.events.register("before-send.ec2", answer)
        hooked = await client.describe_export_image_tasks()
        assert hooked["NextToken"] == "hooked"

    with mock_aws():
        run(test)
    assert len(sim.calls) == 1


@pytest.mark.usefixtures("sim")
def test_an_answer_is_read_as_aiobotocores_own() -> None:
    read: list[Any] = []

    async def look(response: Any, **_: Any) -> None:
        read.extend([await response[0].content, await response[0].text])

    async def test(client: Any) -> None:
        client.meta.events.register("needs-retry.ec2", look)
        await client.describe_export_image_tasks()

    run(test)
    assert read[0].decode() == read[1]
    assert "<DescribeExportImageTasksResponse" in read[1]


def test_a_stubber_comes_first(sim: Simulator) -> None:
    async def test(client: Any) -> None:
        with Stubber(client) as stubber:
            stubber.add_response("describe_export_image_tasks", {"NextToken": "stub"})
            stubbed = await client.describe_export_image_tasks()
            assert stubbed["NextToken"] == "stub"
        assert (await client.describe_export_image_tasks())["ExportImageTasks"] == []

    run(test)
    assert len(sim.calls) == 1


# --- moto ---------------------------------------------------------------------------


@pytest.mark.rule("WIR-18", "WIR-19")
@pytest.mark.parametrize("moto", ["outside", "inside"])
def test_motos_operations_stay_motos(moto: str) -> None:
    sim = Simulator()
    task = sim.add_task().id

    async def test(client: Any) -> None:
        vpc = (await client.create_vpc(CidrBlock="10.0.0.0/16"))["Vpc"]["VpcId"]
        for resource in (task, vpc):
            tags = [{"Key": resource, "Value": "v"}]
            await client.create_tags(Resources=[resource], Tags=tags)
        found = (await client.describe_vpcs(VpcIds=[vpc]))["Vpcs"]
        assert found[0]["Tags"] == [{"Key": vpc, "Value": "v"}]
        with pytest.raises(ClientError, match="InvalidVpcID"):
            await client.describe_vpcs(VpcIds=["vpc-0"])
        with pytest.raises(OperationNotEmulatedError, match="call it for each kind"):
            await client.create_tags(Resources=[task, vpc], Tags=tags)
        answer = await client.describe_export_image_tasks()
        assert answer["ExportImageTasks"][0]["Tags"] == [{"Key": task, "Value": "v"}]

    contexts = [mock_aws(), intercept(sim)]
    first, second = contexts if moto == "outside" else reversed(contexts)
    with first, second:  # type: ignore[attr-defined]
        run(test)


# --- an export ----------------------------------------------------------------------


def test_an_export_runs_its_course_while_it_is_polled(sim: Simulator) -> None:
    async def wait(client: Any, task_id: str) -> str:
        while True:
            answer = await client.describe_export_image_tasks(
                ExportImageTaskIds=[task_id]
            )
            status = str(answer["ExportImageTasks"][0]["Status"])
            if status != "active":
                return status
            await asyncio.sleep(60)

    async def test(client: Any) -> None:
        started = await client.export_image(**REQUEST)
        named = started["ExportImageTaskId"]
        assert await wait(client, named) == "completed"
        with pytest.raises(ClientError, match="IncorrectState"):
            await client.cancel_export_task(ExportTaskId=named)

    with patch("asyncio.sleep", side_effect=sim.sleep):
        run(test)
