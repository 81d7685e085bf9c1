"""Four doors, one answer: invoke, the client, a real boto3 client, WSGI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError as BotocoreClientError
from botocore.exceptions import ParamValidationError as BotocoreParamValidationError
from ec2_export_sim.core.parameters import examine, request_name
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
from ec2_export_sim.core.shapes import ListOf, Structure
from ec2_export_sim.wsgi import application
from tests import real
from tests.over_wsgi import call, error
from tests.worlds import IDS, accounts, requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2_export_sim.core.shapes import Shape

DESCRIBE = "DescribeExportImageTasks"

# What a door answered: the members, or status, code and message.
Answer = dict[str, Any] | tuple[int, str | None, str | None]
REFUSED_BY_CLIENT = (0, "ParamValidationError", None)


def by_invoke(
    sim: Simulator, operation: str, request: Any, policy: Any = None
) -> Answer:
    try:
        return sim.invoke(operation, request, policy=policy)
    except ServiceError as refused:
        return refused.http_status, refused.code, refused.message


def by_client(
    sim: Simulator, operation: str, request: Any, policy: Any = None
) -> Answer:
    try:
        answer = getattr(sim.client(policy), xform_name(operation))(**request)
    except ParamValidationError:
        return REFUSED_BY_CLIENT
    except ClientError as refused:
        return refusal(refused.response)
    del answer["ResponseMetadata"]
    return dict(answer)


def by_boto3(
    sim: Simulator, operation: str, request: Any, policy: Any = None
) -> Answer:
    with intercept(sim, real.client(), policy=policy):
        try:
            answer = getattr(real.client(), xform_name(operation))(**request)
        except BotocoreParamValidationError:
            return REFUSED_BY_CLIENT
        except BotocoreClientError as refused:
            return refusal(refused.response)
    del answer["ResponseMetadata"]
    return dict(answer)


def refusal(response: Any) -> Answer:
    told = response["Error"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, told["Code"], told["Message"]


def by_wsgi(sim: Simulator, operation: str, request: Any, policy: Any = None) -> Answer:
    fields = {"Action": operation, "Version": "2016-11-15"}
    fields |= dict(flat(shapes.OPERATIONS[operation].input, request, ""))
    body = urlencode(fields).encode()
    line, _, answer = call(application(sim, policy=policy), body)
    if line == "200 OK":
        root = ET.fromstring(answer)  # noqa: S314 - our own bytes
        return members_of(shapes.OPERATIONS[operation].output, root)
    return int(line[:3]), *error(answer)


DOORS = (by_invoke, by_wsgi, by_client, by_boto3)


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
    agree(*(door(sim, DESCRIBE, request, policy) for door in DOORS))


def agree(invoked: Answer, served: Answer, ours: Answer, theirs: Answer) -> None:
    assert served == invoked
    assert ours == theirs
    if ours == REFUSED_BY_CLIENT:
        assert isinstance(invoked, tuple)  # the service refuses it, too
        event("refused by the client")
    else:
        assert ours == invoked
        event("refused" if isinstance(invoked, tuple) else "answered")


@pytest.mark.rule("PAG-06", "PAG-09")
@given(accounts, requests, st.integers(1, 3))
def test_a_token_of_one_door_is_good_at_the_others(
    records: Any, request: Any, size: int
) -> None:
    request = {**request, "MaxResults": size, "DryRun": False}
    request.pop("ExportImageTaskIds", None)
    sim = Simulator()
    sim.load_tasks(records)
    first = [door(sim, DESCRIBE, request) for door in DOORS]
    assert all(answer == first[0] for answer in first)
    assume(isinstance(first[0], dict) and "NextToken" in first[0])
    following = {**request, "NextToken": first[0]["NextToken"]}  # type: ignore[call-overload]
    second = [door(sim, DESCRIBE, following) for door in DOORS]
    assert all(answer == second[0] for answer in second)


def test_every_door_logs_the_same_call() -> None:
    sim = Simulator()
    request = {"Filters": [{"Name": "task-state", "Values": ["active"]}, {}]}
    examined, _ = examine(shapes.OPERATIONS[DESCRIBE].input, request)
    for door in DOORS:
        door(sim, DESCRIBE, request)
    assert [call.parameters for call in sim.calls] == [examined] * 4
    assert len({call.principal for call in sim.calls}) == 1


# --- what changes things ------------------------------------------------------------

resources = st.lists(st.sampled_from([*IDS[:3], "export-ami-x"]), max_size=3)
tags = st.lists(
    st.fixed_dictionaries(
        {"Key": st.sampled_from(["a", "A", "aws:a", "", "é<&>"])},
        optional={"Value": st.sampled_from(["", "b", "\r\n"])},
    ),
    max_size=2,
)
dry_runs = st.sampled_from([False, False, True])
images = st.sampled_from(["ami-00000001", "ami-0123456789abcdef0", "ami-x", ""])
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "ExportImage": st.fixed_dictionaries(
        {"ImageId": images, "ClientToken": st.sampled_from(["one", "two"])},
        optional={
            "DiskImageFormat": st.sampled_from(["VMDK", "raw", "iso"]),
            "S3ExportLocation": st.sampled_from(
                [{"S3Bucket": "b"}, {"S3Bucket": "b", "S3Prefix": "p/"}, {}]
            ),
            "Description": st.sampled_from(["", "d", "\x00"]),
            "DryRun": dry_runs,
            "TagSpecifications": st.lists(
                st.fixed_dictionaries(
                    {"ResourceType": st.sampled_from(["export-image-task", "image"])},
                    optional={"Tags": tags},
                ),
                max_size=2,
            ),
        },
    ),
    "CancelExportTask": st.fixed_dictionaries(
        {}, optional={"ExportTaskId": st.sampled_from([*IDS[:3], "x"])}
    ),
    "CreateTags": st.fixed_dictionaries(
        {}, optional={"Resources": resources, "Tags": tags, "DryRun": dry_runs}
    ),
    "DeleteTags": st.fixed_dictionaries(
        {}, optional={"Resources": resources, "Tags": tags, "DryRun": dry_runs}
    ),
    "DescribeTags": st.fixed_dictionaries(
        {}, optional={"DryRun": dry_runs, "MaxResults": st.sampled_from([4, 5, 1001])}
    ),
}
calls = st.sampled_from(list(CHANGES)).flatmap(
    lambda operation: st.tuples(st.just(operation), CHANGES[operation])
)


@pytest.mark.rule("WIR-07", "WIR-21")
@given(accounts, st.lists(calls, min_size=1, max_size=3), policies)
def test_four_doors_change_the_same(
    records: Any, made: list[tuple[str, Any]], policy: Policy | None
) -> None:
    sims = [Simulator() for _ in DOORS]
    for sim in sims:
        sim.load_tasks(records)
    for operation, request in made:
        answers = [
            door(sim, operation, request, policy)
            for door, sim in zip(DOORS, sims, strict=True)
        ]
        agree(*answers)
    assert all(sim.dump_tasks() == sims[0].dump_tasks() for sim in sims)
