"""The client shaped like boto3's: keyword arguments in, dicts and ClientError out.

It checks parameters as botocore does and leaves every other question to the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .core import parameters, shapes
from .core.envelope import headers, http_date
from .core.errors import ServiceError
from .core.service import serve
from .exceptions import ClientError, client_error, param_validation_error
from .paginator import RESULT_KEYS, Paginator

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Never

    from typing_extensions import Unpack

    from .core.account import Account
    from .core.service import Caller
    from .type_defs import (
        DescribeExportImageTasksRequestTypeDef,
        DescribeExportImageTasksResultTypeDef,
    )


class ClientMeta(NamedTuple):
    """What a client tells of itself."""

    region_name: str


class ClientExceptions:
    """The exceptions a client may raise, as attributes."""

    ClientError = ClientError


class Client:
    """A client of one simulator in one region, as `Simulator.client` makes it.

    Errors of the service are `ClientError`, wrong parameters `ParamValidationError`,
    both with botocore's attributes.

    Rules: PRM-07, RSP-11, ERR-03.
    """

    exceptions = ClientExceptions()

    def __init__(self, account: Account, caller: Caller) -> None:
        self._account = account
        self._caller = caller
        self.meta = ClientMeta(caller.region)

    def describe_export_image_tasks(
        self, **kwargs: Unpack[DescribeExportImageTasksRequestTypeDef]
    ) -> DescribeExportImageTasksResultTypeDef:
        """Describe the specified export image tasks or all of them.

        Takes DryRun (bool), Filters (list of Name and Values), ExportImageTaskIds (list
        of str), MaxResults (1 to 500) and NextToken (str); returns ExportImageTasks
        and, where there are more, NextToken.

        Raises ClientError with the codes DryRunOperation, UnauthorizedOperation,
        InvalidExportTaskID.Malformed, InvalidExportTaskID.NotFound,
        InvalidParameterValue, FilterLimitExceeded and InvalidNextToken.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeExportImageTasks.html
        """
        return self._call("DescribeExportImageTasks", kwargs)  # type: ignore[return-value]

    def _call(self, operation: str, given: Any) -> dict[str, Any]:
        examined = parameters.examine(shapes.OPERATIONS[operation].input, given)
        if examined.mistakes and (report := parameters.report(examined.mistakes)):
            raise param_validation_error(report)
        try:
            answer = serve(self._account, self._caller, operation, given, examined)
        except ServiceError as error:
            request_id = error.request_id or ""
            metadata = _metadata(request_id, error.http_status, self._account.state.now)
            raise client_error(error, operation, metadata) from None
        members = answer.members
        members["ResponseMetadata"] = _metadata(answer.request_id, 200, answer.at)
        return members

    def can_paginate(self, operation_name: str) -> bool:
        """Tell whether `get_paginator` knows *operation_name*."""
        return operation_name in RESULT_KEYS

    def get_paginator(
        self, operation_name: str
    ) -> Paginator[DescribeExportImageTasksResultTypeDef]:
        """Return the paginator of an operation, named as the method is.

        Raises ValueError for an operation that has no pages.

        Rules: PAG-16.
        """
        if operation_name not in RESULT_KEYS:
            raise ValueError(f"Operation cannot be paginated: {operation_name}")
        return Paginator(getattr(self, operation_name), RESULT_KEYS[operation_name])

    def get_waiter(self, waiter_name: str) -> Never:
        """Raise ValueError as boto3 does: export image tasks have no waiter."""
        raise ValueError(f"Waiter does not exist: {waiter_name}")

    def close(self) -> None:
        """Do nothing; there is no connection to close."""

    def __getattr__(self, name: str) -> Never:
        emulated = ", ".join(snake for snake in vars(Client) if "_" in snake[1:])
        raise AttributeError(
            f"{name!r} is not emulated; a Client has {emulated}. "
            "For the rest of EC2, serve a real boto3 client with "
            "ec2_export_sim.botocore.intercept."
        )


def _metadata(request_id: str, status: int, at: datetime) -> dict[str, Any]:
    return {
        "RequestId": request_id,
        "HTTPStatusCode": status,
        "HTTPHeaders": headers(request_id, http_date(at)),
        "RetryAttempts": 0,
    }
