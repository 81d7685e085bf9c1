"""Policy documents in one line each."""

from __future__ import annotations

from typing import Any

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY = {**ALLOW, "Effect": "Deny"}


def allow(action: Any = "*", resource: Any = "*", when: Any = None) -> dict[str, Any]:
    """Return a statement that allows, with the Condition *when*."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return statement if when is None else {**statement, "Condition": when}


def deny(action: Any = "*", resource: Any = "*", when: Any = None) -> dict[str, Any]:
    """Return a statement that denies, with the Condition *when*."""
    return {**allow(action, resource, when), "Effect": "Deny"}


def but(statement: dict[str, Any]) -> dict[str, Any]:
    """Return the statement with NotAction instead of Action."""
    rest = {name: value for name, value in statement.items() if name != "Action"}
    return {**rest, "NotAction": statement["Action"]}


def document(*statements: Any, **elements: Any) -> dict[str, Any]:
    """Return a document with policy variables."""
    return {"Version": "2012-10-17", "Statement": list(statements), **elements}
