"""The client shaped like boto3's: keyword arguments in, dicts and ClientError out.

It checks parameters as botocore does and leaves every other question to the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, overload

from .core import parameters, shapes
from .core.envelope import headers
from .core.errors import ServiceError
from .core.operations import OPERATIONS
from .core.service import serve
from .exceptions import (
    ClientError,
    client_error,
    operation_not_pageable_error,
    param_validation_error,
)
from .paginator import RESULT_KEYS, Paginator

if TYPE_CHECKING:
    from typing import Literal, Never

    from typing_extensions import Unpack

    from .core.context import Context
    from .type_defs import (
        CancelExportTaskRequestTypeDef,
        CreateTagsRequestTypeDef,
        DeleteTagsRequestTypeDef,
        DescribeExportImageTasksRequestTypeDef,
        DescribeExportImageTasksResultTypeDef,
        DescribeTagsRequestTypeDef,
        DescribeTagsResultTypeDef,
        EmptyResponseMetadataTypeDef,
        ExportImageRequestTypeDef,
        ExportImageResultTypeDef,
    )


METHODS = tuple(perform.__name__ for perform in OPERATIONS.values())


class ClientMeta(NamedTuple):
    """What a client tells of itself."""

    region_name: str


class ClientExceptions:
    """The exceptions a client may raise, as attributes."""

    ClientError = ClientError


class Client:
    """A client of one simulator in one region, as `Simulator.client` makes it.

    Errors of the service are `ClientError`, wrong parameters `ParamValidationError`,
    both with botocore's attributes. As in boto3, `exceptions.ClientError` is the former
    and `meta.region_name` the client's region.

    Rules: PRM-07, RSP-11, ERR-03.
    """

    exceptions = ClientExceptions()

    def __init__(self, context: Context) -> None:
        self._context = context
        self.meta = ClientMeta(context.region)

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

    def export_image(
        self, **kwargs: Unpack[ExportImageRequestTypeDef]
    ) -> ExportImageResultTypeDef:
        """Begin to export an image to S3, and describe the task that does it.

        Takes ImageId, DiskImageFormat (VMDK, RAW or VHD) and S3ExportLocation
        (S3Bucket, S3Prefix); ClientToken, Description, DryRun, RoleName and
        TagSpecifications. No ClientToken is filled in.

        Raises ClientError with the codes DryRunOperation, UnauthorizedOperation,
        MissingParameter, InvalidAMIID.Malformed, InvalidAMIID.NotFound, NotExportable,
        InvalidParameter, InvalidParameterValue, InvalidTagKey.Malformed,
        TagLimitExceeded, IdempotentParameterMismatch and ResourceLimitExceeded.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ExportImage.html
        """
        return self._call("ExportImage", kwargs)  # type: ignore[return-value]

    def cancel_export_task(
        self, **kwargs: Unpack[CancelExportTaskRequestTypeDef]
    ) -> EmptyResponseMetadataTypeDef:
        """Cancel an active export, named by ExportTaskId.

        Raises ClientError with the codes UnauthorizedOperation,
        InvalidExportTaskID.Malformed, InvalidExportTaskID.NotFound and IncorrectState.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelExportTask.html
        """
        return self._call("CancelExportTask", kwargs)  # type: ignore[return-value]

    def create_tags(
        self, **kwargs: Unpack[CreateTagsRequestTypeDef]
    ) -> EmptyResponseMetadataTypeDef:
        """Set Tags on the tasks named by Resources, on all or on none.

        Raises ClientError with the codes DryRunOperation, UnauthorizedOperation,
        MissingParameter, InvalidID, InvalidExportTaskID.NotFound,
        InvalidParameterValue, InvalidTagKey.Malformed and TagLimitExceeded.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
        """
        return self._call("CreateTags", kwargs)  # type: ignore[return-value]

    def delete_tags(
        self, **kwargs: Unpack[DeleteTagsRequestTypeDef]
    ) -> EmptyResponseMetadataTypeDef:
        """Take Tags from the tasks named by Resources; without Tags, all of them.

        Raises ClientError with the codes DryRunOperation, UnauthorizedOperation,
        MissingParameter, InvalidID, InvalidExportTaskID.NotFound,
        InvalidParameterValue and InvalidTagKey.Malformed.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
        """
        return self._call("DeleteTags", kwargs)  # type: ignore[return-value]

    def describe_tags(
        self, **kwargs: Unpack[DescribeTagsRequestTypeDef]
    ) -> DescribeTagsResultTypeDef:
        """Describe the tags of the export image tasks.

        Takes DryRun, Filters (key, value, resource-id, resource-type, tag:<key>),
        MaxResults (5 to 1000) and NextToken.

        Raises ClientError with the codes DryRunOperation, UnauthorizedOperation,
        InvalidParameterValue, FilterLimitExceeded and InvalidNextToken.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
        """
        return self._call("DescribeTags", kwargs)  # type: ignore[return-value]

    def _call(self, operation: str, given: Any) -> dict[str, Any]:
        examined = parameters.examine(shapes.OPERATIONS[operation].input, given)
        _, mistakes = examined
        if mistakes and (report := parameters.report(mistakes)):
            raise param_validation_error(report)
        try:
            members, request_id, date = serve(self._context, operation, given, examined)
        except ServiceError as error:
            request_id, date = error.request_id or "", self._context.account.date()
            metadata = _metadata(request_id, error.http_status, date)
            raise client_error(error, operation, metadata) from None
        members["ResponseMetadata"] = _metadata(request_id, 200, date)
        return members

    def can_paginate(self, operation_name: str) -> bool:
        """Tell whether an operation, named as its method is, has pages.

        Raises KeyError for an operation that is not emulated.
        """
        if operation_name not in METHODS:
            raise KeyError(operation_name)
        return operation_name in RESULT_KEYS

    @overload
    def get_paginator(
        self, operation_name: Literal["describe_export_image_tasks"]
    ) -> Paginator[DescribeExportImageTasksResultTypeDef]: ...

    @overload
    def get_paginator(
        self, operation_name: Literal["describe_tags"]
    ) -> Paginator[DescribeTagsResultTypeDef]: ...

    @overload
    def get_paginator(self, operation_name: str) -> Paginator[Any]: ...

    def get_paginator(self, operation_name: str) -> Paginator[Any]:
        """Return the paginator of an operation, named as its method is.

        Raises OperationNotPageableError for an operation that has no pages, KeyError
        for one that is not emulated.

        Rules: PAG-16.
        """
        if not self.can_paginate(operation_name):
            raise operation_not_pageable_error(operation_name)
        return Paginator(getattr(self, operation_name), RESULT_KEYS[operation_name])

    def get_waiter(self, waiter_name: str) -> Never:
        """Raise ValueError as boto3 does: export image tasks have no waiter."""
        raise ValueError(f"Waiter does not exist: {waiter_name}")

    def close(self) -> None:
        """Do nothing; there is no connection to close."""

    def __getattr__(self, name: str) -> Never:
        raise AttributeError(
            f"{name!r} is not emulated; the operations are {', '.join(METHODS)}. For "
            "the rest of EC2, serve a real boto3 client with "
            "ec2_export_sim.botocore.intercept."
        )


def _metadata(request_id: str, status: int, date: str) -> dict[str, Any]:
    return {
        "RequestId": request_id,
        "HTTPStatusCode": status,
        "HTTPHeaders": headers(request_id, date),
        "RetryAttempts": 0,
    }
