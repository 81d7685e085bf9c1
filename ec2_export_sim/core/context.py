"""What one call may touch: an account in a region, and who calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .permissions import authorize
from .records import build_records
from .tags import TASK_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .account import Account
    from .model import ExportImageTask
    from .paging import TokenCodec
    from .permissions import Permission, Policy
    from .store import TaskStore


class Context(NamedTuple):
    """One call's view of the account; no policy allows everything."""

    account: Account
    region: str
    policy: Policy | None
    principal: str

    @property
    def tasks(self) -> TaskStore:
        """The region's tasks."""
        return self.account.tasks(self.region)

    @property
    def tokens(self) -> TokenCodec:
        """The region's paging tokens."""
        return self.account.tokens(self.region)

    def authorize(self, dry_run: bool | None, *permissions: Permission) -> None:
        """Raise what keeps the caller from one of *permissions* (AUT-01 to AUT-12)."""
        authorize(self.policy, self.principal, permissions, dry_run=bool(dry_run))

    def task_arn(self, task_id: str) -> str:
        """Return the resource name of a task, or of any for `*` (AUT-12)."""
        account_id = self.account.settings.account_id
        return f"{self._arn_head}:{account_id}:{TASK_KIND}/{task_id}"

    def image_arn(self, image_id: str) -> str:
        """Return the resource name of an image, which has no account (AUT-12)."""
        return f"{self._arn_head}::image/{image_id}"

    @property
    def _arn_head(self) -> str:
        partition = "aws"
        if self.region.startswith("cn-"):
            partition = "aws-cn"
        elif self.region.startswith("us-gov-"):
            partition = "aws-us-gov"
        return f"arn:{partition}:ec2:{self.region}"

    def describe(self, tasks: Iterable[ExportImageTask]) -> list[dict[str, Any]]:
        """Return *tasks* in the response's shape, as they appear now (LIF-25)."""
        return build_records(tasks, self.account.told)
