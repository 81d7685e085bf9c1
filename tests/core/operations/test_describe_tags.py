"""DescribeTags: which tags it lists, how it filters them, and its pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import ClientError, Policy, Simulator
from tests import oracle, strategies
from tests.calls import ID, UNKNOWN, answer, delete_tags, error_of, unauthorized

KIND = "export-image-task"
LAST = "export-ami-zzzzzzzz"


def described(sim: Simulator, *filters: tuple[str, list[str]]) -> list[tuple[str, ...]]:
    """Return id, key and value of the tags that match."""
    listed = [{"Name": name, "Values": values} for name, values in filters]
    tags = sim.invoke("DescribeTags", {"Filters": listed})["Tags"]
    assert all(tag["ResourceType"] == KIND and len(tag) == 4 for tag in tags)
    return [(tag["ResourceId"], tag["Key"], tag["Value"]) for tag in tags]


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.add_task(task_id=UNKNOWN, tags={"Name": "b", "name": "", "aws:x": "a*"})
    sim.add_task(status="deleted")
    sim.add_task(task_id=ID, status="completed", tags={"stage": "b"})
    sim.in_region("eu-west-1").add_task(tags={"Name": "b"})
    return sim


# By resource id, then by key.
ALL = [
    (UNKNOWN, "Name", "b"),
    (UNKNOWN, "aws:x", "a*"),
    (UNKNOWN, "name", ""),
    (ID, "stage", "b"),
]


@pytest.mark.rule("TAG-12", "TAG-22", "SIM-13", "LIF-15")
def test_the_tags_of_all_tasks_of_the_region_are_listed(sim: Simulator) -> None:
    assert described(sim) == ALL
    assert sim.client().describe_tags()["Tags"][0] == {
        "Key": "Name",
        "ResourceId": UNKNOWN,
        "ResourceType": KIND,
        "Value": "b",
    }
    assert answer(sim.in_region("eu-north-1"), "DescribeTags") == {"Tags": []}


@pytest.mark.rule("TAG-12")
@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        ([("key", ["Name"])], [0]),
        ([("key", ["?ame"])], [0, 2]),
        ([("value", ["b"])], [0, 3]),
        ([("value", [""])], [2]),
        ([("value", ["a\\*"])], [1]),
        ([("resource-id", [ID])], [3]),
        ([("resource-id", ["export-ami-*"])], [0, 1, 2, 3]),
        ([("resource-id", ["i-0123456789abcdef0"])], []),
        ([("resource-type", [KIND])], [0, 1, 2, 3]),
        ([("resource-type", ["image"])], []),
        ([("tag:Name", ["b"])], [0]),
        ([("tag:aws:x", ["*"])], [1]),
        ([("tag:NAME", ["*"])], []),
        ([("key", ["stage", "name"])], [2, 3]),
        ([("key", ["Name"]), ("value", ["b"])], [0]),
        ([("key", ["name"]), ("value", ["b"])], []),
        ([("key", [])], []),
    ],
)
def test_a_filter_selects_the_tags_that_match(
    sim: Simulator, filters: Any, passing: list[int]
) -> None:
    assert described(sim, *filters) == [ALL[index] for index in passing]


@pytest.mark.rule("TAG-12", "FLT-05", "FLT-07")
def test_other_filters_are_errors() -> None:
    sim = Simulator()
    for name, rule, hint in [
        ("Key", "FLT-05", "did you mean 'key'?"),
        ("TAG:x", "FLT-05", "did you mean 'tag:x'?"),
        (
            "tag-key",
            "FLT-07",
            "the filters supported are key, value, resource-id, resource-type, "
            "tag:<key>",
        ),
        ("task-state", "FLT-07", "the filters supported are"),
    ]:
        error = error_of(sim, "DescribeTags", Filters=[{"Name": name}])
        assert error.message == f"The filter '{name}' is invalid"
        assert error.code == "InvalidParameterValue"
        assert error.rule == rule
        assert hint in error.__notes__[0]


@pytest.mark.rule("TAG-12", "RSP-12")
def test_a_recorded_tag_is_listed_with_key_and_value() -> None:
    sim = Simulator()
    tags = [{"Key": "k"}, {"Value": "v"}]
    sim.load_tasks([{"ExportImageTaskId": ID, "Status": "active", "Tags": tags}])
    sim.load_tasks([{"ExportImageTaskId": UNKNOWN, "Status": "active"}])
    assert described(sim) == [(ID, "", "v"), (ID, "k", "")]


# --- pages --------------------------------------------------------------------------


def twelve() -> Simulator:
    sim = Simulator()
    for task_id, count in ((ID, 7), (LAST, 5)):
        sim.add_task(task_id=task_id, tags={f"k{n}": "v" for n in range(count)})
    return sim


@pytest.mark.rule("TAG-13", "TAG-23")
@pytest.mark.parametrize(
    ("size", "message"),
    [
        (5, None),
        (1000, None),
        (4, "Expecting a value greater than or equal to 5."),
        (0, "Expecting a value greater than or equal to 5."),
        (-1, "Expecting a value greater than or equal to 5."),
        (1001, "Expecting a value smaller than or equal to 1000."),
    ],
)
def test_a_page_has_five_to_a_thousand_tags(size: int, message: str | None) -> None:
    response = answer(twelve(), "DescribeTags", MaxResults=size)
    if message is None:
        assert len(response["Tags"]) == min(size, 12)
        assert ("NextToken" in response) is (size < 12)
    else:
        text = f"Value ( {size} ) for parameter MaxResults is invalid. {message}"
        assert response == ("InvalidParameterValue", text)


@pytest.mark.rule("TAG-13", "TAG-23")
def test_the_client_leaves_the_bounds_to_the_service() -> None:
    sim = Simulator()
    with pytest.raises(ClientError) as caught:
        sim.client().describe_tags(MaxResults=4)
    assert caught.value.rule == "PAG-18"
    assert sim.calls[-1].error_code == "InvalidParameterValue"


@pytest.mark.rule("TAG-23")
def test_the_paginator_walks_all_pages() -> None:
    pages = twelve().client().get_paginator("describe_tags")
    sizes = {"PageSize": 5}
    walked = [len(page["Tags"]) for page in pages.paginate(PaginationConfig=sizes)]
    assert walked == [5, 5, 2]


@pytest.mark.rule("TAG-12", "TAG-22", "TAG-23")
@given(
    strategies.accounts, st.integers(5, 9), st.lists(st.sampled_from(["*", "a", ""]))
)
def test_a_walk_returns_every_matching_tag_once(
    records: list[Any], size: int, values: list[str]
) -> None:
    sim = Simulator()
    sim.load_tasks(records)
    request: dict[str, Any] = {"MaxResults": size}
    if values:
        request["Filters"] = [{"Name": "value", "Values": values}]
    expected = [
        (record["ExportImageTaskId"], tag["Key"], tag.get("Value", ""))
        for record in records
        for tag in record.get("Tags", [])
        if not values
        or any(oracle.matches(value, tag.get("Value", "")) for value in values)
    ]
    walked: list[tuple[str, str, str]] = []
    for _ in range(len(expected) // size + 1):
        page = sim.invoke("DescribeTags", request)
        found = [(tag["ResourceId"], tag["Key"], tag["Value"]) for tag in page["Tags"]]
        walked += found
        request["NextToken"] = page.get("NextToken")
        if request["NextToken"] is None:
            break
        assert len(found) == size
    assert walked == sorted(expected)
    assert request["NextToken"] is None


@pytest.mark.rule("TAG-23")
def test_a_token_survives_changes_between_the_pages() -> None:
    sim = twelve()
    token = sim.invoke("DescribeTags", {"MaxResults": 5})["NextToken"]
    sim.advance(1)
    sim.add_task(task_id="export-ami-00000000", tags={"before": ""})
    sim.add_task(task_id="export-ami-zzzzzzz0", tags={"after": ""})
    request = {"MaxResults": 500, "NextToken": token}
    left = sim.invoke("DescribeTags", request)["Tags"]
    assert [tag["Key"] for tag in left][:4] == ["k5", "k6", "after", "k0"]
    assert len(left) == 8
    sim.remove_task(ID)
    left = sim.invoke("DescribeTags", request)["Tags"]
    assert [tag["Key"] for tag in left] == ["after", "k0", "k1", "k2", "k3", "k4"]


@pytest.mark.rule("TAG-23")
def test_a_tag_deleted_between_two_pages_hides_no_other() -> None:
    sim = twelve()
    token = sim.invoke("DescribeTags", {"MaxResults": 5})["NextToken"]
    delete_tags(sim, [{"Key": "k0"}], ID)
    left = sim.invoke("DescribeTags", {"NextToken": token})["Tags"]
    assert [(tag["ResourceId"], tag["Key"]) for tag in left] == [
        (ID, "k5"),
        (ID, "k6"),
        *((LAST, f"k{n}") for n in range(5)),
    ]


@pytest.mark.rule("TAG-23", "PAG-09", "PAG-11", "PAG-08")
def test_a_token_is_valid_for_its_listing_only() -> None:
    sim = twelve()
    token = sim.invoke("DescribeTags", {"MaxResults": 5})["NextToken"]
    tasks = sim.invoke("DescribeExportImageTasks", {"MaxResults": 1})["NextToken"]
    filters = [{"Name": "key", "Values": ["*"]}]
    for region, operation, request in [
        (sim, "DescribeTags", {"NextToken": token, "Filters": filters}),
        (sim, "DescribeTags", {"NextToken": tasks}),
        (sim, "DescribeTags", {"NextToken": ""}),
        (sim, "DescribeExportImageTasks", {"NextToken": token}),
        (sim.in_region("eu-west-1"), "DescribeTags", {"NextToken": token}),
    ]:
        assert error_of(region, operation, **request).rule == "PAG-11"
    assert len(answer(sim, "DescribeTags", NextToken=token)["Tags"]) == 7


# --- permission -----------------------------------------------------------------------


@pytest.mark.rule("AUT-08")
def test_a_statement_on_tasks_does_not_cover_describetags() -> None:
    of_tasks = {
        "Effect": "Allow",
        "Action": "ec2:DescribeTags",
        "Resource": f"arn:aws:ec2:*:*:{KIND}/*",
    }
    policy = Policy.from_document({"Statement": of_tasks})
    error = error_of(Simulator(), "DescribeTags", policy=policy)
    assert error.message == unauthorized("DescribeTags")
