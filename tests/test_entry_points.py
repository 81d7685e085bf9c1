"""Every entry point gives the same answer: invoke, client, real boto3, WSGI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from botocore import xform_name
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
from ec2_export_sim.core.operations import OPERATIONS
from ec2_export_sim.core.request import Request
from ec2_export_sim.core.shapes import ListOf, Structure, request_name
from ec2_export_sim.wsgi import application
from tests import real
from tests.strategies import IDS, accounts, describe_requests, requests
from tests.wsgi_client import call, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2_export_sim.core.shapes import Shape

DESCRIBE = "DescribeExportImageTasks"

# What an entry point answered: the members, or status, code and message.
Answer = dict[str, Any] | tuple[int, str | None, str | None]
FOUND_BY_CLIENT = (0, "ParamValidationError", None)


def by_invoke(
    sim: Simulator, operation: str, request: Any, policy: Any = None
) -> Answer:
    try:
        return sim.invoke(operation, request, policy=policy)
    except ServiceError as error:
        return error.http_status, error.code, error.message


def by_client(
    sim: Simulator, operation: str, request: Any, policy: Any = None
) -> Answer:
    try:
        answer = getattr(sim.client(policy), xform_name(operation))(**request)
    except ParamValidationError:
        return FOUND_BY_CLIENT
    except ClientError as error:
        return error_in(error.response)
    del answer["ResponseMetadata"]
    return dict(answer)


def by_boto3(
    sim: Simulator, operation: str, request: Any, policy: Any = None
) -> Answer:
    with intercept(sim, real.client(), policy=policy):
        try:
            answer = getattr(real.client(), xform_name(operation))(**request)
        except BotocoreParamValidationError:
            return FOUND_BY_CLIENT
        except BotocoreClientError as error:
            return error_in(error.response)
    del answer["ResponseMetadata"]
    return dict(answer)


def error_in(response: Any) -> Answer:
    error = response["Error"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, error["Code"], error["Message"]


def by_wsgi(sim: Simulator, operation: str, request: Any, policy: Any = None) -> Answer:
    fields = {"Action": operation, "Version": "2016-11-15"}
    fields |= dict(flat(OPERATIONS[operation].input, request, ""))
    body = urlencode(fields).encode()
    line, _, answer = call(application(sim, policy=policy), body)
    if line == "200 OK":
        root = ET.fromstring(answer)  # noqa: S314 - our own bytes
        return members_of(OPERATIONS[operation].output, root)
    return int(line[:3]), *error(answer)


ENTRY_POINTS = (by_invoke, by_wsgi, by_client, by_boto3)


def flat(shape: Shape | None, value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the form fields for *value*, right or wrong, as a naive SDK would."""
    dot = name and f"{name}."
    if isinstance(value, dict):
        members = shape.members if isinstance(shape, Structure) else {}
        for key, inner in value.items():
            member = members.get(key)
            wire_name = request_name(member.wire_name) if member else key
            yield from flat(member and member.shape, inner, f"{dot}{wire_name}")
    elif isinstance(value, list):
        element = shape.element if isinstance(shape, ListOf) else None
        for index, inner in enumerate(value, 1):
            yield from flat(element, inner, f"{dot}{index}")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def members_of(shape: Structure, element: ET.Element) -> dict[str, Any]:
    """Return the members of a response, read by the plain rules of the protocol."""
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
@given(accounts, describe_requests, st.just({}) | mistakes, policies)
@example([], {}, {"Filters": [{"Name": "tag:é", "Values": []}]}, None)
@example([], {}, {"MaxResults": 501, "NextToken": "\r\n<&>"}, None)
def test_the_entry_points_give_one_answer(
    records: Any, request: Any, mistake: Any, policy: Policy | None
) -> None:
    request = {**request, **mistake}
    sim = Simulator()
    sim.load_tasks(records)
    agree(
        *(entry_point(sim, DESCRIBE, request, policy) for entry_point in ENTRY_POINTS)
    )


def agree(invoked: Answer, served: Answer, ours: Answer, theirs: Answer) -> None:
    assert served == invoked
    assert ours == theirs
    if ours == FOUND_BY_CLIENT:
        assert isinstance(invoked, tuple)  # the service does not accept it, either
        event("found by the client")
    else:
        assert ours == invoked
        event("error" if isinstance(invoked, tuple) else "answered")


@pytest.mark.rule("PAG-06", "PAG-09")
@given(accounts, describe_requests, st.integers(1, 3))
def test_a_token_is_good_at_every_entry_point(
    records: Any, request: Any, size: int
) -> None:
    request = {**request, "MaxResults": size, "DryRun": False}
    request.pop("ExportImageTaskIds", None)
    sim = Simulator()
    sim.load_tasks(records)
    first = [entry_point(sim, DESCRIBE, request) for entry_point in ENTRY_POINTS]
    assert all(answer == first[0] for answer in first)
    assume(isinstance(first[0], dict) and "NextToken" in first[0])
    following = {**request, "NextToken": first[0]["NextToken"]}  # type: ignore[call-overload]
    second = [entry_point(sim, DESCRIBE, following) for entry_point in ENTRY_POINTS]
    assert all(answer == second[0] for answer in second)


def test_every_entry_point_logs_the_same_call() -> None:
    sim = Simulator()
    request = {"Filters": [{"Name": "task-state", "Values": ["active"]}, {}]}
    for entry_point in ENTRY_POINTS:
        entry_point(sim, DESCRIBE, request)
    assert [call.parameters for call in sim.calls] == [
        Request.parse(DESCRIBE, request).parameters
    ] * 4
    assert len({call.principal for call in sim.calls}) == 1


# --- every operation -----------------------------------------------------------------

calls = st.one_of(
    *(
        st.tuples(st.just(operation), parameters)
        for operation, parameters in requests(
            IDS[:3], wrong_ids=["export-ami-XYZ"]
        ).items()
    )
)


@pytest.mark.rule("WIR-07", "WIR-21")
@given(accounts, st.lists(calls, min_size=1, max_size=3), policies)
def test_the_entry_points_change_the_same(
    records: Any, made: list[tuple[str, Any]], policy: Policy | None
) -> None:
    sims = [Simulator() for _ in ENTRY_POINTS]
    for sim in sims:
        sim.load_tasks(records)
    for operation, request in made:
        answers = [
            entry_point(sim, operation, request, policy)
            for entry_point, sim in zip(ENTRY_POINTS, sims, strict=True)
        ]
        agree(*answers)
    assert all(sim.dump_tasks() == sims[0].dump_tasks() for sim in sims)
