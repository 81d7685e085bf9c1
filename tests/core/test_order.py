"""The order of the checks: each step corrects one mistake, and the next one shows."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.core.operations import OPERATIONS
from tests.calls import DESCRIBE, FIFTY, ID, IMAGE, OTHER, UNKNOWN, answer, error_of

MALFORMED = {"ExportImageTaskIds": ["malformed", UNKNOWN]}
LATE, FULL = "export-ami-00000001", "export-ami-00000002"
KEY = [{"Key": "k", "Value": "v"}]


class Script(NamedTuple):
    """A request full of mistakes, and what corrects the mistake of each rule."""

    request: dict[str, Any]
    steps: list[tuple[str, dict[str, Any]]]


SCRIPTS = {
    DESCRIBE: Script(
        {
            **MALFORMED,
            "MaxResults": 501,
            "Filters": [{"Name": "bogus"}],
            "NextToken": "bogus",
        },
        [
            ("IDS-04", {"ExportImageTaskIds": [UNKNOWN]}),
            ("PAG-18", {"MaxResults": 5}),
            ("FLT-07", {"Filters": []}),
            ("PAG-11", {"NextToken": None}),
            ("IDS-05", {"ExportImageTaskIds": [ID]}),
        ],
    ),
    "ExportImage": Script(
        {
            "ImageId": "ami-bogus",
            "DiskImageFormat": "ISO",
            "S3ExportLocation": {"S3Bucket": ""},
            "Description": "x" * 256,
            "ClientToken": "x" * 65,
            "TagSpecifications": [{"ResourceType": "image"}],
            "RoleName": "nobody",
        },
        [
            ("LIF-19", {"ImageId": "ami-abcd1234"}),
            ("LIF-22", {"DiskImageFormat": "VMDK"}),
            ("LIF-22", {"Description": ""}),
            ("LIF-33", {"ClientToken": "t"}),
            ("LIF-22", {"S3ExportLocation": {"S3Bucket": "b"}}),
            ("TAG-08", {"TagSpecifications": []}),
            ("LIF-39", {"RoleName": None}),
            ("LIF-20", {"ImageId": OTHER}),
            ("LIF-21", {"ImageId": IMAGE}),
            ("LIF-24", {}),
        ],
    ),
    "CancelExportTask": Script(
        {"ExportTaskId": "malformed"},
        [
            ("IDS-17", {"ExportTaskId": "export-ami-malformed"}),
            ("IDS-04", {"ExportTaskId": UNKNOWN}),
            ("IDS-05", {"ExportTaskId": LATE}),
            ("LIF-18", {"ExportTaskId": ID}),
        ],
    ),
    "CreateTags": Script(
        {"Resources": ["malformed"], "Tags": [{"Key": "aws:k"}]},
        [
            ("TAG-09", {"Resources": [UNKNOWN, FULL]}),
            ("TAG-03", {"Tags": KEY}),
            ("IDS-05", {"Resources": [FULL]}),
            ("TAG-07", {"Resources": [ID]}),
        ],
    ),
    "DeleteTags": Script(
        {"Resources": ["malformed"], "Tags": [{"Key": "aws:k"}]},
        [
            ("TAG-09", {"Resources": [UNKNOWN]}),
            ("TAG-03", {"Tags": KEY}),
            ("IDS-05", {"Resources": [ID]}),
        ],
    ),
    "DescribeTags": Script(
        {"MaxResults": 4, "Filters": [{"Name": "bogus"}], "NextToken": "bogus"},
        [
            ("PAG-18", {"MaxResults": 5}),
            ("FLT-07", {"Filters": []}),
            ("PAG-11", {"NextToken": None}),
        ],
    ),
}


def account() -> Simulator:
    """Return an account in which every step can be reached."""
    kinds = {IMAGE: "own", OTHER: "marketplace"}
    sim = Simulator(images=kinds, roles={"vmimport"}, max_running_exports=1)
    sim.add_task(task_id=ID)
    sim.add_task(task_id=LATE, progress=85)
    sim.add_task(task_id=FULL, tags=FIFTY)
    return sim


@pytest.mark.rule("ORD-01", "ORD-02", "SIM-16", "ORD-04", "ORD-05", "ORD-11")
@pytest.mark.rule("ORD-06", "ORD-07", "ORD-08", "AUT-01", "AUT-03", "PRM-01")
@pytest.mark.rule("LIF-35", "LIF-40")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_checks_come_in_this_order(operation: str) -> None:
    sim = account()
    sim.fail_next_call("*", "Unavailable")
    before: list[tuple[str, dict[str, Any]]] = [
        ("ORD-01", {"operation": operation}),
        ("PRM-01", {"Bogus": None}),
        ("ERR-05", {}),
        ("AUT-05", {"policy": None}),
    ]
    request, steps = SCRIPTS[operation]
    parameters: dict[str, Any] = {
        **request,
        "operation": "Bogus",
        "policy": Policy.deny_all(),
        "Bogus": 1,
    }
    if "DryRun" in OPERATIONS[operation].input.members:
        parameters["DryRun"] = True
        before.append(("AUT-01", {"DryRun": False}))
    for rule, corrected in (*before, *steps):
        assert error_of(sim, **parameters).rule == rule
        parameters = {
            n: v for n, v in {**parameters, **corrected}.items() if v is not None
        }
    if operation != "ExportImage":  # its last step is the limit
        assert isinstance(answer(sim, **parameters), dict)


@pytest.mark.rule("ORD-06", "PAG-18", "FLT-07")
def test_a_range_comes_before_a_filter() -> None:
    filters = [{"Name": "bogus"}]
    error = error_of(Simulator(), DESCRIBE, MaxResults=0, Filters=filters)
    assert error.rule == "PAG-18"


@pytest.mark.rule("ORD-01")
@pytest.mark.parametrize(
    "operation", ["", "describeExportImageTasks", "RunInstances", None, []]
)
def test_an_unknown_operation_is_an_error(operation: Any) -> None:
    assert answer(Simulator(), operation) == (
        "InvalidAction",
        f"The action {operation} is not valid for this web service.",
    )


@pytest.mark.rule("ORD-10")
@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"DryRun": True},
        {"ExportImageTaskIds": [ID]},
        {"MaxResults": 501},
        {"MaxResults": 1},
        {"Filters": [{"Name": "bogus"}]},
        {"NextToken": "bogus"},
        {"Bogus": 1},
    ],
)
def test_a_read_and_an_error_consume_no_id(request_: dict[str, Any]) -> None:
    sim, other = Simulator(), Simulator()
    answer(sim, DESCRIBE, **request_)
    assert sim.add_task().id == other.add_task().id
