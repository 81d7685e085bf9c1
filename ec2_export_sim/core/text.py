"""Which text the API can carry, and how a value is shown in a message.

EC2 takes UTF-8 in and gives XML 1.0 out; what neither can hold is refused at every
door (PRM-06), so nothing behind this module meets it.
"""

import re

# All but XML 1.0's production [2] Char: https://www.w3.org/TR/xml/#charsets. Said by
# what it leaves out, since ranges beyond the first plane take milliseconds to compile.
_UNCARRIABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

UNPRINTABLE = "…"

# A structure that opens more than these is not printed.
_MOST_STRUCTURES = 100_000


def is_carriable(text: str) -> bool:
    """Tell whether UTF-8 and XML 1.0 can both carry *text*."""
    # The first test answers for nearly all text and costs a tenth of the second.
    return (text.isascii() and text.isprintable()) or not _UNCARRIABLE.search(text)


def check_text(value: object, place: str) -> str:
    """Return *value*, or raise ValueError where it is no text that the wire carries."""
    if not isinstance(value, str):
        raise ValueError(f"{place} must be a string, not {type(value).__name__}")
    if not is_carriable(value):
        raise ValueError(f"{place} holds text that UTF-8 and XML 1.0 cannot carry")
    return str.__str__(value)


def shown(value: object) -> str:
    """Return *value* as a message shows it, `…` where it cannot be printed (PRM-08)."""
    try:
        return UNPRINTABLE if _is_endless(value) else str(value)
    except Exception:  # noqa: BLE001 - a caller's value may fail in any way it likes
        return UNPRINTABLE


def carried(value: object) -> str:
    """Return *value* as a service's message shows it: `…` where XML cannot carry it."""
    text = shown(value)
    return text if is_carriable(text) else UNPRINTABLE


def quoted(value: object) -> str:
    """Return the repr of *value*, `…` where it has none."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a caller's value may fail in any way it likes
        return UNPRINTABLE


def _is_endless(value: object) -> bool:
    """Tell whether a structure holds itself, or others more often than is sensible.

    Printing it would show something else, or never end.
    """
    opened = 0
    above: list[object] = []

    def holds_itself(held: object) -> bool:
        nonlocal opened
        if not isinstance(held, list | tuple | dict):
            return False
        opened += 1
        if opened > _MOST_STRUCTURES or any(held is each for each in above):
            return True
        above.append(held)
        inside = held.values() if isinstance(held, dict) else held
        found = any(map(holds_itself, inside))
        above.pop()
        return found

    return holds_itself(value)
