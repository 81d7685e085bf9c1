"""PRM: which parameters are errors, and which count as absent.

A client may check parameters before the service does; the code is then that of the
client's own check, `ParamValidationError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .outcomes import PARAMETERS_INVALID
from .registry import READING, rule

if TYPE_CHECKING:
    from .account import TargetAccount

UNKNOWN = {"UnknownParameter", PARAMETERS_INVALID}
WRONG = {"InvalidParameterValue", PARAMETERS_INVALID}
MISSING = {"MissingParameter", PARAMETERS_INVALID}

# A parameter that is not read has no wrong value.
_READ = ("AUT-01", "IDS-01", "FLT-04", "PAG-01", "PAG-04")


def _expect(code: str, codes: set[str], account: TargetAccount) -> None:
    wanted = " or ".join(sorted(codes))
    account.assert_true(code in codes, f"the code is {code}, expected {wanted}")


@rule("PRM-01", presumes=("FLT-04",))
def an_unknown_parameter_is_an_error(
    account: TargetAccount, request: dict[str, Any]
) -> None:
    _expect(account.error(**request).code, UNKNOWN, account)


# PRM-02 has no check: a client that does not look at types contradicts no page.
@rule("PRM-10", presumes=_READ)
def a_value_of_another_type_is_an_invalid_parameter_value(
    account: TargetAccount, request: dict[str, Any]
) -> None:
    _expect(account.error(**request).code, WRONG, account)


@rule("PRM-03", presumes=())
def a_missing_parameter_is_an_error(
    account: TargetAccount, operation: str, request: dict[str, Any]
) -> None:
    _expect(account.error(operation, **request).code, MISSING, account)


@rule("PRM-04", presumes=("PRM-01", "PRM-10"))
def unknown_comes_before_mistyped(
    account: TargetAccount, request: dict[str, Any]
) -> None:
    _expect(account.error(**request).code, UNKNOWN, account)


@rule("PRM-05", presumes=READING)
def an_empty_list_means_absent(account: TargetAccount, empty: dict[str, Any]) -> None:
    wanted = account.ids()
    account.assume(wanted, "a task")
    account.assert_equal(account.ids(**empty), wanted, f"the tasks with {empty}")


@rule("PRM-06", presumes=(*_READ, "PRM-10", "FLT-10", "PAG-11"))
def text_that_xml_cannot_contain_is_an_error(
    account: TargetAccount, request: dict[str, Any]
) -> None:
    _expect(account.error(**request).code, WRONG, account)
