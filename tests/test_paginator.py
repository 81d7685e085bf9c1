"""The client's paginator, compared with botocore's own over the same client."""

from __future__ import annotations

from typing import Any

import botocore.exceptions
import botocore.paginate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import Client, Simulator
from tests.real import loader, model

OPERATION = "DescribeExportImageTasks"
CONFIG = loader().load_service_model("ec2", "paginators-1")["pagination"][OPERATION]


def client_of(size: int) -> Client:
    sim = Simulator()
    for _ in range(size):
        sim.add_task()
    return sim.client()


def botocores(client: Client) -> Any:
    method: Any = client.describe_export_image_tasks
    shapes = model().operation_model(OPERATION)
    return botocore.paginate.Paginator(method, CONFIG, shapes)


def pages_of(paginator: Any, config: dict[str, Any]) -> tuple[list[Any], Any]:
    iterator = paginator.paginate(PaginationConfig=config)
    pages = [(page["ExportImageTasks"], page.get("NextToken")) for page in iterator]
    return pages, iterator.resume_token


configs = st.fixed_dictionaries(
    {},
    optional={
        "PageSize": st.one_of(st.integers(1, 4), st.just("2")),
        "MaxItems": st.one_of(st.integers(1, 9), st.just("3")),
    },
)


@pytest.mark.rule("PAG-16")
@given(st.integers(0, 7), configs)
def test_it_walks_and_resumes_as_botocores_does(
    size: int, config: dict[str, Any]
) -> None:
    client = client_of(size)
    ours, theirs = (
        client.get_paginator("describe_export_image_tasks"),
        botocores(client),
    )
    config = dict(config)
    while True:
        pages, token = pages_of(ours, config)
        assert (pages, token) == pages_of(theirs, config)
        result = theirs.paginate(PaginationConfig=config).build_full_result()
        assert ours.paginate(PaginationConfig=config).build_full_result() == result
        if token is None:
            return
        config["StartingToken"] = token


@pytest.mark.rule("PAG-16")
@pytest.mark.parametrize(
    "form",
    ["{}", "{}___1", "None___2", "None___-1", "None___ 1", "{}___x", "a___b___3"],
)
def test_old_starting_tokens_are_read_as_by_botocore(form: str) -> None:
    client = client_of(5)
    token = client.describe_export_image_tasks(MaxResults=2)["NextToken"]
    config = {"StartingToken": form.format(token), "PageSize": 2}
    ours = client.get_paginator("describe_export_image_tasks")
    assert outcome(ours, config) == outcome(botocores(client), config)


def outcome(paginator: Any, config: dict[str, Any]) -> Any:
    """Return the pages and the token left, or the type and the words of an error."""
    try:
        return pages_of(paginator, config)
    except (ValueError, botocore.exceptions.ClientError) as error:
        return type(error), str(error)


@pytest.mark.rule("PAG-16")
def test_search_flattens_the_results_of_each_page() -> None:
    client = client_of(3)
    paginator = client.get_paginator("describe_export_image_tasks")
    pages = paginator.paginate(PaginationConfig={"PageSize": 2})
    found = list(pages.search("ExportImageTasks[].Status"))
    assert found == ["active"] * 3
    assert list(pages.search("length(ExportImageTasks)")) == [2, 1]


@pytest.mark.rule("PAG-16")
def test_only_the_operation_with_pages_can_be_paginated() -> None:
    client = client_of(0)
    assert client.can_paginate("describe_export_image_tasks")
    assert not client.can_paginate("cancel_export_task")
    cannot = "^Operation cannot be paginated: cancel_export_task"
    with pytest.raises(botocore.exceptions.OperationNotPageableError, match=cannot):
        client.get_paginator("cancel_export_task")
    for ask in (client.can_paginate, client.get_paginator):
        with pytest.raises(KeyError, match="describe_vpcs"):
            ask("describe_vpcs")


@pytest.mark.rule("PAG-16")
def test_filters_go_with_every_page() -> None:
    sim = Simulator()
    for status in ("active", "completed", "active", "active"):
        sim.add_task(status=status)
    pages = (
        sim.client()
        .get_paginator("describe_export_image_tasks")
        .paginate(
            Filters=[{"Name": "task-state", "Values": ["active"]}],
            PaginationConfig={"PageSize": 1},
        )
    )
    assert [len(page["ExportImageTasks"]) for page in pages] == [1, 1, 1]
