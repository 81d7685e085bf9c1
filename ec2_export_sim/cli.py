"""The command `ec2-export-sim`: parses words and hands them to what does the work."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from typing import TYPE_CHECKING, NoReturn

from . import __version__, describe

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE_ERROR = 252


class _Parser(argparse.ArgumentParser):
    """A parser that leaves with the AWS CLI's status for wrong usage."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: error: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with *arguments*, the process's own where there are none.

    Returns the exit status; wrong usage leaves with 252, as the AWS CLI does.
    """
    parser = _Parser(
        prog="ec2-export-sim",
        description="Amazon EC2's export-image-task API, in-process.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, add_arguments, run, summary in COMMANDS:
        command = commands.add_parser(name, help=summary, description=summary)
        add_arguments(command)
        command.set_defaults(run=run)
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _print_rules(_arguments: argparse.Namespace) -> int:
    from .rules import rules  # noqa: PLC0415 - reads every chapter

    for rule in rules().values():
        head = f"{rule.id}  {rule.level:6}  {rule.status:10}  {rule.title}"
        body = "\n".join((rule.statement, f"Source: {rule.source}")).strip()
        sys.stdout.write(f"{head}\n{textwrap.indent(body, ' ' * 8)}\n\n")
    return 0


COMMANDS = [
    (
        "describe-export-image-tasks",
        describe.add_arguments,
        describe.run,
        "Describe the tasks of a recorded list, or of a built-in sample account.",
    ),
    (
        "rules",
        lambda _parser: None,
        _print_rules,
        "Print every rule: id, level, status, statement and source.",
    ),
]
