"""How many exports run at a time, and which tasks count."""

from __future__ import annotations

import pytest

from ec2_export_sim import Simulator
from tests.calls import IMAGE, OTHER, REQUEST, error_of, export, exported, images


@pytest.mark.rule("LIF-24", "LIF-36")
@pytest.mark.parametrize("limit", [0, 1, 5, 7])
def test_the_limit_of_exports_at_a_time(limit: int) -> None:
    sim = Simulator(max_running_exports=limit)
    *running, further = images(limit + 1)
    ids = [exported(sim, ImageId=image_id) for image_id in running]
    error = error_of(sim, "ExportImage", **{**REQUEST, "ImageId": further})
    assert (error.code, error.message) == (
        "ResourceLimitExceeded",
        "Too many export image tasks in progress. "
        f"The limit is {limit} for this region.",
    )
    assert error.__notes__ == [
        f"LIF-24: these count: {', '.join(ids) or 'none'} (ec2-export-sim rules LIF-24)"
    ]
    assert [task.id for task in sim.tasks] == ids


@pytest.mark.rule("LIF-24", "LIF-15")
def test_five_is_the_limit_and_each_region_has_its_own() -> None:
    sim = Simulator()
    for image_id in images(5):
        export(sim, ImageId=image_id)
    assert export(sim)[0] == "ResourceLimitExceeded"
    assert "Status" in export(sim.in_region("eu-west-1"))
    sim.complete_task(sim.tasks[0].id)
    assert "Status" in export(sim)


@pytest.mark.rule("LIF-24")
def test_every_active_task_counts_and_no_other() -> None:
    sim = Simulator(max_running_exports=2)
    for status in ("completed", "deleting", "deleted"):
        sim.add_task(status=status, image_id=IMAGE)
    counted = [sim.add_task(image_id=OTHER).id for _ in range(3)]
    error = error_of(sim, "ExportImage", **REQUEST)
    assert error.__notes__ == [
        f"LIF-24: these count: {', '.join(counted)} (ec2-export-sim rules LIF-24)"
    ]
    for task_id in counted[:2]:
        sim.remove_task(task_id)
    assert "Status" in export(sim)


@pytest.mark.rule("LIF-24")
@pytest.mark.parametrize("image_id", [IMAGE, OTHER])
def test_a_note_names_ten_tasks_at_most(image_id: str) -> None:
    sim = Simulator()
    ids = [sim.add_task(image_id=image_id).id for _ in range(12)]
    (note,) = error_of(sim, "ExportImage", **REQUEST).__notes__
    assert f"{', '.join(ids[:10])} and 2 more (ec2-export-sim rules LIF-24)" in note
    assert ids[10] not in note


@pytest.mark.rule("LIF-24", "LIF-36")
def test_one_export_of_an_image_at_a_time() -> None:
    sim = Simulator()
    added = [sim.add_task(image_id=IMAGE).id for _ in range(2)]
    sim.add_task(image_id=OTHER)
    error = error_of(sim, "ExportImage", **REQUEST)
    assert (error.code, error.message) == (
        "ResourceLimitExceeded",
        f"The image {IMAGE} is being exported already.",
    )
    assert error.__notes__ == [
        "LIF-24: one export of an image at a time; this counts: "
        f"{', '.join(added)} (ec2-export-sim rules LIF-24)"
    ]
    sim.complete_task(added[0])
    assert export(sim)[0] == "ResourceLimitExceeded"
    sim.fail_task(added[1], "broken")
    first = exported(sim)
    assert export(sim)[0] == "ResourceLimitExceeded"
    sim.load_tasks(
        [{"ExportImageTaskId": f"{first[:-1]}t", "Status": "active", "ImageId": OTHER}]
    )
    sim.advance(900)
    assert sim.task(exported(sim)).state == "active"
