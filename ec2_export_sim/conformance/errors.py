"""ERR: the status of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import rule
from .samples import WRONG_VALUE_RULES, WRONG_VALUES

if TYPE_CHECKING:
    from .account import TargetAccount


@rule("ERR-02", presumes=WRONG_VALUE_RULES)
def the_error_of_a_wrong_value_has_the_status_400(
    account: TargetAccount, wrong: str
) -> None:
    error = account.assume_error(account.call(**WRONG_VALUES[wrong]))
    account.assume(error.status is not None, "an error that has an HTTP status")
    account.assert_equal(error.status, 400, f"the status of {error.code}")


@rule("ERR-06", presumes=("AUT-01",))
def a_dry_run_has_the_status_412_and_its_own_message(account: TargetAccount) -> None:
    error = account.error(DryRun=True)
    message = "Request would have succeeded, but DryRun flag is set."
    account.assert_message(error, message)
    if error.status is not None:
        account.assert_equal(error.status, 412, "the status")
    account.assume(error.message or error.status, "an error with message or status")
