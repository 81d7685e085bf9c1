"""The rest of EC2 from a server of the user, such as that of moto or LocalStack."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

import boto3
import pytest

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept
from tests.real import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.rule("WIR-18")

REGION = "eu-west-1"
VPC = "vpc-0123456789abcdef0"
ANSWERS = {
    "DescribeVpcs": f"<vpcSet><item><vpcId>{VPC}</vpcId></item></vpcSet>",
    "DescribeTags": f"<tagSet><item><key>é &amp;</key><value/>"
    f"<resourceId>{VPC}</resourceId><resourceType>vpc</resourceType></item></tagSet>",
    "CreateTags": "<return>true</return>",
}
TAGS: Any = [{"Key": "é &", "Value": "<v>"}]


class Elsewhere:
    """An EC2 that has one VPC, and logs the actions."""

    def __init__(self) -> None:
        self.actions: list[str] = []
        self.url = ""

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        (action,) = parse_qs(body)["Action"]
        self.actions.append(action)
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [f"<R><requestId>r</requestId>{ANSWERS[action]}</R>".encode()]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any, **__: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    application = Elsewhere()
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        application.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield application
        server.shutdown()
        thread.join()


def test_other_operations_go_to_the_clients_own_endpoint(elsewhere: Elsewhere) -> None:
    client: Any = boto3.client("ec2", REGION, endpoint_url=elsewhere.url, **KEYS)
    with intercept(Simulator(REGION), client, pass_through=True) as sim:
        task = sim.add_task()
        assert client.describe_vpcs()["Vpcs"] == [{"VpcId": VPC}]
        client.create_tags(Resources=[VPC], Tags=TAGS)
        client.create_tags(Resources=[task.id], Tags=TAGS)
        (found,) = client.describe_export_image_tasks()["ExportImageTasks"]
    assert found["Tags"] == TAGS
    assert elsewhere.actions == ["DescribeVpcs", "CreateTags"]


def test_an_endpoint_of_the_environment_is_one_that_was_set(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", elsewhere.url)
    with intercept(Simulator(REGION), pass_through=True):
        client: Any = boto3.client("ec2", REGION)  # needs no credentials, either
        assert client.describe_vpcs()["Vpcs"] == [{"VpcId": VPC}]
        assert client.describe_export_image_tasks()["ExportImageTasks"] == []


def test_nothing_passes_through_unasked(elsewhere: Elsewhere) -> None:
    client: Any = boto3.client("ec2", REGION, endpoint_url=elsewhere.url, **KEYS)
    with intercept(Simulator(), client):
        with pytest.raises(OperationNotEmulatedError, match="pass_through=True"):
            client.describe_vpcs()
        with pytest.raises(OperationNotEmulatedError, match="of other resources"):
            client.create_tags(Resources=[VPC], Tags=TAGS)
        assert client.describe_tags()["Tags"] == []
    assert elsewhere.actions == []


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "options",
    [
        {"region_name": REGION},
        {"region_name": "cn-north-1"},
        {"region_name": "us-gov-west-1"},
        {"region_name": "us-iso-east-1"},
        {"region_name": "eusc-de-east-1"},
        {"endpoint_url": "https://ec2.eu-west-1.amazonaws.com"},
        {"endpoint_url": "https://EC2.EU-WEST-1.AMAZONAWS.COM.:443/"},
        {"endpoint_url": "https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com"},
        {"endpoint_url": "https://ec2.eu-west-1.api.aws"},
        {"endpoint_url": "https://ec2.cn-north-1.api.amazonwebservices.com.cn"},
    ],
)
def test_nothing_goes_to_aws(options: dict[str, str]) -> None:
    with intercept(Simulator(), pass_through=True):
        given: Any = {"region_name": REGION, **options, **KEYS}
        client: Any = boto3.client("ec2", **given)
        with pytest.raises(OperationNotEmulatedError, match="DescribeVpcs is not"):
            client.describe_vpcs()


@pytest.mark.rule("WIR-19")
def test_tags_never_come_from_one_side_alone(elsewhere: Elsewhere) -> None:
    client: Any = boto3.client("ec2", REGION, endpoint_url=elsewhere.url, **KEYS)

    def owners(**parameters: Any) -> list[str]:
        return [
            tag["ResourceType"] for tag in client.describe_tags(**parameters)["Tags"]
        ]

    with intercept(Simulator(REGION), client, pass_through=True) as sim:
        assert owners() == ["vpc"]
        sim.add_task(tags={"é &": "<v>"})
        assert owners(Filters=[{"Name": "key", "Values": ["other"]}]) == ["vpc"]
        kind = [{"Name": "resource-type", "Values": ["export-image-task"]}]
        assert owners(Filters=kind) == ["export-image-task"]
        with pytest.raises(OperationNotEmulatedError, match="both have matching tags"):
            owners()


@pytest.mark.rule("WIR-22")
def test_async_clients_pass_through_too(elsewhere: Elsewhere) -> None:
    session: Any = pytest.importorskip("aiobotocore.session")

    async def main() -> None:
        making = session.get_session().create_client(
            "ec2", REGION, endpoint_url=elsewhere.url, **KEYS
        )
        async with making as client, intercept(Simulator(), client, pass_through=True):
            assert (await client.describe_vpcs())["Vpcs"] == [{"VpcId": VPC}]
            answer = await client.describe_export_image_tasks()
            assert answer["ExportImageTasks"] == []

    asyncio.run(main())
    assert elsewhere.actions == ["DescribeVpcs"]
