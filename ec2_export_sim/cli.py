"""The command `ec2-export-sim`: one parser for all commands, and exit statuses."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from . import __version__
from .commands import conformance, describe, rules, serve
from .commands.output import complain, discard, prepare_streams

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


class Command(NamedTuple):
    """A command: its module, and its exit statuses for wrong usage and lost output."""

    module: ModuleType
    summary: str
    wrong_usage: int = 2
    lost_output: int = 2


# The AWS CLI's own: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
_WRONG_USAGE, _FAILURE = 252, 255
_INTERRUPTED = 130

COMMANDS = {
    "describe-export-image-tasks": Command(
        describe,
        "describe the tasks of a recorded list, or of a built-in sample account",
        _WRONG_USAGE,
        _FAILURE,
    ),
    "serve": Command(
        serve, "serve the API over HTTP for every SDK", _WRONG_USAGE, _FAILURE
    ),
    "conformance": Command(
        conformance, "check another implementation against the rules"
    ),
    "rules": Command(rules, "print the rules: id, status, statement and source"),
}


class _Parser(argparse.ArgumentParser):
    """A parser that exits with the status of its command for wrong usage."""

    wrong_usage = _WRONG_USAGE

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(self.wrong_usage, f"{self.prog}: error: {message}\n")


def make_parser() -> tuple[_Parser, dict[str, _Parser]]:
    """Return the whole parser, and the parser of each command in it."""
    parser = _Parser(
        prog="ec2-export-sim",
        usage="%(prog)s COMMAND [options]",
        description="Amazon EC2's export-image-task API, in-process.",
        epilog="`ec2-export-sim COMMAND --help` describes the options of a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    added = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Parser
    )
    commands: dict[str, _Parser] = {}
    for name, row in COMMANDS.items():
        command: _Parser = added.add_parser(
            name,
            prog=f"ec2-export-sim {name}",
            usage="%(prog)s [options]",
            help=row.summary,
            description=f"{row.summary[0].upper()}{row.summary[1:]}.",
            allow_abbrev=False,
        )
        command.wrong_usage = row.wrong_usage
        row.module.add_arguments(command)
        commands[name] = command
    return parser, commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with *arguments*, those of the process if None.

    Returns the exit status.
    """
    prepare_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    try:
        try:
            return _run(words)
        finally:
            sys.stdout.flush()
            complain("")
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of the output has read enough
        discard(sys.stdout)
        return 0
    except OSError as problem:
        discard(sys.stdout)
        complain(f"ec2-export-sim: error: {problem}\n")
        return COMMANDS[words[0]].lost_output if words[0] in COMMANDS else _FAILURE


def _run(words: list[str]) -> int:
    parser, commands = make_parser()
    if not words or words[0] not in commands:
        parser.parse_args(words)  # exits: help, the version, or wrong usage
    name, *rest = words
    row, command = COMMANDS[name], commands[name]
    # The command conformance passes options on to pytest.
    parse = getattr(row.module, "parse_arguments", argparse.ArgumentParser.parse_args)
    try:
        status: int = row.module.run(parse(command, rest))
    except ModuleNotFoundError as problem:  # an extra that is not installed
        command.exit(row.wrong_usage, f"{command.prog}: error: {problem}\n")
    except ValueError as problem:
        complain(f"\n{problem}\n")  # as the AWS CLI does
        return row.wrong_usage
    return status
