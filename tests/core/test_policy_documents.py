"""Policy documents: how they are read, what is refused, and what a denial says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ec2_export_sim import Policy, ServiceError, Simulator
from tests.calls import ID, IMAGE, REQUEST
from tests.policies import ALLOW, DENY, allow, document

if TYPE_CHECKING:
    from pathlib import Path

READ, OTHER = allow("ec2:Describe*"), allow("s3:*")


def error_of(
    policy: Policy, operation: str = "DescribeExportImageTasks", **parameters: Any
) -> ServiceError | None:
    """Return the error of the call under *policy*, None if it is allowed."""
    sim = Simulator()
    sim.add_task(task_id=ID, tags={"team": "blue"})
    try:
        sim.invoke(operation, parameters, policy=policy)
    except ServiceError as error:
        return error
    return None


def message_of(policy: Policy) -> str | None:
    """Return what the message says after the action, None if it is allowed."""
    error = error_of(policy)
    if error is None:
        return None
    assert error.code == "UnauthorizedOperation"
    return error.message.partition("perform: ec2:DescribeExportImageTasks ")[2]


def note_of(error: ServiceError | None) -> str:
    assert error is not None
    (note,) = error.__notes__
    return note


# --- several documents, boundaries and SCPs -----------------------------------------

IDENTITY, BOUNDARY, SCP = (
    "identity-based policy",
    "permissions boundary",
    "service control policy",
)


def no_allow(name: str) -> str:
    return f"because no {name} allows the ec2:DescribeExportImageTasks action"


def denies(name: str) -> str:
    return f"with an explicit deny in {'an' if name == IDENTITY else 'a'} {name}"


@pytest.mark.rule("AUT-31", "AUT-32", "AUT-05", "AUT-06")
@pytest.mark.parametrize(
    ("identity", "boundary", "scp", "message"),
    [
        (ALLOW, ALLOW, ALLOW, None),
        (ALLOW, READ, READ, None),
        (OTHER, ALLOW, ALLOW, no_allow(IDENTITY)),
        (ALLOW, OTHER, ALLOW, no_allow(BOUNDARY)),
        (ALLOW, ALLOW, OTHER, no_allow(SCP)),
        (OTHER, OTHER, ALLOW, no_allow(IDENTITY)),
        (OTHER, OTHER, OTHER, no_allow(SCP)),
        (ALLOW, OTHER, OTHER, no_allow(SCP)),
        (DENY, ALLOW, ALLOW, denies(IDENTITY)),
        (ALLOW, DENY, ALLOW, denies(BOUNDARY)),
        (ALLOW, ALLOW, DENY, denies(SCP)),
        (DENY, OTHER, OTHER, denies(IDENTITY)),
        (OTHER, DENY, OTHER, denies(BOUNDARY)),
        (DENY, DENY, DENY, denies(SCP)),
    ],
)
def test_the_message_names_the_type_of_policy_that_decides(
    identity: Any, boundary: Any, scp: Any, message: str | None
) -> None:
    policy = Policy.from_document(
        document(identity), boundary=document(boundary), scps=[document(scp)]
    )
    assert message_of(policy) == message


@pytest.mark.rule("AUT-31")
def test_every_level_of_scps_must_allow_and_one_of_its_policies_is_enough() -> None:
    allow, other, deny = document(ALLOW), document(OTHER), document(DENY)
    cases: list[tuple[Any, str | None]] = [
        ([], None),
        ([[]], None),
        ([allow, other], None),
        (iter([allow, other]), None),
        ([[allow, other], [other, allow]], None),
        ([[allow], [other]], no_allow(SCP)),
        ([(other,), (allow,)], no_allow(SCP)),
        ([[allow], [allow, deny]], denies(SCP)),
    ]
    for scps, message in cases:
        assert message_of(Policy.from_document(allow, scps=scps)) == message


@pytest.mark.rule("AUT-33")
def test_a_level_of_scps_that_only_deny_has_full_aws_access() -> None:
    deny = document({**DENY, "Action": "ec2:ExportImage"})
    for scps in ([deny], [[deny], [document(ALLOW)]], [[deny], []]):
        policy = Policy.from_document(document(ALLOW), scps=scps)
        assert message_of(policy) is None
        assert error_of(policy, "ExportImage", **REQUEST)
    policy = Policy.from_document(document(READ), scps=[deny])
    assert message_of(policy) is None
    error = error_of(policy, "CancelExportTask", ExportTaskId=ID)
    assert error
    assert no_allow(IDENTITY)[:30] in error.message


@pytest.mark.rule("AUT-31")
@pytest.mark.parametrize("scps", [document(ALLOW), "{}", 3, [document(ALLOW), []]])
def test_scps_are_a_list_of_policies_or_a_list_of_lists(scps: Any) -> None:
    with pytest.raises(ValueError, match="scps"):
        Policy.from_document(document(ALLOW), scps=scps)


# --- what a note says ---------------------------------------------------------------

CANCEL = ("CancelExportTask", {"ExportTaskId": ID})
CREATE = ("CreateTags", {"Resources": [ID], "Tags": [{"Key": "a"}, {"Key": "b"}]})
DESCRIBE_TAGS: tuple[str, dict[str, Any]] = ("DescribeTags", {})


def on(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


@pytest.mark.rule("AUT-34")
@pytest.mark.parametrize(
    ("statements", "call", "said"),
    [
        (
            [OTHER, READ, ALLOW | on("StringEquals", "aws:ResourceTag/x", "y")],
            CANCEL,
            "Statement[2]: aws:ResourceTag/x is absent",
        ),
        (
            [ALLOW | on("StringEquals", "aws:ResourceTag/team", "red")],
            CANCEL,
            "Statement[0]: aws:ResourceTag/team is 'blue' (StringEquals 'red')",
        ),
        (
            [{**ALLOW, "Resource": f"arn:aws:ec2:*::image/{IMAGE}"}],
            CANCEL,
            "Statement[0]: its resources do not include 'arn:aws:ec2:us-east-1:",
        ),
        (
            [ALLOW, DENY | on("Null", "aws:SourceVpc", "false"), DENY],
            DESCRIBE_TAGS,
            "Statement[2] denies it; a deny beats every allow",
        ),
        (
            [ALLOW, DENY | on("StringNotEquals", "ec2:Region", "a", "b", "c")],
            DESCRIBE_TAGS,
            "Statement[1]: ec2:Region is 'us-east-1' (StringNotEquals 'a', 'b' and 1 ",
        ),
        (
            [ALLOW | on("ForAnyValue:StringEquals", "aws:TagKeys", "x")],
            CREATE,
            "Statement[0]: aws:TagKeys is 'a', 'b' (ForAnyValue:StringEquals 'x')",
        ),
        ([OTHER], DESCRIBE_TAGS, "no statement of an identity-based policy allows"),
    ],
)
def test_the_note_of_a_denial_names_statement_and_condition(
    statements: Any, call: tuple[str, dict[str, Any]], said: str
) -> None:
    operation, parameters = call
    policy = Policy.from_document(document(*statements))
    assert said in note_of(error_of(policy, operation, **parameters))


@pytest.mark.rule("AUT-34")
def test_a_note_is_short() -> None:
    key, values = "aws:PrincipalTag/" + "k" * 1000, ["v" * 1000] * 10
    unmet = ALLOW | on("StringEquals", key, *values)
    note = note_of(error_of(Policy.from_document(document(*[unmet] * 100))))
    assert "and 97 more" in note
    assert len(note) < 1000
    met = DENY | on("StringNotEquals", key, *values)
    note = note_of(error_of(Policy.from_document(document(ALLOW, *[met] * 100))))
    assert "Statement[1]" in note
    assert len(note) < 1000


# --- forms of documents -------------------------------------------------------------


@pytest.mark.rule("AUT-36")
def test_a_document_may_stand_in_what_a_command_of_aws_prints() -> None:
    policy = Policy.from_document(document(READ))
    for printed in (
        {"PolicyVersion": {"Document": document(READ), "VersionId": "v1"}},
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": document(READ)},
        {"Policy": {"PolicySummary": {}, "Content": json.dumps(document(READ))}},
    ):
        assert Policy.from_document(printed) == policy
        assert Policy.from_document(json.dumps(printed)) == policy
    with pytest.raises(ValueError, match="the policy has 'PolicyVersion'"):
        Policy.from_document({"PolicyVersion": {"VersionId": "v1"}})


@pytest.mark.rule("AUT-36")
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_file_has_any_encoding_that_json_allows(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "policy.json"
    text = json.dumps(document(READ, Id="Prüfung"), ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    policy = Policy.from_document(document(READ))
    assert Policy.from_file(path) == Policy.from_file(str(path)) == policy
    assert Policy.from_document("\ufeff" + text) == policy


@pytest.mark.rule("AUT-36", "AUT-31")
def test_files_take_the_places_of_documents(tmp_path: Path) -> None:
    paths = {}
    for name, statement in {"allow": ALLOW, "deny": DENY, "read": READ}.items():
        paths[name] = tmp_path / f"{name}.json"
        paths[name].write_text(json.dumps(document(statement)))
    allow, deny, read = paths.values()
    assert (
        message_of(Policy.from_file(allow, read, boundary=read, scps=[[read]])) is None
    )
    for policy, name in [
        (Policy.from_file(allow, deny), IDENTITY),
        (Policy.from_file(allow, boundary=deny), BOUNDARY),
        (Policy.from_file(allow, scps=[allow, deny]), SCP),
    ]:
        assert message_of(policy) == denies(name)


@pytest.mark.rule("AUT-36")
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    with pytest.raises(FileNotFoundError, match=r"policy\.json"):
        Policy.from_file(path)
    for content, named in [
        (b"{", "cannot be read as JSON"),
        (b"\xff\xff{}", "cannot be read as JSON"),
        (b'{"Statement": []}', "no Statement"),
    ]:
        path.write_bytes(content)
        with pytest.raises(
            ValueError, match=rf"policy\.json: the policy .*{named}|has {named}"
        ):
            Policy.from_file(path)


@pytest.mark.rule("AUT-36")
def test_a_wrong_guess_names_the_right_method(tmp_path: Path) -> None:
    for path in ("company-policy.json", tmp_path / "policy.json"):
        with pytest.raises(ValueError, match=r"Policy\.from_file"):
            Policy.from_document(path)  # type: ignore[arg-type]
    for wrong in (document(ALLOW), "{}", None, (), [READ]):
        with pytest.raises(TypeError, match=r"Policy\.from_document"):
            Policy(wrong)  # type: ignore[arg-type]


# --- what is refused, and what is read for its form only ----------------------------


@pytest.mark.rule("SIM-14")
@pytest.mark.parametrize(
    ("elements", "named"),
    [
        ({"Resource": ""}, "names the resource ''"),
        (
            {"Resource": ["*", "arn:aws:s3::bucket"]},
            "'arn:aws:s3::bucket'; .* six parts",
        ),
        ({"Resource": "arn:aws"}, "names the resource 'arn:aws'"),
        ({"Resource": "arn:aws:s3:${a:b:c:d}"}, "names the resource"),
        ({"NotResource": "bucket", "Resource": None}, "names the resource 'bucket'"),
        ({"Action": "s3:List:Bucket"}, "names the action 's3:List:Bucket'"),
        ({"Action": ""}, "names the action ''"),
        ({"Action": None}, "needs either Action or NotAction"),
        ({"Resource": None}, "needs either Resource or NotResource"),
        ({"Effect": "allow"}, "not 'allow'; did you mean 'Allow'"),
        (
            {"Effect": None, "effect": "Allow"},
            "has 'effect', .*; did you mean 'Effect'",
        ),
        ({"action": "*"}, "has 'action', .*; did you mean 'Action'"),
        ({"Principal": "*"}, "has 'Principal', which is not emulated; known are"),
        ({"Condition": []}, r"Statement\[0\]\.Condition must be an object, not list"),
        ({"Condition": {"Bool": "x"}}, r"Condition\.Bool must be an object, not str"),
        ({"Condition": {3: {}}}, "Condition has 3"),
        ({"Condition": {"Bool": {"a:b": None}}}, r"Condition\.Bool\['a:b'\] must be"),
        ({"Condition": {"Bool": {"a:b": [True, {}]}}}, r"Bool\['a:b'\] must be"),
        ({"Condition": {"Bool": {"a:b": 10**5000}}}, r"Bool\['a:b'\]"),
        ({"Condition": {"bool": {"a:b": True}}}, "not emulated; did you mean 'Bool'"),
        (
            {"Condition": {"foranyvalue:stringlike": {"a:b": "x"}}},
            "'ForAnyValue:StringLike'",
        ),
        (
            {"Condition": {"StringEqual": {"a:b": "x"}}},
            r"Condition\.StringEqual.* not em",
        ),
        (
            {"Condition": {"NullIfExists": {"a:b": "true"}}},
            "NullIfExists.*not emulated",
        ),
        (
            {"Condition": {"ForSome:Bool": {"a:b": "true"}}},
            "ForSome:Bool.*not emulated",
        ),
        (
            {"Condition": {"Bool": {"a:b": "yes"}}},
            r"\['a:b'\]: 'yes' is neither 'true'",
        ),
        ({"Condition": {"Null": {"a:b": "no"}}}, "'no' is neither 'true' nor 'false'"),
        ({"Condition": {"NumericEquals": {"a:b": "ten"}}}, "'ten' is no number"),
        ({"Condition": {"NumericEquals": {"a:b": float("nan")}}}, "'nan' is no number"),
        ({"Condition": {"DateEquals": {"a:b": "soon"}}}, "'soon' is no date"),
        (
            {"Condition": {"DateEquals": {"a:b": "2026-02-30"}}},
            "'2026-02-30' is no date",
        ),
        (
            {"Condition": {"IpAddress": {"a:b": "10.0.0.0/40"}}},
            "'10.0.0.0/40' is no IP",
        ),
        (
            {"Condition": {"StringLike": {"a:b": "x" * 10_241}}},
            "more than 10240 characters",
        ),
        ({"Resource": "arn:" + "*" * 10_240}, r"\.Resource has a text of more than"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    elements: dict[str, Any], named: str
) -> None:
    stated = {**ALLOW, **elements}
    stated = {name: value for name, value in stated.items() if value is not None}
    with pytest.raises(ValueError, match=named):
        Policy.from_document(document(stated))
    with pytest.raises(ValueError, match=r"documents\[1\]\.Statement\[0\]"):
        Policy.from_document(document(ALLOW), document(stated))
    scps = [document(ALLOW), document(ALLOW, stated)]
    with pytest.raises(ValueError, match=r"scps\[1\]\.Statement\[1\]"):
        Policy.from_document(document(ALLOW), scps=scps)


@pytest.mark.rule("SIM-14")
@pytest.mark.parametrize(
    ("elements", "named"),
    [
        ({"Statement": []}, "the policy has no Statement"),
        ({"Id": ["x"]}, "Id must be a string"),
        ({"version": "2012-10-17"}, "did you mean 'Version'"),
        ({"Version": "2012"}, "Version of the policy is '2012'"),
        ({"Statement": [[ALLOW]]}, r"Statement\[0\] must be an object, not list"),
    ],
)
def test_a_document_that_is_not_understood_is_refused_by_name(
    elements: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        Policy.from_document({**document(ALLOW), **elements})


@pytest.mark.rule("AUT-35")
@pytest.mark.parametrize(
    "elements",
    [
        {"Condition": {"BinaryEquals": {"kms:x": "QQ=="}}},
        {"Condition": {"Invented": {"x": [1, "y"]}}},
        {"Condition": {"Bool": {"x": "perhaps"}}},
        {"Resource": "arn:aws:s3:::${"},
    ],
)
def test_a_statement_on_other_actions_is_read_for_its_form_only(elements: Any) -> None:
    for actions in (
        {"Action": "kms:*"},
        {"Action": ["ec2:RunInstances", "EC2:describetag"]},
    ):
        policy = Policy.from_document(document({**ALLOW, **actions, **elements}, READ))
        assert message_of(policy) is None
        assert note_of(error_of(policy, "CancelExportTask", ExportTaskId=ID))
    excluded = {"Effect": "Deny", "NotAction": "ec2:*", "Resource": "*", **elements}
    assert message_of(Policy.from_document(document(excluded, READ))) is None
    with pytest.raises(ValueError, match=r"Statement\[0\]"):
        Policy.from_document(document({**ALLOW, **elements}))


@pytest.mark.rule("SIM-14", "AUT-35")
def test_the_form_is_checked_in_every_statement() -> None:
    for elements in ({"Principal": "*"}, {"Resource": ""}, {"Condition": "x"}):
        with pytest.raises(ValueError, match=r"Statement\[0\]"):
            Policy.from_document(document({**OTHER, **elements}))


@pytest.mark.rule("AUT-08")
def test_what_allows_is_asked_of_emulated_actions_only() -> None:
    policy = Policy.allow("ec2:Describe*")
    assert policy.allows("EC2:describetags")
    assert not policy.allows("ec2:CreateTags", "arn:aws:ec2:x:1:export-image-task/y")
    with pytest.raises(ValueError, match=r"s3:GetObject.*known are ec2:Describe"):
        policy.allows("s3:GetObject")


# --- any document -------------------------------------------------------------------

_texts = ["*", "ec2:*", "Allow", "Deny", "arn:aws:ec2:*:*:*", "${aws:username}", "${"]
_scalars = st.sampled_from([*_texts, "2012-10-17", "Bool", "x", 1, 0.5, True, None])
_values = st.recursive(
    _scalars,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Bool", "StringLike", "a:b", "Null"]), inside
        )
    ),
    max_leaves=6,
)
_names = [
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Sid",
]
_statements = st.dictionaries(st.sampled_from(_names), _values) | st.builds(
    lambda valid, rest: {**valid, **rest},
    st.sampled_from([ALLOW, DENY, READ]),
    st.dictionaries(st.sampled_from(_names), _values, max_size=2),
)
_documents = st.fixed_dictionaries(
    {"Statement": st.lists(_statements, max_size=3) | _values},
    optional={"Version": st.sampled_from(["2012-10-17", 3]), "Id": _values},
)


@pytest.mark.rule("SIM-14", "AUT-36")
@given(document=_documents | _values, boundary=st.none() | _documents)
def test_any_json_is_a_policy_or_an_error_that_names_a_place(
    document: Any, boundary: Any
) -> None:
    try:
        policy = Policy.from_document(document, boundary=boundary)
    except ValueError as error:
        event("refused")
        assert str(error)
        return
    event("a policy")
    assert Policy.from_document(json.dumps(document), boundary=boundary) == policy
    for operation, parameters in (DESCRIBE_TAGS, CANCEL):
        denied = error_of(policy, operation, **parameters)
        assert denied is None or denied.code == "UnauthorizedOperation"


@pytest.mark.rule("SIM-14")
def test_a_document_is_read_and_evaluated_in_bounded_time() -> None:
    pattern = "*a" * 5_000  # whatever backtracks never comes to an end
    condition = {"StringLike": {"aws:PrincipalTag/x": [pattern, f"{pattern}b"]}}
    for elements in ({"Condition": condition}, {"Resource": f"arn:{pattern}b*"}):
        policy = Policy.from_document(document({**ALLOW, **elements}))
        sim = Simulator()
        with pytest.raises(ServiceError, match="UnauthorizedOperation"):
            sim.invoke(
                "CancelExportTask",
                {"ExportTaskId": "a" * 10_000},
                policy=policy,
                context={"aws:PrincipalTag/x": "a" * 10_000 + "c"},
            )
    with pytest.raises(ValueError, match="JSON"):
        Policy.from_document('{"Statement": ' + "[" * 100_000)
