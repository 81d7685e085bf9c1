"""Statements, and how they are read from policy documents.

Rules: AUT-07, AUT-08, AUT-10, AUT-31 to AUT-36, SIM-14.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .conditions import (
    Condition,
    check_length,
    did_you_mean,
    parse_conditions,
)
from .request_context import ACTIONS
from .text import safe_repr
from .variables import Template

if TYPE_CHECKING:
    from .variables import Keys

# The resource of an action that has no resource-level permissions (AUT-08).
ANY_RESOURCE = "*"

# --- statements ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy; *place* is its position in the policy.

    *actions* are the emulated actions that it covers. With *not_resources*, it covers
    every resource except *resources*.
    """

    place: str
    allow: bool
    actions: frozenset[str]
    resources: tuple[Template, ...] = ()
    not_resources: bool = False
    conditions: tuple[Condition, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The condition keys that it reads."""
        of_resources = (key for each in self.resources for key in each.keys)
        of_conditions = (key for each in self.conditions for key in each.keys)
        return (*of_resources, *of_conditions)

    def applies(self, action: str, resource: str, keys: Keys) -> bool:
        """Return whether it covers *action* on *resource* and its conditions hold.

        Rules: AUT-07, AUT-08, AUT-10, AUT-14.
        """
        return (
            action in self.actions
            and self._covers(resource, keys)
            and all(condition.holds(keys) for condition in self.conditions)
        )

    def _covers(self, resource: str, keys: Keys) -> bool:
        named = any(template.matches(resource, keys) for template in self.resources)
        return named is not self.not_resources

    def explain(self, resource: str, keys: Keys) -> str:
        """Return why it denies its actions on *resource*, or does not allow them.

        Rules: AUT-34.
        """
        if self.allow and not self._covers(resource, keys):
            return f"{self.place}: its resources do not include {resource!r}"
        for condition in self.conditions:
            if condition.holds(keys) is not self.allow:
                return f"{self.place}: {condition.explain(keys)}"
        return f"{self.place} denies it"


class PolicyType(Enum):
    """A type of policy, as messages call it."""

    SCP = "a service control policy"
    IDENTITY = "an identity-based policy"
    BOUNDARY = "a permissions boundary"

    @property
    def noun(self) -> str:
        """The name without its article."""
        return self.value.partition(" ")[2]


class PolicySet(NamedTuple):
    """Policies that allow together: those of one type, or of one level of SCPs."""

    type: PolicyType
    statements: tuple[Statement, ...]


# --- reading documents --------------------------------------------------------------

_VERSIONS = ("2012-10-17", "2008-10-17")
_DOCUMENT_KEYS = ("Version", "Id", "Statement")
_STATEMENT_KEYS = (
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
    "Condition",
)

# The paths to the document in what these commands print: `aws iam get-policy-version`,
# `aws iam get-role-policy` and the like, `aws organizations describe-policy`.
_PRINTED = (("PolicyVersion", "Document"), ("PolicyDocument",), ("Policy", "Content"))

# AWS attaches this policy to every level. SCPs that only deny do not replace it.
_FULL_AWS_ACCESS = Statement(
    "FullAWSAccess",
    allow=True,
    actions=frozenset(ACTIONS),
    resources=(Template.parse("*", variables=False),),
)

Reader: TypeAlias = Callable[[object, str], list[Statement]]


def policy_sets(
    read: Reader, documents: tuple[object, ...], boundary: object, scps: object
) -> tuple[PolicySet, ...]:
    """Return the sets; a denial names the first set that denies (AUT-32)."""
    sets = []
    for place, level in _levels(scps):
        statements = _read_all(read, level, place)
        if not any(statement.allow for statement in statements):
            statements.append(_FULL_AWS_ACCESS)
        sets.append((PolicyType.SCP, statements))
    place = "documents" if len(documents) > 1 else ""
    sets.append((PolicyType.IDENTITY, _read_all(read, documents, place)))
    if boundary is not None:
        sets.append((PolicyType.BOUNDARY, read(boundary, "boundary.")))
    return tuple(
        PolicySet(type_, tuple(each for each in statements if each.actions))
        for type_, statements in sets
    )


def _read_all(read: Reader, documents: Iterable[object], place: str) -> list[Statement]:
    return [
        statement
        for index, document in enumerate(documents)
        for statement in read(document, f"{place}[{index}]." if place else "")
    ]


def _levels(scps: object) -> list[tuple[str, list[object]]]:
    """Return the policies of each level, and how messages name the level."""
    if isinstance(scps, str | os.PathLike | Mapping) or not isinstance(scps, Iterable):
        raise ValueError(f"scps must be a list of policies, not {safe_repr(scps)}")
    listed = list(scps)
    are_levels = [isinstance(each, list | tuple) for each in listed]
    if not any(are_levels):
        return [("scps", listed)] if listed else []
    if not all(are_levels):
        raise ValueError("scps must be a list of policies or a list of lists, not both")
    return [(f"scps[{index}]", list(level)) for index, level in enumerate(listed)]


def read_file(path: Any, place: str) -> list[Statement]:
    """Return the statements of the document in a file; errors name the path."""
    content = Path(path).read_bytes()
    try:
        return _statements(_parse_json(content), place)
    except ValueError as problem:
        raise ValueError(f"{os.fspath(path)}: {problem}") from None


def read_document(document: object, place: str) -> list[Statement]:
    """Return the statements of a document, an object or its JSON text."""
    if isinstance(document, os.PathLike):
        raise ValueError(
            f"{safe_repr(document)} is a path; Policy.from_file reads a file"
        )
    if isinstance(document, str):
        document = _parse_json(document)
    return _statements(document, place)


def _parse_json(text: str | bytes) -> object:
    import json  # noqa: PLC0415 - few programs have a policy as text

    if isinstance(text, str):
        text = text.removeprefix("\ufeff")
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as problem:
        is_path = isinstance(text, str) and not text.lstrip().startswith(("{", "["))
        hint = "; Policy.from_file reads a file" if is_path else ""
        raise ValueError(
            f"the policy cannot be read as JSON: {problem}{hint}"
        ) from None


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError(f"an element stands twice in {[key for key, _ in pairs]}")
    return document


def _statements(document: object, place: str) -> list[Statement]:
    policy = place.removesuffix(".") or "the policy"
    value = _members(_unwrap(document), _DOCUMENT_KEYS, policy)
    version = value.get("Version", _VERSIONS[1])
    if version not in _VERSIONS:
        raise ValueError(
            f"Version of {policy} is {safe_repr(version)}; it is one of {_VERSIONS}"
        )
    _check_string(value, "Id", place)
    statements = value.get("Statement", [])
    if not isinstance(statements, list):
        statements = [statements]
    if not statements:
        raise ValueError(f"{policy} has no Statement")
    variables = version == _VERSIONS[0]
    return [
        _statement(each, f"{place}Statement[{index}]", variables=variables)
        for index, each in enumerate(statements)
    ]


def _unwrap(document: object) -> object:
    """Return the document, also from what a command of AWS prints (AUT-36)."""
    for path in _PRINTED:
        inner = document
        for name in path:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        if inner is not None:
            return _parse_json(inner) if isinstance(inner, str) else inner
    return document


def _statement(element: object, place: str, *, variables: bool) -> Statement:
    value = _members(element, _STATEMENT_KEYS, place)
    effect = value.get("Effect")
    if effect not in ("Allow", "Deny"):
        meant = did_you_mean(effect, ("Allow", "Deny"))
        raise ValueError(
            f"{place}.Effect must be 'Allow' or 'Deny', not {safe_repr(effect)}{meant}"
        )
    _check_string(value, "Sid", f"{place}.")
    patterns, not_actions = _one_of(value, "Action", place)
    for pattern in patterns:
        _check_action(pattern, place)
    templates = [Template.parse(each.lower(), variables=False) for each in patterns]
    actions = frozenset(
        action
        for action in ACTIONS
        if any(each.matches(action.lower(), {}) for each in templates)
        is not not_actions
    )
    resources, not_resources = _one_of(value, "Resource", place)
    for resource in resources:
        _check_resource(resource, place)
    conditions = parse_conditions(
        value.get("Condition", {}),
        f"{place}.Condition",
        variables=variables,
        form_only=not actions,
    )
    return Statement(
        place,
        effect == "Allow",
        actions,
        tuple(
            _template(each, place, variables=variables and bool(actions))
            for each in resources
        ),
        not_resources,
        conditions,
    )


def _check_action(action: str, place: str) -> None:
    service, _, name = action.partition(":")
    if action != "*" and not (service and name and ":" not in name):
        raise ValueError(
            f"{place} names the action {action!r}; "
            "an action is '*' or 'service:action', as in 'ec2:Describe*'"
        )


_VARIABLE = re.compile(r"\$\{[^{}]*\}")


def _check_resource(resource: str, place: str) -> None:
    is_any = resource != "" and not resource.strip("*")
    is_arn = resource.startswith("arn:") and (
        resource.endswith("*") or _VARIABLE.sub("", resource).count(":") >= 5
    )
    if not is_any and not is_arn:
        raise ValueError(
            f"{place} names the resource {resource!r}; a resource is '*' or an ARN "
            "of six parts, of fewer if it ends in '*'"
        )


def _template(resource: str, place: str, *, variables: bool) -> Template:
    try:
        return Template.parse(resource, variables=variables)
    except ValueError as problem:
        raise ValueError(
            f"{place} names the resource {resource!r}: {problem}"
        ) from None


def _one_of(
    statement: Mapping[str, object], name: str, place: str
) -> tuple[tuple[str, ...], bool]:
    """Return the values of *name* or Not*name*, and whether it is the latter."""
    present = [key for key in (name, f"Not{name}") if key in statement]
    if len(present) != 1:
        raise ValueError(f"{place} needs either {name} or Not{name}")
    values = statement[present[0]]
    listed = values if isinstance(values, list) else [values]
    texts = tuple(value for value in listed if isinstance(value, str))
    if not texts or len(texts) < len(listed):
        raise ValueError(
            f"{place}.{present[0]} must be a string or a list of strings, "
            f"not {safe_repr(values)}"
        )
    check_length(texts, f"{place}.{present[0]}")
    return texts, present[0] != name


def _check_string(value: Mapping[str, object], name: str, place: str) -> None:
    if not isinstance(value.get(name, ""), str):
        raise ValueError(
            f"{place}{name} must be a string, not {safe_repr(value[name])}"
        )


def _members(value: object, known: tuple[str, ...], place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{place} must be an object, not {type(value).__name__}")
    for key in value:
        if key not in known:
            hint = did_you_mean(key, known) or f"; known are {', '.join(known)}"
            raise ValueError(
                f"{place} has {safe_repr(key)}, which is not emulated{hint}"
            )
    return value
