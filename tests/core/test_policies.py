"""Which policies allow a call, dry runs, and which documents are supported."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ec2_export_sim import ClientError, Policy, Simulator
from tests.calls import unauthorized

ACTION = "ec2:DescribeExportImageTasks"
USER = "arn:aws:iam::123456789012:user/test"


def document(**elements: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", **elements},
    }


def error_of(policy: Policy | None, **parameters: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        Simulator().client(policy).describe_export_image_tasks(**parameters)
    return caught.value


@pytest.mark.rule("AUT-01", "ERR-06")
def test_a_dry_run_of_an_allowed_call_says_so() -> None:
    error = error_of(Policy.allow_all(), DryRun=True)
    assert error.response["Error"] == {
        "Code": "DryRunOperation",
        "Message": "Request would have succeeded, but DryRun flag is set.",
    }
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 412


@pytest.mark.rule("AUT-02", "AUT-03", "AUT-05")
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_caller_who_is_not_allowed_gets_the_reason(dry_run: bool) -> None:
    error = error_of(Policy.deny_all(), DryRun=dry_run)
    assert error.response["Error"] == {
        "Code": "UnauthorizedOperation",
        "Message": unauthorized("DescribeExportImageTasks"),
    }
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert error.rule == "AUT-05"


@pytest.mark.rule("AUT-04")
def test_a_false_dry_run_makes_the_call() -> None:
    answer = Simulator().client().describe_export_image_tasks(DryRun=False)
    assert answer["ExportImageTasks"] == []


@pytest.mark.rule("AUT-06")
@pytest.mark.parametrize("deny_first", [True, False])
def test_a_deny_overrides_an_allow(deny_first: bool) -> None:
    statements = [
        {"Effect": "Deny", "Action": "ec2:Describe*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
    ]
    statements = statements if deny_first else statements[::-1]
    error = error_of(Policy.from_document({"Statement": statements}))
    assert error.response["Error"]["Message"] == (
        "You are not authorized to perform this operation. "
        f"User: {USER} is not authorized to perform: {ACTION} "
        "with an explicit deny in an identity-based policy"
    )
    assert error.rule == "AUT-06"


@pytest.mark.rule("AUT-07")
@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        ("*", True),
        ("ec2:*", True),
        ("EC2:describeexport*", True),
        ("ec2:DescribeExportImageTask?", True),
        ("ec2:DescribeExportImageTasks?", False),
        ("ec2:*Tasks", True),
        ("ec2:*Images", False),
        (r"ec2:\*", False),
        ("s3:*", False),
    ],
)
def test_actions_are_patterns(pattern: str, allowed: bool) -> None:
    assert Policy.allow(pattern).allows(ACTION) is allowed


@pytest.mark.rule("AUT-07")
@given(st.text("ab*?\\", max_size=8), st.text("ab*\\", max_size=8))
@example("*a*a*b", "aaaaaaaa")
@example("a?", "a")
def test_a_pattern_matches_like_its_regex(pattern: str, text: str) -> None:
    regex = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    head = "arn:aws:ec2:::image/"
    policy = Policy.from_document(document(Resource=head + pattern))
    matches = policy.allows("ec2:ExportImage", head + text)
    assert matches is bool(re.fullmatch(regex, text, re.DOTALL))


@pytest.mark.rule("AUT-08", "AUT-10")
@pytest.mark.parametrize(
    ("elements", "allowed"),
    [
        ({"Resource": "*"}, True),
        ({"Resource": ["arn:aws:s3:::x", "*"]}, True),
        ({"Resource": "arn:aws:ec2:*:*:export-image-task/*"}, False),
        ({"Resource": "arn:aws:ec2:*"}, False),
        ({"NotResource": "arn:aws:s3:::x", "Resource": None}, True),
        ({"NotResource": "*", "Resource": None}, False),
        ({"NotAction": "s3:*", "Action": None}, True),
        ({"NotAction": ["s3:*", "ec2:Describe*"], "Action": None}, False),
    ],
)
def test_a_statement_covers_actions_and_resources(
    elements: dict[str, Any], allowed: bool
) -> None:
    stated = document(**elements)
    stated["Statement"] = {
        name: value for name, value in stated["Statement"].items() if value is not None
    }
    assert Policy.from_document(stated).allows(ACTION) is allowed
    assert Policy.from_document(json.dumps(stated)).allows(ACTION) is allowed


@pytest.mark.rule("AUT-07")
def test_resources_are_case_sensitive() -> None:
    policy = Policy.from_document(document(Resource="arn:aws:ec2:*:*:image/ami-a?"))
    assert policy.allows("ec2:ExportImage", "arn:aws:ec2:us-east-1::image/ami-ab")
    assert not policy.allows("ec2:ExportImage", "arn:aws:ec2:us-east-1::image/ami-AB")
    assert not policy.allows("ec2:ExportImage", "arn:aws:ec2:us-east-1::image/ami-a")


@pytest.mark.rule("SIM-14")
@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, "no Statement"),
        ({"Statement": []} | {"Principal": "*"}, "the policy has 'Principal'"),
        ({"Version": "2020-01-01", "Statement": []}, "Version of .* is '2020-01-01'"),
        (document(Sid=5), r"Statement\[0\].Sid must be a string, not 5"),
        (document(Condition={"Bul": {"a:b": "x"}}), r"Statement\[0\]\.Condition\.Bul"),
        (document(Principal="*"), r"Statement\[0\] has 'Principal'"),
        (document(Effect="allow"), r"Statement\[0\].Effect"),
        (document(NotAction="s3:*"), "either Action or NotAction"),
        (document(Action=3), r"Statement\[0\].Action must be .* of strings, not 3"),
        (document(Action=[]), r"Statement\[0\].Action must be"),
        (document(Action=["*", None]), r"Statement\[0\].Action must be"),
        (document(Action="Describe*"), "names the action 'Describe\\*'"),
        (document(Action="ec2:"), "names the action 'ec2:'"),
        (document(Resource="?"), "names the resource"),
        (document(Resource="arn:aws:s3:::${aws:username"), "no policy variable"),
        ({"Statement": [3]}, r"Statement\[0\] must be an object, not int"),
        ([], "the policy must be an object, not list"),
        ("{", "cannot be read as JSON"),
        ("[" * 100_000, "cannot be read as JSON"),
        ('{"Statement": [], "Statement": []}', "stands twice"),
        (3, "the policy must be an object, not int"),
    ],
)
def test_an_unsupported_element_is_an_error(document: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Policy.from_document(document)


@pytest.mark.rule("SIM-14")
def test_an_action_without_a_service_is_an_error() -> None:
    with pytest.raises(ValueError, match="'service:action'"):
        Policy.allow("DescribeExportImageTasks")


@pytest.mark.rule("SIM-15")
def test_without_a_policy_everything_is_allowed() -> None:
    sim = Simulator()
    sim.client().describe_export_image_tasks()
    sim.client(
        principal="arn:aws:sts::1:assumed-role/r/s"
    ).describe_export_image_tasks()
    assert [call.principal for call in sim.calls] == [
        USER,
        "arn:aws:sts::1:assumed-role/r/s",
    ]


def test_only_a_policy_is_accepted() -> None:
    with pytest.raises(TypeError, match="policy must be a Policy or None"):
        Simulator().client({"Statement": []})  # type: ignore[arg-type]
