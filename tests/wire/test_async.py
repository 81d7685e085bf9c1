"""Every kind of async client is served, and every method is restored."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import botocore
import botocore.session
import pytest
from botocore.endpoint import Endpoint

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept
from tests.real import KEYS, holding

if TYPE_CHECKING:
    from collections.abc import Callable

aiobotocore: Any = pytest.importorskip("aiobotocore")
config: Any = pytest.importorskip("aiobotocore.config")
endpoint: Any = pytest.importorskip("aiobotocore.endpoint")
session: Any = pytest.importorskip("aiobotocore.session")

pytestmark = [pytest.mark.usefixtures("no_network"), pytest.mark.rule("WIR-22")]

REGION = "eu-west-1"


def made(service: str = "ec2", region: str = REGION, **given: Any) -> Any:
    return session.get_session().create_client(service, region_name=region, **given)


def of_aioboto3(kind: str) -> Any:
    least = "8" if kind == "resource" else None  # those before it ask boto3 for one
    aioboto3: Any = pytest.importorskip("aioboto3", minversion=least)
    return getattr(aioboto3.Session(region_name=REGION), kind)("ec2")


MAKERS: dict[str, Callable[[], Any]] = {
    "aiobotocore": made,
    "endpoint_url": lambda: made(endpoint_url="http://localhost:1/x"),
    "unsigned": lambda: made(
        config=config.AioConfig(signature_version=botocore.UNSIGNED)
    ),
    "with keys": lambda: made(**KEYS),
    "aioboto3": lambda: of_aioboto3("client"),
    "aioboto3 resource": lambda: of_aioboto3("resource"),
}


async def ids(client: Any) -> list[str]:
    client = getattr(client.meta, "client", client)  # a resource has one
    answer = await client.describe_export_image_tasks()
    return [task["ExportImageTaskId"] for task in answer["ExportImageTasks"]]


@pytest.mark.rule("WIR-17", "WIR-20")
@pytest.mark.parametrize("when", ["before", "inside"])
@pytest.mark.parametrize("maker", MAKERS)
def test_every_client_is_served(
    maker: str, when: str, moto: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    make = MAKERS[maker]
    sim, expected = holding(1, REGION)
    outside, inside = moto

    async def main() -> None:
        if when == "inside":
            with outside:
                async with intercept(sim):
                    with inside:
                        async with make() as client:
                            assert await ids(client) == expected
            return
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        async with make() as client:
            monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
            with outside:
                async with intercept(sim):
                    with inside:
                        assert await ids(client) == expected

    asyncio.run(main())


def test_both_kinds_of_client_are_served_in_one_context() -> None:
    sim, expected = holding(1, REGION)

    async def main() -> None:
        with intercept(sim):
            async with made() as client:
                assert await ids(client) == expected
            answer = boto3.client("ec2", REGION).describe_export_image_tasks()
            assert len(answer["ExportImageTasks"]) == 1

    asyncio.run(main())


def test_the_caller_is_the_one_that_is_named() -> None:
    sim = Simulator()
    principal = "arn:aws:iam::123456789012:role/reader"

    async def main() -> None:
        async with (
            intercept(sim, policy=Policy.deny_all(), principal=principal),
            made() as client,
        ):
            with pytest.raises(client.exceptions.ClientError, match=principal) as no:
                await client.describe_export_image_tasks()
        assert no.value.response["Error"]["Code"] == "UnauthorizedOperation"

    asyncio.run(main())
    assert [call.principal for call in sim.calls] == [principal]


def test_only_the_given_client_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    sim, expected = holding(1, REGION)
    other, others = holding(1, REGION)

    async def send(*_: object) -> None:
        raise ConnectionError("sent")

    async def main() -> None:
        monkeypatch.setattr(endpoint.AioEndpoint, "_send", send)
        async with made(**KEYS) as first, made(**KEYS) as second:
            async with intercept(sim, first):
                assert await ids(first) == expected
                with pytest.raises(ConnectionError, match="sent"):
                    await ids(second)
                async with intercept(other, second):
                    found = await asyncio.gather(ids(first), ids(second))
                    assert list(found) == [expected, others]
            with pytest.raises(ConnectionError, match="sent"):
                await ids(first)

    monkeypatch.setattr(asyncio, "sleep", no_sleep)
    asyncio.run(main())


async def no_sleep(_: float) -> None:
    """Retry at once."""


def test_a_client_of_another_service_is_refused() -> None:
    async def main() -> None:
        async with made("s3", **KEYS) as client:
            intercept(Simulator(), client)

    with pytest.raises(ValueError, match="client must be one of EC2"):
        asyncio.run(main())


def test_the_innermost_context_wins_and_leaving_restores() -> None:
    outer, outer_ids = holding(1, REGION)
    inner, inner_ids = holding(2, REGION)
    original = endpoint.AioEndpoint._do_get_response
    blocking = Endpoint._do_get_response  # type: ignore[attr-defined]
    entered = intercept(inner)

    async def main() -> None:
        async with made(**KEYS) as client, intercept(outer) as given:
            assert given is outer
            async with intercept(inner):
                assert await ids(client) == inner_ids
            assert await ids(client) == outer_ids
            with pytest.raises(KeyError):
                async with intercept(inner):
                    raise KeyError
            assert await ids(client) == outer_ids
            async with entered, entered:
                assert await ids(client) == inner_ids
            assert await ids(client) == outer_ids

    asyncio.run(main())
    assert endpoint.AioEndpoint._do_get_response is original
    assert Endpoint._do_get_response is blocking  # type: ignore[attr-defined]


def test_it_decorates_coroutine_functions_and_methods() -> None:
    sim, expected = holding(1, REGION)
    original = endpoint.AioEndpoint._do_get_response

    @intercept(sim)
    async def listed(region: str) -> list[str]:
        """Doc."""
        async with made(region=region) as client:
            return await ids(client)

    class Lister:
        @intercept(sim)
        async def listed(self) -> list[str]:
            return await listed(REGION)

    async def main() -> None:
        later = listed(REGION)
        assert endpoint.AioEndpoint._do_get_response is original
        assert await later == await Lister().listed() == expected
        at_once = await asyncio.gather(listed(REGION), listed(REGION))
        assert list(at_once) == [expected, expected]

    asyncio.run(main())
    assert (listed.__name__, listed.__doc__) == ("listed", "Doc.")
    assert inspect.iscoroutinefunction(listed)
    assert endpoint.AioEndpoint._do_get_response is original


def test_it_is_served_when_it_is_imported_inside_a_context() -> None:
    program = f"""
import asyncio, sys
from ec2_export_sim import Simulator
from ec2_export_sim.botocore import intercept

async def main():
    async with intercept(Simulator()):
        assert "aiobotocore" not in sys.modules
        from aiobotocore.endpoint import AioEndpoint
        from aiobotocore.session import AioSession
        original = AioEndpoint._do_get_response
        async with AioSession().create_client("ec2", region_name={REGION!r}) as client:
            answer = await client.describe_export_image_tasks()
    assert AioEndpoint._do_get_response is original
    print(answer["ExportImageTasks"])

asyncio.run(main())
"""
    command = [sys.executable, "-W", "error", "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_a_method_that_has_changed_is_an_error_on_entering(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def less(self: object, request: object) -> None: ...

    named = rf"aiobotocore {aiobotocore.__version__} has no AioEndpoint\._do_get_resp"
    blocking = Endpoint._do_get_response  # type: ignore[attr-defined]
    for changed in (less, None):
        with monkeypatch.context() as patch:
            patch.setattr(endpoint.AioEndpoint, "_do_get_response", changed)
            with pytest.raises(RuntimeError, match=named):
                intercept(Simulator()).__enter__()
            assert endpoint.AioEndpoint._do_get_response is changed
    monkeypatch.delattr(endpoint, "AioEndpoint")
    with pytest.raises(RuntimeError, match=named):
        intercept(Simulator()).__enter__()
    assert Endpoint._do_get_response is blocking  # type: ignore[attr-defined]


def test_one_that_comes_later_is_refused_with_its_first_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = sys.modules["aiobotocore.session"]
    monkeypatch.delitem(sys.modules, "aiobotocore.session")
    with intercept(Simulator()):
        session.get_session()
        monkeypatch.setitem(sys.modules, "aiobotocore.session", loaded)
        with monkeypatch.context() as changed:
            changed.delattr(endpoint.AioEndpoint, "_do_get_response")
            changed.delattr(Endpoint, "_do_get_response")
            with pytest.raises(RuntimeError, match=f" {aiobotocore.__version__} has"):
                session.get_session()
        session.get_session()


def test_nothing_is_patched_while_no_context_is_open() -> None:
    original = endpoint.AioEndpoint._do_get_response
    with intercept(Simulator()):
        begun = botocore.session.Session.__init__
    begun(object.__new__(session.AioSession))  # a session that outlasts the last
    assert endpoint.AioEndpoint._do_get_response is original


@pytest.mark.rule("WIR-18")
@pytest.mark.parametrize("maker", ["aiobotocore", "endpoint_url", "unsigned"])
def test_what_nobody_answers_is_refused_by_name(maker: str) -> None:
    async def main() -> None:
        async with intercept(Simulator()), MAKERS[maker]() as client:
            with pytest.raises(OperationNotEmulatedError, match="DescribeVpcs is not"):
                await client.describe_vpcs()
            with pytest.raises(OperationNotEmulatedError, match="CreateVpc is not"):
                await client.create_vpc(CidrBlock="10.0.0.0/16")

    asyncio.run(main())
