"""The command: the AWS CLI's flags, output, errors and statuses."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim import __version__
from ec2_export_sim.cli import main
from ec2_export_sim.commands.sample import SAMPLE_TASKS
from ec2_export_sim.rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return the command: words in; status, parsed output and errors out."""

    def describe(*words: str) -> tuple[int, Any, str]:
        try:
            status = main(["describe-export-image-tasks", *words])
        except SystemExit as left:
            status = int(left.code or 0)
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return describe


def ids(answer: Any) -> list[str]:
    return [task["ExportImageTaskId"][-1] for task in answer["ExportImageTasks"]]


def test_the_sample_account_answers(run: Run) -> None:
    assert run() == (0, {"ExportImageTasks": SAMPLE_TASKS}, "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--filters", "Name=task-state,Values=active,completed"], "01t"),
        (["--filters", "Name=task-state,Values=active", "Name=tag-key,Values=*"], "t"),
        (["--filters", '[{"Name": "task-state", "Values": ["deleted"]}]'], "3"),
        (["--filters", '{"Name": "tag:stage", "Values": ["release"]}'], "3"),
        (["--filters", "Name=task-state"], ""),
        (["--export-image-task-ids", "export-ami-1234567890abcdef3"], "3"),
        (["--export-image-task-ids", '["export-ami-1234567890abcdef1"]'], "1"),
        (["--page-size", "1"], "01t3"),
        (["--max-results", "2"], "01"),
        (["--no-dry-run"], "01t3"),
        (["--no-paginate"], "01t3"),
        (["--filters"], "01t3"),
        (["--export-image-task-ids"], "01t3"),
    ],
)
def test_flags_select(run: Run, words: list[str], expected: str) -> None:
    status, answer, errors = run(*words)
    assert (status, "".join(ids(answer)), errors) == (0, expected, "")


@pytest.mark.parametrize(
    ("size", "resume"),
    [("--max-items", "--starting-token"), ("--max-results", "--next-token")],
)
def test_a_walk_is_resumed(run: Run, size: str, resume: str) -> None:
    _, first, _ = run(size, "3")
    assert ids(first) == ["0", "1", "t"]
    _, rest, _ = run(resume, first["NextToken"])
    assert ids(rest) == ["3"]
    assert "NextToken" not in rest


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (
            ["--dry-run"],
            254,
            "\nAn error occurred (DryRunOperation) when calling the "
            "DescribeExportImageTasks operation: Request would have succeeded, but "
            "DryRun flag is set.\n",
        ),
        (
            ["--export-image-task-ids", "x"],
            254,
            "\nAn error occurred (InvalidExportTaskID.Malformed) when calling the "
            'DescribeExportImageTasks operation: Invalid id: "x" (expecting '
            '"export-ami-...")\n',
        ),
        (
            ["--max-results", "0"],
            252,
            "\nParameter validation failed:\nInvalid value for parameter MaxResults, "
            "value: 0, valid min value: 1\n",
        ),
        (
            ["--max-results", "1", "--page-size", "1"],
            252,
            "\nError during pagination: Cannot specify --no-paginate along with "
            "pagination arguments: "
            "--page-size\n",
        ),
        (
            ["--region", "x y"],
            252,
            "\nregion_name must be like 'us-east-1', not 'x y'\n",
        ),
    ],
)
def test_an_error_is_printed_as_the_aws_cli_does(
    run: Run, words: list[str], status: int, said: str
) -> None:
    assert run(*words) == (status, None, said)


@pytest.mark.parametrize("flag", ["--tasks", "--policy"])
@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_named(
    run: Run, tmp_path: Path, flag: str, name: str
) -> None:
    path = tmp_path / name
    status, answer, errors = run(flag, str(path))
    assert (status, answer) == (252, None)
    assert errors.startswith(f"\n{path}: ")  # the rest is the system's to word
    assert errors.count("\n") == 2


@pytest.mark.parametrize(
    "words", [["--bogus"], ["--max-results", "many"], ["--tasks"], ["extra"]]
)
def test_wrong_usage_has_the_aws_clis_status(run: Run, words: list[str]) -> None:
    status, answer, errors = run(*words)
    assert (status, answer) == (252, None)
    assert errors.startswith("usage: ec2-export-sim")


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_recorded_list_is_described_unchanged(
    run: Run, tmp_path: Path, wrapped: bool
) -> None:
    records = [{"ExportImageTaskId": "export-ami-00000000", "Status": "active"}]
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps({"ExportImageTasks": records} if wrapped else records))
    assert run("--tasks", str(path)) == (0, {"ExportImageTasks": records}, "")


def test_a_list_can_come_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("[]"))
    assert run("--tasks", "-") == (0, {"ExportImageTasks": []}, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting property name"),
        ("3", 'neither a list nor {"ExportImageTasks": [...]}'),
        ('{"Tasks": []}', 'neither a list nor {"ExportImageTasks": [...]}'),
        ('[{"Status": "active"}]', "record 0 has no ExportImageTaskId"),
        ("[" * 100_000, "recursion"),
        ("\xff", "codec can't decode"),
    ],
)
def test_an_invalid_list_is_reported_in_one_line(
    run: Run, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "tasks.json"
    path.write_bytes(text.encode("latin-1"))
    status, answer, errors = run("--tasks", str(path))
    assert (status, answer) == (252, None)
    assert errors.startswith(f"\n{path}: ")
    assert said in errors
    assert errors.count("\n") == 2


def test_a_policy_applies(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"Statement": []}')
    status, _, errors = run("--policy", str(path))
    assert status == 254
    assert "(UnauthorizedOperation)" in errors


def test_an_invalid_filter_has_the_status_of_wrong_usage(run: Run) -> None:
    status, answer, errors = run("--filters", "Name=[a")
    assert (status, answer) == (252, None)
    assert errors.endswith("for input: Name=[a\n")


def test_the_rules_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    out = capsys.readouterr().out
    for rule in rules().values():
        assert f"{rule.id}  {rule.level:6}  {rule.status:10}  {rule.title}\n" in out
        assert rule.source in out


def test_the_module_is_the_command() -> None:
    command = [sys.executable, "-m", "ec2_export_sim", "--version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == f"{__version__}\n"


def test_a_closed_output_is_no_error() -> None:
    command = [sys.executable, "-m", "ec2_export_sim", "rules"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        assert ran.stderr.read() == b""
        assert ran.wait() == 0
