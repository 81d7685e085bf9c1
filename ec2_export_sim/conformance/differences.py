"""Copies and differences of values as JSON has them."""

from __future__ import annotations

from typing import Any


def difference(found: Any, wanted: Any) -> str:
    """Describe the first difference of two values that are not equal.

    >>> difference({"Tags": [{"Key": "a"}]}, {"Tags": [{"Key": "b"}]})
    "Tags[0].Key is 'a', expected 'b'"
    >>> difference({"a"}, {"a", "b"})
    "'b' is missing"
    """
    path = ""
    while True:
        if isinstance(found, set) and isinstance(wanted, set):
            missing, extra = (
                sorted(wanted - found, key=str),
                sorted(found - wanted, key=str),
            )
            each = missing or extra
            more = f" and {len(each) - 1} more" if len(each) > 1 else ""
            verb = "missing" if missing else "not expected"
            return f"{path}{each[0]!r}{more} is {verb}"
        pair = _first_difference(found, wanted)
        if pair is None:
            place = path.removeprefix(".") or "found"
            verb = "is " if path else ""
            return f"{place} {verb}{clip(repr(found))}, expected {clip(repr(wanted))}"
        step, found, wanted = pair
        path += step


def _first_difference(found: Any, wanted: Any) -> tuple[str, Any, Any] | None:
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in sorted({*found, *wanted}, key=str):
            if found.get(key, ABSENT) != wanted.get(key, ABSENT):
                return f".{key}", found.get(key, ABSENT), wanted.get(key, ABSENT)
    both = isinstance(found, list) and isinstance(wanted, list)
    if both and len(found) == len(wanted):
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            if one != other:
                return f"[{index}]", one, other
    return None


def copy_of(value: Any) -> Any:
    """Return a copy of dicts and lists, down to the last level.

    Far faster than `copy.deepcopy`, and half of a run is copying.
    """
    if isinstance(value, dict):
        return {key: copy_of(member) for key, member in value.items()}
    if isinstance(value, list):
        return [copy_of(member) for member in value]
    return value


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()


def clip(text: str, most: int = 300) -> str:
    """Return *text*, shortened to *most* characters."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
