"""The command `serve` in a process of its own, and the AWS CLI against a server."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

import ec2_export_sim
from ec2_export_sim import Simulator
from ec2_export_sim.cli import main
from ec2_export_sim.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

FAILED = {254, 255}  # the AWS CLI's status for an error, of version 2 and 1
ROOT = Path(ec2_export_sim.__file__).parent.parent
DESCRIBE = "Action=DescribeExportImageTasks&Version=2016-11-15"


def aws(*words: str, **environment: str) -> tuple[int, Any, str]:
    """Run `aws ec2`; return its status, its JSON and its messages."""
    inherited = {n: v for n, v in os.environ.items() if not n.startswith("AWS_")}
    ran = subprocess.run(
        [sys.executable, "-m", "awscli", "ec2", *words],
        capture_output=True,
        text=True,
        check=False,
        env={
            **inherited,
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_DEFAULT_REGION": "us-east-1",
            **environment,
        },
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout else None, ran.stderr


def describe(url: str, *words: str) -> tuple[int, Any, str]:
    return aws("describe-export-image-tasks", *words, AWS_ENDPOINT_URL_EC2=url)


def ids(answer: Any) -> list[str]:
    return [task["ExportImageTaskId"] for task in answer["ExportImageTasks"]]


# --- the AWS CLI --------------------------------------------------------------------


@pytest.mark.rule("WIR-15")
def test_the_aws_cli_lists_filters_and_pages() -> None:
    sim = Simulator()
    tasks = [sim.add_task(tags={"n": str(n)}) for n in range(3)]
    tasks.append(sim.add_task(status="completed", description="é & <b>"))
    other = sim.in_region("eu-west-1").add_task()
    every = [task.id for task in tasks]
    with serve(sim) as url:
        status, answer, messages = describe(url)
        assert (status, messages) == (0, "")
        assert answer["ExportImageTasks"] == sim.dump_tasks()
        _, answer, _ = describe(url, "--filters", "Name=task-state,Values=completed,x")
        assert ids(answer) == every[3:]
        _, answer, _ = describe(url, "--page-size", "1", "--max-items", "2")
        assert ids(answer) == every[:2]
        _, answer, _ = describe(url, "--starting-token", answer["NextToken"])
        assert ids(answer) == every[2:]
        _, answer, _ = describe(url, "--export-image-task-ids", every[1], every[0])
        assert ids(answer) == every[:2]
        _, answer, _ = describe(url, "--region", "eu-west-1")
        assert ids(answer) == [other.id]
    sizes = [call.parameters.get("MaxResults") for call in sim.calls]
    assert sizes[2:4] == [1, 1]


def test_the_aws_cli_shows_errors() -> None:
    sim = Simulator()
    with serve(sim) as url:
        status, answer, messages = describe(url, "--dry-run")
        assert (status in FAILED, answer) == (True, None)
        assert "(DryRunOperation)" in messages
        status, _, messages = describe(url, "--filters", "Name=Task-State,Values=x")
        assert status in FAILED
        assert "(InvalidParameterValue)" in messages
        assert "The filter 'Task-State' is invalid" in messages
        sim.fail_next_call("*", "InvalidParameter", "service role <x> & é")
        _, _, messages = describe(url)
        assert "(InvalidParameter)" in messages
        assert "service role <x> & é" in messages


# --- the command --------------------------------------------------------------------


@contextmanager
def command(*words: str, **options: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `ec2-export-sim serve`, and give the process and the first line it prints."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    with subprocess.Popen(
        [sys.executable, "-m", "ec2_export_sim", "serve", *words],
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **options,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.kill()


def got(url: str, path: str) -> Any:
    with urllib.request.urlopen(url + path) as answer:  # noqa: S310 - our own server
        return answer.read()


def posted(url: str, name: str, **arguments: Any) -> Any:
    body = json.dumps(arguments).encode()
    with urllib.request.urlopen(f"{url}/_sim/{name}", body) as answer:  # noqa: S310
        return json.load(answer)


@contextmanager
def in_the_background() -> Iterator[None]:
    """Ignore what a shell lets its background commands ignore, and inherit."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_stopped(stop: int, tmp_path: Path) -> None:
    sim = Simulator()
    task = sim.add_task()
    recorded = tmp_path / "tasks.json"
    recorded.write_text(json.dumps({"ExportImageTasks": sim.dump_tasks()}))
    with in_the_background(), command("--tasks", str(recorded)) as (process, line):
        url = line.split()[-1]
        assert url.startswith("http://127.0.0.1:")
        assert task.id.encode() in got(url, f"/?{DESCRIBE}")
        process.send_signal(stop)
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.rule("WIR-33")
def test_at_sigterm_the_answer_under_way_is_finished() -> None:
    body = json.dumps({"progress": 21}).encode()
    head = f"POST /_sim/add_task HTTP/1.1\r\nContent-Length: {len(body)}\r\n"
    with command() as (process, line):
        place = urlsplit(line.split()[-1])
        with socket.create_connection((place.hostname, place.port), 30) as connection:
            # The server reads this body when the signal comes.
            connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 100")
            connection.sendall(body)
            process.terminate()
            assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")
        assert process.wait(timeout=10) == 0


def test_the_options_make_the_account(tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    statement = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    words = [
        *("--host", "::1", "--region", "eu-west-1", "--policy", str(policy)),
        *("--speed", "0", "--export-seconds", "60", "--seconds-per-call", "2"),
        *("--seed", "7", "--quirk", "TASK_STATE_FILTER_IGNORED"),
    ]
    expected = Simulator("eu-west-1", seed=7).add_task()
    export = "ExportImage&ImageId=ami-00000000&DiskImageFormat=VMDK"
    with command(*words) as (_, line):
        url = line.split()[-1]
        assert url.startswith("http://[::1]:")
        assert posted(url, "add_task")["ExportImageTaskId"] == expected.id
        filtered = f"/?{DESCRIBE}&Filter.1.Name=task-state&Filter.1.Value.1=completed"
        assert expected.id.encode() in got(url, filtered)
        denied = DESCRIBE.replace("DescribeExportImageTasks", export)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            got(url, f"/?{denied}&S3ExportLocation.S3Bucket=b")
        assert json.loads(got(url, "/_sim/now"))["now"] == "2025-01-01T00:00:04+00:00"


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (["--context", "aws:SourceIp=10.1.2.3"], True),
        (["--context", "aws:SourceIp=192.0.2.1"], False),
        (
            [
                *("--context", "aws:SourceIp=10.1.2.3"),
                *("--context", "aws:PrincipalTag/team=blue=red"),
            ],
            True,
        ),
    ],
)
def test_the_policy_may_have_conditions(
    tmp_path: Path, words: list[str], *, allowed: bool
) -> None:
    path = conditional(tmp_path)
    with command("--policy", str(path), *words) as (_, line):
        url = line.split()[-1]
        if allowed:
            assert b"exportImageTaskSet" in got(url, f"/?{DESCRIBE}")
        else:
            with pytest.raises(urllib.error.HTTPError, match="403"):
                got(url, f"/?{DESCRIBE}")


def conditional(folder: Path) -> Path:
    """Write what `aws iam get-policy-version` prints of a policy with a condition."""
    statement = {
        "Effect": "Allow",
        "Action": "ec2:Describe*",
        "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    path = folder / "policy.json"
    path.write_text(json.dumps({"PolicyVersion": {"Document": document}}))
    return path


def test_time_passes_by_itself_unless_it_may_not() -> None:
    for words, passes in (((), True), (("--speed", "0"), False)):
        with command(*words) as (_, line):
            url = line.split()[-1]
            assert (got(url, "/_sim/now") != got(url, "/_sim/now")) is passes


def test_a_terminal_gets_a_line_for_each_request() -> None:
    terminal, other_end = pty.openpty()
    with command(stderr=other_end) as (process, line):
        os.close(other_end)
        got(line.split()[-1], f"/?{DESCRIBE}")
        process.terminate()
        assert process.wait(timeout=10) == 0
    shown = os.read(terminal, 1000).decode()
    os.close(terminal)
    time, operation, status = shown.split()
    assert (len(time), operation, status) == (8, "DescribeExportImageTasks", "200")


def test_what_cannot_be_served_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with serve(Simulator()) as taken:
        port = taken.rpartition(":")[2]
        wrong = [
            (["--port", port], "use"),
            (["--port", "99999"], "65535"),
            (["--host", ""], "host"),
            (["--region", "?"], "region_name"),
            (["--speed", "-1"], "speed"),
            (["--tasks", str(tmp_path / "none")], "none: No such file"),
            (["--policy", str(tmp_path / "none")], "none: No such file"),
            (["--policy", str(conditional(tmp_path))], "aws:SourceIp"),
            (["--context", "aws:SourceIp"], "KEY=VALUE"),
        ]
        for words, named in wrong:
            assert main(["serve", *words]) == 252
            assert named in capsys.readouterr().err
