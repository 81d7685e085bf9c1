"""The request context: which condition keys a call has, and who knows their values.

The simulator knows some keys, the caller gives some in the argument `context`, and all
others are absent. AWS always sends a few that the simulator cannot know: a policy that
asks for one needs its value in `context`.

Rules: AUT-25 to AUT-30.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from .conditions import scalar_text
from .ids import RESOURCE_TYPE
from .text import safe_repr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .context import CallContext
    from .policies import Policy
    from .variables import Keys

    # What the argument `context` takes; to a type checker, bool and int are floats.
    Value: TypeAlias = str | float | datetime
    RequestContext: TypeAlias = Mapping[str, Value | Sequence[Value]]

# --- who knows what -----------------------------------------------------------------

# What the simulator knows, and what a direct call over TLS has or cannot have. A name
# that ends in a slash is that of all keys that begin so.
KNOWN = (
    *("aws:requestedregion", "ec2:region", "aws:currenttime", "aws:epochtime"),
    *("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:username"),
    *("aws:resourceaccount", "aws:requesttag/", "aws:tagkeys"),
    *("ec2:createaction", "ec2:imageid"),
    *("aws:securetransport", "aws:viaawsservice", "aws:principalisawsservice"),
    *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
)

# What AWS always sends and the simulator cannot know; of the image, at its export only.
OF_THE_CALL = ("aws:sourceip", "aws:useragent", "aws:userid")
OF_THE_IMAGE = ("ec2:owner", "ec2:public", "ec2:imagetype", "ec2:rootdevicetype")

# The two names of a resource's tags.
_RESOURCE_TAG = ("aws:resourcetag/", "ec2:resourcetag/")

# Global keys that have several values, also if only one is given.
_MULTIVALUED = (
    *("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths"),
    "aws:principalservicenameslist",
)

# --- the argument context -----------------------------------------------------------


def parse_context(context: object) -> Keys:
    """Return the argument `context` as condition keys.

    Raises ValueError for a name that is no key, that stands twice or that the simulator
    knows itself, and for a value that is no str, bool, number or aware datetime and no
    list of them.

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
        if key in KNOWN or key.partition("/")[0] + "/" in KNOWN:
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
        return _date(value.astimezone(UTC))
    if isinstance(value, str | bool | int | float):
        return scalar_text(value)
    raise ValueError(
        f"{place} must be a str, bool, number, aware datetime or a list of them, "
        f"not {safe_repr(value)}"
    )


def _date(date: datetime) -> str:
    return f"{date.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def check_context(policy: Policy, context: Keys) -> None:
    """Raise ValueError for a key that *policy* asks for and *context* must give.

    Rules: AUT-29.
    """
    for statement in policy.statements:
        for key in statement.keys:
            must_be_given = key.lower() in OF_THE_CALL or (
                key.lower() in OF_THE_IMAGE and "ec2:ExportImage" in statement.actions
            )
            if must_be_given and key.lower() not in context:
                raise ValueError(
                    f"{statement.place} asks for {key}, which AWS always sends and the "
                    f"simulator cannot know; give it: context={{{key!r}: …}}"
                )


# --- the keys of one permission -----------------------------------------------------

_PRINCIPAL_TYPES = {
    "user": "User",
    "role": "AssumedRole",
    "assumed-role": "AssumedRole",
    "federated-user": "FederatedUser",
    "root": "Account",
}


def _principal(principal: str, account_id: str) -> Keys:
    """Return what the caller's ARN says; the session of a role has the role's ARN."""
    keys = {"aws:principalarn": principal, "aws:principalaccount": account_id}
    head, _, name = principal.partition("/")
    parts = head.split(":")
    if len(parts) != 6 or parts[-1] not in _PRINCIPAL_TYPES:
        return keys
    _, partition, _, _, account, kind = parts
    keys["aws:principalaccount"] = account
    keys["aws:principaltype"] = _PRINCIPAL_TYPES[kind]
    if kind == "user":
        keys["aws:username"] = name.rpartition("/")[2]
    if kind == "assumed-role":
        role = name.partition("/")[0]
        keys["aws:principalarn"] = f"arn:{partition}:iam::{account}:role/{role}"
    return keys


def _resource_tag(key: str, value: str | tuple[str, ...]) -> dict[str, Any]:
    return {prefix + key.lower(): value for prefix in _RESOURCE_TAG}


def _image(context: CallContext, image_id: str) -> Keys:
    keys: dict[str, str | tuple[str, ...]] = {"ec2:imageid": image_id}
    for key, value in context.keys.items():
        if _is_of_image(key):
            tag = key.partition("/")[2]
            keys |= _resource_tag(tag, value) if tag else {key: value}
    return keys


def _is_of_image(key: str) -> bool:
    return key in OF_THE_IMAGE or key.startswith(_RESOURCE_TAG)


def _task_tags(context: CallContext, task_id: str) -> Keys:
    task = context.tasks.get(task_id)
    keys: dict[str, str] = {}
    for tag in reversed(task.tag_set if task else ()):  # of two cases, the first counts
        keys |= _resource_tag(tag.key or "", tag.value or "")
    return keys


def _request_tags(context: CallContext, _resource_id: str) -> Keys:
    tags = list(context.parameters.get("Tags", ()))
    for specification in context.parameters.get("TagSpecifications", ()):
        tags += specification.get("Tags", ())
    keys: dict[str, str | tuple[str, ...]] = {
        f"aws:requesttag/{tag['Key'].lower()}": tag["Value"]
        for tag in reversed(tags)
        if "Key" in tag and "Value" in tag
    }
    return keys | {"aws:tagkeys": tuple(tag["Key"] for tag in tags if "Key" in tag)}


def _create_action(context: CallContext, _resource_id: str) -> Keys:
    if context.operation == "CreateTags":
        return {}
    return {"ec2:createaction": context.operation}


_Reader: TypeAlias = Callable[["CallContext", str], "Keys"]

# Of each action: on which types of resources it is checked, and which keys of the
# request and of the resource it then has. A test compares it with the operations.
ACTIONS: Mapping[str, Mapping[str, tuple[_Reader, ...]]] = {
    "ec2:DescribeExportImageTasks": {"*": ()},
    "ec2:ExportImage": {"image": (_image,), RESOURCE_TYPE: (_request_tags,)},
    "ec2:CancelExportTask": {RESOURCE_TYPE: (_task_tags,)},
    "ec2:CreateTags": {RESOURCE_TYPE: (_request_tags, _task_tags, _create_action)},
    "ec2:DeleteTags": {RESOURCE_TYPE: (_request_tags, _task_tags)},
    "ec2:DescribeTags": {"*": ()},
}


def condition_keys(context: CallContext, action: str, resource: str) -> Keys:
    """Return the condition keys with which a call asks for *action* on *resource*.

    Rules: AUT-25 to AUT-27, AUT-30.
    """
    account_id = context.account.settings.account_id
    keys: dict[str, str | tuple[str, ...]] = {
        key: value for key, value in context.keys.items() if not _is_of_image(key)
    }
    keys |= {
        "aws:requestedregion": context.region,
        "ec2:region": context.region,
        "aws:resourceaccount": account_id,
        "aws:currenttime": _date(context.now),
        "aws:epochtime": str(int(context.now.timestamp())),
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
        "aws:principalisawsservice": "false",
        **_principal(context.principal, account_id),
    }
    resource_type, _, resource_id = resource.split(":", 5)[-1].partition("/")
    for read in ACTIONS[action][resource_type]:
        keys |= read(context, resource_id)
    return keys
