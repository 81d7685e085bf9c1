"""The condition keys of a call: what IAM knows of the request, caller and resource.

Rules: AUT-25 to AUT-27, AUT-29, AUT-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .request_context import ACTIONS, CALL_KEYS, IMAGE_KEYS, iso_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from .context import CallContext
    from .policies import Policy
    from .variables import Keys

# The beginnings of the two keys of a resource's tag.
_RESOURCE_TAG = ("aws:resourcetag/", "ec2:resourcetag/")


def check_context(policy: Policy, context: Keys) -> None:
    """Raise ValueError for a key that *policy* asks for and *context* must give.

    Rules: AUT-29.
    """
    for statement in policy.statements:
        for key in statement.keys:
            must_be_given = key.lower() in CALL_KEYS or (
                key.lower() in IMAGE_KEYS and "ec2:ExportImage" in statement.actions
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
    return key in IMAGE_KEYS or key.startswith(_RESOURCE_TAG)


def _task_tags(context: CallContext, task_id: str) -> Keys:
    task = context.tasks.get(task_id)
    keys: dict[str, str] = {}
    # Keys ignore case; of two tags with the same key, the first counts (AUT-27).
    for tag in reversed(task.tag_set if task else ()):
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


_READERS: dict[str, Callable[[CallContext, str], Keys]] = {
    "image": _image,
    "request tags": _request_tags,
    "task tags": _task_tags,
    "create action": _create_action,
}


def condition_keys(context: CallContext, action: str, resource: str) -> Keys:
    """Return the condition keys of a call that needs *action* on *resource*.

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
        "aws:currenttime": iso_date(context.now),
        "aws:epochtime": str(int(context.now.timestamp())),
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
        "aws:principalisawsservice": "false",
        **_principal(context.principal, account_id),
    }
    resource_type, _, resource_id = resource.split(":", 5)[-1].partition("/")
    for name in ACTIONS[action][resource_type]:
        keys |= _READERS[name](context, resource_id)
    return keys
