"""The errors of the client, with botocore's attributes, constructors and wording.

This module never imports botocore. If the program has imported it, each error that is
raised is also an instance of botocore's class.

    ClientError                  an error of the service (ERR-03)
    ParamValidationError         the client's check failed, no call was made (PRM-07)
    OperationNotPageableError    the operation has no pages (PAG-16)
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from .core.errors import ServiceError, note

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ClientError",
    "OperationNotPageableError",
    "ParamValidationError",
    "ServiceError",
]


class ClientError(Exception):
    """The service's error, as a boto3 client raises it.

    `response["Error"]` has Code and Message, `response["ResponseMetadata"]` has the
    members that boto3 adds. `operation_name` is the name of the operation. `rule` is
    the id of the rule that the call broke, None if it is not known. `MSG_TEMPLATE` is
    botocore's wording.

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
        return _unpickle, (
            "ClientError",
            (self.response, self.operation_name),
            vars(self),
        )


class _OwnError(Exception):
    """An error that no service answered; the message is made of *kwargs*."""

    fmt: str
    rule: str | None = None

    def __init__(self, **kwargs: Any) -> None:
        Exception.__init__(self, self.fmt.format(**kwargs))
        self.kwargs = kwargs

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (type(self).__name__, (), vars(self))


class ParamValidationError(_OwnError):
    """Wrong parameters, in botocore's words.

    `kwargs["report"]` has one line for each error, `fmt` the words before them, `rule`
    is the id of the rule that the call broke (None if unknown).

    Rules: PRM-07.
    """

    fmt = "Parameter validation failed:\n{report}"


class OperationNotPageableError(_OwnError):
    """A paginator of an operation without pages, in botocore's words.

    Rules: PAG-16.
    """

    fmt = "Operation cannot be paginated: {operation_name}"


_Error = TypeVar("_Error", bound=_OwnError)


def client_error(
    error: ServiceError, operation: str, metadata: dict[str, Any]
) -> ClientError:
    """Return the client's form of the service's *error*, with its notes."""
    response = {
        "Error": {"Code": error.code, "Message": error.message},
        "ResponseMetadata": metadata,
    }
    client: ClientError = _error_class("ClientError")(response, operation)
    add_rule(client, error)
    return client


def add_rule(client: Any, error: ServiceError) -> None:
    """Give *client*, a client's form of *error*, the rule and the notes of *error*."""
    client.rule = error.rule
    for each in error.__notes__:
        client.add_note(each)


def param_validation_error(report: str) -> ParamValidationError:
    """Return the client's error for parameters, with botocore's *report* of them."""
    error: ParamValidationError = _error_class("ParamValidationError")(report=report)
    return _with_note(error, "PRM-07", "the client's check failed; no call was made")


def operation_not_pageable_error(operation_name: str) -> OperationNotPageableError:
    """Return the client's error for a paginator of *operation_name*."""
    error: OperationNotPageableError = _error_class("OperationNotPageableError")(
        operation_name=operation_name
    )
    return _with_note(error, "PAG-16", "the operation has no pages")


def _with_note(error: _Error, rule: str, hint: str) -> _Error:
    error.rule = rule
    error.add_note(note(rule, hint))
    return error


def _retry_info(metadata: Mapping[str, Any]) -> str:
    if metadata.get("MaxAttemptsReached") and "RetryAttempts" in metadata:
        return f" (reached max retries: {metadata['RetryAttempts']})"
    return ""


def _error_class(name: str) -> type[Any]:
    """Return our class *name*, a botocore class too if botocore is imported."""
    ours: type = globals()[name]
    botocore = sys.modules.get("botocore.exceptions")
    return ours if botocore is None else _combined_class(ours, getattr(botocore, name))


@cache
def _combined_class(ours: type, theirs: type) -> type:
    names = {"__module__": ours.__module__, "__qualname__": ours.__qualname__}
    return type(ours.__name__, (ours, theirs), {**names, "__doc__": ours.__doc__})


def _unpickle(name: str, arguments: tuple[Any, ...], attributes: dict[str, Any]) -> Any:
    """Return an unpickled error, of the class that this process raises."""
    error = _error_class(name)(*arguments, **attributes.get("kwargs", {}))
    vars(error).update(attributes)
    return error
