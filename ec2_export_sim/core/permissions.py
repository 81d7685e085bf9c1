"""Who may do what: IAM's policy language, and the answer to a call and to a dry run.

The language here is IAM's (`*` any run, `?` exactly one character, no escape), not that
of the filters. This file knows no operation; whoever asks names the action.

Rules: specs/permissions.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from . import errors
from .text import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

# The resource of an action that knows no resource-level permission (AUT-08).
ANY_RESOURCE = "*"

_DOCUMENT_KEYS = {"Version", "Id", "Statement"}
_STATEMENT_KEYS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"}
_VERSIONS = ("2012-10-17", "2008-10-17")


def pattern_matches(pattern: str, text: str) -> bool:
    """Tell whether *text* matches an IAM *pattern*.

    The time is bounded by the product of their lengths.

    Rules: AUT-07.
    """
    at = place = 0
    star = retry = -1
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, retry = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at += 1
            place += 1
        elif star >= 0:  # let the last star take one character more
            retry += 1
            at, place = star + 1, retry
        else:
            return False
    return not pattern[at:].strip("*")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy; *not_actions* turns the list of actions round."""

    allow: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...] = (ANY_RESOURCE,)
    not_actions: bool = False
    not_resources: bool = False

    def applies(self, action: str, resource: str) -> bool:
        """Tell whether it speaks of *action* on *resource* (AUT-07, AUT-10)."""
        action = action.lower()
        named = any(pattern_matches(p.lower(), action) for p in self.actions)
        if named is self.not_actions:
            return False
        held = any(pattern_matches(pattern, resource) for pattern in self.resources)
        return held is not self.not_resources


@dataclass(frozen=True, slots=True)
class Policy:
    """What a caller may do: the *statements* of an identity-based IAM policy.

    Made by `allow_all`, `deny_all`, `allow` and `from_document`.

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
        """Return the policy that an IAM JSON document states, a dict or its text.

        Raises ValueError, naming the place, for whatever is not understood: a
        Condition, a Principal, a policy variable, an unknown element; nothing is ever
        ignored.

        Rules: AUT-09, AUT-10.
        """
        if isinstance(document, str):
            document = _parsed(document)
        document = _known_keys(document, _DOCUMENT_KEYS, "the policy")
        version = document.get("Version", _VERSIONS[0])
        if version not in _VERSIONS:
            raise ValueError(
                f"Version of the policy is {quoted(version)}; it is one of {_VERSIONS}"
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
        """Tell whether *action* on *resource* is allowed, and not denied."""
        return self.verdict(action, resource) is None

    def verdict(self, action: str, resource: str) -> errors.Refusal | None:
        """Return the refusal that *action* on *resource* meets, None where it may pass.

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


def authorize(
    policy: Policy | None,
    principal: str,
    permissions: Sequence[Permission],
    *,
    dry_run: bool,
) -> None:
    """Raise UnauthorizedOperation or, for a dry run that may pass, DryRunOperation.

    The first of *permissions* that is lacking is named.

    Rules: AUT-01 to AUT-04, AUT-11, AUT-12.
    """
    if policy is not None:
        for action, resource in permissions:
            refusal = policy.verdict(action, resource)
            if refusal is not None:
                on = "" if resource == ANY_RESOURCE else f" on resource: {resource}"
                raise refusal(principal=principal, action=action, on_resource=on)
    if dry_run:
        raise errors.DRY_RUN_OPERATION()


# --- reading a document -------------------------------------------------------------


def _parsed(text: str) -> Mapping[str, object]:
    import json  # noqa: PLC0415 - few programs bring a policy as text

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
                f"{place} has {quoted(key)}, which is not emulated; "
                f"known are {', '.join(sorted(known))}"
            )
    return value


def _statement(stated: object, place: str) -> Statement:
    value = _known_keys(stated, _STATEMENT_KEYS, place)
    effect = value.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise ValueError(
            f"{place}.Effect must be 'Allow' or 'Deny', not {quoted(effect)}"
        )
    if not isinstance(value.get("Sid", ""), str):
        raise ValueError(f"{place}.Sid must be a string, not {quoted(value['Sid'])}")
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
            f"not {quoted(values)}"
        )
    return texts, given[0] != name
