"""Who may do what: IAM's policy language, read from documents and evaluated.

This file knows no operation; each operation says which permissions it needs.

Rules: specs/permissions.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from . import errors
from .text import safe_repr
from .wildcards import Wildcard, iam_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

# The resource of an action that has no resource-level permissions (AUT-08).
ANY_RESOURCE = "*"

_DOCUMENT_KEYS = {"Version", "Id", "Statement"}
_STATEMENT_KEYS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"}
_VERSIONS = ("2012-10-17", "2008-10-17")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy.

    With *not_actions*, it covers every action but *actions*; so for the resources.
    """

    allow: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...] = (ANY_RESOURCE,)
    not_actions: bool = False
    not_resources: bool = False

    def applies(self, action: str, resource: str) -> bool:
        """Return whether it covers *action* on *resource* (AUT-07, AUT-10)."""
        actions = [pattern.lower() for pattern in self.actions]
        if _any_matches(actions, action.lower()) is self.not_actions:
            return False
        return _any_matches(self.resources, resource) is not self.not_resources


def _any_matches(patterns: Sequence[str], text: str) -> bool:
    return any(Wildcard(iam_tokens(pattern)).matches(text) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a caller may do: the *statements* of an identity-based IAM policy.

    `allow_all`, `deny_all`, `allow` and `from_document` make policies.

    >>> Policy.allow("ec2:Describe*").allows("ec2:DescribeExportImageTasks")
    True

    Rules: AUT-05 to AUT-10.
    """

    statements: tuple[Statement, ...] = ()

    @classmethod
    def allow_all(cls) -> Policy:
        """Return the policy that allows every action on every resource."""
        return cls.allow("*")

    @classmethod
    def deny_all(cls) -> Policy:
        """Return the policy without a statement: nothing is allowed, nothing denied."""
        return cls()

    @classmethod
    def allow(cls, *actions: str) -> Policy:
        """Return the policy that allows *actions*, patterns included, on everything.

        Raises ValueError for an action that is neither `*` nor `service:action`.
        """
        document = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        return cls.from_document({"Statement": document})

    @classmethod
    def from_document(cls, document: Mapping[str, object] | str) -> Policy:
        """Return the policy of an IAM JSON document, a dict or its text.

        Raises ValueError, with the element's name, for anything that is not understood:
        a Condition, a Principal, a policy variable, an unknown element. Nothing is
        ignored.

        Rules: SIM-14, AUT-10.
        """
        if isinstance(document, str):
            document = _parsed(document)
        document = _known_keys(document, _DOCUMENT_KEYS, "the policy")
        version = document.get("Version", _VERSIONS[0])
        if version not in _VERSIONS:
            raise ValueError(
                f"Version of the policy is {safe_repr(version)}; "
                f"it is one of {_VERSIONS}"
            )
        if "Statement" not in document:
            raise ValueError("the policy has no Statement")
        statements = document["Statement"]
        if not isinstance(statements, list):
            statements = [statements]
        return cls(
            tuple(
                _statement(statement, f"Statement[{index}]")
                for index, statement in enumerate(statements)
            )
        )

    def allows(self, action: str, resource: str = ANY_RESOURCE) -> bool:
        """Return whether *action* on *resource* is allowed, and not denied."""
        return self.verdict(action, resource) is None

    def verdict(self, action: str, resource: str) -> errors.ErrorTemplate | None:
        """Return the error of *action* on *resource*, None if it is allowed.

        Rules: AUT-05, AUT-06.
        """
        effects = {s.allow for s in self.statements if s.applies(action, resource)}
        if False in effects:
            return errors.EXPLICITLY_DENIED
        return None if True in effects else errors.NOT_ALLOWED


class Permission(NamedTuple):
    """An action on a resource."""

    action: str
    resource: str = ANY_RESOURCE


# --- reading a document -------------------------------------------------------------


def _parsed(text: str) -> Mapping[str, object]:
    import json  # noqa: PLC0415 - few programs have a policy as text

    try:
        document: Mapping[str, object] = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"the policy cannot be read as JSON: {problem}") from None
    return document


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError(f"an element stands twice in {[key for key, _ in pairs]}")
    return document


def _known_keys(value: object, known: set[str], place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{place} must be an object, not {type(value).__name__}")
    for key in value:
        if key not in known:
            raise ValueError(
                f"{place} has {safe_repr(key)}, which is not emulated; "
                f"known are {', '.join(sorted(known))}"
            )
    return value


def _statement(stated: object, place: str) -> Statement:
    value = _known_keys(stated, _STATEMENT_KEYS, place)
    effect = value.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise ValueError(
            f"{place}.Effect must be 'Allow' or 'Deny', not {safe_repr(effect)}"
        )
    if not isinstance(value.get("Sid", ""), str):
        raise ValueError(f"{place}.Sid must be a string, not {safe_repr(value['Sid'])}")
    actions, not_actions = _one_of(value, "Action", place)
    resources, not_resources = _one_of(value, "Resource", place)
    for action in actions:
        if action != "*" and not all(action.partition(":")[::2]):
            raise ValueError(
                f"{place} names the action {action!r}; "
                "an action is '*' or 'service:action', as in 'ec2:Describe*'"
            )
    for resource in resources:
        if resource.strip("*") and not resource.startswith("arn:"):
            raise ValueError(
                f"{place} names the resource {resource!r}; a resource is '*' or an ARN"
            )
        if "${" in resource:
            raise ValueError(
                f"{place} names the resource {resource!r}; "
                "policy variables are not emulated"
            )
    return Statement(effect == "Allow", actions, resources, not_actions, not_resources)


def _one_of(
    statement: Mapping[str, object], name: str, place: str
) -> tuple[tuple[str, ...], bool]:
    """Return the values of *name* or of Not*name*, and whether it was the latter."""
    given = [key for key in (name, f"Not{name}") if key in statement]
    if len(given) != 1:
        raise ValueError(f"{place} needs either {name} or Not{name}")
    values = statement[given[0]]
    listed = values if isinstance(values, list) else [values]
    texts = tuple(value for value in listed if isinstance(value, str))
    if not texts or len(texts) < len(listed):
        raise ValueError(
            f"{place}.{given[0]} must be a string or a list of strings, "
            f"not {safe_repr(values)}"
        )
    return texts, given[0] != name
