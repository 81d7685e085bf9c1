"""What PRM rules let one see: which parameters are refused, and which are absent.

Chapter: specs/parameters.md. A client may refuse before the service does; the code is
then that of the client's own check, `ParamValidationError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .probe import PARAMETERS_REFUSED
from .registry import rule

if TYPE_CHECKING:
    from .probe import Account

UNKNOWN = {"UnknownParameter", PARAMETERS_REFUSED}
WRONG = {"InvalidParameterValue", PARAMETERS_REFUSED}


def _refused(account: Account, codes: set[str], **request: Any) -> None:
    code = account.refused(**request)
    account.expect(code in codes, f"the code is {code}, expected one of {codes}")


@rule(
    "PRM-01",
    examples=[
        {"request": {"Bogus": "x"}},
        {"request": {"maxResults": 1}},
        {"request": {"Owners": ["self"]}},
        {"request": {"Filters": [{"Name": "task-state", "Value": ["active"]}]}},
    ],
    needs=("filters", "paging"),
)
def an_unknown_parameter_is_refused(account: Account, request: dict[str, Any]) -> None:
    _refused(account, UNKNOWN, **request)


@rule(
    "PRM-02",
    examples=[
        {"request": {"MaxResults": "5"}},
        {"request": {"MaxResults": 5.0}},
        {"request": {"MaxResults": True}},
        {"request": {"DryRun": "true"}},
        {"request": {"ExportImageTaskIds": "export-ami-00000000000000001"}},
        {"request": {"ExportImageTaskIds": [1]}},
        {"request": {"Filters": {"Name": "task-state", "Values": ["active"]}}},
        {"request": {"Filters": [{"Name": "task-state", "Values": "active"}]}},
        {"request": {"NextToken": 1}},
    ],
    needs=("filters", "paging", "dry-run"),
)
def a_value_of_another_type_is_refused(
    account: Account, request: dict[str, Any]
) -> None:
    _refused(account, WRONG, **request)


@rule("PRM-04", needs=("paging",))
def unknown_comes_before_mistyped(account: Account) -> None:
    _refused(account, UNKNOWN, MaxResults="5", Bogus="x")
    _refused(account, UNKNOWN, Bogus="x", MaxResults="5")


@rule(
    "PRM-05",
    examples=[
        {"empty": {"ExportImageTaskIds": []}},
        {"empty": {"Filters": []}},
        {"empty": {"Filters": [{}]}},
        {"empty": {"Filters": [], "ExportImageTaskIds": []}},
    ],
    needs=("filters",),
)
def an_empty_list_means_absent(account: Account, empty: dict[str, Any]) -> None:
    found = account.named(**empty)
    account.same(found, set(account.ids), f"the tasks with {empty}")


@rule(
    "PRM-06",
    examples=[
        {"request": {"NextToken": "\x00"}},
        {"request": {"ExportImageTaskIds": ["export-ami-\x1b"]}},
        {"request": {"Filters": [{"Name": "task-state", "Values": ["\x0b"]}]}},
        {"request": {"Filters": [{"Name": "task-state", "Values": ["\ufffe"]}]}},
    ],
    needs=("filters", "paging"),
)
def text_that_xml_cannot_carry_is_refused(
    account: Account, request: dict[str, Any]
) -> None:
    _refused(account, WRONG, **request)
