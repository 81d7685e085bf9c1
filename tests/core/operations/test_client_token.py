"""Client tokens: which requests are the same, and what uses a token up."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import Policy, ServiceError, Simulator
from tests.calls import IMAGE, OTHER, REQUEST, answer, create_tags, export

MISMATCH = (
    "IdempotentParameterMismatch",
    "Arguments on this idempotent request are inconsistent with arguments used in "
    "previous request(s).",
)


@pytest.mark.rule("LIF-23", "LIF-35")
@pytest.mark.parametrize(
    "again",
    [
        {},
        {"DiskImageFormat": "vmdk"},
        {"DryRun": False},
        {"S3ExportLocation": {"S3Prefix": "", "S3Bucket": "exports"}},
    ],
)
def test_the_same_request_shows_the_task_as_it_is_now(again: dict[str, Any]) -> None:
    sim = Simulator(max_running_exports=1)
    first = export(sim, ClientToken="t")
    task_id = first["ExportImageTaskId"]
    assert export(sim, ClientToken="t", **again) == first
    sim.advance(300)
    create_tags(sim, [{"Key": "k", "Value": "v"}], task_id)
    now = {"Status": "active", "Progress": "60", "StatusMessage": "updating"}
    assert export(sim, ClientToken="t", **again) == {**first, **now}
    sim.advance(10**6)
    ended = {n: m for n, m in first.items() if n not in ("Progress", "StatusMessage")}
    assert export(sim, ClientToken="t", **again) == {**ended, "Status": "completed"}
    assert len(sim.tasks) == 1
    assert [call.error_code for call in sim.calls] == [None] * 5


@pytest.mark.rule("LIF-23", "LIF-35")
def test_a_failed_export_is_shown_with_its_message_until_it_is_removed() -> None:
    sim = Simulator()
    first = export(sim, ClientToken="t", Description="a & b")
    task_id = first.pop("ExportImageTaskId")
    ended = {n: m for n, m in first.items() if n not in ("Progress", "StatusMessage")}
    for status, seconds in (("deleting", 0), ("deleted", 60)):
        if status == "deleting":
            sim.fail_task(task_id, "broken")
        sim.advance(seconds)
        assert export(sim, ClientToken="t", Description="a & b") == {
            **ended,
            "ExportImageTaskId": task_id,
            "Status": status,
            "StatusMessage": "ClientError: broken",
        }
    sim.remove_task(task_id)
    gone = (
        "IdempotentParameterMismatch",
        "The client token and arguments used in this request were used in a prior "
        "request that was associated with a resource which is now deleted.",
    )
    assert export(sim, ClientToken="t", Description="a & b") == gone
    assert export(sim, ClientToken="t", Description="other") == MISMATCH
    sim.add_task(task_id=task_id)  # another task, which no token made
    assert export(sim, ClientToken="t", Description="a & b") == gone
    assert len(sim.tasks) == 1


@pytest.mark.rule("LIF-23", "LIF-35")
def test_a_false_dry_run_does_not_make_another_request() -> None:
    sim = Simulator()
    first = export(sim, ClientToken="t", DryRun=False)
    assert export(sim, ClientToken="t") == first
    assert len(sim.tasks) == 1


@pytest.mark.rule("LIF-23")
@pytest.mark.parametrize(
    "other",
    [
        {"ImageId": OTHER},
        {"DiskImageFormat": "RAW"},
        {"Description": ""},
        {"RoleName": "vmimport"},
        {"S3ExportLocation": {"S3Bucket": "exports", "S3Prefix": "p"}},
        {
            "TagSpecifications": [
                {
                    "ResourceType": "export-image-task",
                    "Tags": [{"Key": "k", "Value": ""}],
                }
            ]
        },
    ],
)
def test_another_request_with_the_token_is_an_error(other: dict[str, Any]) -> None:
    sim = Simulator(max_running_exports=1)
    export(sim, ClientToken="t")
    before = sim.dump_tasks()
    assert export(sim, ClientToken="t", **other) == MISMATCH
    assert sim.dump_tasks() == before


@pytest.mark.rule("LIF-23", "LIF-35")
def test_tokens_are_case_sensitive_and_an_empty_token_is_none() -> None:
    sim = Simulator()
    images = [f"ami-{n:08x}" for n in range(4)]
    ids = [
        export(sim, ImageId=image_id, ClientToken=token)["ExportImageTaskId"]
        for image_id, token in zip(images, ["t", "T", "", ""], strict=True)
    ]
    assert [task.id for task in sim.tasks] == ids


@pytest.mark.rule("LIF-23", "LIF-15")
def test_a_token_belongs_to_its_region() -> None:
    sim = Simulator()
    there = sim.in_region("eu-west-1")
    here = export(sim, ClientToken="t")
    assert export(there, ClientToken="t", Description="d") != MISMATCH
    assert len(there.tasks) == 1
    assert export(there, ClientToken="t") == MISMATCH
    assert export(sim, ClientToken="t") == here


@pytest.mark.rule("LIF-23", "LIF-35", "ORD-10", "ORD-11")
def test_a_dry_run_and_an_error_do_not_use_the_token() -> None:
    sim = Simulator(images={IMAGE: "own", OTHER: "marketplace"}, max_running_exports=1)
    request = {**REQUEST, "ClientToken": "t", "Description": "other"}
    running = sim.add_task()
    sim.fail_next_call("ExportImage", "Unavailable")
    calls: list[tuple[str, dict[str, Any]]] = [
        ("Unavailable", {}),
        ("DryRunOperation", {"DryRun": True}),
        ("InvalidParameterValue", {"DiskImageFormat": "ISO"}),
        ("InvalidAMIID.NotFound", {"ImageId": "ami-abcd1234"}),
        ("NotExportable", {"ImageId": OTHER}),
        ("ResourceLimitExceeded", {}),
    ]
    for code, members in calls:
        assert answer(sim, "ExportImage", **{**request, **members})[0] == code
    with pytest.raises(ServiceError, match="UnauthorizedOperation"):
        sim.invoke("ExportImage", request, policy=Policy.deny_all())
    sim.remove_task(running.id)
    assert "Status" in export(sim, ClientToken="t")


@pytest.mark.rule("LIF-23", "LIF-35", "ORD-11")
def test_a_used_token_does_not_replace_the_permission() -> None:
    sim = Simulator()
    request = {**REQUEST, "ClientToken": "t"}
    first = sim.invoke("ExportImage", request)
    with pytest.raises(ServiceError, match="UnauthorizedOperation"):
        sim.invoke("ExportImage", request, policy=Policy.deny_all())
    assert export(sim, ClientToken="t", DryRun=True)[0] == "DryRunOperation"
    assert sim.invoke("ExportImage", request, principal="another") == first


@pytest.mark.rule("LIF-23", "SIM-08")
def test_a_snapshot_restores_the_tokens() -> None:
    sim = Simulator()
    before = sim.snapshot()
    first = export(sim, ClientToken="t")
    after = sim.snapshot()
    sim.restore(before)
    again = export(sim, ClientToken="t", Description="d")
    assert again == {**first, "Description": "d"}
    sim.restore(after)
    assert export(sim, ClientToken="t") == first
    assert export(sim, ClientToken="t", Description="d") == MISMATCH
    sim.reset()
    assert export(sim, ClientToken="t", Description="d") == again


@pytest.mark.rule("LIF-23", "RSP-10")
def test_a_repeated_response_shares_no_object() -> None:
    sim = Simulator()
    export(sim, ClientToken="t")["S3ExportLocation"]["S3Bucket"] = "x"
    export(sim, ClientToken="t")["S3ExportLocation"]["S3Bucket"] = "x"
    response = export(sim, ClientToken="t")
    assert response["S3ExportLocation"] == {"S3Bucket": "exports"}
