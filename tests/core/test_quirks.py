"""Quirks: where AWS was seen to differ from its documentation."""

from __future__ import annotations

import pytest

from ec2_export_sim import ClientError, Quirk, Simulator


def filled(quirk: Quirk) -> Simulator:
    sim = Simulator(quirks=[quirk])
    for status in ("active", "completed", "active", "deleted", "active"):
        sim.add_task(status=status, tags={"Name": status})
    return sim


@pytest.mark.rule("PAG-17")
def test_max_results_with_ids_refused() -> None:
    sim = filled(Quirk.MAX_RESULTS_WITH_IDS_REFUSED)
    client = sim.client()
    ids = [sim.tasks[0].id]
    client.describe_export_image_tasks(MaxResults=5)
    client.describe_export_image_tasks(ExportImageTaskIds=ids)
    with pytest.raises(ClientError) as caught:
        client.describe_export_image_tasks(ExportImageTaskIds=ids, MaxResults=5)
    assert caught.value.response["Error"] == {
        "Code": "InvalidParameterCombination",
        "Message": "The parameter ExportImageTaskIds cannot be used with the parameter "
        "MaxResults",
    }


@pytest.mark.rule("IDS-12")
def test_filters_with_ids_ignored() -> None:
    sim = filled(Quirk.FILTERS_WITH_IDS_IGNORED)
    client = sim.client()
    active = [{"Name": "task-state", "Values": ["active"]}]
    ids = [sim.tasks[1].id]
    answer = client.describe_export_image_tasks(
        ExportImageTaskIds=ids,
        Filters=active,  # type: ignore[arg-type]
    )
    assert [task["Status"] for task in answer["ExportImageTasks"]] == ["completed"]
    answer = client.describe_export_image_tasks(
        Filters=active  # type: ignore[arg-type]
    )
    assert len(answer["ExportImageTasks"]) == 3


@pytest.mark.rule("FLT-23")
def test_task_state_filter_ignored() -> None:
    client = filled(Quirk.TASK_STATE_FILTER_IGNORED).client()
    answer = client.describe_export_image_tasks(
        Filters=[{"Name": "task-state", "Values": ["deleted"]}]
    )
    assert len(answer["ExportImageTasks"]) == 5
    answer = client.describe_export_image_tasks(
        Filters=[{"Name": "tag:Name", "Values": ["deleted"]}]
    )
    assert len(answer["ExportImageTasks"]) == 1
