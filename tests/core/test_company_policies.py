"""Policies like those that companies and AWS deploy, in four situations each.

The documents are ours; each has what a kind of real policy has. A verdict is `a`
(allowed), `i` (denied because nothing allows) or `x` (denied explicitly), then the
number of the permission that the message names.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from ec2_export_sim import Client, ClientError, Policy, Simulator
from tests.calls import ID, REQUEST
from tests.policies import allow, but, deny, document

ACCOUNT = "123456789012"
OFFICE, HOME = "203.0.113.10", "198.51.100.7"
MFA: dict[str, Any] = {
    "aws:MultiFactorAuthPresent": True,
    "aws:MultiFactorAuthAge": 60,
    "aws:TokenIssueTime": datetime(2026, 1, 15, 11, 59, tzinfo=UTC),
}
BUILDER_TAGS = {"CreatedBy": "EC2 Image Builder", "Owner": "test", "team": "blue"}

# situation: region, source address, tags of image and task, of the request, and more.
SITUATIONS: dict[str, tuple[str, str, dict[str, str], dict[str, str], Any]] = {
    "plain": ("us-east-1", OFFICE, {}, {"team": "blue"}, {}),
    "builder": ("us-east-1", HOME, BUILDER_TAGS, {"CreatedBy": "x"}, MFA),
    "eu": ("eu-west-1", OFFICE, {}, {"team": "blue"}, {}),
    "cn": ("cn-north-1", OFFICE, {}, {"team": "blue"}, {}),
}

# The calls in the order of the verdicts, and the permissions of each.
CALLS = {
    "describe_export_image_tasks": ["DescribeExportImageTasks"],
    "export_image": ["ExportImage", "ExportImage"],
    "export_image with tags": ["ExportImage", "ExportImage", "CreateTags"],
    "cancel_export_task": ["CancelExportTask"],
    "create_tags": ["CreateTags"],
    "delete_tags": ["DeleteTags"],
    "describe_tags": ["DescribeTags"],
}


TASKS, IMAGES = "arn:aws:ec2:*:*:export-image-task/*", "arn:aws:ec2:*::image/*"
OWN_TASKS = "arn:aws:ec2:us-east-1:${aws:PrincipalAccount}:export-image-task/*"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/Admin"
PROJECT = "${aws:PrincipalTag/Project}"
CREATED = ["CopyImage", "ExportImage"]
ALL_ALLOWED, ALL_DENIED = "a a a a a a a", "x1 x1 x1 x1 x1 x1 x1"
NONE_ALLOWED = "i1 i1 i1 i1 i1 i1 i1"

# name: statements, and the verdicts in each situation; one if all are the same.
POLICIES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "a power user": (
        [but(allow(["iam:*", "sts:*"])), allow(["iam:ListRoles", "iam:GetRole"])],
        [ALL_ALLOWED],
    ),
    "reading, with conditions on the role that is passed": (
        [
            allow("iam:PassRole", when={"StringEquals": {"iam:PassedToService": "x"}}),
            allow(["ec2:Describe*", "ec2:Get*"]),
        ],
        ["a i1 i1 i1 i1 i1 a"],
    ),
    "a binary condition on another service": (
        [
            allow("kms:*", when={"BinaryEquals": {"kms:x": "QmluYXJ5"}}),
            allow("EC2:DESCRIBEexportimagetasks"),
        ],
        ["a i1 i1 i1 i1 i1 i1"],
    ),
    "outside of two regions, nothing but global services": (
        [
            allow(),
            but(
                deny(
                    ["iam:*", "ec2:DescribeRegions", "support:*"],
                    when={
                        "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "x"]},
                        "ArnNotLike": {"aws:PrincipalARN": ADMIN},
                    },
                )
            ),
        ],
        [ALL_DENIED, ALL_DENIED, ALL_ALLOWED, ALL_DENIED],
    ),
    "regions by a pattern": (
        [allow(when={"StringLike": {"ec2:Region": ["us-*", "cn-?????-1"]}})],
        [ALL_ALLOWED, ALL_ALLOWED, NONE_ALLOWED, ALL_ALLOWED],
    ),
    "nothing but to set up MFA without MFA": (
        [
            allow(),
            but(
                deny(
                    "iam:EnableMFADevice",
                    when={"BoolIfExists": {"aws:MultiFactorAuthPresent": False}},
                )
            ),
        ],
        [ALL_DENIED, ALL_ALLOWED, ALL_DENIED, ALL_DENIED],
    ),
    "writing only soon after MFA": (
        [
            allow("ec2:Describe*"),
            allow(
                when={
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                    "NumericLessThan": {"aws:MultiFactorAuthAge": 3600},
                }
            ),
        ],
        ["a i1 i1 i1 i1 i1 a", ALL_ALLOWED, "a i1 i1 i1 i1 i1 a", "a i1 i1 i1 i1 i1 a"],
    ),
    "old sessions are revoked": (
        [
            allow(),
            deny(when={"DateLessThan": {"aws:TokenIssueTime": "2026-01-15T12Z"}}),
        ],
        [ALL_ALLOWED, ALL_DENIED, ALL_ALLOWED, ALL_ALLOWED],
    ),
    "a window of time": (
        [
            allow(
                when={
                    "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
                    "DateLessThanEquals": {"aws:EpochTime": "1768478400"},
                }
            )
        ],
        [ALL_ALLOWED],
    ),
    "from the office": (
        [
            allow(),
            deny(
                when={
                    "NotIpAddressIfExists": {"aws:SourceIp": ["203.0.113.0/24"]},
                    "BoolIfExists": {"aws:ViaAWSService": "false"},
                    "StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1"},
                }
            ),
        ],
        [ALL_ALLOWED, ALL_DENIED, ALL_ALLOWED, ALL_ALLOWED],
    ),
    "tags of an export only": (
        [
            allow(["ec2:ExportImage", "ec2:Describe*"]),
            allow(
                "ec2:CreateTags", TASKS, {"StringEquals": {"ec2:CreateAction": CREATED}}
            ),
        ],
        [*["a a a i1 i1 i1 a"] * 3, "a a i3 i1 i1 i1 a"],
    ),
    "an export must have a team, and no other tag": (
        [
            allow("ec2:*", IMAGES),
            allow(
                "ec2:*",
                TASKS,
                {
                    "StringEquals": {"aws:RequestTag/Team": ["blue", "red"]},
                    "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "Team"]},
                },
            ),
        ],
        [
            "i1 i2 a i1 a a i1",
            "i1 i2 i2 i1 i1 i1 i1",
            "i1 i2 a i1 a a i1",
            NONE_ALLOWED,
        ],
    ),
    "no tag of the image builder by hand": (
        [
            allow(),
            deny(
                ["ec2:CreateTags", "ec2:DeleteTags"],
                when={"ForAnyValue:StringLike": {"aws:TagKeys": ["Created*"]}},
            ),
        ],
        [ALL_ALLOWED, "a a x3 a x1 x1 a", ALL_ALLOWED, ALL_ALLOWED],
    ),
    "what the builder has made": (
        [
            allow(
                when={
                    "StringEquals": {"ec2:ResourceTag/createdby": "EC2 Image Builder"}
                }
            )
        ],
        [NONE_ALLOWED, "i1 i2 i2 a a a i1", NONE_ALLOWED, NONE_ALLOWED],
    ),
    "one's own only, by a variable": (
        [
            allow(
                ["ec2:CancelExportTask", "ec2:CreateTags"],
                when={"StringEquals": {"aws:ResourceTag/Owner": "${aws:username}"}},
            ),
            deny("ec2:DeleteTags", when={"Null": {"aws:ResourceTag/Owner": "true"}}),
        ],
        [
            "i1 i1 i1 i1 i1 x1 i1",
            "i1 i1 i1 a a i1 i1",
            "i1 i1 i1 i1 i1 x1 i1",
            "i1 i1 i1 i1 i1 x1 i1",
        ],
    ),
    "the same project": (
        [
            allow(),
            deny(
                when={
                    "Null": {"aws:PrincipalTag/Project": False},
                    "StringNotEquals": {"aws:ResourceTag/Project": PROJECT},
                }
            ),
        ],
        [ALL_ALLOWED],
    ),
    "the own account, by a variable": (
        [
            allow(
                when={
                    "StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}
                }
            )
        ],
        [ALL_ALLOWED],
    ),
    "the name of a user in any case": (
        [
            allow(when={"StringEqualsIgnoreCase": {"aws:username": "TEST"}}),
            deny(when={"StringNotLike": {"aws:PrincipalType": "U*"}}),
            deny(when={"StringNotEqualsIgnoreCase": {"aws:username": "tesT"}}),
        ],
        [ALL_ALLOWED],
    ),
    "users of the account, encrypted and directly": (
        [
            allow(
                when={
                    "ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:user/*"},
                    "Bool": {"aws:SecureTransport": True},
                    "ForAllValues:StringEquals": {"aws:CalledVia": "x.amazonaws.com"},
                }
            )
        ],
        [ALL_ALLOWED],
    ),
    "only through another service": (
        [
            allow(when={"ForAnyValue:StringEquals": {"aws:CalledVia": "x"}}),
            allow(when={"Bool": {"aws:ViaAWSService": "true"}}),
        ],
        [NONE_ALLOWED],
    ),
    "resources of one region": (
        [
            allow("ec2:Describe*", "arn:aws:ec2:*:*:*"),
            allow("ec2:ExportImage", "arn:aws:ec2:us-east-1::image/*"),
            allow("ec2:*", OWN_TASKS),
        ],
        ["i1 a a a a a i1", "i1 a a a a a i1", NONE_ALLOWED, NONE_ALLOWED],
    ),
}


def call(client: Client, name: str, tags: list[Any]) -> Any:
    specifications = [{"ResourceType": "export-image-task", "Tags": tags}]
    parameters: dict[str, Any] = {
        "export_image": REQUEST,
        "export_image with tags": {**REQUEST, "TagSpecifications": specifications},
        "cancel_export_task": {"ExportTaskId": ID},
        "create_tags": {"Resources": [ID], "Tags": tags},
        "delete_tags": {"Resources": [ID], "Tags": tags},
    }
    return getattr(client, name.partition(" ")[0])(**parameters.get(name, {}))


def verdict(policy: Policy, situation: str, name: str) -> str:
    region, address, tags, request_tags, more = SITUATIONS[situation]
    sim = Simulator(region, start=datetime(2026, 1, 15, 12, tzinfo=UTC))
    sim.add_task(task_id=ID, tags=tags)
    image_tags = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    context = {"aws:SourceIp": address, **more, **image_tags}
    client = sim.client(policy, context=context)
    listed = [{"Key": key, "Value": value} for key, value in request_tags.items()]
    try:
        call(client, name, listed)
    except ClientError as error:
        return denial(error.response["Error"], name)
    return "a"


MESSAGE = re.compile(
    r"You are not authorized to perform this operation\. User: (?P<user>\S+) is not "
    r"authorized to perform: ec2:(?P<action>\w+)( on resource: (?P<resource>\S+))? "
    r"((?P<i>because no identity-based policy allows the ec2:(?P=action) action)"
    r"|(?P<x>with an explicit deny in an identity-based policy))"
)


def denial(error: Any, name: str) -> str:
    assert error["Code"] == "UnauthorizedOperation"
    found = MESSAGE.match(error["Message"])
    assert found, error
    actions, number = CALLS[name], 1
    if name.startswith("export") and ":export-image-task/" in found["resource"]:
        number = 2 if found["action"] == "ExportImage" else 3
    assert found["action"] == actions[number - 1]
    return f"{'i' if found['i'] else 'x'}{number}"


@pytest.mark.rule("AUT-14", "AUT-05", "AUT-06", "AUT-08", "AUT-13", "AUT-26")
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_gives_the_verdicts_that_iam_gives(name: str, situation: str) -> None:
    statements, verdicts = POLICIES[name]
    policy = Policy.from_document(document(*statements))
    expected = dict(zip(SITUATIONS, verdicts * (4 // len(verdicts)), strict=True))
    found = " ".join(verdict(policy, situation, each) for each in CALLS)
    assert found == expected[situation]
