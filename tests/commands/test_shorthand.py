"""The AWS CLI's shorthand, compared with the AWS CLI's own parser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from awscli.argprocess import ParamError, ParamShorthandParser, unpack_cli_arg
from awscli.arguments import CLIArgument
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim.commands.shorthand import parse_filters, parse_strings
from tests import real

ACCEPTED = [
    ("Name=a,Values=b", {"Name": "a", "Values": ["b"]}),
    ("Name=a", {"Name": "a"}),
    ("Name=a,Values=b,c", {"Name": "a", "Values": ["b", "c"]}),
    ("Values=x,Name=tag:a", {"Values": ["x"], "Name": "tag:a"}),
    ("Values=x=y,Name=tag:a", {"Values": ["x=y"], "Name": "tag:a"}),
    ("Name=a,Values=", {"Name": "a", "Values": [""]}),
    ('Name=\'a,b\',Values="c\\"d", e', {"Name": "a,b", "Values": ['c"d', "e"]}),
    ("Name=a,Values=b\\,c", {"Name": "a", "Values": ["b,c"]}),
    (
        r"Name=a,Values=night\*,\d,x\\",
        {"Name": "a", "Values": [r"night\*", r"\d", r"x\\"]},
    ),
    (r'Name=a,Values="n\*"', {"Name": "a", "Values": [r"n\*"]}),
    ("Name=a, Values=b", {"Name": "a", "Values": ["b"]}),
    ("Name = a,Values = b ", {"Name": "a", "Values": ["b"]}),
    ("Name=a,Values=[]", {"Name": "a", "Values": []}),
    ("Name=a,Values=[b,]", {"Name": "a", "Values": ["b"]}),
    ("Name=a,Values=[,b]", {"Name": "a", "Values": ["", "b"]}),
    ("Values=[ b , c ],Name=a", {"Values": ["b", "c"], "Name": "a"}),
    ("Name@=a,Values@=", {"Name": "a", "Values": [""]}),
    ("Name=a,,Values=b", {"Name": "a", "Values": ["b"]}),
    (
        "Name=tag:1,Values=Zürich & Köln <b>",
        {"Name": "tag:1", "Values": ["Zürich & Köln <b>"]},
    ),
]
REFUSED = [
    "",
    "bogus",
    "=x",
    "{",
    " Name=a",
    "Name=a,Name=b",
    "Name=task-state,Values=a,Name=b",
    "Name=[a",
    "Name=[]",
    "Name=a,b",
    "Name=task-state,Value=[]",
    "Values=a,",
    'Values="a',
    "Values='a,b",
    "Values={a=b}",
    "Values=[[a]]",
    "Values=can't",
    'Values=a"b',
    "Values=a]",
    "Values=a}",
    "Values==a",
    "Values=[=a]",
    "Values=x,[a",
    "Values=a,,b",
    "Values=[active],",
    "Values=[a] ",
    "Values=😀",
]


INPUT: Any = real.model().operation_model("DescribeExportImageTasks").input_shape
WORDS = st.one_of(
    st.text("aN=,'\"[]{}\\@ \t\nü\u3000\x1f😀", max_size=12),
    st.lists(
        st.sampled_from(["Name", "Values", "=", ",", "a", "b ", "[", "]", '"', "'"])
        | st.sampled_from(["\\", "\\,", " ", "@", "{", "}", "*", "ü", "tag:k"]),
        max_size=14,
    ).map("".join),
    st.sampled_from(
        ['{"Name": "a"}', '[{"Name": "a"}]', "{", "[]", " [", '{"Name": 1}']
    ),
)


def valid(filters: Any) -> list[Any] | None:
    """Return *filters*, None if botocore refuses to send them."""
    report = ParamValidator().validate({"Filters": filters}, INPUT)
    return None if report.has_errors() else filters


def ours(words: list[str]) -> list[Any] | None:
    try:
        return valid(parse_filters(words))
    except ValueError as error:
        assert any(word in str(error) for word in words)
        return None


def theirs(words: list[str]) -> list[Any] | None:
    argument = CLIArgument("filters", INPUT.members["Filters"], None, None)
    try:
        parsed: Any = ParamShorthandParser()(
            argument, words, "building-arguments.ec2.x"
        )
        return valid(unpack_cli_arg(argument, words) if parsed is None else parsed)
    except (ParamError, IndexError):  # IndexError: the AWS CLI exits with 255
        return None


@pytest.mark.parametrize(("word", "parsed"), ACCEPTED)
def test_a_filter_in_shorthand_is_read_as_by_the_aws_cli(
    word: str, parsed: dict[str, Any]
) -> None:
    assert parse_filters([word]) == [parsed] == theirs([word])


@pytest.mark.parametrize("word", REFUSED)
def test_a_word_that_the_aws_cli_refuses_is_refused(word: str) -> None:
    assert ours([word]) is None is theirs([word])


@given(st.lists(WORDS, max_size=3))
def test_any_words_are_read_as_by_the_aws_cli(words: list[str]) -> None:
    assert ours(words) == theirs(words)


@pytest.mark.parametrize(
    "word", ["Name@=file://a", "Name=a,Values@=fileb://a", "[" * 100_000, "{'a': 1}"]
)
def test_a_word_that_is_not_read_is_an_error_with_that_word(word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)):
        parse_filters([word])


def test_several_filters_may_be_json_structures() -> None:
    assert parse_filters(['{"Name": "a"}', ' {"Name": "b"}']) == [
        {"Name": "a"},
        {"Name": "b"},
    ]
    with pytest.raises(ValueError, match="must be a JSON structure: Name=b"):
        parse_filters(['{"Name": "a"}', "Name=b"])


def test_ids_are_words_or_one_json_list() -> None:
    assert parse_strings(["a", "[b"]) == ["a", "[b"]
    assert parse_strings([' ["a", "b"]']) == ["a", "b"]
    with pytest.raises(ValueError, match="Invalid JSON"):
        parse_strings(["[a"])
