"""The served simulator: the command, and the AWS CLI against it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import ec2_export_sim
from ec2_export_sim import Simulator
from ec2_export_sim.cli import main
from ec2_export_sim.commands import serve
from ec2_export_sim.wsgi import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import WSGIApplication

FAILED = {254, 255}  # the AWS CLI's status for a refusal, of version 2 and 1
ROOT = Path(ec2_export_sim.__file__).parent.parent
DESCRIBE = "Action=DescribeExportImageTasks&Version=2016-11-15"


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    with serve.make_server(app) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()


def aws(endpoint: str, *words: str, **environ: str) -> tuple[int, Any, str]:
    """Run the AWS CLI; return its status, its JSON and what it complains of."""
    inherited = {n: v for n, v in os.environ.items() if not n.startswith("AWS_")}
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    command = [sys.executable, "-m", "awscli", "ec2", "describe-export-image-tasks"]
    ran = subprocess.run(
        [*command, "--endpoint-url", endpoint, "--region", "us-east-1", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**inherited, **keys, **environ},
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout else None, ran.stderr


def described(endpoint: str) -> bytes:
    with urllib.request.urlopen(f"{endpoint}/?{DESCRIBE}") as answer:  # noqa: S310
        return bytes(answer.read())


def ids(answer: Any) -> list[str]:
    return [task["ExportImageTaskId"] for task in answer["ExportImageTasks"]]


@pytest.mark.rule("WIR-15")
def test_the_aws_cli_lists_filters_and_pages() -> None:
    sim = Simulator()
    tasks = [sim.add_task(tags={"n": str(n)}) for n in range(3)]
    tasks.append(sim.add_task(status="completed", description="é & <b>"))
    other = sim.in_region("eu-west-1").add_task()
    every = [task.id for task in tasks]
    with served(application(sim)) as endpoint:
        status, answer, complaint = aws(endpoint)
        assert (status, complaint) == (0, "")
        assert answer["ExportImageTasks"] == sim.dump_tasks()
        _, answer, _ = aws(endpoint, "--filters", "Name=task-state,Values=completed,x")
        assert ids(answer) == every[3:]
        _, answer, _ = aws(endpoint, "--page-size", "1", "--max-items", "2")
        assert ids(answer) == every[:2]
        _, answer, _ = aws(endpoint, "--starting-token", answer["NextToken"])
        assert ids(answer) == every[2:]
        _, answer, _ = aws(endpoint, "--export-image-task-ids", every[1], every[0])
        assert ids(answer) == every[:2]
        _, answer, _ = aws(endpoint, "--region", "eu-west-1")
        assert ids(answer) == [other.id]
    sizes = [call.parameters.get("MaxResults") for call in sim.calls]
    assert sizes[2:4] == [1, 1]


def test_the_aws_cli_tells_errors() -> None:
    with served(application(Simulator())) as endpoint:
        status, answer, complaint = aws(endpoint, "--dry-run")
        assert (status in FAILED, answer) == (True, None)
        assert "(DryRunOperation)" in complaint
        status, _, complaint = aws(endpoint, "--filters", "Name=Task-State,Values=x")
        assert status in FAILED
        assert "(InvalidParameterValue)" in complaint
        assert "The filter 'Task-State' is invalid" in complaint


def test_requests_are_answered_side_by_side() -> None:
    sim = Simulator()
    entered = threading.Barrier(2, timeout=10)
    app = application(sim)

    def slow(environ: Any, start_response: Any) -> Any:
        entered.wait()
        return app(environ, start_response)

    with served(slow) as endpoint, ThreadPoolExecutor(2) as pool:
        found = pool.map(described, [endpoint] * 2)
        assert all(b"exportImageTaskSet" in each for each in found)


def test_real_time_passes_before_each_request(monkeypatch: pytest.MonkeyPatch) -> None:
    sim = Simulator()
    start, clock = sim.now, iter([100.0, 101.5, 101.5, 110.0])
    of_the_test = SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr(serve, "time", of_the_test)
    app = serve.keeping_time(sim, lambda *_: [str(sim.now - start).encode()])
    seen = [b"".join(app({}, print)) for _ in range(3)]  # type: ignore[arg-type]
    assert seen == [b"0:00:01.500000", b"0:00:01.500000", b"0:00:10"]


@contextmanager
def in_the_background() -> Iterator[None]:
    """Ignore what a shell lets its background commands ignore, and inherit."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def command(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "ec2_export_sim", "serve", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_stopped(stop: int, tmp_path: Path) -> None:
    sim = Simulator()
    task = sim.add_task()
    recorded = tmp_path / "tasks.json"
    recorded.write_text(json.dumps({"ExportImageTasks": sim.dump_tasks()}))
    words = ("--tasks", str(recorded), "--real-time")
    with in_the_background(), command(*words) as (process, line):
        url = line.split()[-1]
        assert url.startswith("http://127.0.0.1:")
        assert task.id.encode() in described(url)
        process.send_signal(stop)
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_what_cannot_be_served_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with served(application(Simulator())) as taken:
        port = taken.rpartition(":")[2]
        wrong = [
            (["--port", port], "use"),
            (["--port", "99999"], "65535"),
            (["--region", "?"], "region_name"),
            (["--tasks", str(tmp_path / "none")], "none: No such file"),
        ]
        for words, told in wrong:
            assert main(["serve", *words]) == 252
            assert told in capsys.readouterr().err
