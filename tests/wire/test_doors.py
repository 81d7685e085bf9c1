"""Four doors, one answer: invoke, the client, a real boto3 client, WSGI."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import boto3
import pytest
from botocore.exceptions import ClientError as BotocoreClientError
from botocore.exceptions import ParamValidationError as BotocoreParamValidationError
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from ec2_export_sim import (
    ClientError,
    ParamValidationError,
    Policy,
    ServiceError,
    Simulator,
)
from ec2_export_sim.botocore import intercept
from ec2_export_sim.core import shapes
from ec2_export_sim.core.parameters import examine, request_name
from ec2_export_sim.core.shapes import ListOf, Structure
from ec2_export_sim.wsgi import application
from tests.worlds import accounts, requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2_export_sim.core.shapes import Shape

OPERATION = "DescribeExportImageTasks"
SHAPES = shapes.OPERATIONS[OPERATION]

# What a door answered: the members, or status, code and message.
Answer = dict[str, Any] | tuple[int, str | None, str | None]
REFUSED_BY_CLIENT = (0, "ParamValidationError", None)


def by_invoke(sim: Simulator, request: Any, policy: Policy | None) -> Answer:
    try:
        return sim.invoke(OPERATION, request, policy=policy)
    except ServiceError as error:
        return error.http_status, error.code, error.message


def by_client(sim: Simulator, request: Any, policy: Policy | None) -> Answer:
    try:
        answer: Any = sim.client(policy).describe_export_image_tasks(**request)
    except ParamValidationError:
        return REFUSED_BY_CLIENT
    except ClientError as error:
        return refusal(error.response)
    del answer["ResponseMetadata"]
    return dict(answer)


@cache
def real_client() -> Any:
    keys: Any = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client("ec2", region_name="us-east-1", **keys)


def by_boto3(sim: Simulator, request: Any, policy: Policy | None) -> Answer:
    with intercept(sim, real_client(), policy=policy):
        try:
            answer = real_client().describe_export_image_tasks(**request)
        except BotocoreParamValidationError:
            return REFUSED_BY_CLIENT
        except BotocoreClientError as error:
            return refusal(error.response)
    del answer["ResponseMetadata"]
    return dict(answer)


def refusal(response: Any) -> Answer:
    error = response["Error"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, error["Code"], error["Message"]


def by_wsgi(sim: Simulator, request: Any, policy: Policy | None) -> Answer:
    fields = {"Action": OPERATION, "Version": "2016-11-15"}
    fields |= dict(flat(SHAPES.input, request, ""))
    body = urlencode(fields).encode()
    begun: list[Any] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    app = application(sim, policy=policy)
    answered = app(environ, lambda *status: begun.extend(status))  # type: ignore[arg-type]
    root = ET.fromstring(b"".join(answered))  # noqa: S314 - our own bytes
    status = int(begun[0].partition(" ")[0])
    if status == 200:
        return members_of(SHAPES.output, root)
    code, message = "Errors/Error/Code", "Errors/Error/Message"
    return status, root.findtext(code), root.findtext(message)


def flat(shape: Shape | None, value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the fields that state *value*, right or wrong, as a naive SDK would."""
    dot = name and f"{name}."
    if isinstance(value, dict):
        members = shape.members if isinstance(shape, Structure) else {}
        for key, held in value.items():
            member = members.get(key)
            wire_name = request_name(member.wire_name) if member else key
            yield from flat(member and member.shape, held, f"{dot}{wire_name}")
    elif isinstance(value, list):
        element = shape.element if isinstance(shape, ListOf) else None
        for index, held in enumerate(value, 1):
            yield from flat(element, held, f"{dot}{index}")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def members_of(shape: Structure, element: ET.Element) -> dict[str, Any]:
    """Return an answer's members, read by the plain rules of the protocol."""
    found: dict[str, Any] = {}
    for name, (member, wire_name) in shape.members.items():
        node = element.find(f"{{*}}{wire_name}")
        if node is not None:
            found[name] = read(member, node)
    return found


def read(shape: Shape, node: ET.Element) -> Any:
    if isinstance(shape, Structure):
        return members_of(shape, node)
    if isinstance(shape, ListOf):
        return [read(shape.element, item) for item in node]
    return node.text or ""


mistakes = st.sampled_from(
    [
        {"Bogus": "x"},
        {"MaxResults": "ten"},
        {"MaxResults": 0},
        {"MaxResults": -(10**30)},
        {"DryRun": "maybe"},
        {"NextToken": "\x00"},
        {"NextToken": ""},
        {"NextToken": "\ufffe"},
        {"Filters": "x"},
        {"Filters": ["x"]},
        {"Filters": [{"Bogus": "1"}]},
        {"Filters": [{"Name": "task-state", "Values": "active"}]},
        {"ExportImageTaskIds": "x"},
        {"ExportImageTaskIds": ["x\x01"]},
    ]
)
policies = st.sampled_from([None, None, None, Policy.deny_all()])


@pytest.mark.rule("WIR-07", "WIR-09", "WIR-10", "PRM-05", "PRM-07")
@given(accounts, requests, st.just({}) | mistakes, policies)
@example([], {}, {"Filters": [{"Name": "tag:é", "Values": []}]}, None)
@example([], {}, {"MaxResults": 501, "NextToken": "\r\n<&>"}, None)
def test_four_doors_give_one_answer(
    records: Any, request: Any, mistake: Any, policy: Policy | None
) -> None:
    request = {**request, **mistake}
    sim = Simulator()
    sim.load_tasks(records)
    expected = by_invoke(sim, request, policy)
    assert by_wsgi(sim, request, policy) == expected
    by_ours, by_theirs = by_client(sim, request, policy), by_boto3(sim, request, policy)
    assert by_ours == by_theirs
    if by_ours == REFUSED_BY_CLIENT:
        assert isinstance(expected, tuple)  # the service refuses it, too
        event("refused by the client")
    else:
        assert by_ours == expected
        event("refused" if isinstance(expected, tuple) else "answered")


@pytest.mark.rule("PAG-06", "PAG-09")
@given(accounts, requests, st.integers(1, 3))
def test_a_token_of_one_door_is_good_at_the_others(
    records: Any, request: Any, size: int
) -> None:
    request = {**request, "MaxResults": size, "DryRun": False}
    request.pop("ExportImageTaskIds", None)
    sim = Simulator()
    sim.load_tasks(records)
    doors = (by_invoke, by_wsgi, by_client, by_boto3)
    first = [door(sim, request, None) for door in doors]
    assert all(answer == first[0] for answer in first)
    assume(isinstance(first[0], dict) and "NextToken" in first[0])
    following = {**request, "NextToken": first[0]["NextToken"]}  # type: ignore[call-overload]
    second = [door(sim, following, None) for door in doors]
    assert all(answer == second[0] for answer in second)


def test_every_door_logs_the_same_call() -> None:
    sim = Simulator()
    request = {"Filters": [{"Name": "task-state", "Values": ["active"]}, {}]}
    examined = examine(SHAPES.input, request).parameters
    for door in (by_invoke, by_wsgi, by_client, by_boto3):
        door(sim, request, None)
    assert [call.parameters for call in sim.calls] == [examined] * 4
    assert len({call.principal for call in sim.calls}) == 1
