"""The whole command: help, statuses, and standard streams that are closed or full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ec2_export_sim import __version__
from ec2_export_sim.cli import COMMANDS, main, make_parser

COMMAND = [sys.executable, "-m", "ec2_export_sim"]
DESCRIBE = [*COMMAND, "describe-export-image-tasks"]
RULES = [*COMMAND, "rules"]
EXTRAS = ("boto3", "botocore", "hypothesis", "jmespath", "pytest")

needs_dev_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs /dev/full"
)
needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


def run(words: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, text=True, check=False, **options)


def run_with_closed(
    descriptors: tuple[int, ...], words: list[str], **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command, with these descriptors closed by the shell."""
    closed = " ".join(f"{each}>&-" for each in descriptors)
    return run(["sh", "-c", f'"$@" {closed}', "sh", *words], **options)


def test_the_module_is_the_command() -> None:
    ended = run([*COMMAND, "--version"], capture_output=True)
    assert (ended.returncode, ended.stdout) == (0, f"{__version__}\n")


@pytest.mark.parametrize("words", [["--help"], ["help"]])
def test_help_names_each_command(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        main(words)
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)
    assert "==SUPPRESS==" not in out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(capsys: pytest.CaptureFixture[str], name: str) -> None:
    outputs = []
    for words in ([name, "--help"], ["help", name]):
        with pytest.raises(SystemExit, match=r"^0$"):
            main(words)
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert outputs[0].splitlines()[0].startswith(f"usage: ec2-export-sim {name} [")


def test_one_parser_has_the_options_of_all_commands() -> None:
    _, commands = make_parser()
    assert list(commands) == list(COMMANDS)
    assert "--explain" in commands["describe-export-image-tasks"].format_help()
    assert "--port" in commands["serve"].format_help()
    assert "--level" in commands["conformance"].format_help()
    assert "--status" in commands["rules"].format_help()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_needs_no_extra(tmp_path: Path, name: str) -> None:
    for extra in EXTRAS:
        (tmp_path / f"{extra}.py").write_text("raise ModuleNotFoundError(__name__)")
    path = os.pathsep.join((str(tmp_path), *filter(None, sys.path)))
    environment = {**os.environ, "PYTHONPATH": path}
    ended = run([*COMMAND, name, "--help"], capture_output=True, env=environment)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([], 252),
        (["bogus"], 252),
        (["--bogus"], 252),
        (["describe"], 252),
        (["describe-export-image-tasks", "--bogus"], 252),
        (["describe-export-image-tasks", "--filter", "Name=task-state"], 252),
        (["serve", "--bogus"], 252),
        (["rules", "--bogus"], 2),
        (["rules", "--status", "sure"], 2),
        (["conformance", "no_such_module_here:make"], 2),
    ],
)
def test_wrong_usage_has_the_status_of_the_command(
    capsys: pytest.CaptureFixture[str], words: list[str], status: int
) -> None:
    try:
        ended = main(words)
    except SystemExit as error:
        ended = int(error.code or 0)
    out, err = capsys.readouterr()
    assert (ended, out) == (status, "")
    assert len(err.splitlines()) == 2


@pytest.mark.parametrize("words", [RULES, DESCRIBE, [*COMMAND, "--help"]])
def test_a_reader_that_leaves_early_is_no_error(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = run(words, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert ended.returncode == 0
    assert "Error" not in ended.stderr


@needs_dev_full
@pytest.mark.parametrize(("words", "status"), [(RULES, 2), (DESCRIBE, 255)])
def test_a_full_disk_gets_one_clear_line(words: list[str], status: int) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run(words, stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == status
    assert ended.stderr.splitlines()[-1].startswith("ec2-export-sim: error: ")
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr


@needs_dev_full
@pytest.mark.parametrize(("option", "status"), [("--dry-run", 254), ("--bogus", 252)])
def test_a_full_standard_error_keeps_the_status(option: str, status: int) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run([*DESCRIBE, option], stdout=subprocess.PIPE, stderr=full)
    assert (ended.returncode, ended.stdout) == (status, "")


@needs_posix
@pytest.mark.parametrize(
    ("descriptors", "words", "status"),
    [
        ((1,), DESCRIBE, 0),
        ((2,), [*DESCRIBE, "--dry-run"], 254),
        ((0, 1, 2), RULES, 0),
    ],
)
def test_a_closed_stream_keeps_the_status(
    descriptors: tuple[int, ...], words: list[str], status: int
) -> None:
    ended = run_with_closed(descriptors, words, capture_output=True)
    assert ended.returncode == status
    assert "Error" not in ended.stderr


@needs_posix
def test_a_closed_standard_input_is_empty() -> None:
    words = [*DESCRIBE, "--tasks", "-"]
    ended = run_with_closed((0,), words, capture_output=True)
    assert ended.returncode == 252
    assert ended.stderr.startswith("\n-: this is not JSON (")


@needs_posix
def test_ctrl_c_while_standard_input_is_read_has_no_traceback() -> None:
    words = [*DESCRIBE, "--tasks", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        # More than a pipe holds: when it is written, the command is reading.
        process.stdin.write(b" " * 10_000_000)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_character_that_the_output_cannot_encode_is_a_question_mark() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = run(RULES, capture_output=True, env=environment)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.isascii()
