"""Reads the files that commands take."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..simulator import Simulator


@contextmanager
def naming(path: Path | str) -> Iterator[None]:
    """Raise ValueError, with the name of the file *path*, if it is not readable."""
    try:
        yield
    except OSError as problem:
        raise ValueError(f"{path}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise ValueError(f"{path}: {problem}") from None


def load_file(path: str, simulator: Simulator) -> None:
    """Load the recorded list in the file *path*; `-` is standard input.

    The file has the tasks, or the whole response, as JSON in any encoding that JSON
    allows: UTF-8, UTF-16 or UTF-32, with or without a byte order mark. Raises
    ValueError, with the name of the file, if it is missing or invalid.
    """
    with naming(path):
        text = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ValueError(
            f"{path}: this is not JSON ({problem}); "
            "`aws ec2 describe-export-image-tasks --output json` records a list"
        ) from None
    try:
        simulator.load_tasks(records)
    except ValueError as problem:
        raise ValueError(f"{path}: {problem}") from None
