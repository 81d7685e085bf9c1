"""The deviations that were seen of the real service; they are off by default.

If the operation's page and an observation disagree, the page is the default and the
observation is a quirk. This is the table of the quirks; the code of each stands next to
the check or the step that it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Self

from .text import safe_repr

_DESCRIBE = "DescribeExportImageTasks"
_WITH_TAG_KEYS = ("ExportImage", "CreateTags", "DeleteTags")
_WITH_TASK_IDS = (_DESCRIBE, "CancelExportTask", "CreateTags", "DeleteTags")


class Quirk(Enum):
    """A deviation that `Simulator(quirks=…)` switches on.

    `value` is the id of its rule, `operations` has the names of those that it changes.
    Quirks may be combined; only `UNKNOWN_IDS_OMITTED` excludes
    `UNISSUED_IDS_MALFORMED`.
    """

    _value_: str
    operations: tuple[str, ...]

    def __new__(cls, rule: str, *operations: str) -> Self:
        """Return the row of a rule."""
        quirk = object.__new__(cls)
        quirk._value_ = rule
        quirk.operations = operations
        return quirk

    # Each call asks a set for several quirks; Enum's own hash is made of the name.
    __hash__ = object.__hash__

    TASK_STATE_FILTER_IGNORED = "FLT-23", _DESCRIBE
    TAG_FILTERS_REFUSED = "FLT-25", _DESCRIBE
    FILTERS_WITH_IDS_IGNORED = "IDS-12", _DESCRIBE
    UNKNOWN_IDS_OMITTED = "IDS-14", _DESCRIBE
    UNISSUED_IDS_MALFORMED = "IDS-15", *_WITH_TASK_IDS
    PAGING_WITH_IDS_REFUSED = "PAG-17", _DESCRIBE
    SPARE_TOKENS = "PAG-20", _DESCRIBE
    EMPTY_NEXT_TOKEN = "PAG-21", _DESCRIBE
    RESULTS_IN_ANY_ORDER = "RSP-14", _DESCRIBE
    IMAGE_ID_ABSENT = "RSP-15", _DESCRIBE
    TAG_KEYS_OF_128 = "TAG-25", *_WITH_TAG_KEYS
    DESCRIBE_TAGS_IGNORES_MAX_RESULTS = "TAG-26", "DescribeTags"


# An unknown id is left out, or it is an error: not both.
_EXCLUSIVE = frozenset({Quirk.UNKNOWN_IDS_OMITTED, Quirk.UNISSUED_IDS_MALFORMED})


def parse_quirks(quirks: Iterable[Quirk]) -> frozenset[Quirk]:
    """Return *quirks* as a set.

    Raises ValueError for anything that is not a Quirk, and for two that exclude each
    other.
    """
    if not isinstance(quirks, Iterable) or isinstance(quirks, str):
        raise ValueError(f"quirks must be a list of Quirk, not {safe_repr(quirks)}")
    listed = list(quirks)
    for quirk in listed:
        if not isinstance(quirk, Quirk):
            raise ValueError(f"quirks has {safe_repr(quirk)}, which is not a Quirk")
    parsed = frozenset(listed)
    if parsed >= _EXCLUSIVE:
        raise ValueError(
            "quirks has UNKNOWN_IDS_OMITTED and UNISSUED_IDS_MALFORMED, "
            "which exclude each other"
        )
    return parsed
