"""All operations in any order, compared with a model of the account over time."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
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
from tests import model_operations, strategies
from tests.model import Model
from tests.oracle import ModelError

HOME, AWAY = "us-east-1", "eu-west-1"
START = datetime(2025, 1, 1, tzinfo=UTC)
regions = st.sampled_from([HOME, HOME, AWAY])
# The operations that a caller may not call, and the policy that says so.
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
    "none": (list(strategies.requests([])), Policy.deny_all()),
}
callers = st.sampled_from(["all"] * 14 + ["no tags", "none"])
# The states that can follow each state (LIF-02).
REACHABLE = {
    "active": {"active", "completed", "deleting", "deleted"},
    "completed": {"completed"},
    "deleting": {"deleting", "deleted"},
    "deleted": {"deleted"},
}


def has_tasks(self: Account) -> bool:
    return bool(self.model.state["tasks"])


class Account(RuleBasedStateMachine):
    """One account in two regions, next to a model of it."""

    def __init__(self) -> None:
        super().__init__()
        self.notified: list[str] = []
        self.seen: dict[str, str] = {}
        self.snapshots: list[tuple[Any, Any]] = []
        self.removed: list[tuple[str, str]] = []

    @initialize(
        images=st.sampled_from([None, strategies.KINDS]),
        limit=st.integers(1, 3),
        per_call=st.sampled_from([0, 0, 7]),
    )
    def start(self, images: dict[str, str] | None, limit: int, per_call: int) -> None:
        self.sim = Simulator(
            HOME,
            images=images,
            max_running_exports=limit,
            seconds_per_call=per_call,
            on_completed=lambda task: self.notified.append(task.id),
        )
        self.sims = {name: self.sim.in_region(name) for name in (HOME, AWAY)}
        self.model = Model(HOME, images, limit, per_call)

    def call(self, region: str, operation: str, request: Any, caller: str) -> Any:
        """Make the call, compare it with the model, and return the response."""
        denied, policy = POLICIES[caller]
        new_id = None
        try:
            got = self.sims[region].invoke(operation, request, policy=policy)
            new_id = got.get("ExportImageTaskId")
            if "NextToken" in got:
                got["NextToken"] = ...
        except ServiceError as error:
            got = {"error": error.code}
        try:
            expected = model_operations.answer(
                self.model, region, operation, request, denied=denied, new_id=new_id
            )
        except ModelError as error:
            expected = {"error": str(error)}
        event(f"{operation}: {got.get('error', 'answered')}")
        assert got == expected
        return got

    def drawn(self, data: st.DataObject, operation: str, caller: str) -> Any:
        with_tasks = {task["region"] for task in self.model.state["tasks"]}
        region = data.draw(st.sampled_from(sorted(with_tasks) or [HOME]), "region")
        strategy = strategies.requests(self.model.ids(region))[operation]
        return self.call(region, operation, data.draw(strategy, "request"), caller)

    # --- calls ----------------------------------------------------------------------

    @rule(region=regions, request=strategies.export_requests, caller=callers)
    def export(self, region: str, request: Any, caller: str) -> None:
        before = len(self.model.state["tasks"])
        self.call(region, "ExportImage", request, caller)
        if len(self.model.state["tasks"]) > before:
            tasks = self.sims[region].tasks
            active = [task.image_id for task in tasks if task.state == "active"]
            assert len(active) <= self.model.limit
            assert active.count(request["ImageId"]) == 1

    @rule(region=regions, image=st.sampled_from(strategies.IMAGES))
    def export_simply(self, region: str, image: str) -> None:
        location = {"S3Bucket": "b"}
        request = {"ImageId": image, "DiskImageFormat": "RAW"}
        self.export(region, {**request, "S3ExportLocation": location}, "all")

    @precondition(has_tasks)
    @rule(data=st.data(), caller=callers)
    def cancel(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "CancelExportTask", caller)

    @precondition(has_tasks)
    @rule(data=st.data(), caller=callers)
    def tag(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "CreateTags", caller)

    @precondition(has_tasks)
    @rule(data=st.data(), caller=callers)
    def untag(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "DeleteTags", caller)

    @rule(data=st.data(), caller=callers)
    def list_tags(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "DescribeTags", caller)

    @rule(data=st.data(), caller=callers)
    def describe(self, data: st.DataObject, caller: str) -> None:
        self.drawn(data, "DescribeExportImageTasks", caller)

    # --- time, injected errors --------------------------------------------------------

    @rule(seconds=st.sampled_from([0, 1, 59, 60, 90, 180, 360, 10**6]))
    def advance(self, seconds: int) -> None:
        self.sim.advance(seconds)
        self.model.pass_time(seconds)

    @precondition(lambda self: self.model.moments())
    @rule(data=st.data(), early=st.sampled_from([0, 0, 1]))
    def advance_to_a_boundary(self, data: st.DataObject, early: int) -> None:
        moment = data.draw(st.sampled_from(self.model.moments()), "moment")
        self.advance(moment - self.model.state["now"] - early)

    @precondition(lambda self: not self.model.state["errors"])
    @rule(
        operation=st.sampled_from([*strategies.requests([]), "*"]),
        times=st.integers(1, 2),
    )
    def fail_next_call(self, operation: str, times: int) -> None:
        self.sim.fail_next_call(operation, "RequestLimitExceeded", times=times)
        error = (operation, "RequestLimitExceeded", times)
        self.model.state["errors"].append(error)

    @rule(
        region=regions,
        image=st.sampled_from(strategies.IMAGES),
        message=st.sampled_from(["broken", "ClientError: broken"]),
    )
    def fail_exports_of(self, region: str, image: str, message: str) -> None:
        self.sims[region].fail_exports_of(image, message)
        self.model.state["failures"][region, image] = "ClientError: broken"

    # --- test controls ---------------------------------------------------------------

    @rule(
        region=regions,
        status=st.sampled_from(["active", *strategies.STATES]),
        image=st.sampled_from(strategies.IMAGES),
        progress=st.sampled_from([None, 84, 99.5]),
        tags=st.dictionaries(st.sampled_from(["a", "aws:x"]), st.just("1")),
        reuse_id=st.booleans(),
    )
    def add_task(
        self,
        region: str,
        status: str,
        image: str,
        progress: float | None,
        tags: dict[str, str],
        reuse_id: bool,
    ) -> None:
        used = [*self.model.ids(HOME), *self.model.ids(AWAY)]
        free = [task_id for task_id, _ in self.removed if task_id not in used]
        self.sims[region].add_task(
            task_id=free[-1] if reuse_id and free else None,
            status=status,
            image_id=image,
            progress=progress,
            tags=tags,
        )
        record = self.sims[region].dump_tasks()[-1]
        self.model.add(region, record, began=None)

    @precondition(has_tasks)
    @rule(data=st.data(), how=st.sampled_from(["complete", "fail", "remove"]))
    def act(self, data: st.DataObject, how: str) -> None:
        task = data.draw(st.sampled_from(self.model.state["tasks"]), "task")
        sim = self.sims[task["region"]]
        fail = partial(sim.fail_task, message="broken")
        move = fail if how == "fail" else sim.complete_task
        if how == "remove":
            sim.remove_task(task["id"])
            self.model.state["tasks"].remove(task)
            self.removed.append((task["id"], task["region"]))
            self.seen.pop(task["id"], None)
        elif self.model.status(task) == "active":
            move(task["id"])
            self.model.end(task, how, "ClientError: broken" if how == "fail" else None)
        else:
            with pytest.raises(ValueError, match=f"it cannot {how}"):
                move(task["id"])

    @rule()
    def take_snapshot(self) -> None:
        self.snapshots.append((self.sim.snapshot(), deepcopy(self.model.state)))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        snapshot, state = data.draw(st.sampled_from(self.snapshots), "snapshot")
        self.sim.restore(snapshot)
        self.model.restore(state)
        self.seen = {}

    @precondition(lambda self: len(self.model.state["tasks"]) > 3)
    @rule()
    def reset(self) -> None:
        self.sim.reset()
        self.model.reset()
        self.seen = {}

    # --- what always holds ----------------------------------------------------------

    @invariant()
    def both_regions_are_described_as_in_the_model(self) -> None:
        for name, sim in self.sims.items():
            assert sim.dump_tasks() == self.model.records(name)
            if not self.model.state["errors"]:
                self.call(name, "DescribeExportImageTasks", {}, "all")

    @invariant()
    def the_time_is_that_of_the_model(self) -> None:
        assert (self.sim.now - START).total_seconds() == self.model.state["now"]

    @invariant()
    def completions_are_notified_once_and_in_order(self) -> None:
        assert self.notified == self.model.notified

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
        added = {t["id"] for t in self.model.state["tasks"] if t["began"] is None}
        for sim in self.sims.values():
            for task in sim.tasks:
                if task.id not in added:
                    active = task.state == "active"
                    assert (task.progress is not None) is active


TestAccount = pytest.mark.rule(
    *("LIF-02", "LIF-04", "LIF-05", "LIF-08", "SIM-04", "SIM-07", "LIF-15", "SIM-08"),
    *("LIF-17", "LIF-18", "LIF-21", "LIF-23", "LIF-24", "LIF-25", "SIM-09", "SIM-10"),
    *("SIM-11", "LIF-30", "TAG-10", "TAG-11", "TAG-12", "AUT-13", "SIM-12", "ORD-10"),
)(Account.TestCase)
