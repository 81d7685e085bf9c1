"""Tags: what a tag may be, how many a task may have, and those of a new export."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import Simulator
from tests.calls import (
    FIFTY,
    ID,
    UNKNOWN,
    answer,
    create_tags,
    delete_tags,
    error_of,
    export,
    for_rule,
    tag_list,
    with_one_task,
)

NO_KEY = (
    "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."
)
KEY_TOO_LONG = "Tag key exceeds the maximum length of 127 characters"
VALUE_TOO_LONG = "Tag value exceeds the maximum length of 256 characters"
TOO_MANY = "The maximum number of Tags for a resource has been reached."
MORE = {"Key": "more", "Value": ""}
WIDE = "\U0001f600"  # one code point, two UTF-16 units, four bytes


def tagged(sim: Simulator, tags: Any) -> Any:
    specification = {"ResourceType": "export-image-task", "Tags": tags}
    return export(sim, TagSpecifications=[specification])


# --- what a tag may be --------------------------------------------------------------

WRONG = "InvalidParameterValue"
RESERVED = (
    "Value ( aws:x ) for parameter key is invalid. "
    "Tag keys starting with 'aws:' are reserved for internal use"
)
NO_VALUE = (
    "Value ( team ) for parameter value is invalid. "
    "Tag value cannot be null. Use empty string instead."
)
FINE = {"Key": "fine", "Value": ""}
TWICE = [{"Key": "Name", "Value": "a"}, {"Key": "Name", "Value": "a"}]

WRONG_KEYS = [
    for_rule("TAG-02", [{"Key": "k" * 128, "Value": "v"}], (WRONG, KEY_TOO_LONG)),
    for_rule("TAG-02", [{"Key": WIDE * 128}], (WRONG, KEY_TOO_LONG)),
    for_rule("TAG-03", [FINE, {"Key": "aws:x"}], (WRONG, RESERVED)),
    for_rule("TAG-05", [{"Key": "", "Value": "v"}], (WRONG, NO_KEY)),
    for_rule("TAG-05", [{"Value": "v"}], (WRONG, NO_KEY)),
]
WRONG_TAGS = [
    *WRONG_KEYS,
    for_rule("TAG-04", [{"Key": "k", "Value": "v" * 257}], (WRONG, VALUE_TOO_LONG)),
    for_rule("TAG-04", [{"Key": "k", "Value": WIDE * 257}], (WRONG, VALUE_TOO_LONG)),
    for_rule("TAG-05", [FINE, {"Key": "team"}], (WRONG, NO_VALUE)),
    for_rule("TAG-06", TWICE, (WRONG, "Duplicate tag key 'Name' specified.")),
    for_rule("TAG-07", tag_list({**FIFTY, "x": ""}), ("TagLimitExceeded", TOO_MANY)),
]


@pytest.mark.rule("TAG-14", "TAG-17", "TAG-19", "ORD-10")
@pytest.mark.parametrize(("rule", "tags", "expected"), WRONG_TAGS)
def test_wrong_tags_are_not_set(rule: str, tags: Any, expected: Any) -> None:
    sim = with_one_task({"a": "1"})
    assert error_of(sim, "CreateTags", Resources=[ID], Tags=tags).rule == rule
    assert create_tags(sim, tags) == tagged(sim, tags) == expected
    assert [task.tags for task in sim.tasks] == [{"a": "1"}]


@pytest.mark.rule("ORD-10", "TAG-17")
@pytest.mark.parametrize(("rule", "tags", "expected"), WRONG_KEYS)
def test_tags_with_wrong_keys_are_not_deleted(
    rule: str, tags: Any, expected: Any
) -> None:
    before = {"aws:x": "1", "fine": "v"}
    sim = with_one_task(before)
    assert error_of(sim, "DeleteTags", Resources=[ID], Tags=tags).rule == rule
    assert delete_tags(sim, [{"Key": "fine"}, *tags]) == expected
    assert sim.task(ID).tags == before


@pytest.mark.rule("TAG-02", "TAG-04")
@pytest.mark.parametrize("character", ["k", "é", WIDE])
def test_lengths_are_counted_in_code_points(character: str) -> None:
    tags = {character * 127: character * 256}
    sim = with_one_task()
    assert create_tags(sim, tag_list(tags)) == {}
    assert sim.task(ID).tags == tags
    assert tagged(sim, tag_list(tags))["Tags"] == tag_list(tags)
    assert delete_tags(sim, tag_list(tags)) == {}
    assert sim.task(ID).tags == {}


@pytest.mark.rule("TAG-01", "TAG-04", "TAG-03", "TAG-18")
def test_keys_and_values_are_case_sensitive() -> None:
    sim = with_one_task()
    tags = {"Name": "a", "name": "A", "AWS:x": "", "aws": "", "a:aws:": ""}
    assert create_tags(sim, tag_list(tags)) == {}
    assert sim.task(ID).tags == tags
    delete_tags(sim, [{"Key": "Name", "Value": "A"}, {"Key": "NAME"}])
    assert sim.task(ID).tags == tags


@pytest.mark.rule("TAG-05", "TAG-11")
def test_a_value_may_be_empty_and_deletetags_needs_none() -> None:
    sim = with_one_task()
    empty = [{"Key": "k", "Value": ""}]
    assert create_tags(sim, empty) == {}
    assert sim.dump_tasks()[0]["Tags"] == empty
    assert tagged(sim, empty)["Tags"] == empty
    assert delete_tags(sim, [{"Key": "k"}]) == {}
    assert sim.task(ID).tags == {}


@pytest.mark.rule("TAG-05", "TAG-02", "TAG-03", "TAG-04", "TAG-06")
def test_the_checks_of_a_tag_come_in_this_order() -> None:
    sim = with_one_task()
    tag: dict[str, str] = {}
    for corrected, rule in [
        ({"Key": "", "Value": "v"}, "TAG-05"),
        ({"Key": "aws:" + "k" * 128}, "TAG-03"),
        ({"Key": "k" * 128}, "TAG-02"),
        ({"Key": "k"}, "TAG-05"),
        ({"Key": "k", "Value": "v" * 257}, "TAG-04"),
        ({"Key": "k", "Value": "v"}, "TAG-06"),
    ]:
        tag = corrected
        tags = [{"Key": "k", "Value": "1"}, tag, {"Key": ""}]
        error = error_of(sim, "CreateTags", Resources=[ID], Tags=tags)
        assert error.rule == rule
    assert sim.task(ID).tags == {}


# --- how many -----------------------------------------------------------------------


@pytest.mark.rule("TAG-07", "TAG-19")
def test_fifty_tags_are_the_most() -> None:
    sim = with_one_task()
    assert create_tags(sim, tag_list(FIFTY)) == {}
    assert create_tags(sim, [MORE]) == ("TagLimitExceeded", TOO_MANY)
    assert create_tags(sim, [{"Key": "k0", "Value": "new"}]) == {}
    assert sim.task(ID).tags == {**FIFTY, "k0": "new"}
    delete_tags(sim, [{"Key": "k7"}])
    assert create_tags(sim, [MORE]) == {}
    assert len(tagged(sim, tag_list(FIFTY))["Tags"]) == 50


@pytest.mark.rule("TAG-07", "TAG-19", "SIM-13")
def test_tags_of_aws_do_not_count() -> None:
    reserved = {f"aws:{n}": "" for n in range(60)}
    sim = with_one_task(reserved)
    assert create_tags(sim, tag_list(FIFTY)) == {}
    assert create_tags(sim, [MORE])[0] == "TagLimitExceeded"
    assert sim.task(ID).tags == {**reserved, **FIFTY}


@pytest.mark.rule("TAG-07", "TAG-19", "SIM-13")
def test_a_task_with_too_many_tags_gets_new_values_but_no_new_keys() -> None:
    many = {**FIFTY, "k50": "v", "k51": "v"}
    sim = with_one_task(many)
    assert create_tags(sim, [{"Key": "k0", "Value": "new"}]) == {}
    assert sim.task(ID).tags == {**many, "k0": "new"}
    assert create_tags(sim, [{"Key": "k0", "Value": ""}, MORE])[0] == "TagLimitExceeded"
    assert sim.task(ID).tags == {**many, "k0": "new"}


@pytest.mark.rule("SIM-13")
def test_test_controls_enforce_no_limit() -> None:
    tags = {"aws:x": "1", "": "2", "k" * 300: "v" * 300, **FIFTY, "k50": "v"}
    sim = with_one_task(tags)
    sim.load_tasks(
        [{"ExportImageTaskId": UNKNOWN, "Status": "active", "Tags": tag_list(tags)}]
    )
    for task in sim.dump_tasks():
        assert task["Tags"] == tag_list(tags)
    found = sim.invoke(
        "DescribeExportImageTasks",
        {"Filters": [{"Name": "tag:aws:x", "Values": ["1"]}]},
    )
    assert len(found["ExportImageTasks"]) == 2


@pytest.mark.rule("TAG-16", "TAG-24")
def test_a_call_has_at_most_a_thousand_resources() -> None:
    sim = Simulator()
    ids = [f"export-ami-{n:017x}" for n in range(1001)]
    sim.load_tasks([{"ExportImageTaskId": each, "Status": "active"} for each in ids])
    error = (
        "ResourceCountExceeded",
        "Value ( 1001 ) for the number of resources is invalid. "
        "Expecting at most 1000.",
    )
    assert create_tags(sim, [MORE], *ids) == error
    assert answer(sim, "DeleteTags", Resources=ids) == error
    assert not any(task.tags for task in sim.tasks)
    assert create_tags(sim, [MORE], *ids[1:]) == {}
    assert [bool(task.tags) for task in sim.tasks] == [False] + [True] * 1000


@pytest.mark.rule("TAG-16", "TAG-24")
def test_deletetags_has_at_most_a_thousand_tags() -> None:
    tags = {f"k{n}": "v" for n in range(1001)}
    sim = with_one_task(tags)
    named = tag_list(tags)
    assert delete_tags(sim, named) == (
        "InvalidParameterValue",
        "Value ( 1001 ) for the number of tags is invalid. Expecting at most 1000.",
    )
    assert delete_tags(sim, [{"Key": "aws:x"}, *named])[1].startswith("Value ( 1002 )")
    assert delete_tags(sim, named, "bogus")[0] == "InvalidID"
    assert sim.task(ID).tags == tags
    assert delete_tags(sim, named[1:]) == {}
    assert sim.task(ID).tags == {"k0": "v"}


# --- tags of a new export -----------------------------------------------------------


@pytest.mark.rule("TAG-08")
@pytest.mark.parametrize(
    ("specifications", "code", "message"),
    [
        (
            [{"ResourceType": "network-interface", "Tags": [{"Key": "k"}]}],
            "InvalidParameterValue",
            "'network-interface' is not a valid taggable resource type for this "
            "operation.",
        ),
        (
            [{"Tags": [{"Key": "k"}]}],
            "InvalidParameterValue",
            "Tag specification resource type must have a value",
        ),
        (
            [{"ResourceType": "export-image-task", "Tags": []}],
            "InvalidTagKey.Malformed",
            "Tag specification must have at least one tag",
        ),
        (
            [
                {"ResourceType": "export-image-task", "Tags": [{"Key": "k"}]},
                {"ResourceType": "image", "Tags": [{"Key": "k"}]},
            ],
            "InvalidParameterValue",
            "'image' is not a valid taggable resource type for this operation.",
        ),
    ],
)
def test_an_export_can_tag_only_its_task(
    specifications: Any, code: str, message: str
) -> None:
    sim = Simulator()
    assert export(sim, TagSpecifications=specifications) == (code, message)
    assert sim.tasks == ()


@pytest.mark.rule("TAG-08", "TAG-06", "TAG-07", "LIF-27")
def test_several_specifications_count_as_one() -> None:
    def split(tags: Any) -> Any:
        kind = "export-image-task"
        return [{"ResourceType": kind, "Tags": [tag]} for tag in tags]

    sim = Simulator()
    assert export(sim, TagSpecifications=split([{"Key": "k", "Value": ""}] * 2))[
        1
    ].startswith("Duplicate tag key 'k'")
    assert (
        export(sim, TagSpecifications=split(tag_list({**FIFTY, "x": ""})))[0]
        == "TagLimitExceeded"
    )
    response = export(sim, TagSpecifications=split(tag_list(FIFTY)))
    assert response["Tags"] == sim.dump_tasks()[0]["Tags"] == tag_list(FIFTY)
