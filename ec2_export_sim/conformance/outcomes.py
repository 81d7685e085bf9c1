"""What comes of a call: an answer, an error of the service, or neither.

An exception of a client is an error of the service if it has botocore's form. botocore
need not be installed, so its exceptions are known by their names.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

from .differences import clip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    Record: TypeAlias = dict[str, Any]

PARAMETERS_INVALID = "ParamValidationError"

NO_OPERATION = frozenset(
    {"InvalidAction", "UnknownOperation", "UnknownAction", "NotImplemented"}
)
_THROTTLED = frozenset(
    {"RequestLimitExceeded", "Throttling", "ThrottlingException", "SlowDown"}
)
# Exceptions of botocore that say that no service was reached.
_UNREACHABLE = frozenset(
    {"HTTPClientError", "ConnectionError", "NoCredentialsError", "CredentialError"}
    | {"PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"}
    | {"TokenRetrievalError", "NoRegionError", "TimeoutError"}
)


class CannotHold(Exception):  # noqa: N818 - the name is part of the interface
    """Raised by a target for tasks that its account cannot contain."""


class UnsupportedError(Exception):
    """The check needs something that the target cannot do."""


class InconclusiveError(Exception):
    """The check could not show anything; the message says what it needs."""


class CannotExamineError(Exception):
    """The target cannot be examined at all."""


class TargetError(NamedTuple):
    """An error of the service; *message* and *status* are None if it has none."""

    code: str
    message: str | None
    status: int | None

    def __str__(self) -> str:
        return self.code if self.message is None else f"{self.code}: {self.message}"


class CallRecord(NamedTuple):
    """One call and its outcome; a text if the answer could not be read."""

    operation: str
    parameters: dict[str, Any]
    authorized: bool
    outcome: Mapping[str, Any] | TargetError | str


class Page(NamedTuple):
    """One answer: the tasks, the token if it is not empty, and the answer itself."""

    tasks: list[Record]
    token: str | None
    raw: Mapping[str, Any]

    @property
    def ids(self) -> list[str]:
        """The ids of the tasks, in the order of the answer."""
        return [task["ExportImageTaskId"] for task in self.tasks]


def service_error(error: BaseException) -> TargetError | None:
    """Return the error of the service that *error* stands for, if it does."""
    if any(each.__name__ == PARAMETERS_INVALID for each in type(error).__mro__):
        return TargetError(PARAMETERS_INVALID, str(error), None)
    try:
        response: Mapping[str, Any] = error.response  # type: ignore[attr-defined]
        code = response["Error"]["Code"]
    except (AttributeError, LookupError, TypeError):
        return None
    metadata = response.get("ResponseMetadata") or {}
    message = response["Error"].get("Message")
    text = None if message is None else str(message)
    return TargetError(str(code), text, metadata.get("HTTPStatusCode"))


def is_throttled(outcome: object) -> bool:
    return isinstance(outcome, TargetError) and outcome.code in _THROTTLED


def is_unreachable(error: BaseException) -> bool:
    return any(each.__name__ in _UNREACHABLE for each in type(error).__mro__)


def summary(error: BaseException) -> str:
    return clip(f"{type(error).__name__}: {error}", 200)


def close_coroutine(awaitable: Any) -> None:
    """Close a coroutine that nobody awaits, so that Python does not warn."""
    if inspect.iscoroutine(awaitable):
        awaitable.close()
