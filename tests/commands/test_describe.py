"""describe-export-image-tasks: the AWS CLI's flags, output, errors and statuses."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim.cli import main
from ec2_export_sim.commands.sample import SAMPLE_TASKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, Any, str]]


DENY = {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}
SAMPLE_NOTE = "These are sample tasks; --tasks FILE takes your own.\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return the command: words in; status, parsed output and errors out."""

    def describe(*words: str) -> tuple[int, Any, str]:
        try:
            status = main(["describe-export-image-tasks", *words])
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return describe


@pytest.fixture
def sample(tmp_path: Path) -> str:
    """Return the name of a file with the sample tasks."""
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(SAMPLE_TASKS))
    return str(path)


def ids(answer: Any) -> list[str]:
    return [task["ExportImageTaskId"][-1] for task in answer["ExportImageTasks"]]


def test_the_sample_account_answers_and_says_so(run: Run) -> None:
    assert run() == (0, {"ExportImageTasks": SAMPLE_TASKS}, SAMPLE_NOTE)


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
    assert (status, "".join(ids(answer)), errors) == (0, expected, SAMPLE_NOTE)


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
    run: Run, sample: str, words: list[str], status: int, said: str
) -> None:
    assert run("--tasks", sample, *words) == (status, None, said)


@pytest.mark.parametrize("flag", ["--tasks", "--policy"])
@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_named(
    run: Run, tmp_path: Path, sample: str, flag: str, name: str
) -> None:
    path = tmp_path / name
    status, answer, errors = run("--tasks", sample, flag, str(path))
    assert (status, answer) == (252, None)
    assert errors.startswith(f"\n{path}: ")  # the rest is the system's to word
    assert errors.count("\n") == 2


@pytest.mark.parametrize(
    "words", [["--bogus"], ["--max-results", "many"], ["--tasks"], ["extra"]]
)
def test_wrong_usage_has_the_aws_clis_status(run: Run, words: list[str]) -> None:
    status, answer, errors = run(*words)
    assert (status, answer) == (252, None)
    usage, error = errors.splitlines()
    assert usage == "usage: ec2-export-sim describe-export-image-tasks [options]"
    assert error.startswith("ec2-export-sim describe-export-image-tasks: error: ")


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_recorded_list_is_described_unchanged(
    run: Run, tmp_path: Path, wrapped: bool
) -> None:
    records = [{"ExportImageTaskId": "export-ami-00000000", "Status": "active"}]
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps({"ExportImageTasks": records} if wrapped else records))
    assert run("--tasks", str(path)) == (0, {"ExportImageTasks": records}, "")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"]
)
@pytest.mark.parametrize("from_standard_input", [True, False])
def test_a_list_has_any_encoding_that_json_allows(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    from_standard_input: bool,
) -> None:
    records = [
        {
            "Description": "Zürich & Köln <b>",
            "ExportImageTaskId": "export-ami-00000000",
            "Status": "active",
        }
    ]
    data = json.dumps(records, ensure_ascii=False).encode(encoding)
    path = tmp_path / "tasks.json"
    path.write_bytes(data)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    name = "-" if from_standard_input else str(path)
    assert run("--tasks", name) == (0, {"ExportImageTasks": records}, "")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"ExportImageTasks:\n- ExportImageTaskId: export-ami-00000000\n",
        b"EXPORTIMAGETASKS\texport-ami-00000000\tactive\n",
        b"{}\n{}\n",
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_list_that_is_not_json_names_the_command_that_records_one(
    run: Run, tmp_path: Path, text: bytes
) -> None:
    path = tmp_path / "tasks.yaml"
    path.write_bytes(text)
    status, answer, errors = run("--tasks", str(path))
    assert (status, answer) == (252, None)
    assert errors.startswith(f"\n{path}: this is not JSON (")
    assert errors.endswith(
        "); `aws ec2 describe-export-image-tasks --output json` records a list\n"
    )
    assert errors.count("\n") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3", "or a response with ExportImageTasks"),
        ('{"Tasks": []}', "or a response with ExportImageTasks"),
        ('[{"Status": "active"}]', "record 0 has no ExportImageTaskId"),
    ],
)
def test_an_invalid_list_is_reported_in_one_line(
    run: Run, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(text)
    status, answer, errors = run("--tasks", str(path))
    assert (status, answer) == (252, None)
    assert errors.startswith(f"\n{path}: ")
    assert said in errors
    assert errors.count("\n") == 2


def test_a_policy_applies(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"Statement": DENY}))
    status, _, errors = run("--policy", str(path))
    assert status == 254
    assert "(UnauthorizedOperation)" in errors


def test_a_policy_uses_the_context(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    home = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": home}
    printed = {"PolicyVersion": {"Document": {"Statement": allow}}}
    path.write_text(json.dumps(printed), encoding="utf-16")
    for address, status in [("203.0.113.9", 0), ("198.51.100.9", 254)]:
        given = ("--context", f"aws:SourceIp={address}")
        assert run("--policy", str(path), *given)[0] == status
    status, _, errors = run("--policy", str(path))
    assert status == 252
    assert "aws:SourceIp" in errors
    status, _, errors = run("--policy", str(path), "--context", "aws:SourceIp")
    assert (status, "KEY=VALUE" in errors) == (252, True)


@pytest.mark.parametrize("word", ["Name=[a", "Name=task-state,Values=can't"])
def test_a_filter_that_is_no_shorthand_is_wrong_usage(run: Run, word: str) -> None:
    status, answer, errors = run("--filters", word)
    assert (status, answer) == (252, None)
    assert errors.endswith(f"for input: {word}\n")


@pytest.mark.parametrize("word", ["Name=[]", "Name=task-state,Value=[]", "Name=a,b"])
def test_a_filter_with_wrong_members_is_wrong_usage(run: Run, word: str) -> None:
    status, answer, errors = run("--filters", word)
    assert (status, answer) == (252, None)
    assert "Parameter validation failed:\n" in errors
