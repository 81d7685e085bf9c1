"""One request and its response in the bytes of the protocol."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from ec2_export_sim import Policy, ServiceError, Simulator
from ec2_export_sim.http.xml import Reply
from ec2_export_sim.wsgi import application
from tests.wsgi_client import call, error

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
DESCRIBE = {"Action": "DescribeExportImageTasks", "Version": "2016-11-15"}


def ask(
    sim: Simulator, fields: Mapping[str, str], policy: Policy | None = None
) -> Reply:
    form = urlencode(fields).encode()
    status, headers, body = call(application(sim, policy=policy), form)
    return Reply(int(status[:3]), headers, body)


def error_in(reply: Reply) -> tuple[int, str | None, str | None]:
    return reply.status, *error(reply.body)


@pytest.mark.rule("WIR-08", "WIR-09", "RSP-11")
def test_the_bytes_of_a_response() -> None:
    sim = Simulator()
    sim.add_task(
        "ami-1",
        task_id="export-ami-0000000000000000t",
        description="a & b",
        tags={"k": ""},
    )
    reply = ask(sim, DESCRIBE)
    request_id = reply.headers["x-amzn-requestid"]
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/xml;charset=UTF-8"
    assert reply.headers["date"]  # real time: tests/wire/test_wsgi.py
    assert reply.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<DescribeExportImageTasksResponse xmlns="{NAMESPACE}">'
        f"<requestId>{request_id}</requestId>"
        "<exportImageTaskSet><item><description>a &amp; b</description>"
        "<exportImageTaskId>export-ami-0000000000000000t</exportImageTaskId>"
        "<imageId>ami-1</imageId><progress>0</progress>"
        "<s3ExportLocation><s3Bucket>exports</s3Bucket></s3ExportLocation>"
        "<status>active</status><statusMessage>validating</statusMessage>"
        "<tagSet><item><key>k</key><value></value></item></tagSet>"
        "</item></exportImageTaskSet></DescribeExportImageTasksResponse>"
    )


@pytest.mark.rule("WIR-09", "PAG-05", "PAG-06", "RSP-02")
def test_the_set_is_always_there_and_a_token_only_if_more_follows() -> None:
    sim = Simulator()
    assert b"<exportImageTaskSet></exportImageTaskSet>" in ask(sim, DESCRIBE).body
    assert b"nextToken" not in ask(sim, DESCRIBE).body
    sim.add_task()
    sim.add_task()
    assert b"<nextToken>" in ask(sim, {**DESCRIBE, "MaxResults": "1"}).body
    assert b"nextToken" not in ask(sim, {**DESCRIBE, "MaxResults": "2"}).body


@pytest.mark.rule("WIR-21")
def test_a_response_without_members_returns_true() -> None:
    sim = Simulator()
    task_id = sim.add_task().id
    fields = {**DESCRIBE, "Action": "CancelExportTask", "ExportTaskId": task_id}
    reply = ask(sim, fields)
    request_id = reply.headers["x-amzn-requestid"]
    assert reply.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<CancelExportTaskResponse xmlns="{NAMESPACE}">'
        f"<requestId>{request_id}</requestId><return>true</return>"
        "</CancelExportTaskResponse>"
    )


@pytest.mark.rule("WIR-10")
def test_the_bytes_of_an_error() -> None:
    sim = Simulator()
    reply = ask(sim, {**DESCRIBE, "Filter.1.Name": "<&>"})
    request_id = reply.headers["x-amzn-requestid"]
    assert reply.status == 400
    assert reply.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<Response><Errors><Error><Code>InvalidParameterValue</Code>"
        "<Message>The filter '&lt;&amp;&gt;' is invalid</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
    )


@pytest.mark.rule("WIR-10", "RSP-11")
def test_every_response_has_its_own_request_id() -> None:
    sim = Simulator()
    requests = [DESCRIBE, {}, {"Action": "Bogus", "Version": "2016-11-15"}, DESCRIBE]
    ids = [ask(sim, fields).headers["x-amzn-requestid"] for fields in requests]
    assert len(set(ids)) == 4


@pytest.mark.rule("WIR-05", "WIR-06", "WIR-24", "ORD-01")
@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({}, "MissingAction", "The request must contain the parameter Action"),
        (
            {"Action": ""},
            "MissingAction",
            "The request must contain the parameter Action",
        ),
        (
            {"Action": "Bogus"},
            "MissingParameter",
            "The request must contain the parameter Version",
        ),
        (
            {"Action": "Bogus", "Version": "2014-10-01"},
            "NoSuchVersion",
            "The requested version (2014-10-01) of service AmazonEC2 does not exist",
        ),
        (
            {"Action": "Bogus", "Version": "2016-11-15"},
            "InvalidAction",
            "The action Bogus is not valid for this web service.",
        ),
    ],
)
def test_a_wrong_action_or_version_is_an_error(
    fields: dict[str, str], code: str, message: str
) -> None:
    assert error_in(ask(Simulator(), fields)) == (400, code, message)


MISTAKES = [
    ({"Bogus": "1"}, {"Bogus": "1"}),
    ({"Filters": "1"}, {"Filterz": "1"}),
    ({"Filter.1.Bogus": "1"}, {"Filters": [{"Bogus": "1"}]}),
    ({"Item.1.Key": "1"}, {"Item": [{"Key": "1"}]}),
    ({"Item.Key": "1"}, {"Item": {"Key": "1"}}),
    ({"Item.1.Key": "1", "Item.2.Key": "1"}, {"Item": [{"Key": "1"}] * 2}),
    ({"Filter.1.Bogus.2": "1"}, {"Filters": [{"Bogus": ["1"]}]}),
    ({"Filter.1.Values.1": "1"}, {"Filters": [{"Valuez": ["1"]}]}),
    ({"Filter.x.Name": "1"}, {"Filter.x": "1"}),
    ({"Filter.0.Name": "1"}, {"Filter.0": "1"}),
    ({"Filter.01.Name": "1"}, {"Filter.01": "1"}),
    ({"Filter..Name": "1"}, {"Filter.": "1"}),
    ({"ExportImageTaskId.x": "1"}, {"ExportImageTaskId.x": "1"}),
    ({"ExportImageTaskId.01": "1"}, {"ExportImageTaskId.01": "1"}),
    ({"ExportImageTaskId.1.x.y": "1"}, {"ExportImageTaskId.1.x": "1"}),
    ({"MaxResults.1": "1"}, {"MaxResults.1": "1"}),
    ({"MaxResults.1.x": "1"}, {"MaxResults.1": "1"}),
    ({"Filter.1.Value.1.x.y": "1"}, {"Filters": [{"Value.1.x": "1"}]}),
    ({"Filter": "x"}, {"Filters": "x"}),
    ({"Filter.1": "x"}, {"Filters": ["x"]}),
    ({"ExportImageTaskId": "x"}, {"ExportImageTaskIds": "x"}),
    ({"MaxResults": "ten"}, {"MaxResults": "ten"}),
    ({"MaxResults": ""}, {"MaxResults": ""}),
    ({"MaxResults": "1.0"}, {"MaxResults": "1.0"}),
    ({"MaxResults": "٣"}, {"MaxResults": "٣"}),
    ({"MaxResults": "9" * 20}, {"MaxResults": int("9" * 20)}),
    ({"MaxResults": "9" * 5000}, {"MaxResults": 10**5000}),
    ({"MaxResults": "-" + "9" * 5000}, {"MaxResults": -(10**5000)}),
    ({"MaxResults": "0"}, {"MaxResults": 0}),
    ({"DryRun": "True"}, {"DryRun": "True"}),
    ({"DryRun": "1"}, {"DryRun": "1"}),
    ({"NextToken": "\x00"}, {"NextToken": "\x00"}),
    ({"\x00": "1"}, {"\x00": "1"}),
    (
        {"NextToken": "\ufffe", "MaxResults": "x"},
        {"NextToken": "\ufffe", "MaxResults": "x"},
    ),
    ({"MaxResults": "x", "Bogus": "1"}, {"MaxResults": "x", "Bogus": "1"}),
]


@pytest.mark.rule("WIR-23", "WIR-07", "PRM-01", "PRM-02", "PRM-04", "PRM-06", "PRM-08")
@pytest.mark.rule("PRM-09", "PRM-10")
@pytest.mark.parametrize(("fields", "parameters"), MISTAKES)
def test_a_wrong_parameter_is_answered_as_by_invoke(
    fields: dict[str, str], parameters: dict[str, object]
) -> None:
    with pytest.raises(ServiceError) as caught:
        Simulator().invoke("DescribeExportImageTasks", parameters)
    expected = caught.value
    message = re.sub("(Filter|Value)z", r"\1s", expected.message)
    found = error_in(ask(Simulator(), {**DESCRIBE, **fields}))
    assert found == (expected.http_status, expected.code, message)


@pytest.mark.rule("WIR-03")
def test_the_fields_of_a_signature_are_no_parameters() -> None:
    signed = {"X-Amz-Signature": "x", "AWSAccessKeyId": "x", "Expires": "x"}
    assert ask(Simulator(), {**DESCRIBE, **signed}).status == 200


@pytest.mark.rule("WIR-02", "WIR-23")
def test_a_large_number_costs_no_more_than_a_small_one() -> None:
    sim = Simulator()
    sim.add_task(status="completed")
    head = "Filter.999999999"
    filters = {f"{head}.Name": "task-state", f"{head}.Value.999999999": "active"}
    assert b"<exportImageTaskSet></exp" in ask(sim, {**DESCRIBE, **filters}).body


def test_an_injected_error_with_any_message_is_well_formed() -> None:
    sim = Simulator()
    sim.fail_next_call("*", "Oops", " ]]> <&>\r\n", 418)
    assert error_in(ask(sim, DESCRIBE)) == (418, "Oops", " ]]> <&>\r\n")
