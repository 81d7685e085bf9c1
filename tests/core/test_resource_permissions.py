"""The permissions on resources that exporting and tagging need."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ec2_export_sim import Policy, ServiceError, Simulator
from tests.calls import ENCODED, ID, IMAGE, REQUEST, UNKNOWN, error_of, unauthorized

ANY_TASK = "arn:aws:ec2:us-east-1:123456789012:export-image-task/*"
THE_IMAGE = f"arn:aws:ec2:us-east-1::image/{IMAGE}"
TAGS = [{"ResourceType": "export-image-task", "Tags": [{"Key": "k", "Value": "v"}]}]


def allowing(*pairs: tuple[str, str]) -> Policy:
    statements = [
        {"Effect": "Allow", "Action": f"ec2:{action}", "Resource": resource}
        for action, resource in pairs
    ]
    return Policy.from_document({"Statement": statements})


def message_of(sim: Simulator, policy: Policy, operation: str, **request: Any) -> str:
    """Return the readable message of the error, which is about a permission."""
    caught = error_of(sim, operation, policy=policy, **request)
    assert (caught.code, caught.http_status) == ("UnauthorizedOperation", 403)
    message, encoded = caught.message.split(ENCODED)
    assert re.fullmatch("[A-Za-z0-9+/=]{60,}", encoded)
    return message


@pytest.mark.rule("AUT-12", "AUT-13")
def test_an_export_needs_permissions_on_the_image_and_on_any_task() -> None:
    sim = Simulator()
    tagged = {**REQUEST, "TagSpecifications": TAGS}
    image, task = ("ExportImage", THE_IMAGE), ("ExportImage", ANY_TASK)
    tag = ("CreateTags", ANY_TASK)
    cases: list[tuple[Policy, tuple[str, str]]] = [
        (Policy.deny_all(), image),
        (allowing(task, tag), image),
        (allowing(image, tag), task),
        (allowing(image, ("ExportImage", ANY_TASK[:-1] + "export-ami-*")), task),
        (allowing(("ExportImage", THE_IMAGE[:-1]), task, tag), image),
    ]
    for policy, denied in cases:
        assert message_of(sim, policy, "ExportImage", **REQUEST) == unauthorized(
            *denied
        )
        assert message_of(sim, policy, "ExportImage", **tagged) == unauthorized(*denied)
    untagging = allowing(image, task)
    assert message_of(sim, untagging, "ExportImage", **tagged) == unauthorized(*tag)
    assert sim.dump_tasks() == []
    assert sim.invoke("ExportImage", REQUEST, policy=allowing(image, task))
    sim.complete_task(sim.tasks[0].id)
    assert sim.invoke("ExportImage", tagged, policy=allowing(image, task, tag))["Tags"]


@pytest.mark.rule("AUT-12", "AUT-02", "AUT-01", "ORD-11")
def test_a_dry_run_of_an_export_needs_the_same_permissions() -> None:
    sim = Simulator()
    request = {**REQUEST, "TagSpecifications": TAGS, "DryRun": True}
    exporting = allowing(("ExportImage", "*"))
    denied = unauthorized("CreateTags", ANY_TASK)
    assert message_of(sim, exporting, "ExportImage", **request) == denied
    del request["TagSpecifications"]
    with pytest.raises(ServiceError, match="DryRunOperation"):
        sim.invoke("ExportImage", request, policy=exporting)
    assert sim.tasks == ()


@pytest.mark.rule("AUT-12")
@pytest.mark.parametrize("operation", ["CreateTags", "DeleteTags"])
def test_tagging_needs_a_permission_on_each_task(operation: str) -> None:
    sim = Simulator()
    for task_id in (ID, UNKNOWN):
        sim.add_task(task_id=task_id)
    arn = ANY_TASK[:-1]
    request = {"Resources": [ID, UNKNOWN], "Tags": [{"Key": "k", "Value": "v"}]}
    first, second = (operation, arn + ID), (operation, arn + UNKNOWN)
    other = "DeleteTags" if operation == "CreateTags" else "CreateTags"
    for policy, denied in [
        (Policy.deny_all(), ID),
        (allowing((other, "*")), ID),
        (allowing(second), ID),
        (allowing(first), UNKNOWN),
    ]:
        text = unauthorized(operation, arn + denied)
        assert message_of(sim, policy, operation, **request) == text
        assert message_of(sim, policy, operation, **request, DryRun=True) == text
    assert not any(task.tags for task in sim.tasks)
    with pytest.raises(ServiceError, match="DryRunOperation"):
        sim.invoke(
            operation, {**request, "DryRun": True}, policy=allowing(first, second)
        )
    assert sim.invoke(operation, request, policy=allowing(first, second)) == {}


@pytest.mark.rule("AUT-12", "ORD-11")
@pytest.mark.parametrize("operation", ["CreateTags", "DeleteTags"])
def test_a_caller_without_permission_learns_nothing_about_ids_and_tags(
    operation: str,
) -> None:
    sim = Simulator()
    request = {"Resources": ["bogus"], "Tags": [{"Key": "aws:k"}]}
    text = unauthorized(operation, ANY_TASK[:-1] + "bogus")
    assert message_of(sim, Policy.deny_all(), operation, **request) == text
    with pytest.raises(ServiceError, match="DryRunOperation"):
        sim.invoke(operation, {**request, "DryRun": True})
    with pytest.raises(ServiceError, match="InvalidID: The ID 'bogus' is not valid"):
        sim.invoke(operation, request)


@pytest.mark.rule("AUT-12", "AUT-06")
def test_a_denied_caller_learns_the_resource() -> None:
    sim = Simulator()
    sim.add_task(task_id=ID)
    arn = ANY_TASK[:-1] + ID
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "ec2:CreateTags", "Resource": arn},
    ]
    policy = Policy.from_document({"Statement": statements})
    request = {"Resources": [ID], "Tags": [{"Key": "k"}]}
    assert message_of(sim, policy, "CreateTags", **request).endswith(
        f"ec2:CreateTags on resource: {arn} "
        "with an explicit deny in an identity-based policy"
    )
    assert sim.invoke("DeleteTags", request, policy=policy) == {}


@pytest.mark.rule("AUT-12")
@pytest.mark.parametrize(
    ("region", "head"),
    [
        ("eu-central-1", "arn:aws:ec2:eu-central-1"),
        ("cn-north-1", "arn:aws-cn:ec2:cn-north-1"),
        ("us-gov-west-1", "arn:aws-us-gov:ec2:us-gov-west-1"),
    ],
)
def test_an_arn_has_the_partition_of_its_region(region: str, head: str) -> None:
    sim = Simulator(region, account_id="210987654321")
    task = f"{head}:210987654321:export-image-task"
    nobody = Policy.deny_all()
    wanted = f"ec2:ExportImage on resource: {head}::image/{IMAGE} because"
    assert wanted in message_of(sim, nobody, "ExportImage", **REQUEST)
    image_only = allowing(("ExportImage", f"{head}::image/*"))
    wanted = f"ec2:ExportImage on resource: {task}/* because"
    assert wanted in message_of(sim, image_only, "ExportImage", **REQUEST)
    wanted = f"on resource: {task}/{ID} because"
    assert wanted in message_of(sim, nobody, "CancelExportTask", ExportTaskId=ID)
    assert wanted in message_of(sim, nobody, "DeleteTags", Resources=[ID])


@pytest.mark.rule("ERR-07", "AUT-05", "AUT-06")
def test_the_encoded_text_depends_on_seed_principal_action_and_resource() -> None:
    def encoded(
        seed: int = 0,
        principal: str = "arn:aws:iam::123456789012:user/a",
        operation: str = "CreateTags",
        task_id: str = ID,
    ) -> str:
        request = {"Resources": [task_id], "Tags": [{"Key": "k", "Value": "v"}]}
        sim, nobody = Simulator(seed=seed), Policy.deny_all()
        with pytest.raises(ServiceError) as caught:
            sim.invoke(operation, request, policy=nobody, principal=principal)
        return caught.value.message.split(ENCODED)[1]

    user = "arn:aws:iam::123456789012:user/b"
    texts = [
        encoded(),
        encoded(seed=1),
        encoded(principal=user),
        encoded(operation="DeleteTags"),
        encoded(task_id=UNKNOWN),
    ]
    assert len(set(texts)) == len(texts)
    assert encoded() == texts[0]
    for operation in ("DescribeExportImageTasks", "DescribeTags"):
        error = error_of(Simulator(), operation, policy=Policy.deny_all())
        assert error.message == unauthorized(operation)
