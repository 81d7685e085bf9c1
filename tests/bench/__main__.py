"""All figures in one run: `python -m tests.bench`.

`--quick` uses 100 000 tasks instead of 1 000 000.
"""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from ec2_export_sim import __version__
from tests.bench import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.rounds import Row


def measured(count: int) -> Iterator[Row]:
    """Yield every line of the table."""
    yield from figures.imports()
    yield from figures.describe()
    yield from figures.real_client()
    yield from figures.xml()
    yield from figures.callers(64)
    yield from figures.memory(count // 10)
    yield from figures.large(count)
    yield from figures.load(count)


def amount(value: float, unit: str) -> str:
    """Return a measured amount, seconds as micro- or milliseconds."""
    if unit == "s":
        value, unit = (value * 1e6, "µs") if value < 1e-3 else (value * 1e3, "ms")
    return f"{value:.3g} {unit}"


def line(row: Row) -> str:
    """Return a line of the table."""
    ours, theirs = (amount(value, row.unit) for value in (row.ours, row.theirs))
    ratio = f"{row.ratio:.3f} ({row.low:.3f} to {row.high:.3f})"
    cells = (row.figure, ours, row.compared, theirs, ratio, f"{row.target:g}")
    return "| " + " | ".join((*cells, row.verdict)) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 000 tasks at most")
    options = parser.parse_args()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    others = (f"{name} {version(name)}" for name in ("boto3", "botocore", "moto"))
    print(f"ec2_export_sim {__version__}", python, machine, *others, sep=", ")
    print("medians of interleaved rounds; a ratio's spread is its quartiles\n")
    print("| figure | ours | compared with | theirs | ratio (spread) | target | |")
    print("|---|---|---|---|---|---|---|")
    for row in measured(10**5 if options.quick else 10**6):
        print(line(row), flush=True)


if __name__ == "__main__":
    main()
