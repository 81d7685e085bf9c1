"""A call that breaks off, wherever it does, has happened whole or not at all.

The fault is an exception that a trace function raises: in a run of its own at every
line, in turn, that the call executes in a module which changes the account. So every
mutator breaks off at its beginning and behind each of its steps.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import ec2_export_sim
from ec2_export_sim import Simulator
from ec2_export_sim.core.model import TaskState
from ec2_export_sim.core.store import TaskStore
from tests.calls import REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

PACKAGE = Path(ec2_export_sim.__file__).parent
CHANGING = {
    str(path) for path in (PACKAGE / "simulator.py", *PACKAGE.glob("core/**/*.py"))
}
ONE, TWO, LATER = (f"export-ami-0000000{n}" for n in (1, 2, 3))
TAGGED = {"Resources": [ONE, TWO], "Tags": [{"Key": "a", "Value": "2"}]}


class FaultError(Exception):
    """What breaks a call off."""


def account() -> Simulator:
    """Return an account in which everything can happen."""
    sim = Simulator(running_exports=9)
    sim.add_task(task_id=ONE, tags={"a": "1"}, image_id="ami-00000001")
    sim.add_task(task_id=TWO, tags={"b": "1"}, image_id="ami-00000002")
    sim.fail_exports_of("ami-00000009", "broken")
    for image_id in ("ami-00000003", "ami-00000009"):
        request = {**REQUEST, "ImageId": image_id, "ClientToken": image_id}
        sim.invoke("ExportImage", request)
    return sim


CALLS: dict[str, Callable[[Simulator], object]] = {
    "export": lambda sim: sim.invoke("ExportImage", {**REQUEST, "ClientToken": "t"}),
    "cancel": lambda sim: sim.invoke("CancelExportTask", {"ExportTaskId": ONE}),
    "tag": lambda sim: sim.invoke("CreateTags", TAGGED),
    "untag": lambda sim: sim.invoke("DeleteTags", {"Resources": [ONE, TWO]}),
    "describe": lambda sim: sim.invoke("DescribeExportImageTasks", {"MaxResults": 1}),
    "list tags": lambda sim: sim.invoke("DescribeTags", {}),
    "add": lambda sim: sim.add_task(task_id=LATER, tags={"c": "1"}),
    "load": lambda sim: sim.load_tasks(
        {
            "ExportImageTaskId": f"export-ami-1000000{n}",
            "Status": "active",
            "ImageId": "ami-00000001",
        }
        for n in range(3)
    ),
    "complete": lambda sim: sim.complete_task(ONE),
    "fail": lambda sim: sim.fail_task(ONE, "broken"),
    "fail later": lambda sim: sim.fail_exports_of("ami-00000001", "broken"),
    "remove": lambda sim: sim.remove_task(ONE),
    "an export fails": lambda sim: sim.advance(450),
    "restore": lambda sim: sim.restore(sim.snapshot()),
    "reset": lambda sim: sim.reset(),
}


def seen(sim: Simulator) -> Any:
    """Return what there is, as the indexes tell it and as the tasks themselves do."""
    by_state = {
        each: sim.invoke(
            "DescribeExportImageTasks",
            {"Filters": [{"Name": "task-state", "Values": [each.value]}]},
        )
        for each in TaskState
    }  # this comes first: what the clock owes happens before the next answer
    state = sim._account.state
    store = sim._account.tasks(sim.region_name)
    counts = [store.count(each) for each in TaskState]
    images = [store.exports(task.image_id or "") for task in store]
    tasks = sim.dump_tasks()
    assert counts == [len(told["ExportImageTasks"]) for told in by_state.values()]
    assert images == [
        sum(t.state is TaskState.ACTIVE and t.image_id == task.image_id for t in store)
        for task in store
    ]
    return (
        tasks,
        [task.tags for task in sim.tasks],
        sorted(state.agenda),
        (state.client_tokens.copy(), state.failing.copy()),
        (counts, images),
    )


class Fault:
    """Raises once, at the given line of those executed, and counts them."""

    def __init__(self, at: int) -> None:
        self.at, self.lines, self.where = at, 0, ""

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename not in CHANGING:
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                code = frame.f_code
                self.where = f"{Path(code.co_filename).name}:{frame.f_lineno}"
                raise FaultError
        return self

    def strike(self, call: Callable[[Simulator], object], sim: Simulator) -> None:
        traced = sys.gettrace()
        sys.settrace(self)
        try:
            with suppress(FaultError):
                call(sim)
        finally:
            sys.settrace(traced)


def broken_off(
    call: Callable[[Simulator], object],
) -> Iterator[tuple[Simulator, str]]:
    """Yield for each line of *call* an account in which it broke off, and the line."""
    counting = Fault(0)
    counting.strike(call, account())
    assert counting.lines > 0
    for at in range(1, counting.lines + 1):
        sim, fault = account(), Fault(at)
        fault.strike(call, sim)
        yield sim, fault.where


@pytest.mark.rule("ORD-10", "TAG-14")
@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_breaks_off_has_happened_or_has_not(name: str) -> None:
    whole = account()
    before = seen(whole)
    CALLS[name](whole)
    after = seen(whole)
    for sim, where in broken_off(CALLS[name]):
        assert seen(sim) in (before, after), f"broken off at {where}"


@pytest.mark.rule("ORD-10")
@pytest.mark.parametrize("name", ["export", "cancel", "add", "complete", "remove"])
def test_what_broke_off_can_be_done_again(name: str) -> None:
    whole = account()
    before = seen(whole)
    CALLS[name](whole)
    for sim, where in broken_off(CALLS[name]):
        if seen(sim) == before:
            CALLS[name](sim)
        assert stories(sim) == stories(whole), f"broken off at {where}"


def stories(sim: Simulator) -> Any:
    """Return what there is but for ids, which may be others at the second attempt."""
    return [(t.state, t.progress, t.status_message, t.tags) for t in sim.tasks]


@pytest.mark.rule("ORD-10", "LIF-17", "LIF-23")
@pytest.mark.parametrize("name", ["export", "cancel", "fail", "an export fails"])
def test_a_store_that_fails_leaves_no_promise_behind(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise FaultError

    sim = account()
    state = sim._account.state
    before = (sorted(state.agenda), state.client_tokens.copy())
    monkeypatch.setattr(TaskStore, "add", fail)
    monkeypatch.setattr(TaskStore, "replace", fail)
    with pytest.raises(FaultError):
        CALLS[name](sim)
    assert (sorted(state.agenda), state.client_tokens) == before
