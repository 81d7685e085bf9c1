"""Which text the API can carry, and how a message shows a value.

EC2 takes UTF-8 and answers with XML 1.0. Text that either of them cannot carry is an
error at every entry point (PRM-06), so no other module has to handle it.
"""

from __future__ import annotations

import re
from typing import Any

# The characters that XML 1.0 excludes: https://www.w3.org/TR/xml/#charsets. A pattern
# of those that it allows would take milliseconds to compile.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

UNPRINTABLE = "…"

# A structure that contains more structures than this is not printed.
_MOST_STRUCTURES = 100_000


def is_xml_text(text: str) -> bool:
    """Return whether UTF-8 and XML 1.0 can both carry *text*."""
    return (text.isascii() and text.isprintable()) or not _NOT_XML.search(text)


def check_text(value: object, name: str) -> str:
    """Return *value* as a plain str.

    Raises ValueError, with *name*, for a value that is not text or that the wire cannot
    carry.
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a string, not {type(value).__name__}")
    if not is_xml_text(value):
        raise ValueError(f"{name} has text that UTF-8 and XML 1.0 cannot carry")
    return value if type(value) is str else str.__str__(value)


def safe_str(value: object) -> str:
    """Return *value* as a message shows it, `…` if it cannot be printed (PRM-08)."""
    try:
        return UNPRINTABLE if _is_endless(value) else str(value)
    except Exception:  # noqa: BLE001 - a caller's value may fail in any way
        return UNPRINTABLE


def xml_safe(value: object) -> str:
    """Return *value* as a service's message shows it: `…` if XML cannot carry it."""
    text = safe_str(value)
    return text if is_xml_text(text) else UNPRINTABLE


def safe_repr(value: object) -> str:
    """Return the repr of *value*, `…` if it has none."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a caller's value may fail in any way
        return UNPRINTABLE


def copy_json(value: Any) -> Any:
    """Return a copy of parameters or members that shares nothing with them."""
    if isinstance(value, dict):
        return {name: copy_json(member) for name, member in value.items()}
    return [copy_json(each) for each in value] if isinstance(value, list) else value


def _is_endless(value: object) -> bool:
    """Return whether a structure contains itself, or too many others to print."""
    opened = 0
    parents: list[object] = []

    def is_endless(part: object) -> bool:
        nonlocal opened
        if not isinstance(part, list | tuple | dict):
            return False
        opened += 1
        if opened > _MOST_STRUCTURES or any(part is each for each in parents):
            return True
        parents.append(part)
        inside = part.values() if isinstance(part, dict) else part
        found = any(map(is_endless, inside))
        parents.pop()
        return found

    return is_endless(value)
