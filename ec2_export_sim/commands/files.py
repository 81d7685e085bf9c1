"""Reads the files that commands take: recorded lists, and JSON of any kind."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..simulator import Simulator

_T = TypeVar("_T")


@contextmanager
def naming(path: Path | str) -> Iterator[None]:
    """Raise ValueError, with the name of the file *path*, if it is not usable."""
    try:
        yield
    except OSError as problem:
        raise ValueError(f"{path}: {problem.strerror}") from None
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"{path}: {problem}") from None


def load_file(path: str, simulator: Simulator) -> None:
    """Load the recorded list in the file *path*: the tasks, or the whole response.

    Raises ValueError, with the name of the file, if it is missing or invalid.
    """
    from_file(
        path,
        simulator.load_tasks,
        "`aws ec2 describe-export-image-tasks --output json` records a list",
    )


def from_file(path: str, read: Callable[[Any], _T], hint: str = "") -> _T:
    """Return what *read* makes of the JSON in the file *path*; `-` is standard input.

    The encoding is any that JSON allows: UTF-8, UTF-16 or UTF-32, with or without a
    byte order mark. Raises ValueError, with the name of the file, if it is missing or
    invalid; *hint* is added if it is not JSON.
    """
    with naming(path):
        text = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as problem:
            advice = f"; {hint}" if hint else ""
            raise ValueError(f"this is not JSON ({problem}){advice}") from None
        return read(value)
