"""What a caller may do: IAM policies, evaluated together.

Each operation says which permissions it needs; this module knows no operation.

Rules: specs/permissions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .request_context import ACTIONS
from .statements import (
    ANY_RESOURCE,
    PolicySet,
    PolicyType,
    policy_sets,
    read_document,
    read_file,
)
from .text import safe_repr

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    from .statements import Statement
    from .variables import Keys

    # A policy document: the object, or its JSON text.
    Document: TypeAlias = Mapping[str, object] | str
    FilePath: TypeAlias = str | os.PathLike[str]


class Permission(NamedTuple):
    """An action on a resource."""

    action: str
    resource: str = ANY_RESOURCE


class Verdict(NamedTuple):
    """Whether an action is allowed; if not, the type of policy that denies, and why."""

    allowed: bool
    explicit: bool = False
    type: PolicyType = PolicyType.IDENTITY
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What a caller may do: identity-based policies, boundary and SCPs.

    Make one with `allow_all`, `deny_all`, `allow`, `from_document` or `from_file`.

    >>> Policy.allow("ec2:Describe*").allows("ec2:DescribeExportImageTasks")
    True

    *sets* has the policies by type. A denial names the first set that denies.

    Rules: AUT-05 to AUT-08, AUT-10, AUT-31.
    """

    sets: tuple[PolicySet, ...] = (PolicySet(PolicyType.IDENTITY, ()),)

    def __post_init__(self) -> None:
        sets = self.sets if isinstance(self.sets, tuple) else ()
        if not sets or not all(isinstance(each, PolicySet) for each in sets):
            raise TypeError(
                "Policy() takes no document; use Policy.from_document(document) or "
                "Policy.from_file(path)"
            )

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
        """Return the policy that allows *actions*, or patterns of them, on everything.

        Raises ValueError for an action that is neither `*` nor `service:action`.
        """
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        return cls.from_document({"Statement": statement})

    @classmethod
    def from_document(
        cls,
        document: Document,
        *more: Document,
        boundary: Document | None = None,
        scps: Iterable[Document] | Iterable[Iterable[Document]] = (),
    ) -> Policy:
        """Return the policy of a caller with these IAM policy documents.

        A document is a dict or its JSON text. It may be inside the answer in which the
        AWS CLI prints it.

        Args:
            document: An identity-based policy of the caller.
            more: Further identity-based policies.
            boundary: The permissions boundary.
            scps: The service control policies of one level; or a list of such lists, a
                list per level, from the root of the organization to the account.

        Raises:
            ValueError: A document has something that is not emulated; the message names
                the place. In a statement that covers no emulated action, only the form
                is checked.

        Rules: SIM-14, AUT-10, AUT-31, AUT-33, AUT-35, AUT-36.
        """
        return cls(policy_sets(read_document, (document, *more), boundary, scps))

    @classmethod
    def from_file(
        cls,
        path: FilePath,
        *more: FilePath,
        boundary: FilePath | None = None,
        scps: Iterable[FilePath] | Iterable[Iterable[FilePath]] = (),
    ) -> Policy:
        """Return the policy of a caller with the IAM policy documents in these files.

        The arguments are those of `from_document`, with paths instead of documents.

        Raises:
            ValueError: As for `from_document`; the message also names the file.
            OSError: A file cannot be read.

        Rules: SIM-14, AUT-36.
        """
        return cls(policy_sets(read_file, (path, *more), boundary, scps))

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that can cover an emulated action."""
        return tuple(statement for each in self.sets for statement in each.statements)

    def allows(self, action: str, resource: str = ANY_RESOURCE) -> bool:
        """Return whether *action* on *resource* is allowed without any condition key.

        Raises ValueError for an action that is not emulated.
        """
        for known in ACTIONS:
            if known.lower() == action.lower():
                return self.evaluate(known, resource, {}).allowed
        raise ValueError(
            f"no action {safe_repr(action)}; known are {', '.join(ACTIONS)}"
        )

    def evaluate(self, action: str, resource: str, keys: Keys) -> Verdict:
        """Return the verdict on *action* on *resource* for a request with *keys*.

        Rules: AUT-05, AUT-06, AUT-31, AUT-32.
        """
        for type_, statements in self.sets:
            for each in statements:
                if not each.allow and each.applies(action, resource, keys):
                    reason = each.explain(resource, keys)
                    return Verdict(False, True, type_, (reason,))
        for type_, statements in self.sets:
            allowing = [
                each for each in statements if each.allow and action in each.actions
            ]
            if not any(each.applies(action, resource, keys) for each in allowing):
                reasons = tuple(each.explain(resource, keys) for each in allowing)
                return Verdict(False, False, type_, reasons)
        return Verdict(True)
