"""What ORD rules let one see: which of several things that are wrong is answered.

Chapter: specs/order.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .ids import UNKNOWN
from .parameters import UNKNOWN as UNKNOWN_PARAMETER
from .permissions import ANY_REQUEST, REQUESTS
from .probe import Answer
from .registry import rule

if TYPE_CHECKING:
    from .probe import Account

# What is wrong with a value, in the order in which values are looked at (ORD-06).
FAULTS: dict[str, dict[str, Any]] = {
    "InvalidExportTaskID.Malformed": {"ExportImageTaskIds": ["export-ami-"]},
    "InvalidParameterValue": {"MaxResults": 501},
    "FilterLimitExceeded": {
        "Filters": [{"Name": "task-state", "Values": ["active"] * 201}]
    },
    "InvalidNextToken": {"NextToken": "garbage"},
}
CODES = tuple(FAULTS)
SOME_CODES = st.lists(st.sampled_from(CODES), min_size=1, unique=True)
VALUES = ("filters", "paging")
DRY_RUNS = ("dry-run", *VALUES)
_UNKNOWN_ID: dict[str, Any] = {"ExportImageTaskIds": [UNKNOWN[0]]}


def _request(codes: list[str]) -> dict[str, Any]:
    return {name: value for code in codes for name, value in FAULTS[code].items()}


# --- must ---------------------------------------------------------------------------


@rule("ORD-05", given=ANY_REQUEST, examples=REQUESTS, needs=DRY_RUNS)
def a_dry_run_describes_nothing(account: Account, request: dict[str, Any]) -> None:
    reply = account.attempt(**request, DryRun=True)
    account.expect(not isinstance(reply, Answer), "a dry run was answered with tasks")


@rule("ORD-05", given=ANY_REQUEST, examples=REQUESTS, needs=DRY_RUNS)
def a_dry_run_changes_nothing(account: Account, request: dict[str, Any]) -> None:
    before = account.named()
    account.attempt(**request, DryRun=True)
    account.same(account.named(), before, "the tasks after a dry run")


# --- should -------------------------------------------------------------------------


@rule("ORD-02", needs=("permissions", "dry-run"))
def parameters_are_checked_before_the_call_is_judged(account: Account) -> None:
    code = account.refused(authorized=False, Bogus="x")
    account.expect(code in UNKNOWN_PARAMETER, f"the code is {code}")
    code = account.refused(DryRun=True, Bogus="x")
    account.expect(code in UNKNOWN_PARAMETER, f"the code in a dry run is {code}")


@rule(
    "ORD-04",
    given={"codes": SOME_CODES},
    examples=[{"codes": [code]} for code in CODES],
    needs=("permissions", *VALUES),
)
def the_permission_is_judged_before_any_value(
    account: Account, codes: list[str]
) -> None:
    for request in (_request(codes), _UNKNOWN_ID):
        code = account.refused(authorized=False, **request)
        account.same(code, "UnauthorizedOperation", "the code")


@rule(
    "ORD-05",
    given={"codes": SOME_CODES},
    examples=[{"codes": [code]} for code in CODES],
    needs=DRY_RUNS,
    level="should",
)
def a_dry_run_looks_at_no_value(account: Account, codes: list[str]) -> None:
    for request in (_request(codes), _UNKNOWN_ID):
        code = account.refused(**request, DryRun=True)
        account.same(code, "DryRunOperation", "the code")


@rule(
    "ORD-06",
    given={"codes": SOME_CODES},
    examples=[
        {"codes": [one, other]}
        for place, one in enumerate(CODES)
        for other in CODES[place + 1 :]
    ],
    needs=VALUES,
)
def values_are_checked_in_one_order(account: Account, codes: list[str]) -> None:
    first = min(codes, key=CODES.index)
    account.same(account.refused(**_request(codes)), first, "the code")


@rule(
    "ORD-07",
    given={"code": st.sampled_from(CODES[1:])},
    examples=[{"code": code} for code in CODES[1:]],
    needs=VALUES,
)
def existence_comes_after_all_values(account: Account, code: str) -> None:
    found = account.refused(**FAULTS[code], ExportImageTaskIds=[UNKNOWN[0]])
    account.same(found, code, "the code")


@rule(
    "ORD-10",
    given={"codes": SOME_CODES, **ANY_REQUEST},
    examples=[{"codes": [*CODES[:1]], "request": {"MaxResults": 1}}],
    needs=DRY_RUNS,
)
def reads_and_refused_calls_change_nothing(
    account: Account, codes: list[str], request: dict[str, Any]
) -> None:
    before = account.everything()
    account.attempt(**request)
    account.attempt(ExportImageTaskIds=account.ids[:1] or [UNKNOWN[0]])
    account.attempt(**_request(codes))
    account.attempt(**request, DryRun=True)
    account.same(account.everything(), before, "the tasks afterwards")
