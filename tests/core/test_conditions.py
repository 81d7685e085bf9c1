"""The operators of conditions: what each compares, and what holds for all of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ec2_export_sim import Policy, ServiceError, Simulator
from tests.policies import allow, deny, document

SIM = Simulator()
KEY = "aws:PrincipalTag/k"


def allows(first: Any, *more: Any, context: Any = None, **options: Any) -> bool:
    """Return whether a caller with these documents may describe the tasks."""
    policy = Policy.from_document(first, *more, **options)
    try:
        SIM.invoke("DescribeExportImageTasks", {}, policy=policy, context=context)
    except ServiceError as error:
        assert error.code == "UnauthorizedOperation"
        return False
    return True


def having(condition: Any) -> dict[str, Any]:
    """Return a document that allows everything if the condition holds."""
    return document(allow(when=condition))


def holds(operator: str, wanted: Any, found: Any = ()) -> bool:
    """Return whether the operator holds for what the request has; () is no key."""
    context = {} if found == () else {KEY: found}
    return allows(having({operator: {KEY: wanted}}), context=context)


# --- what each operator compares ----------------------------------------------------

ARN = "arn:aws:iam::123456789012:user/division/test"

FACTS = [
    ("StringEquals", "Blue", "Blue", "blue"),
    ("StringEquals", "b*", "b*", "blue"),
    ("StringEquals", "", "", "x"),
    ("StringEqualsIgnoreCase", "Blue", "bLUE", "blues"),
    ("StringLike", "b*e", "blue", "Blue"),
    ("StringLike", "b?ue", "blue", "bue"),
    ("StringLike", "a:*:c", "a:b:b:c", "a:b"),
    ("StringLike", "x[a]\\", "x[a]\\", "xa"),
    ("NumericEquals", "10", "10.0", "10.01"),
    ("NumericEquals", 10, 10, 11),
    ("NumericEquals", "-0.5", "-0.50", "0.5"),
    ("NumericEquals", "12345678901234567890", "12345678901234567890.0", "1e9"),
    ("NumericLessThan", "10", "9.99", "10"),
    ("NumericLessThanEquals", "10", "10", "10.001"),
    ("NumericGreaterThan", "10", "11", "10"),
    ("NumericGreaterThanEquals", "10", "10", "9"),
    ("DateEquals", "2026-01-15", "2026-01-15T00:00:00Z", "2026-01-15T00:00:01Z"),
    ("DateEquals", "1768478400", "2026-01-15T13:00:00+01:00", "1768478401"),
    ("DateEquals", "2026-01", "2026-01-01T00:00Z", "2026-01-02"),
    (
        "DateLessThan",
        "2026-01-15t12:00:00z",
        "2026-01-15T11:59:59.5Z",
        "2026-01-15T12Z",
    ),
    ("DateLessThanEquals", "2026-01-15", "2026-01-15", "2026-01-16"),
    ("DateGreaterThan", "2026-01-15T00:00:00+02:00", "2026-01-14T22:00:01Z", "0"),
    ("DateGreaterThanEquals", "1768478400.5", "1768478400.5", "1768478400"),
    ("Bool", "true", "True", "false"),
    ("Bool", False, False, True),
    ("IpAddress", "203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
    ("IpAddress", "203.0.113.10", "203.0.113.10", "203.0.113.11"),
    ("IpAddress", "203.0.113.10/24", "203.0.113.1", "2001:db8::1"),
    ("IpAddress", "2001:db8::/32", "2001:DB8:1::1", "203.0.113.10"),
    ("ArnEquals", "arn:aws:iam::*:user/*", ARN, ARN.replace("user", "role")),
    ("ArnLike", "arn:*:iam::123456789012:user/division/tes?", ARN, ARN.upper()),
    ("ArnLike", "arn:aws:s3:::b*", "arn:aws:s3:::b:c:d", "arn:aws:s3:eu:1:b"),
    ("ArnLike", "arn:aws:s3:::b:?:d", "arn:aws:s3:::b:c:d", "arn:aws:s3:::b:d"),
]
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
POSITIVE = sorted({operator for operator, *_ in FACTS})


@pytest.mark.rule("AUT-19")
@pytest.mark.parametrize(("operator", "wanted", "same", "other"), FACTS)
def test_an_operator_compares_values_of_its_type(
    operator: str, wanted: Any, same: Any, other: Any
) -> None:
    assert holds(operator, wanted, same)
    assert not holds(operator, wanted, other)


@pytest.mark.rule("AUT-19")
@pytest.mark.parametrize(
    "pattern", ["*", "arn:*", "arn:aws:iam::*", "arn:aws:*:user/*"]
)
def test_a_wildcard_stays_within_its_component_of_an_arn(pattern: str) -> None:
    assert not holds("ArnLike", pattern, ARN)
    assert holds("ArnNotLike", pattern, ARN)
    assert holds("ArnLike", "*:*:*:*:*:*", f"{ARN}:more")


@pytest.mark.rule("AUT-19")
def test_all_operators_but_one_are_known() -> None:
    assert len(POSITIVE) + len(NEGATED) + len(["Null"]) == 26
    with pytest.raises(ValueError, match=r"BinaryEquals.*not emulated"):
        holds("BinaryEquals", "QmluYXJ5")


# --- laws ---------------------------------------------------------------------------

WORDS = ["a", "A", "ab", "a*", "?", "1", "1.0", "2", "true", "FALSE", "2026-01-15", ARN]
WORDS += ["10.0.0.1", "10.0.0.0/8", "::1", "arn:aws:iam::*:user/*", "é", ""]


def readable(operator: str) -> list[str]:
    """Return the words that a policy may have as a value of the operator."""
    found = []
    for word in WORDS:
        try:
            Policy.from_document(having({operator: {KEY: word}}))
        except ValueError:
            continue
        found.append(word)
    return found


READABLE = {operator: readable(operator) for operator in POSITIVE}
cases = st.sampled_from(POSITIVE).flatmap(
    lambda operator: st.tuples(
        st.just(operator), st.lists(st.sampled_from(READABLE[operator]), max_size=3)
    )
)
words = st.sampled_from(WORDS)


@pytest.mark.rule("AUT-14", "AUT-15")
@given(case=cases, found=words)
def test_one_of_several_values_is_enough_and_for_a_negation_none_may_match(
    case: tuple[str, list[str]], found: str
) -> None:
    operator, wanted = case
    single = [holds(operator, each, found) for each in wanted]
    assert holds(operator, wanted, found) is any(single)
    for negated, positive in NEGATED.items():
        if positive == operator:
            assert holds(negated, wanted, found) is not any(single)


@pytest.mark.rule("AUT-16", "AUT-15")
@given(case=cases, found=words)
def test_if_exists_matters_for_an_absent_key_only(
    case: tuple[str, list[str]], found: str
) -> None:
    operator, wanted = case
    negations = [negated for negated in NEGATED if NEGATED[negated] == operator]
    for each in (operator, *negations):
        assert holds(f"{each}IfExists", wanted, found) is holds(each, wanted, found)
        assert holds(f"{each}IfExists", wanted)
        assert holds(each, wanted) is (each in NEGATED)


@pytest.mark.rule("AUT-18", "AUT-21")
@given(case=cases, found=st.lists(words, max_size=3))
@example(("StringEquals", ["a"]), [])
def test_a_quantifier_asks_each_value_of_the_request(
    case: tuple[str, list[str]], found: list[str]
) -> None:
    operator, wanted = case
    negations = [negated for negated in NEGATED if NEGATED[negated] == operator]
    for each in (operator, *negations):
        single = [holds(each, wanted, value) for value in found]
        assert holds(f"ForAllValues:{each}", wanted, found) is all(single)
        assert holds(f"ForAnyValue:{each}", wanted, found) is any(single)
        assert holds(f"ForAllValues:{each}", wanted)
        assert not holds(f"ForAnyValue:{each}", wanted)
        assert holds(f"ForAllValues:{each}IfExists", wanted)
        assert holds(f"ForAnyValue:{each}IfExists", wanted)


@pytest.mark.rule("AUT-18")
@pytest.mark.parametrize("quantifier", ["ForAllValues", "ForAnyValue"])
def test_a_quantifier_takes_a_single_value_as_a_list_of_one(quantifier: str) -> None:
    assert holds(f"{quantifier}:StringLike", "b*", "blue")
    assert not holds(f"{quantifier}:StringLike", "b*", "red")


@pytest.mark.rule("AUT-20")
@given(case=cases, found=st.lists(words, min_size=1, max_size=3))
def test_a_multivalued_key_needs_a_quantifier(
    case: tuple[str, list[str]], found: list[str]
) -> None:
    operator, wanted = case
    assert not holds(operator, wanted, found)
    for negated, positive in NEGATED.items():
        if positive == operator:
            assert not holds(negated, wanted, found)


@pytest.mark.rule("AUT-17")
@pytest.mark.parametrize("found", ["x", "", False, ["x"]])
def test_null_asks_whether_the_key_is_absent(found: Any) -> None:
    assert holds("Null", "false", found)
    assert holds("Null", False, found)
    assert not holds("Null", "true", found)
    absent: Any
    for absent in ((), []):
        assert holds("Null", "true", absent)
        assert not holds("Null", ["false"], absent)


@pytest.mark.rule("AUT-22")
@pytest.mark.parametrize(
    ("operator", "negated", "wanted"),
    [
        ("NumericEquals", "NumericNotEquals", "1"),
        ("NumericLessThan", None, "1"),
        ("DateEquals", "DateNotEquals", "2026-01-15"),
        ("DateGreaterThan", None, "0"),
        ("Bool", None, "true"),
        ("IpAddress", "NotIpAddress", "0.0.0.0/0"),
    ],
)
def test_a_value_of_another_type_matches_nothing(
    operator: str, negated: str | None, wanted: str
) -> None:
    for found in ("soon", "", "1_0", "2026-13-01", "203.0.113.256"):
        assert not holds(operator, wanted, found)
        assert negated is None or holds(negated, wanted, found)


conditions = st.dictionaries(
    st.sampled_from(["StringEquals", "StringNotLike", "StringEqualsIfExists"]),
    st.dictionaries(
        st.sampled_from([KEY, "aws:RequestedRegion", "aws:username"]),
        st.sampled_from(["a", "test", "us-*", ["us-east-1", "a"]]),
        max_size=2,
    ),
    max_size=2,
)
actions = st.sampled_from(["*", "ec2:Describe*", "ec2:ExportImage", "s3:*"])
statements = st.builds(allow, actions, when=conditions) | st.builds(
    deny, actions, when=conditions
)
lists = st.lists(statements, min_size=1, max_size=4)


@pytest.mark.rule("AUT-14")
@given(condition=conditions)
def test_all_operators_and_all_keys_must_hold(condition: dict[str, Any]) -> None:
    parts = [
        {operator: {key: wanted}}
        for operator, block in condition.items()
        for key, wanted in block.items()
    ]
    for context in ({}, {KEY: "a"}):
        together = allows(having(condition), context=context)
        each = [allows(having(part), context=context) for part in parts]
        assert together is all(each)


@pytest.mark.rule("AUT-06", "AUT-14")
@given(lists=lists, order=st.randoms(use_true_random=False), more=statements)
def test_order_has_no_effect_a_deny_never_allows_and_an_allow_never_denies(
    lists: list[Any], order: Any, more: Any
) -> None:
    before = allows(document(*lists))
    shuffled = list(lists)
    order.shuffle(shuffled)
    assert allows(document(*shuffled)) is before
    after = allows(document(*lists, more))
    if after is not before:
        assert after is (more["Effect"] == "Allow")


@pytest.mark.rule("AUT-31")
@given(lists=lists, cut=st.integers(1, 3))
def test_statements_may_stand_in_several_documents(lists: list[Any], cut: int) -> None:
    first, second = lists[:cut], lists[cut:]
    documents = [document(*part) for part in (first, second) if part]
    assert allows(*documents) is allows(document(*lists))


@pytest.mark.rule("AUT-31")
@given(lists=lists, others=lists)
def test_a_boundary_and_a_level_of_scps_must_allow_too(
    lists: list[Any], others: list[Any]
) -> None:
    both = allows(document(*lists)) and allows(document(*others))
    assert allows(document(*lists), boundary=document(*others)) is both
    if any(each["Effect"] == "Allow" for each in others):
        assert allows(document(*lists), scps=[document(*others)]) is both
        assert allows(document(*lists), scps=[[document(*others)]] * 2) is both


@pytest.mark.rule("AUT-28")
@given(data=st.data(), wanted=st.sampled_from(["a", "b"]))
def test_names_of_keys_ignore_case(data: st.DataObject, wanted: str) -> None:
    flips = data.draw(st.lists(st.booleans(), min_size=len(KEY), max_size=len(KEY)))
    name = "".join(
        c.upper() if flip else c.lower() for c, flip in zip(KEY, flips, strict=True)
    )
    condition = having({"StringEquals": {name: wanted}})
    assert allows(condition, context={KEY: "a"}) is (wanted == "a")
    condition = having({"StringEquals": {KEY: wanted}})
    assert allows(condition, context={name: "a"}) is (wanted == "a")


# --- variables ----------------------------------------------------------------------


@pytest.mark.rule("AUT-23")
@pytest.mark.parametrize(
    ("operator", "wanted", "found", "holds_"),
    [
        ("StringEquals", "${aws:username}", "test", True),
        ("StringEquals", "${ AWS:UserName }", "test", True),
        (
            "StringEquals",
            "x-${aws:username}/${aws:PrincipalAccount}",
            "x-test/123456789012",
            True,
        ),
        ("StringEquals", "${aws:PrincipalTag/none, 'a b'}", "a b", True),
        ("StringEquals", "${aws:PrincipalTag/none,''}", "", True),
        ("StringEquals", "${aws:username, 'x'}", "x", False),
        ("StringEqualsIgnoreCase", "${aws:username}", "TEST", True),
        ("StringLike", "${aws:username}*", "test-1", True),
        ("StringLike", "${*}${?}${$}{*}", "*?${x}", True),
        ("StringLike", "${*}", "x", False),
        ("StringEquals", "${*}", "*", True),
        ("ArnLike", "arn:aws:iam::${aws:PrincipalAccount}:user/*", ARN, True),
        ("ArnLike", "arn:aws:iam::${*}:user/*", ARN, False),
    ],
)
def test_a_variable_is_filled_in_from_the_request(
    operator: str, wanted: str, found: str, holds_: bool
) -> None:
    assert holds(operator, wanted, found) is holds_


@pytest.mark.rule("AUT-23")
@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_without_the_version_of_2012_a_variable_is_plain_text(
    version: str | None,
) -> None:
    condition = having({"StringEquals": {KEY: ["${aws:username}", "${"]}})
    condition["Version"] = version
    if version is None:
        del condition["Version"]
    assert not allows(condition, context={KEY: "test"})
    assert allows(condition, context={KEY: "${aws:username}"})
    assert allows(condition, context={KEY: "${"})


@pytest.mark.rule("AUT-23")
def test_a_value_brings_no_wildcard_in() -> None:
    condition = having({"StringLike": {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}"}})
    for a, same in (("*", True), ("x", False)):
        context = {"aws:PrincipalTag/a": a, "aws:PrincipalTag/b": "*"}
        assert allows(condition, context=context) is same


@pytest.mark.rule("AUT-24")
@pytest.mark.parametrize("value", [None, ["x"]])
def test_a_variable_without_a_value_matches_nothing(value: Any) -> None:
    context = {KEY: "x"} | ({} if value is None else {"aws:PrincipalTag/none": value})
    wanted = "${aws:PrincipalTag/none}"
    for operator in ("StringEquals", "StringLike", "ArnLike"):
        assert not allows(having({operator: {KEY: wanted}}), context=context)
        negated = operator.replace("String", "StringNot").replace("Arn", "ArnNot")
        assert allows(having({negated: {KEY: wanted}}), context=context)


@pytest.mark.rule("AUT-23", "AUT-24")
def test_a_resource_may_have_variables() -> None:
    arn = "arn:aws:ec2:${aws:RequestedRegion}:${aws:PrincipalAccount}:%s/*"
    for resource, version, allowed in [
        (arn % "export-image-task", "2012-10-17", True),
        (arn % "export-image-task", "2008-10-17", False),
        (arn % "${aws:PrincipalTag/none, 'export-image-task'}", "2012-10-17", True),
        (arn % "${aws:PrincipalTag/none}", "2012-10-17", False),
    ]:
        stated = document(allow("*", resource), Version=version)
        policy = Policy.from_document(stated)
        with pytest.raises(ServiceError) as caught:
            SIM.invoke("CancelExportTask", {"ExportTaskId": "x"}, policy=policy)
        assert (caught.value.code != "UnauthorizedOperation") is allowed


@pytest.mark.rule("SIM-14", "AUT-23")
@pytest.mark.parametrize(
    "text",
    [
        "${",
        "${}",
        "${aws:username",
        "${a, b}",
        "${a,}",
        "${a, 'b}",
        "${,'b'}",
        "${a{b}",
    ],
)
def test_what_is_no_variable_is_refused_by_name(text: str) -> None:
    for refused in (
        having({"StringEquals": {KEY: ["x", text]}}),
        document(deny("*", f"arn:aws:ec2:::image/{text}")),
    ):
        with pytest.raises(ValueError, match=r"Statement\[0\].*is no policy variable"):
            Policy.from_document(refused)
        Policy.from_document(json.dumps(refused | {"Version": "2008-10-17"}))
