"""The command `ec2-export-sim`: finds the command's module and hands it the words."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from . import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence


class Command(NamedTuple):
    """A command: its module in `commands`, imported when called.

    *usage_error* is its exit status for wrong usage.
    """

    module: str
    usage_error: int
    summary: str


# The AWS CLI's own: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
_USAGE_ERROR = 252

COMMANDS = {
    "describe-export-image-tasks": Command(
        "describe",
        _USAGE_ERROR,
        "describe the tasks of a recorded list, or of a built-in sample account",
    ),
    "serve": Command("serve", _USAGE_ERROR, "serve the API over HTTP for every SDK"),
    "conformance": Command(
        "conformance", 2, "hold an implementation against the rules"
    ),
    "rules": Command(
        "rules", 2, "print every rule: id, level, status, statement and source"
    ),
}


class _Parser(argparse.ArgumentParser):
    """A parser that leaves with the command's own status for wrong usage."""

    usage_error = _USAGE_ERROR

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(self.usage_error, f"{self.prog}: error: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with *arguments*, the process's own where there are none.

    Returns the exit status.
    """
    listed = "\n".join(f"  {name:28} {row.summary}" for name, row in COMMANDS.items())
    parser = _Parser(
        prog="ec2-export-sim",
        description="Amazon EC2's export-image-task API, in-process.",
        epilog=f"commands:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="...")
    parsed = parser.parse_args(arguments)
    try:
        status = _run(parsed.command, parsed.words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _run(name: str, words: Sequence[str]) -> int:
    command = COMMANDS[name]
    parser = _Parser(
        prog=f"ec2-export-sim {name}", description=command.summary, allow_abbrev=False
    )
    parser.usage_error = command.usage_error
    try:
        module = import_module(f".commands.{command.module}", __package__)
    except ModuleNotFoundError as missing:  # an extra that is not installed
        parser.exit(command.usage_error, f"{parser.prog}: error: {missing}\n")
    module.add_arguments(parser)
    parse = getattr(module, "parse_arguments", argparse.ArgumentParser.parse_args)
    try:
        arguments = parse(parser, words)
        status: int = module.run(arguments)
    except ValueError as problem:
        sys.stderr.write(f"\n{problem}\n")  # as the AWS CLI does
        return command.usage_error
    return status
