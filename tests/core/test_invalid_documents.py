"""Any policy, recorded list or test control: accepted, or a ValueError."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.core import shapes
from tests import strategies
from tests.calls import ID, observe, with_one_task
from tests.invalid_values import INVALID

# --- policies -----------------------------------------------------------------------

_elements = st.one_of(
    strategies.json,
    st.sampled_from(["Allow", "Deny", "*", "ec2:*", "arn:x", "${a}", [], ["*", 1]]),
)
_statements = st.dictionaries(
    st.sampled_from(["Sid", "Effect", "Action", "NotAction", "Resource", "Condition"]),
    _elements,
)


@pytest.mark.rule("SIM-14", "AUT-10")
@given(
    document=st.one_of(
        strategies.json,
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
        event("error")
        return
    event("a policy")
    assert policy.allows("ec2:ExportImage") in (True, False)


@pytest.mark.rule("AUT-10")
@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_value_in_a_policy_is_a_value_error(name: str) -> None:
    value = INVALID[name]
    valid = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    documents = [
        value,
        {"Statement": value},
        {"Statement": [value]},
        {"Version": value},
        *({"Statement": {**valid, key: value}} for key in ("Effect", "Action")),
        {"Statement": {**valid, "Resource": [value]}},
    ]
    for document in documents:
        with pytest.raises(ValueError, match=r".+"):
            Policy.from_document(document)
    with pytest.raises(ValueError, match="JSON"):
        Policy.from_document("[" * 1_000_000)


# --- recorded lists and test controls -----------------------------------------------

_members = st.sampled_from([*shapes.EXPORT_IMAGE_TASK.members, "Bogus"])
_nearly_valid = st.builds(
    lambda valid, wrong: {**valid, **wrong},
    st.just({"ExportImageTaskId": "export-ami-00000002", "Status": "active"}),
    st.dictionaries(_members, strategies.json, max_size=2),
)


@pytest.mark.rule("SIM-05", "SIM-06")
@given(records=st.lists(st.one_of(_nearly_valid, strategies.json), max_size=3))
def test_any_list_is_loaded_as_it_is_or_not_at_all(records: Any) -> None:
    sim = with_one_task({"Name": "1"})
    before, tasks = observe(sim), sim.dump_tasks()
    try:
        sim.load_tasks(records)
    except ValueError:
        event("error")
        assert observe(sim) == before
    else:
        event("loaded")
        assert sim.dump_tasks() == tasks + records


@pytest.mark.rule("SIM-05", "SIM-06")
@pytest.mark.parametrize("name", [name for name in INVALID if "huge" not in name])
def test_an_invalid_value_in_a_record_is_named_and_nothing_is_loaded(name: str) -> None:
    value, sim = INVALID[name], with_one_task()
    before = observe(sim)
    valid = {"ExportImageTaskId": "export-ami-00000002", "Status": "active"}
    records = [
        value,
        *({**valid, member: value} for member in [*valid, "Tags"]),
        {**valid, "Tags": [value]},
        {**valid, "Tags": [{"Key": value}]},
        {**valid, "S3ExportLocation": {"S3Bucket": value}},
    ]
    for record in records:
        with pytest.raises(ValueError, match="record 1"):
            sim.load_tasks([valid, record])
        assert observe(sim) == before


@pytest.mark.rule("SIM-05")
def test_a_generator_that_raises_loads_nothing() -> None:
    sim = with_one_task()
    before = observe(sim)
    with pytest.raises(ZeroDivisionError):
        sim.load_tasks(
            {"Status": "active", "ExportImageTaskId": f"export-ami-{1 // n:08}"}
            for n in (1, 0)
        )
    assert observe(sim) == before


@pytest.mark.rule("SIM-05")
def test_a_record_may_have_very_many_tags() -> None:
    sim = Simulator()
    tags = [{"Key": f"k{n}", "Value": ""} for n in range(100_000)]
    sim.load_tasks([{"ExportImageTaskId": ID, "Status": "active", "Tags": tags}])
    assert sim.dump_tasks()[0]["Tags"] == tags


@pytest.mark.rule("SIM-03", "SIM-07")
@pytest.mark.parametrize(
    "name", [n for n in INVALID if n not in ("a huge text", "None")]
)
def test_an_invalid_argument_of_a_test_control_is_an_error(name: str) -> None:
    value, sim = INVALID[name], with_one_task()
    before = observe(sim)
    texts = ("image_id", "description", "s3_bucket", "s3_prefix")
    arguments: list[dict[str, Any]] = [
        {member: value} for member in ("progress", "status", "task_id")
    ]
    if name != "a huge pattern":
        arguments += [{"tags": {"k": value}}, *({member: value} for member in texts)]
    for argument in arguments:
        with pytest.raises(ValueError, match=r".+"):
            sim.add_task(**argument)
        assert observe(sim) == before
    with pytest.raises(ValueError, match="no operation"):
        sim.fail_next_call(value, "X")
    with pytest.raises(LookupError):
        sim.remove_task(value)
    assert observe(sim) == before
