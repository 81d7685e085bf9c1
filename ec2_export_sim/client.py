"""The client shaped like boto3's: it takes keyword arguments and returns dicts.

It checks parameters as botocore does; `core` does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, overload

from .core.dispatch import dispatch
from .core.errors import InjectedException, ServiceError
from .core.operations import METHODS, OPERATIONS
from .core.request import Request
from .core.response import response_headers
from .exceptions import (
    ClientError,
    client_error,
    operation_not_pageable_error,
    param_validation_error,
)
from .paginator import Paginator

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal, Never

    from typing_extensions import Unpack

    from .core.context import Caller
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


# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True


class ClientMeta(NamedTuple):
    """The region of a client, as in boto3."""

    region_name: str


class ClientExceptions:
    """The exceptions a client may raise, as attributes."""

    ClientError = ClientError


class Client:
    """A client of one simulator in one region; `Simulator.client` makes it.

    An error of the service is a `ClientError`, and a wrong parameter is a
    `ParamValidationError`. Both have botocore's attributes. As in boto3,
    `exceptions.ClientError` is the class, and `meta.region_name` is the region.

    Rules: PRM-07, RSP-11, ERR-03.
    """

    exceptions = ClientExceptions()

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.meta = ClientMeta(caller.region)

    def describe_export_image_tasks(
        self, **kwargs: Unpack[DescribeExportImageTasksRequestTypeDef]
    ) -> DescribeExportImageTasksResultTypeDef:
        """Describe the specified export image tasks or all of them.

        Args:
            DryRun (bool): Only check the permission.
            Filters (list of dict): Each with Name and Values.
            ExportImageTaskIds (list of str): The tasks; all if absent.
            MaxResults (int): 1 to 500 tasks per page.
            NextToken (str): The NextToken of the page before.

        Returns:
            ExportImageTasks and, if there are more, NextToken.

        Raises:
            ClientError: With the code DryRunOperation, UnauthorizedOperation,
                InvalidExportTaskID.Malformed, InvalidExportTaskID.NotFound,
                InvalidParameterValue or FilterLimitExceeded; with the quirk
                PAGING_WITH_IDS_REFUSED, InvalidParameterCombination.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeExportImageTasks.html
        """
        return self._call("DescribeExportImageTasks", kwargs)  # type: ignore[return-value]

    def export_image(
        self, **kwargs: Unpack[ExportImageRequestTypeDef]
    ) -> ExportImageResultTypeDef:
        """Start to export an image to S3, and describe the task that does it.

        Args:
            ImageId (str): The image.
            DiskImageFormat (str): VMDK, RAW or VHD.
            S3ExportLocation (dict): S3Bucket and, if wanted, S3Prefix.
            ClientToken (str): Makes a repeated request idempotent; none is filled in.
            Description (str): At most 255 characters.
            DryRun (bool): Only check the permission.
            RoleName (str): The service role.
            TagSpecifications (list of dict): The tags of the task.

        Returns:
            The members of the task, DiskImageFormat and RoleName.

        Raises:
            ClientError: With the code DryRunOperation, UnauthorizedOperation,
                MissingParameter, InvalidAMIID.Malformed, InvalidAMIID.NotFound,
                NotExportable, InvalidParameter, InvalidParameterValue,
                InvalidTagKey.Malformed, TagLimitExceeded, IdempotentParameterMismatch
                or ResourceLimitExceeded.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ExportImage.html
        """
        return self._call("ExportImage", kwargs)  # type: ignore[return-value]

    def cancel_export_task(
        self, **kwargs: Unpack[CancelExportTaskRequestTypeDef]
    ) -> EmptyResponseMetadataTypeDef:
        """Cancel an active export.

        Args:
            ExportTaskId (str): The id of the task.

        Raises:
            ClientError: With the code UnauthorizedOperation, InvalidID,
                InvalidExportTaskID.Malformed, InvalidExportTaskID.NotFound or
                IncorrectState.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelExportTask.html
        """
        return self._call("CancelExportTask", kwargs)  # type: ignore[return-value]

    def create_tags(
        self, **kwargs: Unpack[CreateTagsRequestTypeDef]
    ) -> EmptyResponseMetadataTypeDef:
        """Set tags on all named tasks or, if one of them has an error, on none.

        Args:
            Resources (list of str): The ids of the tasks.
            Tags (list of dict): Each with Key and Value.
            DryRun (bool): Only check the permission.

        Raises:
            ClientError: With the code DryRunOperation, UnauthorizedOperation,
                MissingParameter, InvalidID, InvalidExportTaskID.NotFound,
                InvalidParameterValue, ResourceCountExceeded or TagLimitExceeded.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
        """
        return self._call("CreateTags", kwargs)  # type: ignore[return-value]

    def delete_tags(
        self, **kwargs: Unpack[DeleteTagsRequestTypeDef]
    ) -> EmptyResponseMetadataTypeDef:
        """Remove tags from all named tasks or, if one of them has an error, from none.

        Args:
            Resources (list of str): The ids of the tasks.
            Tags (list of dict): Each with Key and, if wanted, Value; all tags if
                absent.
            DryRun (bool): Only check the permission.

        Raises:
            ClientError: With the code DryRunOperation, UnauthorizedOperation,
                MissingParameter, InvalidID, InvalidExportTaskID.NotFound,
                InvalidParameterValue or ResourceCountExceeded.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
        """
        return self._call("DeleteTags", kwargs)  # type: ignore[return-value]

    def describe_tags(
        self, **kwargs: Unpack[DescribeTagsRequestTypeDef]
    ) -> DescribeTagsResultTypeDef:
        """Describe the tags of the export image tasks.

        Args:
            DryRun (bool): Only check the permission.
            Filters (list of dict): key, value, resource-id, resource-type, tag:<key>.
            MaxResults (int): 5 to 1000 tags per page.
            NextToken (str): The NextToken of the page before.

        Returns:
            Tags and, if there are more, NextToken.

        Raises:
            ClientError: With the code DryRunOperation, UnauthorizedOperation,
                InvalidParameterValue or FilterLimitExceeded.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
        """
        return self._call("DescribeTags", kwargs)  # type: ignore[return-value]

    def _call(self, operation: str, parameters: Any) -> dict[str, Any]:
        request = Request.parse(operation, parameters)
        report = request.botocore_report()
        if report:
            raise param_validation_error(report)
        try:
            response = dispatch(self._caller, request)
        except InjectedException as injected:
            raise injected.exception from None
        except ServiceError as error:
            now = self._caller.account.state.now
            metadata = _metadata(error.request_id or "", error.http_status, now)
            raise client_error(error, operation, metadata) from None
        members = response.members
        members["ResponseMetadata"] = _metadata(response.request_id, 200, response.at)
        return members

    def can_paginate(self, operation_name: str) -> bool:
        """Return whether an operation has pages; its name is that of the method.

        Raises KeyError for an operation that is not emulated.
        """
        return OPERATIONS[METHODS[operation_name]].result_key is not None

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
        """Return the paginator of an operation; its name is that of the method.

        Raises OperationNotPageableError for an operation that has no pages, KeyError
        for one that is not emulated.

        Rules: PAG-16.
        """
        result_key = OPERATIONS[METHODS[operation_name]].result_key
        if result_key is None:
            raise operation_not_pageable_error(operation_name)
        return Paginator(getattr(self, operation_name), result_key)

    def __repr__(self) -> str:
        caller = self._caller
        return f"<Client of {caller.region}, {caller.principal}>"

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


def _metadata(request_id: str, status: int, at: datetime) -> dict[str, Any]:
    return {
        "RequestId": request_id,
        "HTTPStatusCode": status,
        "HTTPHeaders": response_headers(request_id, at),
        "RetryAttempts": 0,
    }
