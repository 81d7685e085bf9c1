"""Real clients keep their hooks, retries and pages, and moto works next to them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept
from tests.calls import REQUEST
from tests.real import Body

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "us-east-1"

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with intercept(Simulator()) as sim:
        yield sim


@pytest.fixture
def client(sim: Simulator) -> Any:
    return boto3.client("ec2", sim.region_name)


def test_a_page_walk_gives_every_task_once(sim: Simulator, client: Any) -> None:
    tasks = [sim.add_task(tags={"n": str(n)}) for n in range(7)]
    paginator = client.get_paginator("describe_export_image_tasks")
    pages = list(paginator.paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["ExportImageTasks"]) for page in pages] == [3, 3, 1]
    found = [t["ExportImageTaskId"] for p in pages for t in p["ExportImageTasks"]]
    assert found == [task.id for task in tasks]


def test_errors_are_the_clients_own(client: Any) -> None:
    with pytest.raises(client.exceptions.ClientError) as refused:
        client.describe_export_image_tasks(ExportImageTaskIds=["export-ami-00000000"])
    response = refused.value.response
    assert response["Error"] == {
        "Code": "InvalidExportTaskID.NotFound",
        "Message": "The export task ID 'export-ami-00000000' does not exist",
    }
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RequestId"]


@pytest.mark.rule("AUT-01")
def test_a_dry_run_is_answered(client: Any) -> None:
    with pytest.raises(ClientError, match="Request would have succeeded") as refused:
        client.describe_export_image_tasks(DryRun=True)
    response = refused.value.response
    assert response["Error"]["Code"] == "DryRunOperation"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 412


@pytest.mark.rule("SIM-12", "ERR-05")
@pytest.mark.parametrize(("mode", "retried"), [("legacy", 4), ("standard", 2)])
@pytest.mark.parametrize(
    "code", ["RequestLimitExceeded", "InternalError", "Unavailable"]
)
def test_faults_are_retried(
    sim: Simulator, mode: Any, retried: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", sim.sleep)
    client = boto3.client("ec2", REGION, config=Config(retries={"mode": mode}))
    sim.fail_next_call("DescribeExportImageTasks", code, times=retried)
    answer = client.describe_export_image_tasks()
    assert answer["ResponseMetadata"]["RetryAttempts"] == retried
    sim.fail_next_call("DescribeExportImageTasks", code, times=retried + 1)
    with pytest.raises(ClientError, match=rf"\(reached max retries: {retried}\)"):
        client.describe_export_image_tasks()
    assert len(sim.calls) == 2 * (retried + 1)


def test_an_operation_that_is_not_emulated_is_not_retried(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends = []
    client.meta.events.register("before-send.ec2", lambda **given: sends.append(given))
    monkeypatch.setattr(time, "sleep", pytest.fail)
    with pytest.raises(OperationNotEmulatedError):
        client.describe_vpcs()
    assert len(sends) == 1


def test_hooks_of_the_user_are_called_and_may_answer(sim: Simulator) -> None:
    with mock_aws():
        client: Any = boto3.client("ec2", REGION)
        seen: list[str] = []
        events = ["before-call", "before-sign", "before-send", "response-received"]
        for event in events:
            client.meta.events.register(
                f"{event}.ec2.DescribeExportImageTasks",
                lambda event_name, **_: seen.append(event_name.partition(".")[0]),
            )
        client.describe_export_image_tasks()
        assert seen == events

        def answer(request: Any, **_: Any) -> AWSResponse:
            body: Any = Body(b"<R><nextToken>hooked</nextToken></R>")
            headers: Any = {}
            return AWSResponse(request.url, 200, headers, body)

        client.meta.events.register("before-send.ec2", answer)
        assert client.describe_export_image_tasks()["NextToken"] == "hooked"
    assert len(sim.calls) == 1


def test_a_stubber_comes_first(sim: Simulator, client: Any) -> None:
    with Stubber(client) as stubber:
        stubber.add_response("describe_export_image_tasks", {"NextToken": "stubbed"})
        assert client.describe_export_image_tasks()["NextToken"] == "stubbed"
        stubber.assert_no_pending_responses()
    assert client.describe_export_image_tasks()["ExportImageTasks"] == []
    assert len(sim.calls) == 1


# --- moto ---------------------------------------------------------------------------


@pytest.fixture(params=["outside", "inside"])
def with_moto(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    sim = Simulator()
    first, second = mock_aws(), intercept(sim)
    if request.param == "inside":
        first, second = second, first  # type: ignore[assignment]
    with first, second:
        yield sim


@pytest.mark.rule("WIR-18")
def test_motos_operations_stay_motos(with_moto: Simulator) -> None:
    client = boto3.client("ec2", REGION)
    s3, iam = boto3.client("s3", REGION), boto3.client("iam", REGION)
    s3.create_bucket(Bucket="exports")
    iam.create_role(RoleName="vmimport", AssumeRolePolicyDocument="{}")
    task = with_moto.add_task(s3_bucket="exports")
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    client.create_tags(Resources=[vpc], Tags=[{"Key": "k", "Value": "v"}])
    assert client.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"][0]["Key"] == "k"
    found = client.describe_export_image_tasks()["ExportImageTasks"]
    assert [each["ExportImageTaskId"] for each in found] == [task.id]
    assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == ["exports"]
    assert [each["RoleName"] for each in iam.list_roles()["Roles"]] == ["vmimport"]


@pytest.mark.rule("WIR-18")
def test_moto_keeps_its_clients_when_the_context_is_left() -> None:
    with mock_aws():
        client = boto3.client("ec2", REGION)
        with intercept(Simulator()):
            client.describe_export_image_tasks()
        with pytest.raises(NotImplementedError):
            client.describe_export_image_tasks()
        assert client.describe_vpcs()["Vpcs"]


@pytest.mark.rule("WIR-18")
def test_moto_left_off_answers_nothing() -> None:
    with intercept(Simulator()):
        with mock_aws():
            client = boto3.client("ec2", REGION)
            assert client.describe_vpcs()["Vpcs"]
        with pytest.raises(OperationNotEmulatedError):
            client.describe_vpcs()
        assert client.describe_export_image_tasks()["ExportImageTasks"] == []


@pytest.mark.rule("WIR-19")
def test_tags_are_kept_by_whoever_owns_the_resources(with_moto: Simulator) -> None:
    client = boto3.client("ec2", REGION)
    task = with_moto.add_task().id
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for resource in (task, vpc):
        client.create_tags(Resources=[resource], Tags=[{"Key": resource, "Value": "v"}])
    assert with_moto.task(task).tags == {task: "v"}

    def found(name: str, *values: str) -> list[str]:
        filters: Any = [{"Name": name, "Values": values}]
        return [tag["Key"] for tag in client.describe_tags(Filters=filters)["Tags"]]

    assert found("resource-type", "export-image-task") == [task]
    assert found("resource-id", task) == [task]
    assert found("resource-id", vpc) == [vpc]
    assert found("resource-type", "vpc") == [vpc]
    with pytest.raises(OperationNotEmulatedError, match="call it for each kind"):
        client.create_tags(Resources=[task, vpc], Tags=[{"Key": "k", "Value": "v"}])
    client.delete_tags(Resources=[task])
    client.delete_tags(Resources=[vpc], Tags=[{"Key": vpc}])
    assert found("resource-id", task) == found("resource-id", vpc) == []


@pytest.mark.rule("WIR-19")
def test_next_to_moto_no_answer_has_half_of_the_tags(with_moto: Simulator) -> None:
    client: Any = boto3.client("ec2", REGION)
    red: Any = [{"Key": "équipe", "Value": "R&D <rouge>"}]
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    client.create_tags(Resources=[vpc], Tags=red)

    def found(**values: list[str]) -> list[str]:
        named = [(name.replace("_", "-"), held) for name, held in values.items()]
        filters = [{"Name": name, "Values": held} for name, held in named]
        return [
            tag["ResourceId"] for tag in client.describe_tags(Filters=filters)["Tags"]
        ]

    assert found() == [vpc]  # no task has a tag
    task = with_moto.add_task(tags={"équipe": "R&D <rouge>"}).id
    with_moto.in_region("eu-west-1").add_task(tags={"owner": "é"})
    halves: list[dict[str, list[str]]] = [
        {},
        {"resource_id": [vpc, task]},
        {"resource_type": ["vpc", "export-image-task"]},
        {"resource_type": ["export-*"]},
        {"key": ["équipe"]},
        {"value": ["R&D*"]},
    ]
    for each in halves:
        with pytest.raises(
            OperationNotEmulatedError,
            match="both have matching tags; filter by resource-type",
        ):
            found(**each)
    assert found(resource_type=["vpc"]) == [vpc]
    assert found(resource_type=["vpc"], key=["équipe"]) == [vpc]
    assert found(resource_type=["export-image-task"]) == [task]
    assert found(resource_id=[task], key=["équipe"]) == [task]
    assert found(key=["owner"]) == []  # of another region


@pytest.mark.rule("WIR-18")
def test_a_client_made_before_moto_was_imported_has_moto_next_to_it(
    client: Any,
) -> None:
    from moto.core.models import botocore_stubber

    client.meta.events.unregister("before-send", botocore_stubber)
    with mock_aws():
        assert client.describe_vpcs()["Vpcs"]
        assert client.describe_export_image_tasks()["ExportImageTasks"] == []
    with pytest.raises(OperationNotEmulatedError):
        client.describe_vpcs()


@pytest.mark.rule("WIR-18", "WIR-19")
def test_without_moto_tags_are_the_simulators(sim: Simulator, client: Any) -> None:
    task = sim.add_task(tags={"k": "v"}).id
    tag = {"Key": "k", "Value": "v"}
    found = client.describe_tags()["Tags"]
    kind = "export-image-task"
    assert found == [{**tag, "ResourceId": task, "ResourceType": kind}]
    with pytest.raises(OperationNotEmulatedError, match="of other resources is not"):
        client.create_tags(Resources=["vpc-1"], Tags=[tag])


def test_an_export_runs_its_course(sim: Simulator, client: Any) -> None:
    started = client.export_image(**REQUEST)
    named = [started["ExportImageTaskId"]]

    def status() -> str:
        answer = client.describe_export_image_tasks(ExportImageTaskIds=named)
        return str(answer["ExportImageTasks"][0]["Status"])

    assert status() == "active"
    sim.advance(900)
    assert status() == "completed"
    with pytest.raises(ClientError, match="IncorrectState"):
        client.cancel_export_task(ExportTaskId=named[0])
