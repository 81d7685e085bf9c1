"""Hostile policies and recorded lists: taken as they are, or a ValueError."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.core import shapes
from tests import life_worlds
from tests.calls import ID, held
from tests.hostile import HOSTILE, lines, world

# --- policies -----------------------------------------------------------------------

_elements = st.one_of(
    life_worlds.json,
    st.sampled_from(["Allow", "Deny", "*", "ec2:*", "arn:x", "${a}", [], ["*", 1]]),
)
_statements = st.dictionaries(
    st.sampled_from(["Sid", "Effect", "Action", "NotAction", "Resource", "Condition"]),
    _elements,
)


@pytest.mark.rule("AUT-09", "AUT-10")
@given(
    document=st.one_of(
        life_worlds.json,
        st.text(),
        st.fixed_dictionaries(
            {"Statement": st.one_of(_elements, st.lists(_statements), _statements)},
            optional={"Version": _elements, "Id": _elements},
        ),
    )
)
def test_any_document_is_a_policy_or_a_value_error(document: Any) -> None:
    try:
        policy = Policy.from_document(document)
    except ValueError:
        event("refused")
        return
    event("a policy")
    assert policy.allows("ec2:ExportImage") in (True, False)


@pytest.mark.rule("AUT-10")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_policy_is_a_value_error(name: str) -> None:
    value = HOSTILE[name]
    right = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    documents = [
        value,
        {"Statement": value},
        {"Statement": [value]},
        {"Version": value},
    ]
    documents += [{"Statement": {**right, key: value}} for key in ("Effect", "Action")]
    documents += [{"Statement": {**right, "Resource": [value]}}]
    for document in documents:
        with pytest.raises(ValueError, match=r".+"):
            Policy.from_document(document)
    with pytest.raises(ValueError, match="JSON"):
        Policy.from_document("[" * 1_000_000)


# --- recorded lists and arranged tasks ----------------------------------------------

_members = st.sampled_from([*shapes.EXPORT_IMAGE_TASK.members, "Bogus"])
_near = st.builds(
    lambda right, wrong: {**right, **wrong},
    st.just({"ExportImageTaskId": "export-ami-00000002", "Status": "active"}),
    st.dictionaries(_members, life_worlds.json, max_size=2),
)


@pytest.mark.rule("LIF-11", "LIF-12")
@given(records=st.lists(st.one_of(_near, life_worlds.json), max_size=3))
def test_any_list_is_loaded_as_it_is_or_refused_whole(records: Any) -> None:
    sim = world()
    before, there = held(sim), sim.dump_tasks()
    try:
        sim.load_tasks(records)
    except ValueError:
        event("refused")
        assert held(sim) == before
    else:
        event("loaded")
        assert sim.dump_tasks() == there + records


@pytest.mark.rule("LIF-11", "LIF-12")
@pytest.mark.parametrize("name", [name for name in HOSTILE if "huge" not in name])
def test_a_hostile_record_is_refused_and_nothing_is_loaded(name: str) -> None:
    value, sim = HOSTILE[name], world()
    before = held(sim)
    right = {"ExportImageTaskId": "export-ami-00000002", "Status": "active"}
    records = [value, *({**right, member: value} for member in right | {"Tags": 0})]
    records += [{**right, "Tags": [value]}, {**right, "Tags": [{"Key": value}]}]
    records += [{**right, "S3ExportLocation": {"S3Bucket": value}}]
    for record in records:
        with pytest.raises(ValueError, match="record 1"):
            sim.load_tasks([right, record])
        assert held(sim) == before


@pytest.mark.rule("LIF-11")
def test_a_list_that_breaks_off_loads_nothing() -> None:
    sim = world()
    before = held(sim)
    with pytest.raises(ZeroDivisionError):
        sim.load_tasks(
            {"Status": "active", "ExportImageTaskId": f"export-ami-{1 // n:08}"}
            for n in (1, 0)
        )
    assert held(sim) == before


@pytest.mark.rule("LIF-11")
def test_a_record_costs_no_more_than_its_tags() -> None:
    def work(count: int) -> int:
        sim = Simulator()
        tags = [{"Key": f"k{n}", "Value": ""} for n in range(count)]
        record = {"ExportImageTaskId": ID, "Status": "active", "Tags": tags}
        work = lines(lambda: sim.load_tasks([record]))
        assert sim.dump_tasks()[0]["Tags"] == tags
        return work

    assert work(4000) <= 2.1 * work(2000)


@pytest.mark.rule("LIF-09", "LIF-13")
@pytest.mark.parametrize("name", [n for n in HOSTILE if n not in ("huge", "nothing")])
def test_a_hostile_argument_of_the_back_door_is_a_value_error(name: str) -> None:
    value, sim = HOSTILE[name], world()
    before = held(sim)
    arguments: list[dict[str, Any]] = [{"progress": value}]
    if name != "huge and wild":
        arguments += [
            {member: value}
            for member in ("image_id", "description", "s3_bucket", "s3_prefix")
        ]
        arguments += [{"tags": {"k": value}}]
    arguments += [{member: value} for member in ("status", "task_id")]
    for argument in arguments:
        with pytest.raises(ValueError, match=r".+"):
            sim.add_task(**argument)
        assert held(sim) == before
    with pytest.raises(ValueError, match="no operation"):
        sim.fail_next_call(value, "X")
    with pytest.raises(LookupError):
        sim.remove_task(value)
    assert held(sim) == before
