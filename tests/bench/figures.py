"""The figures: each a function that measures and returns its lines of the table."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from ec2_export_sim import Simulator
from ec2_export_sim.wsgi import application
from tests import wsgi_client
from tests.bench import boto3_canned
from tests.bench.peers import Moto, built, ids, mocked, records, stubbed
from tests.bench.rounds import Row, interleaved, no_collector, row, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SMALL = 1000
PAGE = 100
ROUNDS = 31

# The filters of a page; each matches at least one page of tasks.
FILTERS: dict[str, list[str]] = {
    "no filter": [],
    "half of them": ["active"],
    "100 of them": ["deleting"],
    "two states, merged": ["deleting", "completed"],
}


def state(count: int) -> Callable[[int], str]:
    """Return the state of each task: half of them active, one page of them deleting."""
    rare = count // PAGE

    def of(number: int) -> str:
        if number % rare == 0:
            return "deleting"
        return "active" if number % 2 else "completed"

    return of


def simulator_with(count: int, **construction: Any) -> Simulator:
    """Return a simulator with *count* tasks, in every state that `FILTERS` names."""
    sim = Simulator(**construction)
    sim.load_tasks(records(count, state(count)))
    return sim


def describe() -> Iterator[Row]:
    """Yield one task by id and a page of 100, compared with a mock, a stub and moto."""
    sim = Simulator()
    sim.load_tasks(records(SMALL))
    client: Any = sim.client()
    one = ids(SMALL // 2, 1)
    page = sim.dump_tasks()[:PAGE]
    mock = mocked({"ExportImageTasks": page[:1]})
    stub_one = stubbed({"ExportImageTasks": page[:1]})
    stub_page = stubbed({"ExportImageTasks": page})
    moto = Moto(PAGE)
    by_id = interleaved(
        {
            "ours": lambda: client.describe_export_image_tasks(ExportImageTaskIds=one),
            "MagicMock": lambda: mock.describe_export_image_tasks(
                ExportImageTaskIds=one
            ),
            "Stubber": lambda: stub_one(ExportImageTaskIds=one),
            "moto's volumes": moto.by_id,
        },
        ROUNDS,
    )
    for compared, target in (
        ("MagicMock", 1.0),
        ("Stubber", None),
        ("moto's volumes", None),
    ):
        taken = by_id[compared]
        yield row("describe one task by id", compared, by_id["ours"], taken, target)
    pages = interleaved(
        {
            "ours": lambda: client.describe_export_image_tasks(MaxResults=PAGE),
            "building the dicts": lambda: built(page),
            "Stubber": stub_page,
            "moto's volumes": moto.page,
        },
        ROUNDS,
    )
    moto.close()
    bare = "building the dicts"
    for compared, target in ((bare, 1.5), ("Stubber", None), ("moto's volumes", None)):
        taken = pages[compared]
        yield row("describe a page of 100", compared, pages["ours"], taken, target)


def load(count: int) -> Iterator[Row]:
    """Yield loading records from a generator, compared with making them."""
    ours, theirs = [], []
    with no_collector():
        for _ in range(3):
            theirs.append(seconds(lambda: deque(records(count), maxlen=0)) / count)
            ours.append(seconds(lambda: Simulator().load_tasks(records(count))) / count)
    figure = f"load {count:,} records, per record"
    yield row(figure, "making them", ours, theirs, 8)


def large(count: int) -> Iterator[Row]:
    """Yield the same page with many tasks and with few, filter by filter."""
    few, many = simulator_with(SMALL), simulator_with(count)
    compared = f"{SMALL:,} tasks"
    for name, values in FILTERS.items():
        request: dict[str, Any] = {"MaxResults": PAGE}
        if values:
            request["Filters"] = [{"Name": "task-state", "Values": values}]
        sides = {"few": asking(few, request), "many": asking(many, request)}
        assert all(len(call()["ExportImageTasks"]) == PAGE for call in sides.values())
        taken = interleaved(sides, ROUNDS)
        figure = f"that page, {count:,} tasks: {name}"
        yield row(figure, compared, taken["many"], taken["few"], 1.5)
    taken = interleaved({"few": walk(few), "many": walk(many)}, ROUNDS)
    figure = f"that page, {count:,} tasks: the next each time"
    yield row(figure, compared, taken["many"], taken["few"], 1.5)


def asking(sim: Simulator, request: dict[str, Any]) -> Callable[[], Any]:
    """Return a describe call with *request*."""
    client: Any = sim.client()
    return lambda: client.describe_export_image_tasks(**request)


def walk(sim: Simulator) -> Callable[[], Any]:
    """Return a call that describes the next page each time, and starts again."""
    client: Any = sim.client()
    answer: dict[str, Any] = {}

    def call() -> None:
        nonlocal answer
        token = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}
        answer = client.describe_export_image_tasks(MaxResults=PAGE, **token)

    return call


FORM = b"Action=DescribeExportImageTasks&Version=2016-11-15"
TEXTS = {"plain text": "image 1", "text to escape": '<a> & "b" é'}


def real_client() -> Iterator[Row]:
    """Yield calls through a real boto3 client, compared with canned bytes."""
    compared = "canned bytes"
    for name, text in TEXTS.items():
        sim = Simulator()
        for _ in range(PAGE):
            sim.add_task(description=text, s3_prefix=text, tags={"n": text})
        taken = boto3_canned.measured(sim, 100)
        figure = f"{PAGE} tasks through boto3, {name}"
        yield row(figure, compared, taken["ours"], taken["canned"], 1.15)
    one = [sim.tasks[0].id]
    taken = boto3_canned.measured(sim, 100, ExportImageTaskIds=one)
    yield row("one id through boto3", compared, taken["ours"], taken["canned"], 1.08)


def memory(count: int) -> Iterator[Row]:
    """Yield the memory per task, with different image ids, compared with its bounds."""
    sim = Simulator()
    tracemalloc.start()
    sim.load_tasks(records(count))
    kilobytes = [size / count / 1024 for size in tracemalloc.get_traced_memory()]
    tracemalloc.stop()
    for name, size, bound in zip(("", ", peak"), kilobytes, (0.6, 0.7), strict=True):
        yield row(f"memory per task{name}", "its bound", [size], [bound], 1, "KB")


def xml() -> Iterator[Row]:
    """Yield a page whose texts all need escaping, compared with a plain one."""
    pages = {}
    for name, text in TEXTS.items():
        sim = Simulator()
        for _ in range(PAGE):
            sim.add_task(description=text, s3_prefix=text, tags={"n": text})
        pages[name] = partial(wsgi_client.call, application(sim), FORM)
    plain, escaped = interleaved(pages, ROUNDS).values()
    yield row("a page of texts to escape", "plain text", escaped, plain, 1.5)


_IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"


def imports() -> Iterator[Row]:
    """Yield the import compared with boto3 and moto, and the plugin's with 5 ms."""
    statements = {
        "ours": "import ec2_export_sim",
        "peers": "import boto3; from moto import mock_aws",
        "plugin": "import ec2_export_sim.pytest_plugin",
    }
    taken: dict[str, list[float]] = {name: [] for name in statements}
    with tempfile.TemporaryDirectory() as compiled:
        # Only the first round compiles.
        surroundings = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(12):
            for name, statement in statements.items():
                code = _IMPORT.format(statement)
                if name == "plugin":  # it is pytest that imports it
                    code = f"import pytest; {code}"
                command = [sys.executable, "-c", code]
                said = subprocess.check_output(command, env=surroundings, text=True)
                taken[name].append(float(said))
    ours, peers, plugin = (times[1:] for times in taken.values())
    yield row("import", "boto3 and moto", ours, peers, 0.06)
    yield row(
        "import of the pytest plugin", "its bound", plugin, [5e-3] * len(plugin), 1
    )
