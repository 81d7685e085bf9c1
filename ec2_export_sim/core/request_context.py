"""The request context: which condition keys a call has, and who knows their values.

The simulator knows some keys, the caller gives others in the argument `context`, and
all others are absent. AWS always sends a few keys that the simulator cannot know: if a
policy asks for one of them, `context` must have it.

Rules: AUT-25 to AUT-30.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from .conditions import scalar_text
from .ids import RESOURCE_TYPE
from .text import safe_repr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .variables import Keys

    # What the argument `context` takes; to a type checker, bool and int are floats.
    Value: TypeAlias = str | float | datetime
    RequestContext: TypeAlias = Mapping[str, Value | Sequence[Value]]

# --- who knows what -----------------------------------------------------------------

# The keys that the simulator knows, and those that a direct call over TLS has or cannot
# have. A name that ends with a slash stands for all keys that begin with it.
KNOWN_KEYS = (
    *("aws:requestedregion", "ec2:region", "aws:currenttime", "aws:epochtime"),
    *("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:username"),
    *("aws:resourceaccount", "aws:requesttag/", "aws:tagkeys"),
    *("ec2:createaction", "ec2:imageid"),
    *("aws:securetransport", "aws:viaawsservice", "aws:principalisawsservice"),
    *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
)

# The keys that AWS always sends and the simulator cannot know: those of every call, and
# those of the image, which only its export has.
CALL_KEYS = ("aws:sourceip", "aws:useragent", "aws:userid")
IMAGE_KEYS = ("ec2:owner", "ec2:public", "ec2:imagetype", "ec2:rootdevicetype")

# Action -> the types of resources that it is checked on -> the keys of the request and
# of the resource that it then has (AUT-26).
ACTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ec2:DescribeExportImageTasks": {"*": ()},
    "ec2:ExportImage": {"image": ("image",), RESOURCE_TYPE: ("request tags",)},
    "ec2:CancelExportTask": {RESOURCE_TYPE: ("task tags",)},
    "ec2:CreateTags": {RESOURCE_TYPE: ("request tags", "task tags", "create action")},
    "ec2:DeleteTags": {RESOURCE_TYPE: ("request tags", "task tags")},
    "ec2:DescribeTags": {"*": ()},
}

# Global keys that are multivalued, even if the caller gives a single value.
_MULTIVALUED = (
    *("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths"),
    "aws:principalservicenameslist",
)

# --- the argument context -----------------------------------------------------------


def parse_context(context: object) -> Keys:
    """Return the argument `context` as condition keys.

    Raises ValueError for a name that is not a key, that appears twice or that the
    simulator knows itself, and for a value that is neither a str, bool, number or aware
    datetime nor a list of them.

    Rules: AUT-28.
    """
    if context is None:
        return {}
    if not isinstance(context, Mapping):
        raise ValueError(f"context must be a mapping, not {type(context).__name__}")
    keys: dict[str, str | tuple[str, ...]] = {}
    for name, value in context.items():
        if not isinstance(name, str) or ":" not in name:
            raise ValueError(
                f"context has the key {safe_repr(name)}; one is like 'aws:SourceIp'"
            )
        key = name.lower()
        if key in KNOWN_KEYS or key.partition("/")[0] + "/" in KNOWN_KEYS:
            raise ValueError(f"context has {name!r}, which the simulator knows itself")
        if key in keys:
            raise ValueError(f"context has {name!r} twice; keys ignore case")
        keys[key] = _value(key, value, f"context[{name!r}]")
    return keys


def _value(key: str, value: object, place: str) -> str | tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(_text(each, place) for each in value)
    text = _text(value, place)
    return (text,) if key in _MULTIVALUED else text


def _text(value: object, place: str) -> str:
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return iso_date(value.astimezone(UTC))
    if isinstance(value, str | bool | int | float):
        return scalar_text(value)
    raise ValueError(
        f"{place} must be a str, bool, number, aware datetime or a list of them, "
        f"not {safe_repr(value)}"
    )


def iso_date(date: datetime) -> str:
    """Return a date in UTC as IAM writes it."""
    return f"{date.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
