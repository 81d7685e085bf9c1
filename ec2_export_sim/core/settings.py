"""The settings of an account, which the constructor of a simulator fixes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from inspect import iscoroutinefunction
from operator import index
from typing import TYPE_CHECKING, Any

from .ids import IMAGE_ID_SYNTAX, is_image_id
from .text import check_text, safe_repr

if TYPE_CHECKING:
    from collections.abc import Callable

    from .model import ExportImageTask
    from .quirks import Quirk

DEFAULT_START = datetime(2025, 1, 1, tzinfo=UTC)
# The kinds of images; only "own" can be exported (LIF-21).
IMAGE_KINDS = ("own", "marketplace", "encrypted")

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Settings:
    """The arguments of `Simulator`, checked.

    Raises ValueError, with the argument's name, for one that is out of its range.
    """

    region_name: str
    account_id: str
    seed: int | str
    start: datetime
    seconds_per_call: float | timedelta
    export_seconds: float | timedelta
    max_running_exports: int
    images: Mapping[str, str] | None
    roles: Collection[str] | None
    on_completed: Callable[[ExportImageTask], object] | None
    quirks: frozenset[Quirk]

    def __post_init__(self) -> None:
        check_region(self.region_name)
        account_id = self.account_id
        if not isinstance(account_id, str) or not _ACCOUNT_ID.fullmatch(account_id):
            raise ValueError(
                f"account_id must be 12 digits, not {safe_repr(account_id)}"
            )
        if not isinstance(self.seed, int | str):
            raise ValueError(
                f"seed must be an int or a str, not {safe_repr(self.seed)}"
            )
        if not isinstance(self.start, datetime) or self.start.utcoffset() is None:
            raise ValueError(
                f"start must be an aware datetime, not {safe_repr(self.start)}"
            )
        _ = self.start_utc, self.call_duration
        if not self.export_duration:
            raise ValueError(
                f"export_seconds is {safe_repr(self.export_seconds)}; "
                "an export takes time"
            )
        if self.on_completed is not None:
            check_callback(self.on_completed)
        if self.images is not None:
            if not isinstance(self.images, Mapping):
                kind = type(self.images).__name__
                raise ValueError(f"images must be a mapping, not {kind}")
            for image_id, kind in self.images.items():
                check_image(image_id, kind)
        check_roles(self.roles)

    @cached_property
    def start_utc(self) -> datetime:
        """The moment at which simulated time begins, in UTC."""
        try:
            return self.start.astimezone(UTC)
        except OverflowError:
            raise ValueError(
                f"start is {safe_repr(self.start)}, which is not a date in UTC"
            ) from None

    @cached_property
    def call_duration(self) -> timedelta:
        """How long a call takes."""
        return parse_seconds(self.seconds_per_call, "seconds_per_call")

    @cached_property
    def export_duration(self) -> timedelta:
        """How long an export takes."""
        return parse_seconds(self.export_seconds, "export_seconds")


def parse_seconds(seconds: float | timedelta, name: str) -> timedelta:
    """Return *seconds*, any kind of number or a timedelta, as a duration.

    Raises ValueError, with *name*, for anything else and for a negative duration.
    """
    if isinstance(seconds, timedelta):
        duration = seconds
    else:
        try:
            duration = timedelta(seconds=_number(seconds))
        except (TypeError, ValueError):
            raise ValueError(
                f"{name} is {safe_repr(seconds)}; it is a number of seconds or a "
                "timedelta"
            ) from None
        except OverflowError:
            raise ValueError(
                f"{name} is {safe_repr(seconds)}; a duration has at most "
                f"{timedelta.max.days} days"
            ) from None
    if duration < timedelta(0):
        raise ValueError(f"{name} is {safe_repr(seconds)}; time does not run backwards")
    return duration


def _number(value: Any) -> float:
    """Return *value* as Python's own kind of number; raises TypeError for a str."""
    try:
        return index(value)
    except TypeError:
        if isinstance(value, str | bytes):
            raise
        return float(value)


def parse_integer(value: Any, name: str, minimum: int, maximum: int | None) -> int:
    """Return *value*, any kind of integer, as an int.

    Raises ValueError, with *name*, if it is not an integer or out of range.
    """
    try:
        number = index(value)
    except TypeError:
        raise ValueError(f"{name} must be an integer, not {safe_repr(value)}") from None
    if number < minimum or (maximum is not None and number > maximum):
        upper = "" if maximum is None else f" and at most {maximum}"
        raise ValueError(f"{name} must be at least {minimum}{upper}, not {number}")
    return number


def check_callback(on_completed: object) -> None:
    """Raise ValueError unless *on_completed* is callable and not async."""
    if not callable(on_completed):
        raise ValueError(
            f"on_completed must be callable, not {safe_repr(on_completed)}"
        )
    call = on_completed.__call__
    if iscoroutinefunction(on_completed) or iscoroutinefunction(call):
        raise ValueError(
            f"on_completed must not be async, since nothing awaits it: "
            f"{safe_repr(on_completed)}"
        )


def check_region(name: object) -> None:
    """Raise ValueError unless *name* has the form of a region's name."""
    if not isinstance(name, str) or not _REGION.fullmatch(name):
        raise ValueError(f"region_name must be like 'us-east-1', not {safe_repr(name)}")


def check_roles(roles: object) -> None:
    """Raise ValueError unless *roles* is a collection of names, or None."""
    if roles is None:
        return
    if not isinstance(roles, Collection) or isinstance(roles, str):
        raise ValueError(f"roles must be a collection of names, not {safe_repr(roles)}")
    for role in roles:
        check_text(role, "a name in roles")


def check_image(image_id: object, kind: object) -> None:
    """Raise ValueError unless it is a valid entry of `images`."""
    if not isinstance(image_id, str) or not is_image_id(image_id):
        raise ValueError(
            f"images has {safe_repr(image_id)}; an id is {IMAGE_ID_SYNTAX}"
        )
    if kind not in IMAGE_KINDS:
        known = ", ".join(IMAGE_KINDS)
        raise ValueError(
            f"images[{safe_repr(image_id)}] is {safe_repr(kind)}; a kind is {known}"
        )
