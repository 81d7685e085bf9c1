"""What the constructor of a simulator fixes for the life of its account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .ids import IMAGE_ID_SYNTAX, is_image_id
from .quirks import Quirk
from .text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .model import ExportImageTask

_START = datetime(2025, 1, 1, tzinfo=UTC)
# What an image may be; only one's own can be exported (LIF-21).
IMAGE_KINDS = ("own", "marketplace", "encrypted")

_ACCOUNT_ID = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Settings:
    """An account's constants, checked; made by `settings`."""

    account_id: str
    seed: int | str
    start: datetime
    call_span: timedelta
    export_span: timedelta
    running_exports: int
    images: Mapping[str, str] | None
    home_region: str
    on_completed: Callable[[ExportImageTask], object] | None
    quirks: frozenset[Quirk]

    @property
    def default_principal(self) -> str:
        """The caller where none is named (AUT-11)."""
        return f"arn:aws:iam::{self.account_id}:user/test"


def settings(
    account_id: str,
    *,
    seed: int | str,
    start: datetime | None,
    seconds_per_call: float,
    export_seconds: float,
    running_exports: int,
    images: Mapping[str, str] | None,
    home_region: str,
    on_completed: Callable[[ExportImageTask], object] | None,
    quirks: Iterable[Quirk],
) -> Settings:
    """Return the constants of an account; raises ValueError, naming what is wrong."""
    if not isinstance(account_id, str) or not _ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(f"account_id must be 12 digits, not {quoted(account_id)}")
    if not isinstance(seed, int | str):
        raise ValueError(f"seed must be an int or a str, not {quoted(seed)}")
    start = _START if start is None else start
    if not isinstance(start, datetime) or start.utcoffset() is None:
        raise ValueError(f"start must be an aware datetime, not {quoted(start)}")
    try:
        start = start.astimezone(UTC)
    except OverflowError:
        raise ValueError(
            f"start is {quoted(start)}, which UTC's calendar lacks"
        ) from None
    export_span = span(export_seconds, "export_seconds")
    if not export_span:
        raise ValueError(
            f"export_seconds is {quoted(export_seconds)}; an export takes time"
        )
    if not isinstance(running_exports, int) or running_exports < 0:
        raise ValueError(
            f"running_exports is {quoted(running_exports)}; it is 0 or more"
        )
    if on_completed is not None and not callable(on_completed):
        raise ValueError(f"on_completed must be callable, not {quoted(on_completed)}")
    return Settings(
        account_id,
        seed,
        start,
        span(seconds_per_call, "seconds_per_call"),
        export_span,
        running_exports,
        None if images is None else dict(_kinds(images)),
        home_region,
        on_completed,
        frozenset(_quirks(quirks)),
    )


def span(seconds: float, place: str) -> timedelta:
    """Return *seconds* as a span of time; raises ValueError where it is none."""
    try:
        passed = timedelta(seconds=seconds)
    except (TypeError, ValueError, OverflowError) as problem:
        raise ValueError(f"{place} is {quoted(seconds)}: {problem}") from None
    if passed < timedelta(0):
        raise ValueError(f"{place} is {quoted(seconds)}; time does not run backwards")
    return passed


def _kinds(images: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not isinstance(images, Mapping):
        raise ValueError(f"images must be a mapping, not {type(images).__name__}")
    for image_id, kind in images.items():
        if not isinstance(image_id, str) or not is_image_id(image_id):
            raise ValueError(
                f"images has {quoted(image_id)}; an id is {IMAGE_ID_SYNTAX}"
            )
        if kind not in IMAGE_KINDS:
            known = ", ".join(IMAGE_KINDS)
            raise ValueError(
                f"images[{quoted(image_id)}] is {quoted(kind)}; a kind is {known}"
            )
        yield image_id, kind


def _quirks(quirks: Iterable[Quirk]) -> Iterator[Quirk]:
    if not isinstance(quirks, Iterable) or isinstance(quirks, str):
        raise ValueError(f"quirks must be a list of Quirk, not {quoted(quirks)}")
    for quirk in quirks:
        if not isinstance(quirk, Quirk):
            raise ValueError(f"quirks holds {quoted(quirk)}, which is no Quirk")
        yield quirk
