"""The figures: each a function that measures and returns its lines of the table."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tracemalloc
from typing import TYPE_CHECKING, Any

from ec2_export_sim import Simulator
from tests.bench import boto3_canned
from tests.bench.peers import Moto, built, ids, mocked, records, stubbed
from tests.bench.rounds import Row, collector_waiting, interleaved, row, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SMALL = 1000
PAGE = 100
ROUNDS = 31

# What a page may ask of the two worlds; each finds at least a page full in both.
FILTERS: dict[str, list[str]] = {
    "no filter": [],
    "half of them": ["active"],
    "100 of them": ["deleting"],
    "two states, merged": ["deleting", "completed"],
}


def state(count: int) -> Callable[[int], str]:
    """Return what gives tasks their states: half active, a page full deleting."""
    rare = count // PAGE

    def of(number: int) -> str:
        if number % rare == 0:
            return "deleting"
        return "active" if number % 2 else "completed"

    return of


def held(count: int, **construction: Any) -> Simulator:
    """Return a world of so many tasks, with every state that `FILTERS` asks for."""
    sim = Simulator(**construction)
    sim.load_tasks(records(count, state(count)))
    return sim


def describe() -> Iterator[Row]:
    """Yield one task by id, and a page of 100, beside a mock, a stub and moto."""
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
    for beside, target in (
        ("MagicMock", 0.4),
        ("Stubber", None),
        ("moto's volumes", None),
    ):
        taken = by_id[beside]
        yield row("describe one task by id", beside, by_id["ours"], taken, target)
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
    for beside, target in ((bare, 1.25), ("Stubber", None), ("moto's volumes", None)):
        taken = pages[beside]
        yield row("describe a page of 100", beside, pages["ours"], taken, target)


def load(count: int) -> Iterator[Row]:
    """Yield the loading of a recorded list beside the building of its dicts."""
    source = list(records(count))
    ours, theirs = [], []
    with collector_waiting():
        for _ in range(3):
            theirs.append(seconds(lambda: built(source)) / count)
            ours.append(seconds(lambda: Simulator().load_tasks(source)) / count)
    figure = f"load {count:,} records, a record"
    yield row(figure, "building the dicts", ours, theirs, 5)


def large(count: int) -> Iterator[Row]:
    """Yield the same page with many tasks held and with few, filter by filter."""
    few, many = held(SMALL), held(count)
    beside = f"{SMALL:,} held"
    for name, values in FILTERS.items():
        request: dict[str, Any] = {"MaxResults": PAGE}
        if values:
            request["Filters"] = [{"Name": "task-state", "Values": values}]
        sides = {"few": asking(few, request), "many": asking(many, request)}
        assert all(len(call()["ExportImageTasks"]) == PAGE for call in sides.values())
        taken = interleaved(sides, ROUNDS)
        figure = f"that page, {count:,} held: {name}"
        yield row(figure, beside, taken["many"], taken["few"], 1.5)
    taken = interleaved({"few": walk(few), "many": walk(many)}, ROUNDS)
    figure = f"that page, {count:,} held: the next each time"
    yield row(figure, beside, taken["many"], taken["few"], 1.5)


def asking(sim: Simulator, request: dict[str, Any]) -> Callable[[], Any]:
    """Return a call that describes what *request* asks for."""
    client: Any = sim.client()
    return lambda: client.describe_export_image_tasks(**request)


def walk(sim: Simulator) -> Callable[[], Any]:
    """Return a call that describes the next page each time, round and round."""
    client: Any = sim.client()
    answer: dict[str, Any] = {}

    def call() -> None:
        nonlocal answer
        given = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}
        answer = client.describe_export_image_tasks(MaxResults=PAGE, **given)

    return call


def real_client() -> Iterator[Row]:
    """Yield 100 tasks through a real boto3 client beside canned bytes through it."""
    taken = boto3_canned.measured(PAGE, 100)
    beside = "canned bytes"
    yield row(f"{PAGE} tasks through boto3", beside, taken["ours"], taken[beside], 1.10)


def memory(count: int) -> Iterator[Row]:
    """Yield what a task takes, all image ids different, beside 0.6 KB."""
    sim = Simulator()
    tracemalloc.start()
    sim.load_tasks(records(count))
    kilobytes = tracemalloc.get_traced_memory()[0] / count / 1024
    tracemalloc.stop()
    yield row("memory of a task", "its bound", [kilobytes], [0.6], 1, "KB")


_IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"


def imports() -> Iterator[Row]:
    """Yield the import beside that of boto3 and moto, and the plugin's beside 5 ms."""
    statements = {
        "ours": "import ec2_export_sim",
        "peers": "import boto3; from moto import mock_aws",
        "plugin": "import ec2_export_sim.pytest_plugin",
    }
    taken: dict[str, list[float]] = {name: [] for name in statements}
    with tempfile.TemporaryDirectory() as compiled:
        # The first round compiles, whatever this process was told; none after it.
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
