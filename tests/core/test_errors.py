"""Every error of the table occurs, and a call with an error changes nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ec2_export_sim import Policy, Quirk, ServiceError, Simulator
from ec2_export_sim.core import errors
from ec2_export_sim.core.operations import OPERATIONS
from tests import strategies
from tests.calls import DESCRIBE, FIFTY, ID, IMAGE, REQUEST, UNKNOWN, observe

DENY_ALL = Policy.from_document(
    {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
)
EXPORT = "ExportImage"
LATE, DONE, FULL = ID, "export-ami-00000001", "export-ami-00000002"


def account(max_running_exports: int = 3, *quirks: Quirk) -> Simulator:
    """Return an account in which every error can occur."""
    sim = Simulator(
        images=strategies.KINDS,
        roles=["vmimport", "r"],
        max_running_exports=max_running_exports,
        quirks=[Quirk.PAGING_WITH_IDS_REFUSED, *quirks],
    )
    sim.add_task(task_id=LATE, progress=85, image_id="ami-00000001")
    sim.add_task(task_id=DONE, status="completed", tags={"aws:x": "", "Name": "1"})
    sim.add_task(task_id=FULL, status="deleting", tags=FIFTY)
    sim.in_region("eu-west-1").add_task(task_id=UNKNOWN, tags={"Name": ""})
    if max_running_exports > 1:
        gone = sim.invoke(EXPORT, {**REQUEST, "ClientToken": "gone"})
        sim.remove_task(gone["ExportImageTaskId"])
        sim.invoke(EXPORT, {**REQUEST, "ClientToken": "t"})
    sim.advance(100)
    return sim


def error_from(
    sim: Simulator, operation: str, request: Any, policy: Policy | None
) -> ServiceError | None:
    """Return the error of the call, if any, and check that it changed nothing."""
    before = observe(sim)
    try:
        sim.invoke(operation, request, policy=policy)
    except ServiceError as error:
        assert observe(sim) == before
        return error
    if operation.startswith("Describe"):
        assert observe(sim) == before
    return None


# --- one call for every row of the table --------------------------------------------


def filtered(name: str, *values: str) -> dict[str, Any]:
    return {"Filters": [{"Name": name, "Values": list(values)}]}


def tagging(*tags: dict[str, str], ids: tuple[str, ...] = (LATE,)) -> dict[str, Any]:
    return {"Resources": list(ids), "Tags": list(tags)}


def specified(kind: str, **members: Any) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, **members}]}


K = {"Key": "k", "Value": "v"}
CALLS: list[tuple[str, dict[str, Any], Policy | None]] = [
    ("RunInstances", {}, None),
    (DESCRIBE, {"Bogus": 1}, None),
    (DESCRIBE, {"DryRun": 1}, None),
    (DESCRIBE, {"NextToken": "\x00"}, None),
    ("CancelExportTask", {}, None),
    ("CreateTags", {"Resources": [LATE]}, None),
    ("DescribeTags", {"DryRun": True}, None),
    ("CreateTags", tagging({"Key": "k"}), Policy.deny_all()),
    ("DeleteTags", tagging({"Key": "k"}), DENY_ALL),
    (DESCRIBE, {"ExportImageTaskIds": ["x"]}, None),
    ("CancelExportTask", {"ExportTaskId": UNKNOWN}, None),
    ("CancelExportTask", {"ExportTaskId": "export-0123456789abcdef0"}, None),
    (DESCRIBE, {"ExportImageTaskIds": [UNKNOWN, "export-ami-zzzzzzzz"]}, None),
    (DESCRIBE, filtered("Task-State", "active"), None),
    ("DescribeTags", filtered("task-state", "active"), None),
    (DESCRIBE, {"Filters": [{"Values": ["x"]}]}, None),
    ("DescribeTags", filtered("key", "\\n"), None),
    ("DescribeTags", filtered("key", *["x"] * 201), None),
    (DESCRIBE, filtered("tag-key", "x" * 256), None),
    ("DescribeTags", {"MaxResults": 4}, None),
    ("DescribeTags", {"MaxResults": 1001}, None),
    (DESCRIBE, {"NextToken": "x"}, None),
    (DESCRIBE, {"ExportImageTaskIds": [ID], "MaxResults": 5}, None),
    (EXPORT, {"ImageId": "ami-0"}, None),
    (EXPORT, {"RoleName": "nobody"}, None),
    (EXPORT, {"ImageId": "ami-abcd1234"}, None),
    (EXPORT, {"ImageId": "ami-00000003"}, None),
    (EXPORT, {"ImageId": "ami-00000004"}, None),
    (EXPORT, {"DiskImageFormat": "ISO"}, None),
    (EXPORT, {"Description": "x" * 256}, None),
    (EXPORT, {"ClientToken": "é"}, None),
    (EXPORT, {"S3ExportLocation": {"S3Bucket": ""}}, None),
    (EXPORT, {"ClientToken": "t", "RoleName": "r"}, None),
    (EXPORT, {"ClientToken": "gone"}, None),
    (EXPORT, {"ImageId": IMAGE}, None),
    ("CancelExportTask", {"ExportTaskId": DONE}, None),
    ("CancelExportTask", {"ExportTaskId": LATE}, None),
    ("CreateTags", tagging({"Key": "aws:x"}), None),
    ("CreateTags", tagging({"Value": "v"}), None),
    ("CreateTags", tagging({"Key": "k"}), None),
    ("DeleteTags", tagging({"Key": "k" * 128}), None),
    ("CreateTags", tagging({"Key": "k", "Value": "v" * 257}), None),
    ("CreateTags", tagging(K, K), None),
    ("CreateTags", tagging({"Key": "more", "Value": ""}, ids=(LATE, FULL)), None),
    (EXPORT, specified("image", Tags=[{"Key": "k"}]), None),
    (EXPORT, {"TagSpecifications": [{"Tags": [K]}]}, None),
    (EXPORT, specified("export-image-task"), None),
    ("DeleteTags", tagging(*[K] * 1001), None),
    ("CreateTags", tagging({"Key": "k"}, ids=(LATE,) * 1001), None),
    ("CreateTags", tagging({"Key": "k"}, ids=(LATE, "i-01234567")), None),
]


def row_of(error: ServiceError) -> errors.ErrorTemplate:
    """Return the row of the table that *error* was made from."""
    rows = [
        row
        for row in errors.ALL
        if (row.code, row.rule) == (error.code, error.rule)
        and re.fullmatch(
            re.sub(r"\\{\w+\\}", ".*", re.escape(row.message)), error.message
        )
    ]
    return max(rows, key=lambda row: len(row.message))  # the most specific row


@pytest.mark.rule("ORD-10", "ERR-01", "ERR-02", "TAG-14")
def test_every_error_of_the_table_occurs_and_changes_nothing() -> None:
    occurred: list[errors.ErrorTemplate] = []
    for operation, members, policy in CALLS:
        request = {**REQUEST, **members} if operation == EXPORT else members
        error = error_from(account(), operation, request, policy)
        assert error is not None, (operation, members)
        occurred.append(row_of(error))
    another = {**REQUEST, "ImageId": "ami-00000002"}
    unissued = {"ExportTaskId": "export-ami-zzzzzzzz"}
    for sim, operation, request in [
        (account(1), EXPORT, another),
        (account(3, Quirk.UNISSUED_IDS_MALFORMED), "CancelExportTask", unissued),
    ]:
        error = error_from(sim, operation, request, None)
        assert error is not None
        occurred.append(row_of(error))
    of_http = {row for row in errors.ALL if row.rule.startswith("WIR")}
    assert set(occurred) == set(errors.ALL) - of_http
    assert len(occurred) == len(set(occurred))


# --- any call -----------------------------------------------------------------------


@pytest.mark.rule("ORD-10", "PRM-08")
@pytest.mark.parametrize("operation", OPERATIONS)
@given(
    request=st.one_of(
        strategies.json, st.dictionaries(strategies.members, strategies.json)
    )
)
def test_any_request_raises_only_service_errors(operation: str, request: Any) -> None:
    error = error_from(account(), operation, request, None)
    event("answered" if error is None else error.code)


@pytest.mark.rule("ORD-10", "PRM-08")
@pytest.mark.parametrize("operation", OPERATIONS)
@given(data=st.data())
def test_one_wrong_member_raises_only_service_errors(
    operation: str, data: st.DataObject
) -> None:
    """Like the test above, but with requests that pass the parameter check."""
    sim = account()
    request = data.draw(strategies.requests([LATE, DONE])[operation], "request")
    members = [*OPERATIONS[operation].input.members, "Bogus"]
    name = data.draw(st.sampled_from(members), "member")
    request[name] = data.draw(strategies.json, "value")
    error_from(sim, operation, request, None)
