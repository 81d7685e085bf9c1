"""`Caller` says who calls; `CallContext` has what the operation of one call uses."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import ID_NOT_FOUND, IDS_NOT_FOUND, comma_list, note
from .ids import RESOURCE_TYPE
from .quirks import Quirk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .account import Account
    from .paging import TokenCodec
    from .policies import Policy
    from .store import TaskStore
    from .variables import Keys


class Caller(NamedTuple):
    """Who calls an account in a region; without a policy, everything is allowed.

    *keys* are the condition keys that the caller gave.
    """

    account: Account
    region: str
    policy: Policy | None
    named_principal: str | None
    keys: Keys

    @property
    def principal(self) -> str:
        """The caller's ARN, by default that of the account's user `test` (SIM-15)."""
        if self.named_principal is not None:
            return self.named_principal
        return default_principal(self.account.settings.account_id, self.region)


class CallContext(NamedTuple):
    """One call: who makes it, when, and the tasks and tokens of its region."""

    account: Account
    region: str
    policy: Policy | None
    principal: str
    keys: Keys
    operation: str
    parameters: Mapping[str, Any]
    tasks: TaskStore
    tokens: TokenCodec
    now: datetime
    quirks: frozenset[Quirk]

    @classmethod
    def of(
        cls, caller: Caller, operation: str, parameters: Mapping[str, Any]
    ) -> CallContext:
        """Return the context of a call that *caller* makes now."""
        account, region = caller.account, caller.region
        return cls(
            account,
            region,
            caller.policy,
            caller.principal,
            caller.keys,
            operation,
            parameters,
            account.tasks(region),
            account.tokens(region),
            account.state.now,
            account.settings.quirks,
        )

    def is_issued(self, task_id: str) -> bool:
        """Return whether a well-formed id counts as issued.

        Every id does. With UNISSUED_IDS_MALFORMED, only the id of a task that is there
        or was removed does.

        Rules: IDS-15.
        """
        if Quirk.UNISSUED_IDS_MALFORMED not in self.quirks:
            return True
        return self.account.has_issued(task_id)

    def check_known(self, ids: Iterable[str]) -> None:
        """Raise InvalidExportTaskID.NotFound if the region has no task with an id.

        Rules: IDS-05, IDS-06.
        """
        unknown = [task_id for task_id in ids if task_id not in self.tasks]
        if unknown:
            template = IDS_NOT_FOUND if len(unknown) > 1 else ID_NOT_FOUND
            known = self._locate(unknown)
            raise template.error(
                ids=", ".join(unknown), known=f": {known}" if known else ""
            )

    def why_unknown(self, ids: Iterable[str]) -> tuple[str | None, str | None]:
        """Return rule and note if tasks with *ids* were removed or are elsewhere."""
        known = self._locate(ids)
        return ("IDS-05", note("IDS-05", known)) if known else (None, None)

    def _locate(self, ids: Iterable[str]) -> str:
        """Return a text that says which *ids* were removed or are in another region."""
        state, texts = self.account.state, []
        for task_id in ids:
            places = [name for name, tasks in state.regions.items() if task_id in tasks]
            if places:
                texts.append(f"{task_id} is in {places[0]}")
            elif task_id in state.removed_ids:
                texts.append(f"{task_id} was removed")
        return comma_list(texts)

    def why_no_tasks(self) -> tuple[str | None, str | None]:
        """Return rule and note if other regions have tasks and this one has none."""
        regions = self.account.state.regions
        others = [region for region, tasks in regions.items() if len(tasks)]
        if not others or self.region in others:
            return None, None
        hint = f"the tasks are in {comma_list(sorted(others))}"
        return "LIF-15", note("LIF-15", hint)

    def task_arn(self, task_id: str) -> str:
        """Return the resource name of a task, or of any task for `*` (AUT-12)."""
        account_id = self.account.settings.account_id
        return f"{self._arn_prefix}:{account_id}:{RESOURCE_TYPE}/{task_id}"

    def image_arn(self, image_id: str) -> str:
        """Return the resource name of an image, which has no account (AUT-12)."""
        return f"{self._arn_prefix}::image/{image_id}"

    @property
    def _arn_prefix(self) -> str:
        return f"arn:{partition_of(self.region)}:ec2:{self.region}"


@cache
def default_principal(account_id: str, region: str) -> str:
    """Return the ARN of the account's user `test`."""
    return f"arn:{partition_of(region)}:iam::{account_id}:user/test"


def partition_of(region: str) -> str:
    """Return the partition of a region: `aws`, `aws-cn` or `aws-us-gov` (AUT-12)."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
