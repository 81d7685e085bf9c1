"""Quirks: the differences between AWS and its documentation, with the evidence."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import Quirk, Simulator
from ec2_export_sim.botocore import intercept
from ec2_export_sim.wsgi import application
from tests.answers import ANSWERS
from tests.calls import (
    DESCRIBE,
    ID,
    UNKNOWN,
    answer,
    create_tags,
    delete_tags,
    error_of,
    export,
    exported,
    tag_list,
)
from tests.wsgi_client import call

STATES = ("active", "completed", "active", "deleted", "active")
ACTIVE = {"Filters": [{"Name": "task-state", "Values": ["active"]}]}
NOT_FOUND, MALFORMED = (
    "InvalidExportTaskID.NotFound",
    "InvalidExportTaskID.Malformed",
)


def filled(*quirks: Quirk, count: int = 5, **arguments: Any) -> Simulator:
    """Return a simulator with *count* tasks, each with a tag."""
    sim = Simulator(quirks=quirks, **arguments)
    for n in range(count):
        status = STATES[n % len(STATES)]
        sim.add_task(status=status, tags={"Name": f"{status} & <é>"})
    return sim


def ids_of(response: Any) -> list[str]:
    return [task["ExportImageTaskId"] for task in response["ExportImageTasks"]]


def described(sim: Simulator, **parameters: Any) -> list[str]:
    """Return the ids of the tasks that one call describes."""
    return ids_of(sim.invoke(DESCRIBE, parameters))


# --- filters ------------------------------------------------------------------------


@pytest.mark.rule("FLT-23")
def test_task_state_filter_ignored() -> None:
    """https://github.com/aws/aws-cli/issues/9558, this operation."""
    sim = filled(Quirk.TASK_STATE_FILTER_IGNORED)
    for values in (["deleted"], ["failed"], ["\\d"]):
        state = {"Name": "task-state", "Values": values}
        assert len(described(sim, Filters=[state])) == 5
    name = {"Name": "tag:Name", "Values": ["deleted*"]}
    assert described(sim, Filters=[name, state]) == [sim.tasks[3].id]
    assert answer(sim, DESCRIBE, Filters=[{"Name": "Task-State"}])[1] == (
        "The filter 'Task-State' is invalid"
    )


@pytest.mark.rule("FLT-25")
@pytest.mark.parametrize("name", ["tag:Name", "tag:", "tag-key", "Tag-Key"])
def test_tag_filters_refused(name: str) -> None:
    """radkawar/stackd, instance_status_controls.json: DescribeInstanceStatus."""
    sim = filled(Quirk.TAG_FILTERS_REFUSED)
    error = error_of(sim, DESCRIBE, Filters=[{"Name": name, "Values": ["*"]}])
    assert (error.code, error.message, error.rule) == (
        "InvalidParameterValue",
        f"The filter '{name}' is invalid",
        "FLT-07",
    )
    assert "the filters supported are task-state (" in error.__notes__[0]
    assert len(described(sim, **ACTIVE)) == 3
    tags = sim.invoke("DescribeTags", {"Filters": [{"Name": "tag:Name"}]})
    assert tags == {"Tags": []}


@pytest.mark.rule("IDS-12")
def test_filters_with_ids_ignored() -> None:
    """https://github.com/aws/aws-sdk/issues/601: DescribeStoreImageTasks."""
    sim = filled(Quirk.FILTERS_WITH_IDS_IGNORED)
    completed = sim.tasks[1].id
    assert described(sim, ExportImageTaskIds=[completed], **ACTIVE) == [completed]
    assert len(described(sim, **ACTIVE)) == 3


# --- ids ----------------------------------------------------------------------------


@pytest.mark.rule("IDS-14")
def test_unknown_ids_omitted() -> None:
    """radkawar/stackd, images_sharing.json: DescribeImages of a deregistered image."""
    sim = filled(Quirk.UNKNOWN_IDS_OMITTED)
    there = sim.in_region("eu-west-1").add_task().id
    first, second, *_ = [task.id for task in sim.tasks]
    wanted = [UNKNOWN, second, there, first, UNKNOWN]
    assert described(sim, ExportImageTaskIds=wanted) == [first, second]
    page = sim.invoke(DESCRIBE, {"ExportImageTaskIds": wanted, "MaxResults": 1})
    assert ids_of(page) == [first]
    rest = {"ExportImageTaskIds": wanted, "NextToken": page["NextToken"]}
    assert described(sim, **rest) == [second]
    sim.remove_task(first)
    gone = sim.invoke(DESCRIBE, {"ExportImageTaskIds": [first, UNKNOWN]})
    assert gone == {"ExportImageTasks": []}
    wrong: dict[str, Any] = {"ExportImageTaskIds": [UNKNOWN, "x"]}
    assert answer(sim, DESCRIBE, **wrong)[0] == MALFORMED
    assert answer(sim, "CancelExportTask", ExportTaskId=UNKNOWN)[0] == NOT_FOUND
    assert create_tags(sim, tag_list({"k": "v"}), UNKNOWN)[0] == NOT_FOUND


@pytest.mark.rule("IDS-15")
def test_unissued_ids_malformed() -> None:
    """alchemy-run/distilled, ec2.json: an invented id of this operation."""
    sim = filled(Quirk.UNISSUED_IDS_MALFORMED)
    known = sim.tasks[0].id
    message = f'Invalid id: "{UNKNOWN}" (expecting "export-ami-...")'
    for wanted in ([UNKNOWN, "x"], [known, UNKNOWN]):
        error = error_of(sim, DESCRIBE, ExportImageTaskIds=wanted)
        assert (error.code, error.message) == (MALFORMED, message)
        assert error.rule == "IDS-15"
    wanted = ["x", UNKNOWN]
    assert error_of(sim, DESCRIBE, ExportImageTaskIds=wanted).rule == "IDS-04"
    cancel = answer(sim, "CancelExportTask", ExportTaskId=UNKNOWN)
    tags = tag_list({"k": "v"})
    for error_ in (
        cancel,
        create_tags(sim, tags, known, UNKNOWN),
        delete_tags(sim, tags, UNKNOWN),
    ):
        assert error_ == (MALFORMED, message)
    assert create_tags(sim, tags, "x", UNKNOWN) == (
        "InvalidID",
        "The ID 'x' is not valid",
    )
    instance = answer(sim, "CancelExportTask", ExportTaskId="export-i-fgelt0i7")
    assert instance[0] == NOT_FOUND
    # It is checked together with malformed ids, before all other values.
    assert answer(sim, DESCRIBE, ExportImageTaskIds=[UNKNOWN], MaxResults=501) == (
        MALFORMED,
        message,
    )


@pytest.mark.rule("IDS-15", "SIM-08")
def test_the_account_remembers_the_ids_that_it_had() -> None:
    """An id that was held once, in any region, was issued; so it is only unknown."""
    sim = Simulator(quirks=[Quirk.UNISSUED_IDS_MALFORMED])
    task_id = exported(sim)
    empty = Simulator(quirks=[Quirk.UNISSUED_IDS_MALFORMED])

    def code(region: Simulator) -> Any:
        return answer(region, DESCRIBE, ExportImageTaskIds=[task_id])[0]

    assert code(sim.in_region("eu-west-1")) == NOT_FOUND
    held = sim.snapshot()
    sim.remove_task(task_id)
    removed = sim.snapshot()
    assert code(sim) == code(sim.in_region("eu-west-1")) == NOT_FOUND
    assert create_tags(sim, tag_list({"k": "v"}), task_id)[0] == NOT_FOUND
    sim.restore(held)
    assert described(sim, ExportImageTaskIds=[task_id]) == [task_id]
    sim.restore(removed)
    assert code(sim) == NOT_FOUND
    sim.reset()
    assert code(sim) == code(empty) == MALFORMED


# --- paging -------------------------------------------------------------------------


@pytest.mark.rule("PAG-17")
def test_paging_with_ids_refused() -> None:
    """https://github.com/aws/aws-sdk-ruby/issues/3028: DescribeVpcs and others."""
    sim = filled(Quirk.PAGING_WITH_IDS_REFUSED)
    ids: dict[str, Any] = {"ExportImageTaskIds": [sim.tasks[0].id]}
    token = sim.invoke(DESCRIBE, {"MaxResults": 2})["NextToken"]
    assert len(described(sim, **ids)) == 1
    assert len(described(sim, NextToken=token)) == 3
    paging: list[tuple[dict[str, Any], str]] = [
        ({"MaxResults": 5}, "MaxResults"),
        ({"MaxResults": 5000, "NextToken": "x"}, "MaxResults"),
        ({"NextToken": token}, "NextToken"),
        ({"NextToken": "x"}, "NextToken"),
    ]
    for parameters, name in paging:
        wanted: dict[str, Any]
        for wanted in (ids, {"ExportImageTaskIds": ["x"]}):
            assert answer(sim, DESCRIBE, **wanted, **parameters) == (
                "InvalidParameterCombination",
                "The parameter ExportImageTaskIds cannot be used with the parameter "
                f"{name}",
            )
    assert len(described(sim, ExportImageTaskIds=[], MaxResults=5)) == 5


@pytest.mark.rule("PAG-20", "PAG-06")
@pytest.mark.parametrize(
    ("parameters", "sizes"),
    [
        ({}, [5, 0]),
        ({"MaxResults": 5}, [5, 0]),
        ({"MaxResults": 3}, [3, 2, 0]),
        ({"MaxResults": 1}, [1, 1, 1, 1, 1, 0]),
        (ACTIVE, [3, 0]),
        ({"Filters": [{"Name": "tag-key", "Values": ["none"]}]}, [0]),
    ],
)
def test_spare_tokens(parameters: dict[str, Any], sizes: list[int]) -> None:
    """https://github.com/aws/aws-sdk-js/issues/939: DescribeInstances."""
    sim = filled(Quirk.SPARE_TOKENS)
    assert [len(page) for page in walk(sim, **parameters)] == sizes


def walk(sim: Simulator, **parameters: Any) -> list[list[str]]:
    """Return the ids on each page, until a page has no token or an empty one."""
    pages: list[list[str]] = []
    tokens: list[str] = []
    token: dict[str, str] = {}
    while True:
        response = sim.invoke(DESCRIBE, {**parameters, **token})
        pages.append(ids_of(response))
        if not response.get("NextToken"):
            assert len(set(tokens)) == len(tokens)
            return pages
        token = {"NextToken": response["NextToken"]}
        tokens.append(response["NextToken"])


@pytest.mark.rule("PAG-21", "PAG-11")
def test_empty_next_token() -> None:
    """https://github.com/awslabs/aws-sdk-rust/issues/391: DescribeSpotPriceHistory."""
    sim = filled(Quirk.EMPTY_NEXT_TOKEN)
    first = sim.invoke(DESCRIBE, {"MaxResults": 3})
    assert first["NextToken"]
    last = sim.invoke(DESCRIBE, {"NextToken": first["NextToken"]})
    assert last["NextToken"] == ""
    assert sim.invoke(DESCRIBE, {})["NextToken"] == ""
    assert error_of(sim, DESCRIBE, NextToken="").rule == "PAG-11"
    empty = Simulator(quirks=[Quirk.EMPTY_NEXT_TOKEN]).invoke(DESCRIBE, {})
    assert empty == {"ExportImageTasks": [], "NextToken": ""}
    request = f"Action={DESCRIBE}&Version=2016-11-15".encode()
    _, _, body = call(application(sim), request)
    assert b"<nextToken></nextToken>" in body


@pytest.mark.rule("PAG-20", "PAG-21")
def test_the_empty_token_is_on_the_last_page_also_after_a_spare_one() -> None:
    sim = filled(Quirk.SPARE_TOKENS, Quirk.EMPTY_NEXT_TOKEN)
    first = sim.invoke(DESCRIBE, {})
    assert len(first["ExportImageTasks"]) == 5
    last = sim.invoke(DESCRIBE, {"NextToken": first["NextToken"]})
    assert last == {"ExportImageTasks": [], "NextToken": ""}


@pytest.mark.rule("PAG-20", "PAG-17", "PAG-04")
def test_a_token_that_no_call_could_use_is_not_given() -> None:
    sim = filled(Quirk.SPARE_TOKENS, Quirk.PAGING_WITH_IDS_REFUSED)
    ids = [task.id for task in sim.tasks]
    paginator = sim.client().get_paginator("describe_export_image_tasks")
    pages = list(paginator.paginate(ExportImageTaskIds=ids))
    assert [ids_of(page) for page in pages] == [ids]


# --- what is described --------------------------------------------------------------


@pytest.mark.rule("RSP-14", "RSP-01", "SIM-20")
@pytest.mark.parametrize("count", [2, 3, 4, 12])
def test_results_in_any_order(count: int) -> None:
    """radkawar/stackd, network_acl_idempotency.json: the tags of one answer differ."""
    sim, other = (filled(Quirk.RESULTS_IN_ANY_ORDER, count=count) for _ in range(2))
    created = [task.id for task in sim.tasks]
    orders = [described(sim) for _ in range(count - 1)]
    assert [described(other) for _ in range(count - 1)] == orders
    for order in orders:
        assert sorted(order) == sorted(created)
        assert order[0] != created[0]
    assert len({tuple(order) for order in orders}) == count - 1


@pytest.mark.rule("RSP-14")
@pytest.mark.parametrize("between", range(6))
def test_the_order_is_another_one_also_after_other_calls(between: int) -> None:
    sim = filled(Quirk.RESULTS_IN_ANY_ORDER, count=3)
    orders = []
    for _ in range(4):
        orders.append(described(sim))
        for _ in range(between):
            sim.client().describe_tags()
    assert len({tuple(order) for order in orders}) == len(orders)


@pytest.mark.rule("RSP-14", "PAG-04")
def test_each_page_has_the_tasks_and_the_token_that_it_has_in_order() -> None:
    quirky, plain = filled(Quirk.RESULTS_IN_ANY_ORDER, count=7), filled(count=7)
    token: dict[str, str] = {}
    for _ in range(3):
        request = {"MaxResults": 3, **token}
        page, expected = (sim.invoke(DESCRIBE, request) for sim in (quirky, plain))
        assert sorted(ids_of(page)) == sorted(ids_of(expected))
        assert page.get("NextToken") == expected.get("NextToken")
        if len(ids_of(page)) > 1:
            assert ids_of(page) != ids_of(expected)
        token = {"NextToken": page.get("NextToken", "")}
    assert token == {"NextToken": ""}


@pytest.mark.rule("RSP-14", "SIM-08", "SIM-20")
def test_the_order_depends_on_the_seed_and_comes_again_after_restore() -> None:
    ids = [f"export-ami-{n:08}" for n in range(6)]

    def orders(seed: int) -> list[list[str]]:
        sim = Simulator(seed=seed, quirks=[Quirk.RESULTS_IN_ANY_ORDER])
        for task_id in ids:
            sim.add_task(task_id=task_id)
        before = sim.snapshot()
        first = [described(sim), described(sim)]
        sim.restore(before)
        assert [described(sim), described(sim)] == first
        return first

    assert orders(0) == orders(0)
    assert orders(0) != orders(1)


@pytest.mark.rule("RSP-15", "RSP-12")
def test_image_id_absent() -> None:
    """aws-cli's own sample of describe-export-image-tasks has no ImageId."""
    sim = Simulator(quirks=[Quirk.IMAGE_ID_ABSENT])
    made = export(sim)
    sim.load_tasks([{"ExportImageTaskId": ID, "Status": "active"}])
    assert made["ImageId"]
    tasks = sim.invoke(DESCRIBE, {})["ExportImageTasks"]
    assert not any("ImageId" in task for task in tasks)
    assert tasks[0] == {
        "ExportImageTaskId": made["ExportImageTaskId"],
        "Progress": "0",
        "S3ExportLocation": {"S3Bucket": "exports"},
        "Status": "active",
        "StatusMessage": "validating",
        "Tags": [],
    }
    assert sim.tasks[0].image_id == made["ImageId"]


# --- tags ---------------------------------------------------------------------------


@pytest.mark.rule("TAG-25", "TAG-02")
def test_tag_keys_of_128() -> None:
    """https://github.com/skypilot-org/skypilot/pull/1992: RunInstances."""
    sim = Simulator(quirks=[Quirk.TAG_KEYS_OF_128])
    sim.add_task(task_id=ID)
    longest = tag_list({"é" * 128: "v"})
    kind = {"ResourceType": "export-image-task"}
    assert create_tags(sim, longest) == delete_tags(sim, longest) == {}
    assert export(sim, TagSpecifications=[{**kind, "Tags": longest}])["Tags"] == longest
    longer = tag_list({"k" * 129: "v"})
    error = (
        "InvalidParameterValue",
        "Tag key exceeds the maximum length of 128 characters",
    )
    assert create_tags(sim, longer) == delete_tags(sim, longer) == error
    assert export(sim, TagSpecifications=[{**kind, "Tags": longer}]) == error


@pytest.mark.rule("TAG-26")
def test_describe_tags_ignores_max_results() -> None:
    """https://github.com/cloud-custodian/cloud-custodian/issues/11069: measured."""
    sim = Simulator(quirks=[Quirk.DESCRIBE_TAGS_IGNORES_MAX_RESULTS])
    sim.add_task(task_id=ID, tags={f"k{n:02}": "v" for n in range(12)})
    by_id: dict[str, Any] = {"Filters": [{"Name": "resource-id", "Values": [ID]}]}
    by_type = {"Filters": [{"Name": "resource-type", "Values": ["*"]}]}
    for filters, found in (({}, 5), (by_type, 5), (by_id, 12)):
        page = sim.invoke("DescribeTags", {**filters, "MaxResults": 5})
        assert len(page["Tags"]) == found
        assert ("NextToken" in page) is (found == 5)
    for size in (4, 1001):
        error = error_of(sim, "DescribeTags", **by_id, MaxResults=size)
        assert error.rule == "PAG-18"


# --- all of them --------------------------------------------------------------------

ALONE = frozenset({Quirk.UNKNOWN_IDS_OMITTED, Quirk.UNISSUED_IDS_MALFORMED})
SETS = [
    (),
    *((quirk,) for quirk in Quirk),
    *(pair for pair in combinations(Quirk, 2) if set(pair) != ALONE),
    *(tuple(set(Quirk) - {quirk}) for quirk in ALONE),
]


@pytest.mark.rule("PAG-04", "PAG-15", "PAG-20", "PAG-21", "RSP-14")
def test_a_walk_of_boto3_gives_each_task_once_under_all_quirks() -> None:
    client = boto3.client("ec2", region_name="us-east-1")
    paginator: Any = client.get_paginator("describe_export_image_tasks")
    for quirks in SETS:
        for count in (0, 5):
            sim = filled(*quirks, count=count)
            with intercept(sim, client):
                for size in (None, 2, 5):
                    config = {"PageSize": size}
                    pages = list(paginator.paginate(PaginationConfig=config))
                    walked = [task for page in pages for task in ids_of(page)]
                    assert sorted(walked) == sorted(task.id for task in sim.tasks)
            fake = sim.client().get_paginator("describe_export_image_tasks")
            result = fake.paginate(PaginationConfig={"PageSize": 2}).build_full_result()
            assert sorted(ids_of(result)) == sorted(walked)


@pytest.mark.rule("PAG-04", "IDS-14")
@given(
    st.sets(st.sampled_from([*Quirk])).filter(lambda drawn: not drawn >= ALONE),
    st.integers(0, 6),
    st.sampled_from([None, 1, 2, 3]),
    st.sampled_from([None, ["active"], ["act*", "deleted"], ["none"]]),
)
def test_a_walk_ends_and_gives_each_matching_task_once(
    quirks: set[Quirk], count: int, size: int | None, states: list[str] | None
) -> None:
    sim = filled(*quirks, count=count)
    parameters: dict[str, Any] = {} if size is None else {"MaxResults": size}
    tasks = sim.tasks
    if states is not None:
        parameters["Filters"] = [{"Name": "task-state", "Values": states}]
        if Quirk.TASK_STATE_FILTER_IGNORED not in quirks:
            known = {"active", "deleted"} if len(states) == 2 else {*states}
            tasks = tuple(task for task in tasks if str(task.state) in known)
    walked = [task_id for page in walk(sim, **parameters) for task_id in page]
    assert sorted(walked) == sorted(task.id for task in tasks)


@pytest.mark.rule("IDS-14", "IDS-15")
def test_all_quirks_may_be_combined_but_two() -> None:
    for quirks in SETS:
        Simulator(quirks=quirks)
    for both in ([*ALONE], [*Quirk]):
        with pytest.raises(ValueError, match="exclude each other"):
            Simulator(quirks=both)


@pytest.mark.parametrize("quirk", Quirk)
def test_a_quirk_changes_no_other_operation(quirk: Quirk) -> None:
    plain, quirky = Simulator(), Simulator(quirks=[quirk])
    requests: dict[str, dict[str, Any]] = {
        DESCRIBE: {"ExportImageTaskIds": [ID], "MaxResults": 1, **ACTIVE},
        "CreateTags": {"Resources": [ID], "Tags": tag_list({"k" * 128: "v"})},
        "DeleteTags": {"Resources": [UNKNOWN], "Tags": [{"Key": "k" * 128}]},
        "DescribeTags": {
            "MaxResults": 5,
            "Filters": [{"Name": "resource-id", "Values": ["*"]}],
        },
    }
    for sim in (plain, quirky):
        sim.add_task(task_id=ID, tags={f"k{n}": "v" for n in range(7)})
        sim.add_task(status="completed")
    for operation, row in ANSWERS.items():
        if operation not in quirk.operations:
            request = requests.get(operation, row.parameters)
            same = answer(plain, operation, **request)
            assert answer(quirky, operation, **request) == same


@pytest.mark.rule("FLT-23", "IDS-12", "IDS-14", "PAG-20")
def test_an_empty_answer_has_no_wrong_reason() -> None:
    """The note of an empty answer says what the quirk makes of the call."""
    sim = filled(Quirk.TASK_STATE_FILTER_IGNORED, count=0)
    described(sim, Filters=[{"Name": "task-state", "Values": ["\\d"]}])
    assert sim.calls[-1].error_code is None
    quirks = (Quirk.FILTERS_WITH_IDS_IGNORED, Quirk.UNKNOWN_IDS_OMITTED)
    sim = filled(*quirks)
    bogus = {"ExportImageTaskIds": [UNKNOWN], "Filters": [{"Name": "bogus"}]}
    assert described(sim, **bogus) == []
    assert sim.calls[-1].error_code is None
    sim = Simulator(quirks=[Quirk.SPARE_TOKENS])
    for name in ("web", "Web"):
        sim.add_task(tags={"Name": name})
    web = {"Filters": [{"Name": "tag:Name", "Values": ["web"]}]}
    token = sim.invoke(DESCRIBE, web)["NextToken"]
    assert described(sim, **web, NextToken=token) == []
    assert sim.calls[-1].note is None
