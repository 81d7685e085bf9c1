"""One fault each: the states of a task, and its progress."""

from __future__ import annotations

from tests.conformance.broken import Answer, Request, World, mutant, retold


@mutant("LIF-01", "RSP-03", "FLT-04")
def a_task_on_its_way_to_deleted_is_deleted(world: World, request: Request) -> Answer:
    return retold(
        world.describe(**request),
        lambda t: {**t, "Status": t["Status"].replace("deleting", "deleted")},
    )


@mutant("LIF-03", "RSP-05", "RSP-12")  # stackyard
def a_completed_task_has_100_percent(world: World, request: Request) -> Answer:
    return retold(
        world.describe(**request),
        lambda t: {**t, "Progress": "100"} if t["Status"] == "completed" else t,
    )


@mutant("LIF-08", "RSP-10")
def progress_rises_with_every_read(world: World, request: Request) -> Answer:
    reads = world.memory["reads"] = world.memory.get("reads", 0) + 1
    return retold(
        world.describe(**request),
        lambda t: {**t, "Progress": str(reads)} if t["Status"] == "active" else t,
    )
