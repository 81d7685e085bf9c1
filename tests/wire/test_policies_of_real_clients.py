"""Policies and request context of real clients and of the WSGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.botocore import intercept
from ec2_export_sim.server import serve
from ec2_export_sim.wsgi import application
from tests.real import made
from tests.wsgi_client import call, error

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
REGION = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
DESCRIBE = b"Action=DescribeExportImageTasks&Version=2016-11-15"


def policy_on(condition: Any) -> Policy:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return Policy.from_document({"Statement": {**statement, "Condition": condition}})


@pytest.mark.rule("AUT-28", "AUT-29", "WIR-17")
def test_a_real_client_is_judged_by_policy_and_context() -> None:
    sim, policy = Simulator(), policy_on({**OFFICE, **REGION})
    context = {"aws:SourceIp": "203.0.113.10"}
    with intercept(sim, policy=policy, context=context):
        assert made("eu-west-1").describe_export_image_tasks()["ExportImageTasks"] == []
        with pytest.raises(ClientError, match="UnauthorizedOperation"):
            made("us-east-1").describe_export_image_tasks()
    assert sim.calls.last
    assert "aws:RequestedRegion is 'us-east-1'" in str(sim.calls.last.note)
    context = {"aws:SourceIp": "198.51.100.7"}
    with (
        intercept(sim, policy=policy, context=context),
        pytest.raises(ClientError, match="no identity-based policy allows"),
    ):
        made("eu-west-1").describe_export_image_tasks()


@pytest.mark.rule("AUT-28", "AUT-29", "WIR-15")
def test_the_region_of_a_wsgi_request_is_that_of_its_signature() -> None:
    app = application(
        Simulator("cn-north-1"),
        policy=policy_on({**OFFICE, **REGION}),
        context={"aws:SourceIp": "203.0.113.10"},
    )
    credential = "Credential=a/20260115/eu-west-1/ec2/aws4_request"
    signed = {"HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {credential}"}
    assert call(app, DESCRIBE, **signed)[0] == "200 OK"
    status, _, answer = call(app, DESCRIBE)
    assert status == "403 Forbidden"
    user = "User: arn:aws-cn:iam::123456789012:user/test is not authorized"
    assert user in str(error(answer)[1])


@pytest.mark.rule("AUT-28", "AUT-29")
@pytest.mark.parametrize("entry", [intercept, application, serve])
def test_a_wrong_context_is_an_error_of_the_call_that_takes_it(
    entry: Callable[..., Any],
) -> None:
    def enter(**options: Any) -> None:
        opened = entry(Simulator(), **options)
        if entry is serve:
            with opened:
                raise AssertionError("it listens")

    with pytest.raises(ValueError, match=r"Statement\[0\] asks for aws:SourceIp"):
        enter(policy=policy_on(OFFICE))
    with pytest.raises(ValueError, match="simulator knows itself"):
        enter(context={"aws:RequestedRegion": "eu-west-1"})
