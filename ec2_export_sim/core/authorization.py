"""Whether a caller may make a call: the answer without permission, and to a dry run.

Rules: specs/permissions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import errors
from .policies import ANY_RESOURCE

if TYPE_CHECKING:
    from .context import CallContext
    from .policies import Permission


def authorize(
    context: CallContext, *permissions: Permission, dry_run: bool | None = None
) -> None:
    """Raise UnauthorizedOperation or, for a dry run that is allowed, DryRunOperation.

    The message names the first of *permissions* that the caller does not have.

    Rules: AUT-01 to AUT-04, AUT-12, SIM-15.
    """
    if context.policy is not None:
        for action, resource in permissions:
            template = context.policy.verdict(action, resource)
            if template is not None:
                on = "" if resource == ANY_RESOURCE else f" on resource: {resource}"
                principal = context.principal
                raise template.error(principal=principal, action=action, on_resource=on)
    if dry_run:
        raise errors.DRY_RUN_OPERATION.error()
