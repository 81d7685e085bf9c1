"""Who calls, and what one call may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .errors import listed, note
from .ids import RESOURCE_TYPE

if TYPE_CHECKING:
    from datetime import datetime

    from .account import Account
    from .paging import TokenCodec
    from .policies import Policy
    from .store import TaskStore


class Caller(NamedTuple):
    """Who calls an account in a region; without a policy, everything is allowed."""

    account: Account
    region: str
    policy: Policy | None
    principal: str


class CallContext(NamedTuple):
    """One call: who makes it, when, and the tasks and tokens of its region."""

    account: Account
    region: str
    policy: Policy | None
    principal: str
    tasks: TaskStore
    tokens: TokenCodec
    now: datetime

    @classmethod
    def of(cls, caller: Caller) -> CallContext:
        """Return the context of a call that *caller* makes now."""
        account, region = caller.account, caller.region
        tasks, tokens = account.tasks(region), account.tokens(region)
        return cls(*caller, tasks, tokens, account.state.now)

    def why_no_tasks(self) -> tuple[str | None, str | None]:
        """Return rule and note if other regions have tasks and this one has none."""
        regions = self.account.state.regions
        others = [region for region, tasks in regions.items() if len(tasks)]
        if not others or self.region in others:
            return None, None
        return "LIF-15", note("LIF-15", f"the tasks are in {listed(sorted(others))}")

    def task_arn(self, task_id: str) -> str:
        """Return the resource name of a task, or of any task for `*` (AUT-12)."""
        account_id = self.account.settings.account_id
        return f"{self._arn_prefix}:{account_id}:{RESOURCE_TYPE}/{task_id}"

    def image_arn(self, image_id: str) -> str:
        """Return the resource name of an image, which has no account (AUT-12)."""
        return f"{self._arn_prefix}::image/{image_id}"

    @property
    def _arn_prefix(self) -> str:
        partition = "aws"
        if self.region.startswith("cn-"):
            partition = "aws-cn"
        elif self.region.startswith("us-gov-"):
            partition = "aws-us-gov"
        return f"arn:{partition}:ec2:{self.region}"
