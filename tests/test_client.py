"""The client shaped like boto3's: its attributes, answers and errors."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import botocore.exceptions
import botocore.session
import pytest

import ec2_export_sim
from ec2_export_sim import Client, Simulator


def error_of(**request: Any) -> Any:
    with pytest.raises(ec2_export_sim.ClientError) as caught:
        Simulator().client().describe_export_image_tasks(**request)
    return caught.value


@pytest.mark.rule("RSP-11")
def test_a_response_has_boto3s_metadata() -> None:
    client = Simulator().client()
    answers = [client.describe_export_image_tasks() for _ in range(2)]
    one, two = (answer["ResponseMetadata"] for answer in answers)
    assert one["RequestId"] != two["RequestId"]
    assert one == {
        "RequestId": one["RequestId"],
        "HTTPStatusCode": 200,
        "HTTPHeaders": {
            "x-amzn-requestid": one["RequestId"],
            "cache-control": "no-cache, no-store",
            "strict-transport-security": "max-age=31536000; includeSubDomains",
            "vary": "accept-encoding",
            "content-type": "text/xml;charset=UTF-8",
            "date": "Wed, 01 Jan 2025 00:00:00 GMT",
            "server": "AmazonEC2",
        },
        "RetryAttempts": 0,
    }


@pytest.mark.rule("RSP-11", "ERR-02")
def test_an_error_has_boto3s_metadata() -> None:
    metadata = error_of(NextToken="x").response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 400
    assert metadata["RetryAttempts"] == 0
    assert metadata["HTTPHeaders"]["x-amzn-requestid"] == metadata["RequestId"]


@pytest.mark.rule("ERR-01")
def test_an_error_names_and_explains_its_rule() -> None:
    error = error_of(ExportImageTaskIds=["x"])
    assert error.rule == "IDS-04"
    assert error.__notes__ == [
        "IDS-04: an id is 'export-ami-' and 17 lower-case hex digits, 16 and 't', "
        "or 8 of [a-z0-9] (ec2-export-sim rules IDS-04)"
    ]
    assert str(error) == (
        "An error occurred (InvalidExportTaskID.Malformed) when calling the "
        'DescribeExportImageTasks operation: Invalid id: "x" '
        '(expecting "export-ami-...")'
    )
    assert error.operation_name == "DescribeExportImageTasks"


@pytest.mark.rule("ERR-03")
def test_errors_are_botocores_if_botocore_is_installed() -> None:
    with pytest.raises(botocore.exceptions.ClientError):
        Simulator().client().describe_export_image_tasks(NextToken="x")
    with pytest.raises(botocore.exceptions.ParamValidationError):
        Simulator().client().describe_export_image_tasks(MaxResults=0)
    client = Simulator().client()
    with pytest.raises(client.exceptions.ClientError):
        client.describe_export_image_tasks(NextToken="x")


@pytest.mark.rule("ERR-03")
def test_errors_survive_pickling_and_copying() -> None:
    with pytest.raises(ec2_export_sim.ParamValidationError) as caught:
        Simulator().client().describe_export_image_tasks(MaxResults=0)
    with pytest.raises(ec2_export_sim.ServiceError) as invoked:
        Simulator().invoke("Bogus", {})
    for error in (error_of(NextToken="x"), caught.value, invoked.value):
        for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301
            assert type(copied) is type(error)
            assert vars(copied) == vars(error)
            assert str(copied) == str(error)


@pytest.mark.rule("ERR-03")
def test_the_constructors_are_botocores() -> None:
    response = {
        "Error": {"Code": "X", "Message": "why"},
        "ResponseMetadata": {"RetryAttempts": 4, "MaxAttemptsReached": True},
    }
    responses: list[Any] = [response, {}, {"Error": {}}]
    for response in responses:
        ours = ec2_export_sim.ClientError(copy.deepcopy(response), "Op")
        theirs = botocore.exceptions.ClientError(response, "Op")
        assert str(ours) == str(theirs)
        assert (ours.response, ours.operation_name) == (response, "Op")
    ours_too = ec2_export_sim.ParamValidationError(report="r")
    theirs_too = botocore.exceptions.ParamValidationError(report="r")
    assert str(ours_too) == str(theirs_too)
    assert ours_too.kwargs == theirs_too.kwargs


@pytest.mark.rule("ERR-03")
def test_an_error_does_not_import_botocore() -> None:
    program = """
import sys
from ec2_export_sim import ClientError, ParamValidationError, Simulator
client = Simulator().client()
for wrong in ({"NextToken": "x"}, {"MaxResults": 0}):
    try:
        client.describe_export_image_tasks(**wrong)
    except (ClientError, ParamValidationError) as error:
        parents = {each.__module__.partition(".")[0] for each in type(error).__mro__}
        assert parents == {"builtins", "ec2_export_sim"}
assert not any(name.partition(".")[0] == "botocore" for name in sys.modules)
import botocore.exceptions
try:
    client.describe_export_image_tasks(NextToken="x")
except botocore.exceptions.ClientError:
    print("caught")
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("caught\n", "")


def test_an_unknown_method_names_the_known_ones() -> None:
    client: Any = Simulator().client()
    with pytest.raises(AttributeError, match=r"describe_export_image_tasks.*intercept"):
        client.describe_instances()


def test_a_client_without_init_raises_attribute_error() -> None:
    with pytest.raises(AttributeError):
        copy.copy(object.__new__(Client)).missing  # noqa: B018


def test_only_keyword_arguments_are_accepted() -> None:
    client: Any = Simulator().client()
    with pytest.raises(TypeError, match="positional"):
        client.describe_export_image_tasks([])


def test_there_is_no_waiter() -> None:
    with pytest.raises(ValueError, match="Waiter does not exist: export_completed"):
        Simulator().client().get_waiter("export_completed")


def test_a_client_can_be_closed() -> None:
    client = Simulator().client()
    client.close()
    assert client.describe_export_image_tasks()["ExportImageTasks"] == []
