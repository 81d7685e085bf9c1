"""CreateTags and DeleteTags: the tags of a task afterwards, and on which tasks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ec2_export_sim import Policy, Simulator
from tests.calls import (
    FIFTY,
    ID,
    UNKNOWN,
    answer,
    create_tags,
    delete_tags,
    exported,
    tag_list,
    with_one_task,
)

# --- the tags afterwards -----------------------------------------------------------


@pytest.mark.rule("TAG-10", "TAG-20")
def test_a_tag_replaces_the_value_of_its_key_in_place() -> None:
    sim = with_one_task({"a": "1", "b": "2"})
    tags = [{"Key": "c", "Value": "3"}, {"Key": "a", "Value": "4"}]
    assert create_tags(sim, tags) == {}
    assert sim.dump_tasks()[0]["Tags"] == tag_list({"a": "4", "b": "2", "c": "3"})


@pytest.mark.rule("TAG-10", "TAG-11", "RSP-12")
def test_a_recorded_tag_without_key_is_never_changed() -> None:
    keyless = [{"Value": "1"}, {"Value": "2"}, {}]
    sim = Simulator()
    record = {"ExportImageTaskId": ID, "Status": "active", "Tags": keyless}
    sim.load_tasks([record])
    create_tags(sim, [{"Key": "k", "Value": "v"}])
    assert sim.dump_tasks()[0]["Tags"] == [*keyless, {"Key": "k", "Value": "v"}]
    delete_tags(sim, [{"Key": "k"}])
    assert sim.dump_tasks()[0]["Tags"] == keyless


@pytest.mark.rule("TAG-11", "TAG-21")
@pytest.mark.parametrize(
    ("named", "left"),
    [
        ([{"Key": "a"}], {"b": "", "aws:c": "3"}),
        ([{"Key": "a", "Value": "1"}], {"b": "", "aws:c": "3"}),
        ([{"Key": "a", "Value": ""}], {"a": "1", "b": "", "aws:c": "3"}),
        ([{"Key": "a", "Value": "2"}], {"a": "1", "b": "", "aws:c": "3"}),
        ([{"Key": "b", "Value": ""}], {"a": "1", "aws:c": "3"}),
        ([{"Key": "b"}, {"Key": "a", "Value": "1"}], {"aws:c": "3"}),
        ([{"Key": "a"}, {"Key": "a", "Value": "2"}], {"b": "", "aws:c": "3"}),
        ([{"Key": "x"}], {"a": "1", "b": "", "aws:c": "3"}),
        ([], {"aws:c": "3"}),
    ],
)
def test_deletetags_removes_what_it_names(named: Any, left: dict[str, str]) -> None:
    sim = with_one_task({"a": "1", "b": "", "aws:c": "3"})
    assert delete_tags(sim, named) == {}
    assert sim.task(ID).tags == left


@pytest.mark.rule("TAG-11")
def test_a_recorded_tag_without_value_has_the_empty_value() -> None:
    sim = Simulator()
    record = {"ExportImageTaskId": ID, "Status": "active", "Tags": [{"Key": "k"}]}
    sim.load_tasks([record])
    delete_tags(sim, [{"Key": "k", "Value": "v"}])
    assert sim.dump_tasks() == [record]
    delete_tags(sim, [{"Key": "k", "Value": ""}])
    assert sim.dump_tasks() == [{**record, "Tags": []}]


@pytest.mark.rule("TAG-10", "TAG-11", "LIF-25")
@pytest.mark.parametrize("status", ["active", "completed", "deleting", "deleted"])
def test_tags_change_nothing_else_of_a_task(status: str) -> None:
    sim = Simulator()
    sim.add_task(task_id=ID, status=status, progress=5, description="d")
    before = sim.dump_tasks()
    create_tags(sim, [{"Key": "k", "Value": "v"}])
    assert sim.dump_tasks() == [{**before[0], "Tags": tag_list({"k": "v"})}]
    delete_tags(sim, [])
    assert sim.dump_tasks() == before


@pytest.mark.rule("TAG-10", "LIF-25")
def test_a_tagged_export_continues() -> None:
    sim = Simulator()
    task_id = exported(sim)
    create_tags(sim, tag_list({"a": ""}), task_id)
    sim.advance(90)
    create_tags(sim, tag_list({"b": ""}), task_id)
    assert sim.task(task_id).progress == "21"
    sim.advance(810)
    assert sim.task(task_id).state == "completed"
    assert sim.task(task_id).tags == {"a": "", "b": ""}


# --- on which resources -------------------------------------------------------------


@pytest.mark.rule("TAG-09", "IDS-05", "ORD-06", "ORD-07")
@pytest.mark.parametrize("operation", ["CreateTags", "DeleteTags"])
@pytest.mark.parametrize(
    ("named", "message"),
    [
        (["i-0123456789abcdef0"], "The ID 'i-0123456789abcdef0' is not valid"),
        ([ID, ""], "The ID '' is not valid"),
        ([UNKNOWN, ID.upper()], f"The ID '{ID.upper()}' is not valid"),
        ([ID, UNKNOWN], f"The export task ID '{UNKNOWN}' does not exist"),
        (
            [UNKNOWN, ID, "export-ami-zzzzzzzz"],
            f"The export task IDs '{UNKNOWN}, export-ami-zzzzzzzz' do not exist",
        ),
    ],
)
def test_only_known_tasks_can_be_tagged(
    operation: str, named: list[str], message: str
) -> None:
    sim = with_one_task({"k": "v"})
    sim.in_region("eu-west-1").add_task(task_id=UNKNOWN)
    error = answer(sim, operation, Resources=named, Tags=tag_list({"k": "v"}))
    code = "InvalidID" if "not valid" in message else "InvalidExportTaskID.NotFound"
    assert error == (code, message)
    assert sim.task(ID).tags == {"k": "v"}


@pytest.mark.rule("TAG-14", "TAG-07", "TAG-19")
def test_tags_are_set_on_all_or_on_none() -> None:
    sim = with_one_task({"a": "1"})
    full = sim.add_task(tags=FIFTY).id
    assert create_tags(sim, tag_list({"more": ""}), ID, full)[0] == "TagLimitExceeded"
    assert sim.task(ID).tags == {"a": "1"}
    assert create_tags(sim, [{"Key": "k0", "Value": "x"}], full, ID, full) == {}
    assert sim.task(ID).tags == {"a": "1", "k0": "x"}
    assert sim.task(full).tags == {**FIFTY, "k0": "x"}
    assert delete_tags(sim, [{"Key": "k0"}], ID, full) == {}
    assert "k0" not in {**sim.task(ID).tags, **sim.task(full).tags}


@pytest.mark.rule("PRM-03")
def test_resources_and_tags_are_required() -> None:
    sim = with_one_task({"a": "1"})
    no_resources = (
        "MissingParameter",
        "The request must contain the parameter resourceIdSet",
    )
    no_tags = ("InvalidParameterValue", "You must specify one or more tags to create")
    calls: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
        ("CreateTags", {"Resources": [ID], "Tags": []}, no_tags),
        ("CreateTags", {"Resources": [ID], "Tags": [{}]}, no_tags),
        ("CreateTags", {"Resources": ["bogus"]}, no_tags),
        ("CreateTags", {"Resources": [], "Tags": [{"Key": "k"}]}, no_resources),
        ("CreateTags", {}, no_resources),
        ("DeleteTags", {"Tags": [{"Key": "a"}]}, no_resources),
        ("DeleteTags", {"Resources": []}, no_resources),
    ]
    for operation, request, error in calls:
        assert answer(sim, operation, **request) == error
        assert answer(sim, operation, policy=Policy.deny_all(), **request) == error
    assert sim.task(ID).tags == {"a": "1"}
    assert len(sim.calls) == 0


# --- all of it ----------------------------------------------------------------------

keys = st.sampled_from(["a", "A", "b", "aws:x", "k" * 127])
texts = st.sampled_from(["", "1", "2"])
sets = st.dictionaries(keys, texts, max_size=3)
named_tags = st.lists(
    st.fixed_dictionaries({"Key": st.sampled_from("aAbc")}, optional={"Value": texts}),
    min_size=1,
    max_size=3,
)


@pytest.mark.rule("TAG-10", "TAG-11", "TAG-20", "TAG-21", "TAG-06")
@given(
    sets, st.lists(st.tuples(st.sampled_from([create_tags, delete_tags]), named_tags))
)
@example(
    {"a": "1"},
    [
        (delete_tags, [{"Key": "a", "Value": ""}]),
        (create_tags, [{"Key": "a", "Value": "2"}]),
    ],
)
def test_tags_behave_like_a_dict(before: dict[str, str], steps: list[Any]) -> None:
    sim = with_one_task(before)
    expected = dict(before)
    for step, tags in steps:
        response = step(sim, tags)
        if step is create_tags and len({tag["Key"] for tag in tags}) < len(tags):
            assert response[0] == "InvalidParameterValue"
            continue
        if step is create_tags and not all("Value" in tag for tag in tags):
            assert response[0] == "InvalidParameterValue"
            continue
        assert response == {}
        for tag in tags:
            if step is create_tags:
                expected[tag["Key"]] = tag["Value"]
            elif tag.get("Value") in (None, expected.get(tag["Key"])):
                expected.pop(tag["Key"], None)
        assert list(sim.task(ID).tags.items()) == list(expected.items())
