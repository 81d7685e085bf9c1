"""The options `--policy` and `--context`: what the caller of the service may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.policies import Policy
from .files import naming

if TYPE_CHECKING:
    from argparse import Namespace, _ArgumentGroup


def add_caller_arguments(group: _ArgumentGroup) -> None:
    """Add the options to *group*."""
    group.add_argument(
        "--policy",
        metavar="FILE",
        help="the caller's IAM policy: a document, or what `aws iam "
        "get-policy-version` prints",
    )
    group.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a condition key of IAM; a repeated key has several values",
    )


def read_policy(arguments: Namespace) -> Policy | None:
    """Return the policy; raises ValueError for a file that is not usable."""
    path: str | None = arguments.policy
    if path is None:
        return None
    with naming(path):
        return Policy.from_file(path)


def read_context(arguments: Namespace) -> dict[str, str | list[str]] | None:
    """Return the condition keys, None if there are none."""
    keys: dict[str, list[str]] = {}
    for word in arguments.context:
        key, separator, value = word.partition("=")
        if not separator:
            raise ValueError(f"--context takes KEY=VALUE, not {word!r}")
        keys.setdefault(key, []).append(value)
    if not keys:
        return None
    return {
        key: values if len(values) > 1 else values[0] for key, values in keys.items()
    }
