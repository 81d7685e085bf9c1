"""The command `serve`: the simulator on a port, for programs in any language."""

from __future__ import annotations

import logging
import signal
import sys
import time
from argparse import RawDescriptionHelpFormatter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from .. import server
from ..core.quirks import Quirk
from ..simulator import Simulator
from .caller import add_caller_arguments, read_context, read_policy
from .files import load_file

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator
    from types import FrameType

_EXAMPLES = """\
examples:
  %(prog)s --port 8000 --speed 60
  AWS_ENDPOINT_URL_EC2=http://127.0.0.1:8000 aws ec2 describe-export-image-tasks
  curl -d '{"seconds": 900}' http://127.0.0.1:8000/_sim/advance
  curl http://127.0.0.1:8000/_sim/tasks

Exit status: 0 after SIGTERM or Ctrl-C; 252 for wrong usage.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the server and of the simulator that it serves."""
    parser.epilog = _EXAMPLES
    parser.formatter_class = RawDescriptionHelpFormatter
    listen = parser.add_argument_group("the server")
    add = listen.add_argument
    add("--host", default=server.LOOPBACK, help="listen here (default: %(default)s)")
    add("--port", type=int, default=0, help="listen here (default: any free port)")
    add(
        "--speed",
        type=float,
        default=1,
        metavar="N",
        help="simulated seconds per real second (default: 1); with 0 only "
        "POST /_sim/advance moves the clock",
    )
    account = parser.add_argument_group("the account")
    add = account.add_argument
    add("--region", default="us-east-1", help="home region (default: %(default)s)")
    add("--tasks", metavar="FILE", help="load this recorded list; - reads stdin")
    add_caller_arguments(account)
    add(
        "--export-seconds",
        type=float,
        default=900,
        metavar="N",
        help="how long an export takes (default: %(default)s)",
    )
    add(
        "--seconds-per-call",
        type=float,
        default=0,
        metavar="N",
        help="how long a call takes (default: %(default)s)",
    )
    add("--seed", type=_seed, default=0, help="ids depend on it (default: %(default)s)")
    add(
        "--quirk",
        action="append",
        default=[],
        choices=list(Quirk.__members__),
        metavar="NAME",
        help="answer as AWS has been seen to answer, once or more: %(choices)s",
    )


def run(arguments: Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C, and return the exit status.

    The first line on standard output has the URL. On a terminal, standard error gets a
    line for each request. Raises ValueError for a file that cannot be read, a wrong
    argument, and if the server cannot listen.
    """
    sim = Simulator(
        arguments.region,
        seed=arguments.seed,
        export_seconds=arguments.export_seconds,
        seconds_per_call=arguments.seconds_per_call,
        quirks=[Quirk[name] for name in arguments.quirk],
    )
    if arguments.tasks is not None:
        load_file(arguments.tasks, sim)
    if sys.stderr.isatty():
        logging.basicConfig(
            level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
        )
    with (
        suppress(KeyboardInterrupt),
        _interrupted_by_signals(),
        server.serve(
            sim,
            arguments.host,
            arguments.port,
            speed=arguments.speed,
            policy=read_policy(arguments),
            context=read_context(arguments),
        ) as url,
    ):
        sys.stdout.write(f"Serving {sim!r} on {url}\n")
        sys.stdout.flush()
        while True:
            time.sleep(3600)
    return 0


def _seed(text: str) -> int | str:
    """Return the seed that a Python test writes as a number or as a string."""
    try:
        return int(text)
    except ValueError:
        return text


@contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt at SIGTERM, and at Ctrl-C also in the background."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, interrupt) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
