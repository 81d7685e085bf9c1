"""The figures: each function measures and yields its lines of the table."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Barrier
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock
from urllib.parse import urlsplit

from ec2_export_sim import Simulator
from ec2_export_sim.server import serve
from ec2_export_sim.wsgi import application
from tests import wsgi_client
from tests.bench import boto3_canned
from tests.bench.rounds import Row, interleaved, no_collector, row, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SMALL = 1000
PAGE = 100
ROUNDS = 31
FORM = b"Action=DescribeExportImageTasks&Version=2016-11-15"
TEXTS = {"plain text": "image 1", "text to escape": '<a> & "b" é'}


def records(count: int) -> Iterator[dict[str, Any]]:
    """Yield *count* recorded tasks, half of them active, each with its own image."""
    for number in range(1, count + 1):
        record: dict[str, Any] = {
            "ExportImageTaskId": f"export-ami-{number:017x}",
            "ImageId": f"ami-{number:017x}",
            "S3ExportLocation": {"S3Bucket": "exports"},
            "Status": "completed",
            "Tags": [{"Key": "Name", "Value": "image"}],
        }
        if number % 2:
            active = {
                "Progress": "0",
                "Status": "active",
                "StatusMessage": "validating",
            }
            record |= active
        yield record


def loaded(count: int) -> Simulator:
    """Return a simulator with *count* tasks."""
    sim = Simulator()
    sim.load_tasks(records(count))
    return sim


def page_of(text: str) -> Simulator:
    """Return a simulator with a page of tasks whose texts are *text*."""
    sim = Simulator()
    for _ in range(PAGE):
        sim.add_task(description=text, s3_prefix=text, tags={"n": text})
    return sim


def built(page: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Build the dicts of a response, as a test with canned responses does."""
    return [
        {
            **task,
            "S3ExportLocation": {"S3Bucket": task["S3ExportLocation"]["S3Bucket"]},
            "Tags": [
                {"Key": tag["Key"], "Value": tag["Value"]} for tag in task["Tags"]
            ],
        }
        for task in page
    ]


def describe() -> Iterator[Row]:
    """Yield one task by id and a page of 100 through the client."""
    sim = loaded(SMALL)
    client: Any = sim.client()
    one, page = [sim.tasks[SMALL // 2].id], sim.dump_tasks()[:PAGE]
    mock = MagicMock()
    mock.describe_export_image_tasks.return_value = {"ExportImageTasks": page[:1]}
    by_id = interleaved(
        {
            "ours": lambda: client.describe_export_image_tasks(ExportImageTaskIds=one),
            "theirs": lambda: mock.describe_export_image_tasks(ExportImageTaskIds=one),
        },
        ROUNDS,
    )
    yield row("describe one task by id", "MagicMock", by_id.values(), 1.0)
    pages = interleaved(
        {
            "ours": lambda: client.describe_export_image_tasks(MaxResults=PAGE),
            "theirs": lambda: built(page),
        },
        ROUNDS,
    )
    yield row("describe a page of 100", "building the dicts", pages.values(), 1.5)


def large(count: int) -> Iterator[Row]:
    """Yield pages of many tasks, compared with the same pages of few."""
    few, many = loaded(SMALL), loaded(count)
    active = [{"Name": "task-state", "Values": ["active"]}]
    requests: dict[str, dict[str, Any]] = {"": {}, ", active": {"Filters": active}}
    for name, request in requests.items():
        sides = {"many": asking(many, request), "few": asking(few, request)}
        taken = interleaved(sides, ROUNDS)
        figure = f"that page of {count:,} tasks{name}"
        yield row(figure, f"of {SMALL:,}", taken.values(), 1.5)
    taken = interleaved({"many": walk(many), "few": walk(few)}, ROUNDS)
    figure = f"that page of {count:,} tasks, the next each time"
    yield row(figure, f"of {SMALL:,}", taken.values(), 1.5)


def asking(sim: Simulator, request: dict[str, Any]) -> Callable[[], Any]:
    """Return a describe call with *request*."""
    client: Any = sim.client()
    return lambda: client.describe_export_image_tasks(MaxResults=PAGE, **request)


def walk(sim: Simulator) -> Callable[[], Any]:
    """Return a call that describes the next page each time, and starts again."""
    client: Any = sim.client()
    response: dict[str, Any] = {}

    def call() -> None:
        nonlocal response
        token = {n: t for n, t in response.items() if n == "NextToken"}
        response = client.describe_export_image_tasks(MaxResults=PAGE, **token)

    return call


def real_client() -> Iterator[Row]:
    """Yield calls through a real boto3 client, compared with canned bytes."""
    for name, text in TEXTS.items():
        taken = boto3_canned.measured(page_of(text), 100)
        figure = f"{PAGE} tasks through boto3, {name}"
        yield row(figure, "canned bytes", taken.values(), 1.15)
    sim = page_of("image 1")
    taken = boto3_canned.measured(sim, 100, ExportImageTaskIds=[sim.tasks[0].id])
    yield row("one id through boto3", "canned bytes", taken.values(), 1.08)


def xml() -> Iterator[Row]:
    """Yield a page whose texts all need escaping, compared with a plain one."""
    pages = {
        name: partial(wsgi_client.call, application(page_of(text)), FORM)
        for name, text in TEXTS.items()
    }
    plain, escaped = interleaved(pages, ROUNDS).values()
    yield row("a page of texts to escape", "plain text", (escaped, plain), 1.5)


def load(count: int) -> Iterator[Row]:
    """Yield loading records from a generator, compared with making them."""
    ours, theirs = [], []
    with no_collector():
        for _ in range(3):
            theirs.append(seconds(lambda: deque(records(count), maxlen=0)) / count)
            ours.append(seconds(lambda: loaded(count)) / count)
    yield row(f"load {count:,} records, per record", "making them", (ours, theirs), 8)


def memory(count: int) -> Iterator[Row]:
    """Yield the memory per task, with different image ids, compared with its bounds."""
    sim = Simulator()
    tracemalloc.start()
    sim.load_tasks(records(count))
    kilobytes = [size / count / 1024 for size in tracemalloc.get_traced_memory()]
    tracemalloc.stop()
    for name, size, bound in zip(("", ", peak"), kilobytes, (0.6, 0.7), strict=True):
        yield row(f"memory per task{name}", "its bound", ([size], [bound]), 1, "KB")


def callers(count: int) -> Iterator[Row]:
    """Yield the slowest of *count* callers that call `serve` at once."""
    together = Barrier(count)

    def call(netloc: str) -> float:
        connection = HTTPConnection(netloc)
        together.wait()
        taken = seconds(lambda: answered(connection))
        connection.close()
        return taken

    with serve(page_of("image 1")) as url, ThreadPoolExecutor(count) as pool:
        places = [urlsplit(url).netloc] * count
        slowest = [max(pool.map(call, places)) for _ in range(5)]
    sides = (slowest, [1.0] * len(slowest))
    yield row(f"{count} callers at once, the slowest", "a second", sides, 0.5)


def answered(connection: HTTPConnection) -> None:
    """Make one call over HTTP."""
    connection.request("POST", "/", FORM)
    answer = connection.getresponse()
    answer.read()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"answered with {answer.status}")


_IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"


def imports() -> Iterator[Row]:
    """Yield the import compared with boto3 and moto, and the plugin's with 5 ms."""
    programs = {
        "ours": _IMPORT.format("import ec2_export_sim"),
        "peers": _IMPORT.format("import boto3; from moto import mock_aws"),
        # pytest imports the plugin, so pytest itself does not count.
        "plugin": "import pytest; "
        + _IMPORT.format("import ec2_export_sim.pytest_plugin"),
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as compiled:
        # Only the first round compiles.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(12):
            for name, program in programs.items():
                command = [sys.executable, "-c", program]
                said = subprocess.check_output(command, env=environment, text=True)
                taken[name].append(float(said))
    ours, peers, plugin = (times[1:] for times in taken.values())
    yield row("import", "boto3 and moto", (ours, peers), 0.06)
    bound = [5e-3] * len(plugin)
    yield row("import of the pytest plugin", "its bound", (plugin, bound), 1)
