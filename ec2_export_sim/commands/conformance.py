"""The command `ec2-export-sim conformance MODULE:CALLABLE`.

Exit status 0: every rule of the level holds; 1: one is broken; 2: a wrong call.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from .files import naming

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ..conformance import Report, RuleOutcome, Target

HOLDS, BROKEN = 0, 1


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's arguments to *parser*."""
    add = parser.add_argument
    add(
        "target",
        metavar="MODULE:CALLABLE",
        help="(tasks, *, authorized=True) -> client; the module is looked for in the "
        "current directory, too",
    )
    add("--level", default="must", help="default: must")
    add("--seed", type=int, help="what the drawn cases depend on; default: 0")
    add(
        "--examples",
        type=int,
        help="drawn cases a property; default: 20, or 5 with --read-only",
    )
    add("--read-only", action="store_true", help="give the target no tasks, only read")
    add(
        "--lacks",
        action="append",
        default=[],
        help="what the target cannot do; its rules are skipped",
    )
    add(
        "--expect-fail",
        metavar="FILE",
        type=Path,
        help="lines of a rule's id and the reason why it is known to fail",
    )
    add("--report", metavar="FILE.json", type=Path, help="write the report as JSON")


def run(arguments: Namespace) -> int:
    """Run the command, progress on stderr and the report on stdout.

    Raises ValueError for a target that is none and a file that cannot be used.
    """
    from ..conformance import check  # noqa: PLC0415 - it needs an extra

    report = check(
        load_target(arguments.target),
        level=arguments.level,
        read_only=arguments.read_only,
        expected_failures=_expected(arguments.expect_fail),
        seed=arguments.seed,
        examples=arguments.examples,
        lacks=arguments.lacks,
        progress=_tell,
    )
    sys.stdout.write(f"{report}\n")
    _write(report, arguments.report)
    return HOLDS if report.ok else BROKEN


def load_target(name: str) -> Target:
    """Return the target that `MODULE:CALLABLE` names.

    Raises ValueError, naming what is wrong, where there is none.
    """
    module_name, colon, path = name.partition(":")
    if not (module_name and colon and path):
        raise ValueError(f"{name!r} is not of the form MODULE:CALLABLE")
    if "" not in sys.path:
        sys.path.insert(0, "")  # as `python -m` has it; an installed command has not
    try:
        found: object = import_module(module_name)
    except (Exception, SystemExit) as error:
        told = f"{type(error).__name__}: {error}"
        raise ValueError(f"{module_name!r} cannot be imported: {told}") from error
    for step in path.split("."):
        if not hasattr(found, step):
            raise ValueError(f"{module_name!r} has no {path!r}")
        found = getattr(found, step)
    if not callable(found):
        raise ValueError(f"{name!r} is not callable, but a {type(found).__name__}")
    return found


def _expected(path: Path | None) -> dict[str, str]:
    """Read `FLT-05 the reason` from each line; `#` begins a remark."""
    expected: dict[str, str] = {}
    if path is None:
        return expected
    with naming(path):
        text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        rule, _, reason = line.partition("#")[0].strip().partition(" ")
        if rule and not reason:
            raise ValueError(f"{path}, line {number}: {rule} has no reason")
        if rule:
            expected[rule] = reason.strip()
    return expected


def _tell(outcome: RuleOutcome) -> None:
    sys.stderr.write(f"{outcome.rule} {outcome.outcome}\n")


def _write(report: Report, path: Path | None) -> None:
    if path is not None:
        text = json.dumps(report.as_json(), indent=2, ensure_ascii=False)
        with naming(path):
            path.write_text(f"{text}\n", encoding="utf-8")
