"""Reads the files that commands are given: recorded lists, and JSON of any kind."""

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
    """Raise ValueError, naming the file *path*, where it cannot be used within."""
    try:
        yield
    except OSError as problem:
        raise ValueError(f"{path}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise ValueError(f"{path}: {problem}") from None


def load_file(path: str, simulator: Simulator) -> None:
    """Load the recorded list in the file *path*, bare or as the AWS CLI printed it.

    Raises ValueError, naming the file, where it is missing or broken.
    """
    from_file(path, lambda value: simulator.load_tasks(_records(value)))


def from_file(path: str, read: Callable[[Any], _T]) -> _T:
    """Return what *read* makes of the JSON in the file *path*; `-` is standard input.

    Raises ValueError, naming the file, where it is missing or broken.
    """
    with naming(path):
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    try:
        return read(json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"{path}: {problem}") from None


def _records(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = value.get("ExportImageTasks")
    if not isinstance(value, list):
        raise ValueError('neither a list nor {"ExportImageTasks": [...]}')
    return value
