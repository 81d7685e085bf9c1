"""The errors of the client: botocore's attributes, constructors and wording.

Where anyone has imported botocore, the error that is raised is a botocore error, too;
botocore is never imported for it.

    ClientError                  the service refused (ERR-03)
    ParamValidationError         the client's check refused, no call was made (PRM-07)
    OperationNotPageableError    the operation has no pages (PAG-16)
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from .core.errors import ServiceError, citation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ClientError",
    "OperationNotPageableError",
    "ParamValidationError",
    "ServiceError",
]


class ClientError(Exception):
    """The service's refusal, as a boto3 client raises it.

    `response["Error"]` holds Code and Message, `response["ResponseMetadata"]` what
    boto3 puts there, `operation_name` the operation, `rule` the id of the rule that
    refused (None where unknown), `MSG_TEMPLATE` botocore's wording of all that.

    Rules: ERR-01, ERR-03.
    """

    MSG_TEMPLATE = (
        "An error occurred ({error_code}) when calling the {operation_name} "
        "operation{retry_info}: {error_message}"
    )
    rule: str | None = None

    def __init__(self, error_response: dict[str, Any], operation_name: str) -> None:
        error = error_response.get("Error", {})
        message = self.MSG_TEMPLATE.format(
            error_code=error.get("Code", "Unknown"),
            error_message=error.get("Message", "Unknown"),
            operation_name=operation_name,
            retry_info=_retry_info(error_response.get("ResponseMetadata", {})),
        )
        Exception.__init__(self, message)  # botocore's class may come between
        self.response = error_response
        self.operation_name = operation_name

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (
            "ClientError",
            (self.response, self.operation_name),
            vars(self),
        )


class _OwnRefusal(Exception):  # noqa: N818 - the classes below are errors
    """What the client refuses by itself; the message is made of *kwargs*."""

    fmt: str
    rule: str | None = None

    def __init__(self, **kwargs: Any) -> None:
        Exception.__init__(self, self.fmt.format(**kwargs))
        self.kwargs = kwargs

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self).__name__, (), vars(self))


class ParamValidationError(_OwnRefusal):
    """The client's refusal of its parameters, in botocore's words.

    `kwargs["report"]` holds one line for each mistake, `fmt` the words before them,
    `rule` the id of the rule that refused (None where unknown).

    Rules: PRM-07.
    """

    fmt = "Parameter validation failed:\n{report}"


class OperationNotPageableError(_OwnRefusal):
    """The client's refusal of a paginator, in botocore's words.

    Rules: PAG-16.
    """

    fmt = "Operation cannot be paginated: {operation_name}"


_Refusal = TypeVar("_Refusal", bound=_OwnRefusal)


def client_error(
    error: ServiceError, operation: str, metadata: dict[str, Any]
) -> ClientError:
    """Return the client's rendering of the service's *error*, its notes included."""
    response = {
        "Error": {"Code": error.code, "Message": error.message},
        "ResponseMetadata": metadata,
    }
    rendered: ClientError = _raisable("ClientError")(response, operation)
    rendered.rule = error.rule
    for note in error.__notes__:
        rendered.add_note(note)
    return rendered


def param_validation_error(report: str) -> ParamValidationError:
    """Return the client's refusal of parameters, with botocore's *report* of them."""
    refusal: ParamValidationError = _raisable("ParamValidationError")(report=report)
    return _cited(refusal, "PRM-07", "the client refused; no call was made")


def operation_not_pageable_error(operation_name: str) -> OperationNotPageableError:
    """Return the client's refusal of a paginator of *operation_name*."""
    refusal: OperationNotPageableError = _raisable("OperationNotPageableError")(
        operation_name=operation_name
    )
    return _cited(refusal, "PAG-16", "the operation has no pages")


def _cited(refusal: _Refusal, rule: str, hint: str) -> _Refusal:
    refusal.rule = rule
    refusal.add_note(citation(rule, hint))
    return refusal


def _retry_info(metadata: Mapping[str, Any]) -> str:
    if metadata.get("MaxAttemptsReached") and "RetryAttempts" in metadata:
        return f" (reached max retries: {metadata['RetryAttempts']})"
    return ""


def _raisable(name: str) -> type[Any]:
    """Return our class *name*, joined with botocore's where botocore is imported."""
    ours: type = globals()[name]
    botocore = sys.modules.get("botocore.exceptions")
    return ours if botocore is None else _joined(ours, getattr(botocore, name))


@cache
def _joined(ours: type, theirs: type) -> type:
    names = {"__module__": ours.__module__, "__qualname__": ours.__qualname__}
    return type(ours.__name__, (ours, theirs), {**names, "__doc__": ours.__doc__})


def _rebuilt(name: str, arguments: tuple[Any, ...], attributes: dict[str, Any]) -> Any:
    """Return an error unpickled, as it would be raised where it is unpickled."""
    error = _raisable(name)(*arguments, **attributes.get("kwargs", {}))
    vars(error).update(attributes)
    return error
