"""Parallel callers: no change is lost or half done, and no id is used twice."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING, Any

import botocore.exceptions
import pytest

from ec2_export_sim import ClientError, Simulator
from ec2_export_sim.botocore import intercept
from tests.calls import REQUEST, export
from tests.properties import THOROUGH
from tests.real import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2_export_sim import ExportImageTask

THREADS = 8
REGIONS = 300
TASKS = "ExportImageTasks"
PAIR = ["export-ami-00000001", "export-ami-00000002"]


@pytest.fixture(autouse=True)
def eager_switches() -> Iterator[None]:
    """Let the interpreter change threads as often as it can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Return what *work* returns in every thread; all of them begin together."""
    start = Barrier(THREADS, timeout=60)

    def begin(thread: int) -> Any:
        start.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def tags(answer: Any) -> list[dict[str, str]]:
    """Return the tags of each task described."""
    return [
        {tag["Key"]: tag["Value"] for tag in task["Tags"]}
        for task in answer["ExportImageTasks"]
    ]


class Caller:
    """The calls of one thread, and what they returned."""

    def __init__(self, client: Any, sim: Simulator, thread: int) -> None:
        self.client, self.sim, self.thread = client, sim, thread
        self.own = f"own-{thread}"
        self.written = ""
        self.exported: list[str] = []
        self.requests: list[str] = []

    def mix(self, calls: int) -> Caller:
        """Make so many calls, of every kind."""
        kinds = (self.write, self.read, self.export, self.cancel, self.walk, self.pass_)
        for turn in range(calls):
            kinds[(turn + self.thread) % len(kinds)](turn)
        return self

    def keep(self, answer: Any) -> Any:
        self.requests.append(answer["ResponseMetadata"]["RequestId"])
        return answer

    def write(self, turn: int) -> None:
        self.written = f"{self.thread}-{turn}"
        both = {"Key": "both", "Value": self.written}
        own = {"Key": self.own, "Value": self.written}
        self.keep(self.client.create_tags(Resources=PAIR, Tags=[both, own]))

    def read(self, _turn: int) -> None:
        answer = self.client.describe_export_image_tasks(ExportImageTaskIds=PAIR)
        first, second = tags(self.keep(answer))
        assert first == second
        assert first.get(self.own, "") == self.written

    def export(self, turn: int) -> None:
        image_id = f"ami-{self.thread:02x}{turn:06x}"
        answer = self.client.export_image(**REQUEST | {"ImageId": image_id})
        self.exported.append(self.keep(answer)["ExportImageTaskId"])

    def cancel(self, _turn: int) -> None:
        if not self.exported:
            return
        try:
            answer = self.client.cancel_export_task(ExportTaskId=self.exported[-1])
        except (ClientError, botocore.exceptions.ClientError) as error:
            # Another thread's clock was faster, or it has been canceled before.
            assert error.response["Error"]["Code"] == "IncorrectState"
            answer = error.response
        self.keep(answer)

    def walk(self, _turn: int) -> None:
        found: list[str] = []
        token: dict[str, Any] = {}
        for _ in range(3):
            answer = self.client.describe_export_image_tasks(MaxResults=5, **token)
            found += [t["ExportImageTaskId"] for t in self.keep(answer)[TASKS]]
            if "NextToken" not in answer:
                break
            token = {"NextToken": answer["NextToken"]}
        assert found[:2] == PAIR
        assert len(set(found)) == len(found)

    def pass_(self, _turn: int) -> None:
        self.sim.advance(1)


def a_pair(**settings: Any) -> Simulator:
    sim = Simulator(max_running_exports=10**9, export_seconds=20, **settings)
    for task_id in PAIR:
        sim.add_task(task_id=task_id)
    return sim


def assert_consistent(
    sim: Simulator, callers: list[Caller], notified: list[ExportImageTask]
) -> None:
    """Assert that every change happened once, and that filters and tasks agree."""
    requests = [each for caller in callers for each in caller.requests]
    assert len(set(requests)) == len(requests)
    exported = [each for caller in callers for each in caller.exported]
    ids = [task.id for task in sim.tasks]
    assert ids[:2] == PAIR
    assert sorted(ids[2:]) == sorted(exported)
    assert len(set(ids)) == len(ids)
    for task_id in PAIR:
        found = sim.task(task_id).tags
        for caller in callers:
            assert found.get(caller.own, "") == caller.written
    completed = [task.id for task in sim.tasks if task.state == "completed"]
    assert sorted(task.id for task in notified) == sorted(completed)
    for state in ("active", "completed", "deleting", "deleted"):
        wanted = [{"Name": "task-state", "Values": [state]}]
        answer = sim.invoke("DescribeExportImageTasks", {"Filters": wanted})
        ids = [task["ExportImageTaskId"] for task in answer[TASKS]]
        assert ids == [task.id for task in sim.tasks if task.state == state]


@pytest.mark.rule("SIM-04", "SIM-09", "RSP-11", "TAG-14")
def test_many_threads_can_call_one_client() -> None:
    notified: list[ExportImageTask] = []
    sim = a_pair(on_completed=notified.append)
    client = sim.client()
    calls = 10_000 if THOROUGH else 1_500
    callers = at_once(lambda thread: Caller(client, sim, thread).mix(calls))
    assert_consistent(sim, callers, notified)


@pytest.mark.rule("SIM-04", "SIM-09", "RSP-11", "TAG-14")
def test_many_threads_can_call_one_boto3_client() -> None:
    notified: list[ExportImageTask] = []
    sim = a_pair(on_completed=notified.append)
    client = made(sim.region_name)
    calls = 10_000 if THOROUGH else 100
    with intercept(sim, client):
        callers = at_once(lambda thread: Caller(client, sim, thread).mix(calls))
    assert_consistent(sim, callers, notified)


@pytest.mark.rule("LIF-24", "SIM-04")
def test_parallel_callers_do_not_exceed_the_limit() -> None:
    for _ in range(50):
        sim = Simulator()
        answers = at_once(lambda n, sim=sim: export(sim, ImageId=f"ami-{n:08x}"))  # type: ignore[misc]
        made_ids = [each["ExportImageTaskId"] for each in answers if type(each) is dict]
        assert sorted(made_ids) == sorted({task.id for task in sim.tasks})
        assert len(made_ids) == 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only on systems with fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_while_a_call_runs_leaves_the_child_a_free_lock() -> None:
    reading, forked = Event(), Event()

    class Images(dict[str, str]):
        def get(self, image_id: str, default: Any = None) -> Any:
            reading.set()
            forked.wait(10)
            return super().get(image_id, default)

    sim = Simulator(images=Images({REQUEST["ImageId"]: "own"}))
    caller = Thread(target=lambda: export(sim))
    caller.start()
    assert reading.wait(10)
    child = os.fork()
    if child == 0:
        signal.alarm(10)  # ends a child that waits for the lock
        os._exit(len(sim.tasks))
    forked.set()
    assert os.waitpid(child, 0)[1] == 0
    caller.join()
    assert len(sim.tasks) == 1


@pytest.mark.rule("SIM-08")
def test_snapshots_are_taken_and_restored_under_load() -> None:
    sim = a_pair()
    client: Any = sim.client()
    first, before = sim.snapshot(), sim.dump_tasks()

    def work(thread: int) -> None:
        for turn in range(3_000 if THOROUGH else 300):
            if thread < 2:
                snapshot = sim.snapshot()
                sim.restore(snapshot if turn % 3 else first)
                assert len(sim.calls) <= 10_000
            elif thread < 5:
                both = [{"Key": "both", "Value": f"{thread}-{turn}"}]
                client.create_tags(Resources=PAIR, Tags=both)
            elif thread < 7:
                one, other = tags(
                    client.describe_export_image_tasks(ExportImageTaskIds=PAIR)
                )
                assert one == other
            else:
                client.export_image(**REQUEST | {"ImageId": f"ami-{turn:08x}"})
                sim.advance(7)
                assert repr(sim).startswith("<Simulator")

    at_once(work)
    sim.restore(first)
    assert sim.dump_tasks() == before
    assert len(sim.tasks) == 2


def test_parallel_callers_make_a_region_once() -> None:
    sim = Simulator()

    def work(thread: int) -> None:
        for turn in range(REGIONS):
            region = sim.in_region(f"eu-west-{turn}")
            if thread % 2:
                assert repr(region).startswith("<Simulator")
            else:
                region.add_task()

    at_once(work)
    for turn in range(REGIONS):
        assert len(sim.in_region(f"eu-west-{turn}").tasks) == THREADS / 2
