"""The command `ec2-export-sim conformance TARGET`: pytest runs the suite.

Exit status 0: something passed and nothing failed; 1: something failed; 2: nothing was
shown, the target cannot be examined, or the call is wrong.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from ..conformance import Judge, Report
    from ..conformance.plugin import Verdicts

CANNOT_EXAMINE = 2
_PYTEST_FINISHED = (0, 1, 5)  # all passed, some failed, none selected


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's own options; the others are pytest's."""
    parser.usage = "%(prog)s [MODULE:CALLABLE] [options] [options of pytest]"
    parser.epilog = (
        "MODULE:CALLABLE is (tasks, *, authorized=True) -> client; the module is also "
        "looked for in the current directory. Every other option is one of pytest: "
        "-k FLT, -x, -n 4, --junitxml FILE or -p PLUGIN."
    )
    add = parser.add_argument
    add("--endpoint", metavar="URL", help="examine the server at this address")
    add("--reset", metavar="URL", help="POST the tasks of the account to this address")
    add(
        "--denied-profile", metavar="NAME", help="AWS profile of a user without a right"
    )
    add("--level", default="documented", help="documented (default), observed, decided")
    add(
        "--examples",
        type=int,
        metavar="N",
        help="drawn cases for each rule; default 20",
    )
    add("--seed", type=int, default=0, help="what the drawn cases depend on; default 0")
    add("--read-only", action="store_true", help="only read; change nothing")
    add(
        "--unsupported",
        metavar="NAME",
        action="append",
        default=[],
        help="what the target cannot do, such as export, cancel or tag-calls; rules "
        "that need it are skipped; an unknown name lists all",
    )
    add(
        "--expected-failures",
        metavar="FILE",
        type=Path,
        help="lines with a rule and the reason why it is known to fail",
    )
    add(
        "--write-expected-failures",
        metavar="FILE",
        type=Path,
        help="write the rules that fail, and why, to this file",
    )


def parse_arguments(parser: ArgumentParser, words: Sequence[str]) -> Namespace:
    """Return the arguments; a first word that is not an option is the target."""
    named = words[:1] if words and not words[0].startswith("-") else []
    arguments, rest = parser.parse_known_args(words[len(named) :])
    arguments.target = named[0] if named else None
    arguments.pytest_options = rest
    arguments.command = shlex.join(("ec2-export-sim", "conformance", *words))
    if (arguments.target is None) == (arguments.endpoint is None):
        parser.error("give either a target, as MODULE:CALLABLE, or --endpoint URL")
    workers = any(word.startswith(("-n", "--numprocesses")) for word in rest)
    if workers and arguments.endpoint is not None:
        parser.error("the workers of -n would share the one account of the server")
    return arguments


def run(arguments: Namespace) -> int:
    """Examine the target, print the report, and return the exit status.

    Raises ValueError for a target that does not exist, a file that is not usable and
    an extra that is not installed.
    """
    try:
        from ..conformance import Judge, checks  # noqa: PLC0415 - it needs an extra
    except ModuleNotFoundError as missing:
        raise ValueError(str(missing)) from None
    from ..conformance.run import known_rules  # noqa: PLC0415
    from ..conformance.targets import make_target  # noqa: PLC0415

    settings: dict[str, Any] = {
        "level": arguments.level,
        "expected_failures": known_rules(_read(arguments.expected_failures)),
        "target": {
            "name": arguments.target,
            "endpoint": arguments.endpoint,
            "reset": arguments.reset,
            "denied_profile": arguments.denied_profile,
        },
        "judge": {
            "read_only": arguments.read_only,
            "seed": arguments.seed,
            "examples": arguments.examples,
            "unsupported": arguments.unsupported,
        },
    }
    checks(arguments.level)
    with _no_files_left():
        judge = Judge(make_target(**settings["target"]), **settings["judge"])
        if judge.obstacle:
            sys.stderr.write(f"the target cannot be examined: {judge.obstacle}\n")
            return CANNOT_EXAMINE
        status, verdicts = _run_pytest(settings, arguments.pytest_options)
    report = _report(judge, arguments, settings["expected_failures"], verdicts)
    sys.stdout.write(f"\n{report}\n")
    if arguments.write_expected_failures is not None:
        _write(report, arguments.write_expected_failures)
    finished = status in _PYTEST_FINISHED or report.failures
    return report.exit_status if finished else CANNOT_EXAMINE


def _run_pytest(settings: Any, options: Sequence[str]) -> tuple[int, Verdicts]:
    import pytest  # noqa: PLC0415 - it needs an extra

    from ..conformance import plugin  # noqa: PLC0415

    verdicts = plugin.Verdicts()
    ini = Path(plugin.__file__).with_name("suite.ini")
    words = (
        *("-c", os.fspath(ini), "--rootdir", os.fspath(ini.parent)),
        *("-p", plugin.__name__, plugin.OPTION, json.dumps(settings)),
        *("--pyargs", f"{plugin.__package__}.suite", *options),
    )
    return int(pytest.main(list(words), plugins=[verdicts])), verdicts


def _report(
    judge: Judge,
    arguments: Namespace,
    expected_failures: dict[str, str],
    verdicts: Verdicts,
) -> Report:
    from ..conformance import checks  # noqa: PLC0415
    from ..conformance.judge import NOT_JUDGED, Verdict  # noqa: PLC0415
    from ..conformance.report import Report  # noqa: PLC0415

    unreached = "the run ended before"
    asked = (each.rule for each in checks(arguments.level))
    return Report(
        arguments.target or arguments.endpoint,
        arguments.level,
        tuple(
            verdicts.by_rule.get(rule, Verdict(rule, NOT_JUDGED, unreached))
            for rule in asked
            if rule in verdicts.collected
        ),
        expected_failures,
        arguments.command,
        judge.target_version,
    )


@contextmanager
def _no_files_left() -> Iterator[None]:
    """Let Python and Hypothesis write nothing to the current directory.

    The environment is for the workers of pytest-xdist.
    """
    before, environment = sys.dont_write_bytecode, dict(os.environ)
    with TemporaryDirectory() as directory:
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = directory
        try:
            yield
        finally:
            sys.dont_write_bytecode = before
            os.environ.clear()
            os.environ.update(environment)


def _read(path: Path | None) -> dict[str, str]:
    """Read lines such as `FLT-05 the reason`; `#` begins a comment."""
    if path is None:
        return {}
    expected = {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ValueError(f"{path}: {problem}") from None
    for number, line in enumerate(text.splitlines(), 1):
        rule, _, reason = line.partition("#")[0].strip().partition(" ")
        if rule and not reason:
            raise ValueError(f"{path}, line {number}: {rule} has no reason")
        if rule:
            expected[rule] = reason.strip()
    return expected


def _write(report: Report, path: Path) -> None:
    failed = (each for each in report.verdicts if each.outcome == "failed")
    lines = [f"{each.rule} {_one_line(each.reason)}\n" for each in failed]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as problem:
        raise ValueError(f"{path}: {problem}") from None


def _one_line(reason: str) -> str:
    return " ".join(reason.replace("#", " ").split()) or "fails"
