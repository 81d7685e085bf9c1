"""Whether a caller may make a call: the answer without permission, and to a dry run.

Rules: specs/permissions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import errors
from .condition_keys import condition_keys
from .statements import ANY_RESOURCE

if TYPE_CHECKING:
    from .context import CallContext
    from .policies import Permission, Verdict

# A note names at most this many statements.
_MOST_REASONS = 3


def authorize(
    context: CallContext, *permissions: Permission, dry_run: bool | None = None
) -> None:
    """Raise UnauthorizedOperation or, for a dry run that is allowed, DryRunOperation.

    The message names the first of *permissions* that the caller does not have.

    Rules: AUT-01 to AUT-06, AUT-12, ERR-07, SIM-15.
    """
    if context.policy is not None:
        for permission in permissions:
            keys = condition_keys(context, *permission)
            verdict = context.policy.evaluate(*permission, keys)
            if not verdict.allowed:
                raise _unauthorized(context, permission, verdict)
    if dry_run:
        raise errors.DRY_RUN_OPERATION.error()


def _unauthorized(
    context: CallContext, permission: Permission, verdict: Verdict
) -> errors.ServiceError:
    """Return the error; its message names the deciding type of policy (AUT-32)."""
    action, resource = permission
    template, policy = errors.NOT_ALLOWED, verdict.type.noun
    if verdict.explicit:
        template, policy = errors.EXPLICITLY_DENIED, verdict.type.value
    more = len(verdict.reasons) - _MOST_REASONS
    reasons = "; ".join(verdict.reasons[:_MOST_REASONS])
    reasons += f" and {more} more" if more > 0 else ""
    on_resource = encoded = ""
    if resource != ANY_RESOURCE:
        on_resource = f" on resource: {resource}"
        failure = context.account.encode_failure(context.principal, action, resource)
        encoded = f". Encoded authorization failure message: {failure}"
    return template.error(
        principal=context.principal,
        action=action,
        on_resource=on_resource,
        encoded=encoded,
        policy=policy,
        reasons=reasons or f"no statement of {verdict.type.value} allows the action",
    )
