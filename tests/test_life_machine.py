"""The whole family in any order, against an oracle with time."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from ec2_export_sim import Policy, ServiceError, Simulator
from tests import life_answers, life_worlds, worlds
from tests.life_oracle import World
from tests.oracle import Refused

HOME, AWAY = "us-east-1", "eu-west-1"
regions = st.sampled_from([HOME, HOME, AWAY])
# What a caller lacks, and the policy that says so.
POLICIES: dict[str, tuple[list[str], Policy | None]] = {
    "all": ([], None),
    "no tags": (
        ["CreateTags"],
        Policy.from_document(
            {
                "Statement": {
                    "Effect": "Allow",
                    "NotAction": "ec2:CreateTags",
                    "Resource": "*",
                }
            }
        ),
    ),
    "none": (list(life_worlds.requests([])), Policy.deny_all()),
}
callers = st.sampled_from(["all"] * 14 + ["no tags", "none"])
# What may become of a task between two looks (LIF-02).
REACHABLE = {
    "active": {"active", "completed", "deleting", "deleted"},
    "completed": {"completed"},
    "deleting": {"deleting", "deleted"},
    "deleted": {"deleted"},
}


def inhabited(self: Life) -> bool:
    return bool(self.world.state["tasks"])


class Life(RuleBasedStateMachine):
    """One account in two regions, and a world that says what it must be."""

    def __init__(self) -> None:
        super().__init__()
        self.announced: list[str] = []
        self.seen: dict[str, str] = {}
        self.snapshots: list[tuple[Any, Any]] = []
        self.removed: list[tuple[str, str]] = []

    @initialize(
        images=st.sampled_from([None, life_worlds.KINDS]),
        limit=st.integers(1, 3),
        per_call=st.sampled_from([0, 0, 7]),
    )
    def begin(self, images: dict[str, str] | None, limit: int, per_call: int) -> None:
        self.sim = Simulator(
            HOME,
            images=images,
            running_exports=limit,
            seconds_per_call=per_call,
            on_completed=lambda task: self.announced.append(task.id),
        )
        self.sims = {name: self.sim.in_region(name) for name in (HOME, AWAY)}
        self.world = World(HOME, images, limit, per_call)

    def call(self, region: str, operation: str, request: Any, caller: str) -> Any:
        """Make the call; return the code of its refusal or its answer."""
        lacking, policy = POLICIES[caller]
        fresh = None
        try:
            got = self.sims[region].invoke(operation, request, policy=policy)
            fresh = got.get("ExportImageTaskId")
            if "NextToken" in got:
                got["NextToken"] = ...
        except ServiceError as refusal:
            got = {"refused": refusal.code}
        try:
            expected = life_answers.answer(
                self.world, region, operation, request, lacking=lacking, fresh=fresh
            )
        except Refused as refusal:
            expected = {"refused": str(refusal)}
        event(f"{operation}: {got.get('refused', 'answered')}")
        assert got == expected
        return got

    def drawn(self, data: st.DataObject, operation: str, caller: str) -> Any:
        peopled = {task["region"] for task in self.world.state["tasks"]}
        region = data.draw(st.sampled_from(sorted(peopled) or [HOME]), "region")
        strategy = life_worlds.requests(self.world.ids(region))[operation]
        return self.call(region, operation, data.draw(strategy, "request"), caller)

    # --- calls ----------------------------------------------------------------------

    @rule(region=regions, request=life_worlds.exports, caller=callers)
    def export(self, region: str, request: Any, caller: str) -> None:
        before = len(self.world.state["tasks"])
        self.call(region, "ExportImage", request, caller)
        if len(self.world.state["tasks"]) > before:
            tasks = self.sims[region].tasks
            active = [task.image_id for task in tasks if task.state == "active"]
            assert len(active) <= self.world.limit
            assert active.count(request["ImageId"]) == 1

    @rule(region=regions, image=st.sampled_from(life_worlds.IMAGES))
    def export_simply(self, region: str, image: str) -> None:
        location = {"S3Bucket": "b"}
        request = {"ImageId": image, "DiskImageFormat": "RAW"}
        self.export(region, {**request, "S3ExportLocation": location}, "all")

    @precondition(inhabited)
    @rule(data=st.data(), caller=callers)
    def cancel(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "CancelExportTask", caller)

    @precondition(inhabited)
    @rule(data=st.data(), caller=callers)
    def tag(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "CreateTags", caller)

    @precondition(inhabited)
    @rule(data=st.data(), caller=callers)
    def untag(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "DeleteTags", caller)

    @rule(data=st.data(), caller=callers)
    def list_tags(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "DescribeTags", caller)

    @rule(data=st.data(), caller=callers)
    def describe(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "DescribeExportImageTasks", caller)

    # --- time, faults ---------------------------------------------------------------

    @rule(seconds=st.sampled_from([0, 1, 59, 60, 90, 180, 360, 10**6]))
    def advance(self, seconds: int) -> None:
        self.sim.advance(seconds)
        self.world.pass_time(seconds)

    @precondition(lambda self: self.world.moments())
    @rule(data=st.data(), early=st.sampled_from([0, 0, 1]))
    def advance_to_a_boundary(self, data: st.DataObject, early: int) -> None:
        moment = data.draw(st.sampled_from(self.world.moments()), "moment")
        self.advance(moment - self.world.state["now"] - early)

    @precondition(lambda self: not self.world.state["faults"])
    @rule(
        operation=st.sampled_from([*life_worlds.requests([]), "*"]),
        times=st.integers(1, 2),
    )
    def fail_next_call(self, operation: str, times: int) -> None:
        self.sim.fail_next_call(operation, "RequestLimitExceeded", times=times)
        fault = (operation, "RequestLimitExceeded", times)
        self.world.state["faults"].append(fault)

    @rule(
        region=regions,
        image=st.sampled_from(life_worlds.IMAGES),
        message=st.sampled_from(["broken", "ClientError: broken"]),
    )
    def fail_exports_of(self, region: str, image: str, message: str) -> None:
        self.sims[region].fail_exports_of(image, message)
        self.world.state["doomed"][region, image] = "ClientError: broken"

    # --- the back door --------------------------------------------------------------

    @rule(
        region=regions,
        status=st.sampled_from(["active", *worlds.STATES]),
        image=st.sampled_from(life_worlds.IMAGES),
        progress=st.sampled_from([None, 84, 99.5]),
        tags=st.dictionaries(st.sampled_from(["a", "aws:x"]), st.just("1")),
        heir=st.booleans(),
    )
    def arrange(
        self,
        region: str,
        status: str,
        image: str,
        progress: float | None,
        tags: dict[str, str],
        heir: bool,
    ) -> None:
        held = [*self.world.ids(HOME), *self.world.ids(AWAY)]
        free = [task_id for task_id, _ in self.removed if task_id not in held]
        self.sims[region].add_task(
            task_id=free[-1] if heir and free else None,
            status=status,
            image_id=image,
            progress=progress,
            tags=tags,
        )
        record = self.sims[region].dump_tasks()[-1]
        self.world.add(region, record, began=None)

    @precondition(inhabited)
    @rule(data=st.data(), how=st.sampled_from(["complete", "fail", "remove"]))
    def act(self, data: st.DataObject, how: str) -> None:
        task = data.draw(st.sampled_from(self.world.state["tasks"]), "task")
        sim = self.sims[task["region"]]
        fail = partial(sim.fail_task, message="broken")
        move = fail if how == "fail" else sim.complete_task
        if how == "remove":
            sim.remove_task(task["id"])
            self.world.state["tasks"].remove(task)
            self.removed.append((task["id"], task["region"]))
            self.seen.pop(task["id"], None)
        elif self.world.status(task) == "active":
            move(task["id"])
            self.world.cut(task, how, "ClientError: broken" if how == "fail" else None)
        else:
            with pytest.raises(ValueError, match=f"it cannot {how}"):
                move(task["id"])

    @rule()
    def take_snapshot(self) -> None:
        self.snapshots.append((self.sim.snapshot(), deepcopy(self.world.state)))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        snapshot, state = data.draw(st.sampled_from(self.snapshots), "snapshot")
        self.sim.restore(snapshot)
        self.world.restore(state)
        self.seen = {}

    @precondition(lambda self: len(self.world.state["tasks"]) > 3)
    @rule()
    def reset(self) -> None:
        self.sim.reset()
        self.world.reset()
        self.seen = {}

    # --- what always holds ----------------------------------------------------------

    @invariant()
    def both_regions_are_told_as_the_world_is(self) -> None:
        for name, sim in self.sims.items():
            assert sim.dump_tasks() == self.world.records(name)
            if not self.world.state["faults"]:
                self.call(name, "DescribeExportImageTasks", {}, "all")

    @invariant()
    def time_is_the_worlds(self) -> None:
        start = self.sim._account.settings.start
        assert (self.sim.now - start).total_seconds() == self.world.state["now"]

    @invariant()
    def completions_are_announced_once_and_in_order(self) -> None:
        assert self.announced == self.world.announced

    @invariant()
    def only_legal_transitions_happen(self) -> None:
        for sim in self.sims.values():
            for task in sim.tasks:
                before = self.seen.get(task.id, task.state.value)
                assert task.state in REACHABLE[before]
                self.seen[task.id] = task.state.value

    @invariant()
    def ids_are_unique(self) -> None:
        ids = [task.id for sim in self.sims.values() for task in sim.tasks]
        assert len(set(ids)) == len(ids)

    @invariant()
    def only_what_is_active_makes_progress(self) -> None:
        arranged = {t["id"] for t in self.world.state["tasks"] if t["began"] is None}
        for sim in self.sims.values():
            for task in sim.tasks:
                if task.id not in arranged:
                    active = task.state == "active"
                    assert (task.progress is not None) is active


TestLife = pytest.mark.rule(
    *("LIF-02", "LIF-04", "LIF-05", "LIF-08", "LIF-10", "LIF-13", "LIF-15", "LIF-16"),
    *("LIF-17", "LIF-18", "LIF-21", "LIF-23", "LIF-24", "LIF-25", "LIF-26", "LIF-28"),
    *("LIF-29", "LIF-30", "TAG-10", "TAG-11", "TAG-12", "AUT-13", "ERR-04", "ORD-10"),
)(Life.TestCase)
