"""What ERR rules let one see: the status of a refusal.

Chapter: specs/errors.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from .order import CODES, FAULTS
from .registry import rule

if TYPE_CHECKING:
    from .probe import Account


@rule(
    "ERR-02",
    given={"code": st.sampled_from(CODES)},
    examples=[{"code": code} for code in CODES],
    needs=("filters", "paging"),
)
def a_refusal_of_a_value_has_the_status_400(account: Account, code: str) -> None:
    status = account.refusal(**FAULTS[code]).status
    account.require(status is not None, "no refusal tells its HTTP status")
    account.same(status, 400, f"the status of {code}")
