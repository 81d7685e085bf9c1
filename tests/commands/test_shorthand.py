"""The AWS CLI's shorthand, compared with the AWS CLI's own parser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim.commands.shorthand import parse_filters


@pytest.mark.parametrize(
    ("words", "filters"),
    [
        (["Name=a,Values=b"], [{"Name": "a", "Values": ["b"]}]),
        (
            ["Name=a,Values=b,c", "Name=d"],
            [{"Name": "a", "Values": ["b", "c"]}, {"Name": "d"}],
        ),
        (["Values=x=y,Name=tag:a"], [{"Values": ["x=y"], "Name": "tag:a"}]),
        (["Name=a,Values="], [{"Name": "a", "Values": [""]}]),
        (['Name=\'a,b\',Values="c\\"d", e'], [{"Name": "a,b", "Values": ['c"d', "e"]}]),
        (["Name=a,Values=b\\,c"], [{"Name": "a", "Values": ["b,c"]}]),
        (
            [r"Name=a,Values=night\*,\d,x\\"],
            [{"Name": "a", "Values": [r"night\*", r"\d", "x\\\\"]}],
        ),
        ([r'Name=a,Values="n\*"'], [{"Name": "a", "Values": [r"n\*"]}]),
        (["Name=a, Values=b"], [{"Name": "a", "Values": ["b"]}]),
        (["Name = a,Values = b"], [{"Name": "a", "Values": ["b"]}]),
        (["Name=a,Values=[]"], [{"Name": "a", "Values": []}]),
        (["Name=a,Values=[b,]"], [{"Name": "a", "Values": ["b"]}]),
        (["Name=a,Values=[b,c]"], [{"Name": "a", "Values": ["b", "c"]}]),
        (["Values=[b,c],Name=a"], [{"Values": ["b", "c"], "Name": "a"}]),
        (["Name=a,b"], [{"Name": ["a", "b"]}]),
    ],
)
def test_shorthand_is_read_as_by_the_aws_cli(
    words: list[str], filters: list[Any]
) -> None:
    from awscli.shorthand import ShorthandParser

    assert parse_filters(words) == filters
    for word, parsed in zip(words, filters, strict=True):
        theirs = ShorthandParser().parse(word)
        listed = theirs.get("Values")
        if isinstance(listed, str):
            theirs["Values"] = [listed]
        assert theirs == parsed


@pytest.mark.parametrize(
    "word",
    [
        "",
        "bogus",
        "Name=a,Name=b",
        "Name=[a",
        "{",
        "=x",
        "Values=a,",
        'Values="a',
        "Values='a,b",
        "Values={a=b}",
    ],
)
def test_an_invalid_filter_is_named(word: str) -> None:
    with pytest.raises(ValueError, match=f": {re.escape(word)}$"):
        parse_filters([word])


@given(st.text("Name=,Vlus\"'[]{}\\ ", max_size=20))
def test_any_word_is_a_filter_or_a_value_error(word: str) -> None:
    try:
        assert isinstance(parse_filters([word]), list)
    except ValueError as error:
        assert str(error)
