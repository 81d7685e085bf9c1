"""The request context: what the simulator knows, what is given, and what is absent."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from ec2_export_sim import Policy, ServiceError, Simulator
from ec2_export_sim.core.operations import OPERATIONS
from ec2_export_sim.core.request_context import ACTIONS
from tests.calls import ID, IMAGE, REQUEST
from tests.policies import ALLOW, allow, deny, document

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
TAGS = [{"Key": "team", "Value": "blue"}, {"Key": "Env"}]
TAGGED = {"ResourceType": "export-image-task", "Tags": [TAGS[0]]}

# What the tests call "a call": the operation and its parameters.
DESCRIBE: tuple[str, dict[str, Any]] = ("DescribeExportImageTasks", {})
EXPORT = ("ExportImage", REQUEST)
TAGGING = ("ExportImage", {**REQUEST, "TagSpecifications": [TAGGED]})
CANCEL = ("CancelExportTask", {"ExportTaskId": ID})
CREATE = ("CreateTags", {"Resources": [ID], "Tags": TAGS})
DELETE = ("DeleteTags", {"Resources": [ID], "Tags": TAGS})
DESCRIBE_TAGS: tuple[str, dict[str, Any]] = ("DescribeTags", {})


def policy_with(condition: dict[str, Any], resource: str = "*") -> Policy:
    """Return a policy that denies what meets *condition* and allows the rest."""
    return Policy.from_document(document(ALLOW, deny("*", resource, condition)))


def denied_on(
    sim: Simulator,
    call: tuple[str, dict[str, Any]],
    condition: dict[str, Any],
    *,
    resource: str = "*",
    **options: Any,
) -> bool:
    """Return whether the call has a permission, on *resource*, that meets it."""
    policy = policy_with(condition, resource)
    operation, parameters = call
    request = {**parameters, "DryRun": True}
    if operation == "CancelExportTask":
        request = parameters
    try:
        sim.invoke(operation, request, policy=policy, **options)
    except ServiceError as error:
        return error.code == "UnauthorizedOperation"
    return False


def simulator(region: str = "us-east-1", **tags: str) -> Simulator:
    sim = Simulator(region, start=NOON)
    sim.add_task(task_id=ID, tags=tags)
    return sim


# --- what the simulator knows -------------------------------------------------------

ALWAYS = {
    "aws:RequestedRegion": "eu-west-1",
    "ec2:Region": "eu-west-1",
    "aws:ResourceAccount": "123456789012",
    "aws:PrincipalAccount": "123456789012",
    "aws:PrincipalArn": "arn:aws:iam::123456789012:user/test",
    "aws:PrincipalType": "User",
    "aws:username": "test",
    "aws:CurrentTime": "2026-01-15T12:00:00Z",
    "aws:EpochTime": "1768478400",
    "aws:SecureTransport": "true",
    "aws:ViaAWSService": "false",
    "aws:PrincipalIsAWSService": "false",
}


@pytest.mark.rule("AUT-25")
@pytest.mark.parametrize(("key", "value"), ALWAYS.items())
def test_every_call_has_these_keys(key: str, value: str) -> None:
    for call in (DESCRIBE, EXPORT, CANCEL, CREATE, DELETE, DESCRIBE_TAGS):
        equal = {"StringEquals": {key: value}}
        assert denied_on(simulator("eu-west-1"), call, equal), call


@pytest.mark.rule("AUT-25")
@pytest.mark.parametrize(
    "key",
    ["aws:CalledVia", "aws:CalledViaFirst", "aws:SourceVpc", "aws:PrincipalOrgID"],
)
def test_all_other_keys_are_absent(key: str) -> None:
    for call in (DESCRIBE, EXPORT, CANCEL, CREATE, DELETE, DESCRIBE_TAGS):
        assert denied_on(simulator(), call, {"Null": {key: "true"}}), call


@pytest.mark.rule("AUT-25")
def test_the_time_is_the_simulated_clock() -> None:
    policy = policy_with(
        {"DateGreaterThan": {"aws:CurrentTime": "2026-01-15T12:59:59Z"}}
    )
    sim = simulator()
    ec2 = sim.client(policy)
    assert ec2.describe_export_image_tasks()["ExportImageTasks"]
    sim.advance(3600)
    with pytest.raises(ServiceError, match="explicit deny"):
        sim.invoke(*DESCRIBE, policy=policy)


@pytest.mark.rule("AUT-30")
@pytest.mark.parametrize(
    ("principal", "keys"),
    [
        (
            "arn:aws:iam::210987654321:user/division/ann",
            ("arn:aws:iam::210987654321:user/division/ann", "User", "ann"),
        ),
        (
            "arn:aws-cn:sts::210987654321:assumed-role/Admin/ann@example.com",
            ("arn:aws-cn:iam::210987654321:role/Admin", "AssumedRole", None),
        ),
        (
            "arn:aws:iam::210987654321:role/path/Admin",
            ("arn:aws:iam::210987654321:role/path/Admin", "AssumedRole", None),
        ),
        (
            "arn:aws:sts::210987654321:federated-user/ann",
            ("arn:aws:sts::210987654321:federated-user/ann", "FederatedUser", None),
        ),
        (
            "arn:aws:iam::210987654321:root",
            ("arn:aws:iam::210987654321:root", "Account", None),
        ),
    ],
)
def test_the_arn_of_the_caller_says_who_calls(
    principal: str, keys: tuple[str, str, str | None]
) -> None:
    names = ("aws:PrincipalArn", "aws:PrincipalType", "aws:username")
    for name, value in zip(names, keys, strict=True):
        condition: dict[str, Any] = {"StringEquals": {name: value}}
        if value is None:
            condition = {"Null": {name: "true"}}
        assert denied_on(simulator(), DESCRIBE, condition, principal=principal)
    account = {"StringEquals": {"aws:PrincipalAccount": "210987654321"}}
    assert denied_on(simulator(), DESCRIBE, account, principal=principal)


@pytest.mark.rule("AUT-30")
@pytest.mark.parametrize("principal", ["ann", "user", "a:user", "arn:aws:x:::thing/y"])
def test_a_caller_of_another_kind_has_a_name_and_the_account(principal: str) -> None:
    condition = {
        "StringEquals": {
            "aws:PrincipalArn": principal,
            "aws:PrincipalAccount": "123456789012",
        },
        "Null": {"aws:PrincipalType": "true", "aws:username": "true"},
    }
    assert denied_on(simulator(), DESCRIBE, condition, principal=principal)


@pytest.mark.rule("SIM-15")
@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_default_caller_has_the_partition_of_the_region(
    region: str, partition: str
) -> None:
    sim = Simulator(region)
    sim.invoke(*DESCRIBE)
    user = f"arn:{partition}:iam::123456789012:user/test"
    assert [call.principal for call in sim.calls] == [user]
    with pytest.raises(ServiceError, match=f"User: {user} is not authorized"):
        sim.invoke(*DESCRIBE, policy=Policy.deny_all())


# --- each action brings its own keys ------------------------------------------------

TASK, IMAGES = "arn:aws:ec2:*:*:export-image-task/*", "arn:aws:ec2:*::image/*"
OF_REQUEST = {"StringEquals": {"aws:RequestTag/TEAM": "blue"}}
OF_RESOURCE = {
    "StringEquals": {"aws:ResourceTag/Owner": "ann", "ec2:resourcetag/owner": "ann"}
}


@pytest.mark.rule("AUT-26")
@pytest.mark.parametrize(
    ("call", "on_image", "on_task"),
    [
        (EXPORT, [], []),
        (TAGGING, [], ["request"]),
        (CANCEL, [], ["resource"]),
        (CREATE, [], ["request", "resource"]),
        (DELETE, [], ["request", "resource"]),
    ],
)
def test_tags_of_request_and_of_the_task_belong_to_an_action(
    call: Any, on_image: list[str], on_task: list[str]
) -> None:
    sim = simulator(Owner="ann")
    for name, condition in (("request", OF_REQUEST), ("resource", OF_RESOURCE)):
        assert denied_on(sim, call, condition, resource=IMAGES) is (name in on_image)
        assert denied_on(sim, call, condition, resource=TASK) is (name in on_task)


@pytest.mark.rule("AUT-26", "AUT-27")
def test_the_keys_of_the_tags_are_one_key_with_several_values() -> None:
    both = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "Env"]}}
    present = {"Null": {"aws:TagKeys": "false"}}
    for call in (CREATE, DELETE, TAGGING):
        assert denied_on(simulator(), call, {**both, **present})
    for call in (EXPORT, CANCEL, DESCRIBE):
        assert not denied_on(simulator(), call, present)
    everything = ("DeleteTags", {"Resources": [ID]})
    assert not denied_on(simulator(), everything, present)


@pytest.mark.rule("AUT-27")
def test_a_tag_without_a_value_has_its_key_only() -> None:
    for call in (CREATE, DELETE):
        assert denied_on(simulator(), call, {"Null": {"aws:RequestTag/Env": "true"}})
        any_ = {"ForAnyValue:StringEquals": {"aws:TagKeys": "Env"}}
        assert denied_on(simulator(), call, any_)


@pytest.mark.rule("AUT-27")
def test_of_two_keys_that_differ_in_case_the_first_counts() -> None:
    sim = simulator(Owner="ann", owner="bob")
    assert denied_on(sim, CANCEL, OF_RESOURCE)
    tags = [{"Key": "team", "Value": "blue"}, {"Key": "Team", "Value": "red"}]
    assert denied_on(sim, ("CreateTags", {"Resources": [ID], "Tags": tags}), OF_REQUEST)


@pytest.mark.rule("AUT-26")
def test_create_action_stands_in_the_tags_of_an_export_only() -> None:
    created = {"StringEquals": {"ec2:CreateAction": "ExportImage"}}
    absent = {"Null": {"ec2:CreateAction": "false"}}
    assert denied_on(simulator(), TAGGING, created)
    for call in (EXPORT, CREATE, DELETE, CANCEL, DESCRIBE, DESCRIBE_TAGS):
        assert not denied_on(simulator(), call, absent)


@pytest.mark.rule("AUT-26", "AUT-28")
def test_what_is_given_of_the_image_belongs_to_the_image() -> None:
    context = {
        "ec2:Owner": "amazon",
        "ec2:Public": False,
        "ec2:ImageType": "machine",
        "ec2:RootDeviceType": "ebs",
        "aws:ResourceTag/Owner": "ann",
        "ec2:PublicIpAddress": "x",
    }
    facts = [{"StringEquals": {name: str(value)}} for name, value in context.items()]
    facts[1] = {"Bool": {"ec2:Public": "false"}}
    facts[-1] = {"StringEquals": {"ec2:ImageID": IMAGE}}
    for condition in [*facts, OF_RESOURCE]:
        assert denied_on(
            simulator(), EXPORT, condition, resource=IMAGES, context=context
        )
        for call in (EXPORT, CANCEL, CREATE):
            assert not denied_on(
                simulator(), call, condition, resource=TASK, context=context
            )
    elsewhere = {"StringEquals": {"ec2:PublicIpAddress": "x"}}
    assert denied_on(simulator(), CANCEL, elsewhere, context=context)


@pytest.mark.rule("AUT-26")
@pytest.mark.parametrize("task_id", ["a:b/c", "", "*", "export-ami-0fedcba9876543210"])
def test_a_task_that_does_not_exist_has_no_tags(task_id: str) -> None:
    sim = simulator(Owner="ann")
    call = ("CancelExportTask", {"ExportTaskId": task_id})
    assert denied_on(sim, call, {"Null": {"aws:ResourceTag/Owner": "true"}})


@pytest.mark.rule("AUT-12", "AUT-35")
def test_the_actions_are_the_operations() -> None:
    assert list(ACTIONS) == [f"ec2:{name}" for name in OPERATIONS]


# --- the argument context -----------------------------------------------------------


@pytest.mark.rule("AUT-28")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (True, "true"),
        (False, "false"),
        (60, "60"),
        (0.5, "0.5"),
        (
            datetime(2026, 1, 15, 14, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-15T12:00:00Z",
        ),
    ],
)
def test_a_value_is_compared_as_iam_writes_it(value: Any, text: str) -> None:
    key = "aws:PrincipalTag/k"
    equal = {"StringEquals": {key: text}}
    assert denied_on(simulator(), DESCRIBE, equal, context={key: value})
    equal = {"ForAllValues:StringEquals": {key: text}, "Null": {key: "false"}}
    assert denied_on(simulator(), DESCRIBE, equal, context={key: [value, value]})


@pytest.mark.rule("AUT-28")
def test_some_keys_are_lists_also_with_one_value() -> None:
    path = "o-1/r-1/ou-1/"
    context = {"aws:PrincipalOrgPaths": path}
    plain = {"StringEquals": {"aws:PrincipalOrgPaths": path}}
    any_ = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}
    assert not denied_on(simulator(), DESCRIBE, plain, context=context)
    assert denied_on(simulator(), DESCRIBE, any_, context=context)


@pytest.mark.rule("AUT-28")
@pytest.mark.parametrize(
    ("context", "named"),
    [
        (3, "context must be a mapping, not int"),
        ({3: "x"}, "the key 3"),
        ({"SourceIp": "x"}, "'SourceIp'; one is like 'aws:SourceIp'"),
        ({"aws:SourceIp": None}, r"context\['aws:SourceIp'\] must be .*, not None"),
        ({"a:b": ["x", {}]}, r"context\['a:b'\] must be"),
        ({"a:b": datetime(2026, 1, 1)}, "aware datetime"),  # noqa: DTZ001
        ({"a:b": "x", "A:B": "x"}, "'A:B' twice"),
        *(({key: "x"}, f"{key}', which the simulator knows itself") for key in ALWAYS),
        ({"AWS:requestTag/x": "x"}, "AWS:requestTag/x', which the simulator knows"),
        ({"aws:TagKeys": ["x"]}, "aws:TagKeys', which the simulator knows"),
        ({"aws:CalledVia": ["x"]}, "aws:CalledVia', which the simulator knows"),
        ({"ec2:CreateAction": "x"}, "ec2:CreateAction', which the simulator knows"),
        ({"ec2:ImageID": IMAGE}, "ec2:ImageID', which the simulator knows"),
    ],
)
def test_what_cannot_be_given_is_refused_by_name(context: Any, named: str) -> None:
    sim = Simulator()
    with pytest.raises(ValueError, match=named):
        sim.client(context=context)
    with pytest.raises(ValueError, match=named):
        sim.invoke(*DESCRIBE, context=context)


@pytest.mark.rule("AUT-29")
@pytest.mark.parametrize(
    "key", ["aws:SourceIp", "AWS:useragent", "aws:userid", "ec2:Owner"]
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_key_that_aws_always_sends_must_be_given(key: str, effect: str) -> None:
    conditions: list[dict[str, Any]] = [
        {"StringNotLikeIfExists": {key: "x"}},
        {"Null": {key: "true"}},
        {"StringEquals": {"aws:username": f"${{{key}, 'x'}}"}},
    ]
    for condition in conditions:
        asking = allow(when=condition) | {"Effect": effect}
        policy = Policy.from_document(document(ALLOW, asking))
        with pytest.raises(
            ValueError, match=rf"Statement\[1\] asks for {key}, which AWS"
        ):
            Simulator().client(policy)
        with pytest.raises(ValueError, match="context="):
            Simulator().invoke(*DESCRIBE, policy=policy, context={"a:b": "x"})
        context: dict[str, Any]
        for context in ({key.lower(): "x"}, {key: []}):
            Simulator().client(policy, context=context)
    in_resource = allow("*", f"arn:aws:ec2:::image/${{{key}}}")
    policy = Policy.from_document(document(in_resource))
    with pytest.raises(ValueError, match=key):
        Simulator().client(policy)


@pytest.mark.rule("AUT-29")
def test_what_no_emulated_action_asks_for_need_not_be_given() -> None:
    condition = {"StringEquals": {"ec2:Owner": "amazon"}}
    source = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    for each in (
        allow("ec2:RunInstances", when={**condition, **source}),
        allow("ec2:CreateTags", when=condition),
    ):
        Simulator().client(Policy.from_document(document(each)))


@pytest.mark.rule("AUT-29")
@pytest.mark.parametrize("options", ["boundary", "scps"])
def test_boundaries_and_scps_ask_too(options: str) -> None:
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    asking, rest = document(deny(when=condition)), document(ALLOW)
    extra: dict[str, Any] = {"boundary": asking}
    if options == "scps":
        extra = {"scps": [[rest], [rest, asking]]}
    policy = Policy.from_document(rest, **extra)
    place = r"boundary\." if options == "boundary" else r"scps\[1\]\[1\]\."
    with pytest.raises(
        ValueError, match=rf"{place}Statement\[0\] asks for aws:SourceIp"
    ):
        Simulator().client(policy)


def test_a_policy_can_be_copied_pickled_and_compared() -> None:
    condition = {"StringLike": {"aws:username": "${aws:PrincipalTag/x}*"}}
    policy = policy_with({**condition, "IpAddress": {"aws:SourceIp": "::/0"}})
    assert pickle.loads(pickle.dumps(policy)) == policy  # noqa: S301
    assert hash(policy) == hash(
        policy_with({**condition, "IpAddress": {"aws:SourceIp": "::/0"}})
    )
