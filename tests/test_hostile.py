"""Hostile input at every door: a documented error or a right answer, nothing touched.

Time is bounded by counted work: the lines that the simulator executes.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ec2_export_sim import ParamValidationError, Policy, ServiceError, Simulator
from ec2_export_sim.core import shapes
from ec2_export_sim.core.filters import Wildcard
from ec2_export_sim.core.permissions import pattern_matches
from tests import life_worlds
from tests.calls import IMAGE, REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ID = "export-ami-00000001"
DESCRIBE = "DescribeExportImageTasks"


class Unprintable:
    def __repr__(self) -> str:
        raise ZeroDivisionError


def deep(depth: int = 100_000) -> list[Any]:
    nested: list[Any] = []
    for _ in range(depth):
        nested = [nested]
    return nested


def round_list() -> list[Any]:
    ring: list[Any] = []
    ring.append(ring)
    return ring


def round_dict() -> dict[str, Any]:
    ring: dict[str, Any] = {}
    ring["Name"] = ring["Values"] = ring["Key"] = ring["Tags"] = ring
    return ring


HOSTILE: dict[str, Any] = {
    "deep": deep(),
    "a round list": round_list(),
    "a round dict": round_dict(),
    "a dict of names that are none": {0: 1, None: 2, (): 3},
    "huge": "x" * 1_000_000,
    "huge and wild": "*?" * 500_000,
    "a lone surrogate": "\ud800",
    "a control character": "a\x00b",
    "many digits": 10**5000,
    "no number": float("nan"),
    "bytes": b"\xff",
    "unprintable": Unprintable(),
    "nothing": None,
}


def world() -> Simulator:
    sim = Simulator()
    sim.add_task(task_id=ID, tags={"Name": "1"}, image_id="ami-00000009")
    sim.add_task(status="completed")
    return sim


def held(sim: Simulator) -> Any:
    state = sim._account.state
    return sim.dump_tasks(), list(state.agenda), dict(state.client_tokens), sim.now


def lines(call: Callable[[], object]) -> int:
    """Return how many lines the simulator executes in a call."""
    count = 0

    def trace(frame: FrameType, kind: str, _: object) -> Any:
        nonlocal count
        if "ec2_export_sim" not in frame.f_code.co_filename:
            return None
        count += kind == "line"
        return trace

    traced = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(traced)
    return count


# --- parameters ---------------------------------------------------------------------

RIGHT: dict[str, dict[str, Any]] = {
    DESCRIBE: {},
    "ExportImage": REQUEST,
    "CancelExportTask": {"ExportTaskId": ID},
    "CreateTags": {"Resources": [ID], "Tags": [{"Key": "k"}]},
    "DeleteTags": {"Resources": [ID]},
    "DescribeTags": {},
}


@pytest.mark.rule("ORD-10", "PRM-08")
@pytest.mark.parametrize("operation", shapes.OPERATIONS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_in_any_place_is_refused_and_touches_nothing(
    operation: str, name: str
) -> None:
    value, sim = HOSTILE[name], world()
    before = held(sim)
    wrapped = (
        value,
        [value],
        [{"Name": value}],
        [{"Name": "tag:a", "Values": [value]}],
    )
    for member in shapes.OPERATIONS[operation].input.members:
        for each in wrapped:
            request = {**RIGHT[operation], member: each}
            try:
                sim.invoke(operation, request)
            except ServiceError as refused:
                assert refused.message.isprintable() or name.startswith("huge")
                assert held(sim) == before
            else:  # what is long but well-formed, as a role's name may be
                assert name.startswith("huge") or operation.startswith("Desc")
                sim, before = world(), held(world())
    with pytest.raises(ParamValidationError):
        sim.client().describe_export_image_tasks(Filters=[value])
    assert held(sim) == before


@pytest.mark.rule("ORD-10")
@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        (DESCRIBE, {"ExportImageTaskIds": [ID] * 10**6}),
        (DESCRIBE, {"Filters": [{"Name": "tag:a", "Values": ["x"] * 10**6}]}),
        (DESCRIBE, {"Filters": [{"Name": "tag-key"}] * 10**5}),
        ("CreateTags", {"Resources": [ID] * 10**5, "Tags": [{"Key": "k"}]}),
        ("DeleteTags", {"Resources": [ID], "Tags": [{"Key": ""}] * 10**6}),
        ("ExportImage", {**REQUEST, "TagSpecifications": [{"Tags": []}] * 10**6}),
    ],
)
def test_the_work_grows_with_the_request_and_no_faster(
    operation: str, request_: dict[str, Any]
) -> None:
    sim = world()
    before = held(sim)

    def work(count: int) -> int:
        """Return the lines executed for the request with its lists cut to *count*."""
        request = shortened(request_, count)

        def call() -> None:
            with suppress(ServiceError):
                sim.invoke(operation, request, policy=Policy.allow_all())

        return lines(call)

    assert work(4000) <= 2.2 * work(2000)
    with suppress(ServiceError):
        sim.invoke(operation, request_)
    if operation != "ExportImage":
        assert held(sim) == before


def shortened(value: Any, count: int) -> Any:
    if isinstance(value, dict):
        return {name: shortened(each, count) for name, each in value.items()}
    return (
        [shortened(v, count) for v in value[:count]] if type(value) is list else value
    )


# --- two languages of wildcards -----------------------------------------------------


@pytest.mark.rule("FLT-16", "FLT-17")
@pytest.mark.parametrize(
    "pattern", ["*a" * 120 + "b", "?" * 255, "*?" * 127, "*" * 255]
)
def test_a_filters_value_reads_a_text_once(pattern: str) -> None:
    wildcard = Wildcard(pattern)
    short, long = (lines(lambda n=n: wildcard.matches("a" * n)) for n in (1000, 2000))  # type: ignore[misc]
    assert long <= 2.1 * short
    assert long <= 10 * 2000


@pytest.mark.rule("AUT-07")
@pytest.mark.parametrize("pattern", ["*a" * 50 + "b", "*?" * 50, "*" * 100 + "b"])
def test_a_policys_pattern_costs_no_more_than_the_product(pattern: str) -> None:
    text = "a" * 200
    work = lines(lambda: pattern_matches(pattern, text))
    assert work <= 8 * len(pattern) * len(text)


# --- tokens -------------------------------------------------------------------------


def tokens(sim: Simulator) -> list[str]:
    """Return the tokens of a walk by single tasks."""
    found: list[str] = []
    request: dict[str, Any] = {"MaxResults": 1}
    while "NextToken" in (answer := sim.invoke(DESCRIBE, request)):
        found.append(answer["NextToken"])
        request["NextToken"] = answer["NextToken"]
    return found


@pytest.mark.rule("PAG-11", "PAG-14")
@given(data=st.data())
def test_tokens_that_are_cut_joined_or_crossed_are_refused(data: st.DataObject) -> None:
    sim = world()
    sim.add_task()
    one, other = tokens(sim)
    cut = data.draw(st.integers(0, len(one) - 1))
    forged = data.draw(
        st.sampled_from(
            [
                *(one[:cut], one[cut + 1 :], one + other, one * 2, one + "=" * cut),
                *(one[:cut] + other[cut:], other[:cut] + one[cut:], one[::-1]),
                *(one[:cut] + "\n" + one[cut:], f" {one}", one.swapcase()),
                tokens(seeded(data.draw(st.integers(1, 99))))[0],
            ]
        )
    )
    if forged in (one, other):
        return
    with pytest.raises(ServiceError) as caught:
        sim.invoke(DESCRIBE, {"MaxResults": 1, "NextToken": forged})
    assert caught.value.code in ("InvalidNextToken", "InvalidParameterValue")


def seeded(seed: int) -> Simulator:
    sim = Simulator(seed=seed)
    for _ in range(3):
        sim.add_task()
    return sim


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
    before = held(sim)
    try:
        sim.load_tasks(records)
    except ValueError:
        event("refused")
        assert held(sim) == before
    else:
        event("loaded")
        assert sim.dump_tasks() == before[0] + records


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
def test_a_record_with_a_hundred_thousand_tags_is_read_once() -> None:
    sim = Simulator()
    tags = [{"Key": f"k{n}", "Value": ""} for n in range(100_000)]
    sim.load_tasks([{"ExportImageTaskId": ID, "Status": "active", "Tags": tags}])
    assert sim.dump_tasks()[0]["Tags"] == tags


@pytest.mark.rule("LIF-06", "LIF-07")
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
        sim.task(IMAGE)
