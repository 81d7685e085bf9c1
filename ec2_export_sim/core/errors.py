"""Every error the service returns, as a table: code, HTTP status, message, rule, hint.

A caller of AWS sees code and message. Rule and hint are ours: they travel with the
error as `ServiceError.rule` and as a PEP 678 note. `specs/errors.md` has the same rows
with their sources, and a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .text import xml_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

# A note lists at most this many ids or values.
_MOST_LISTED = 10


class ServiceError(Exception):
    """What the service answers to one call instead of a result.

    `code` and `message` are AWS's, `http_status` is an int, `rule` is the id of the
    rule that the call broke, `request_id` is None until the error leaves the simulator.

    Rules: ERR-01, ERR-02.
    """

    request_id: str | None = None

    def __init__(
        self, code: str, message: str, http_status: int, rule: str, hint: str
    ) -> None:
        super().__init__(code, message, http_status, rule, hint)
        self.code = code
        self.message = message
        self.http_status = http_status
        self.rule = rule
        self.add_note(note(rule, hint))

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class InjectedException(Exception):  # noqa: N818 - it only carries an exception
    """Carries an exception to the entry point, which raises it unchanged.

    A test has injected the exception, or `on_completed` has raised it.
    """

    def __init__(self, exception: BaseException) -> None:
        super().__init__(exception)
        self.exception = exception


class ErrorTemplate(NamedTuple):
    """One row of the table; `error` fills in its message and hint."""

    code: str
    http_status: int
    message: str
    rule: str
    hint: str

    def error(self, **fields: object) -> ServiceError:
        """Return the error; *fields* are the names in braces of message and hint."""
        texts = {name: xml_safe(value) for name, value in fields.items()}
        return ServiceError(
            self.code,
            self.message.format_map(texts),
            self.http_status,
            self.rule,
            self.hint.format_map(texts),
        )


def note(rule: str, hint: str) -> str:
    """Return an error's note: rule, hint, and the command that shows the rule."""
    return f"{rule}: {hint} (ec2-export-sim rules {rule})"


def comma_list(texts: Sequence[str]) -> str:
    """Return the first ten *texts* for a hint, then how many more there are."""
    text = ", ".join(texts[:_MOST_LISTED])
    more = len(texts) - _MOST_LISTED
    return f"{text} and {more} more" if more > 0 else text


# --- order --------------------------------------------------------------------------

INVALID_ACTION = ErrorTemplate(
    "InvalidAction",
    400,
    "The action {action} is not valid for this web service.",
    "ORD-01",
    "the operations emulated are {emulated}",
)

# --- parameters ---------------------------------------------------------------------

UNKNOWN_PARAMETER = ErrorTemplate(
    "UnknownParameter",
    400,
    "The parameter {name} is not recognized",
    "PRM-01",
    "must be one of: {known}",
)
WRONG_TYPE = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {value} ) for parameter {name} is invalid. Expecting the type {type}.",
    "PRM-02",
    "the value is of another type than the API's model says",
)
UNCARRIABLE_TEXT = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( … ) for parameter {name} is invalid. "
    "Expecting text that UTF-8 and XML 1.0 can carry.",
    "PRM-06",
    "the text holds a control character, a noncharacter or a lone surrogate",
)
MISSING_PARAMETER = ErrorTemplate(
    "MissingParameter",
    400,
    "The request must contain the parameter {name}",
    "PRM-03",
    "empty lists and empty structures count as absent",
)
NO_TAGS = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "You must specify one or more tags to create",
    "PRM-03",
    "an empty list of tags counts as absent",
)

# --- permissions --------------------------------------------------------------------

DRY_RUN_OPERATION = ErrorTemplate(
    "DryRunOperation",
    412,
    "Request would have succeeded, but DryRun flag is set.",
    "AUT-01",
    "the caller is allowed and nothing was done; leave DryRun out to make the call",
)
NOT_ALLOWED = ErrorTemplate(
    "UnauthorizedOperation",
    403,
    "You are not authorized to perform this operation. User: {principal} is not "
    "authorized to perform: {action}{on_resource} because no {policy} "
    "allows the {action} action{encoded}",
    "AUT-05",
    "{reasons}",
)
EXPLICITLY_DENIED = ErrorTemplate(
    "UnauthorizedOperation",
    403,
    "You are not authorized to perform this operation. User: {principal} is not "
    "authorized to perform: {action}{on_resource} with an explicit deny in {policy}"
    "{encoded}",
    "AUT-06",
    "{reasons}; a deny beats every allow",
)

# --- ids ----------------------------------------------------------------------------

MALFORMED_ID = ErrorTemplate(
    "InvalidExportTaskID.Malformed",
    400,
    'Invalid id: "{id}" (expecting "export-ami-...")',
    "IDS-04",
    "an id is {syntax}",
)
UNISSUED_ID = MALFORMED_ID._replace(
    rule="IDS-15",
    hint="the quirk UNISSUED_IDS_MALFORMED is on, and the account never had this id",
)
ID_NOT_FOUND = ErrorTemplate(
    "InvalidExportTaskID.NotFound",
    400,
    "The export task ID '{ids}' does not exist",
    "IDS-05",
    "no task of this account has that id in this region{known}",
)
IDS_NOT_FOUND = ID_NOT_FOUND._replace(
    message="The export task IDs '{ids}' do not exist",
    hint="no task of this account has one of those ids in this region{known}",
)
NO_EXPORT_ID = ErrorTemplate(
    "InvalidID",
    400,
    "The ID '{id}' is not valid",
    "IDS-17",
    "the id of an export begins with 'export-ami-' or 'export-i-'",
)

# --- filters ------------------------------------------------------------------------

FILTER_NAME_CASE = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "The filter '{name}' is invalid",
    "FLT-05",
    "filter names are case-sensitive; did you mean '{meant}'?",
)
UNKNOWN_FILTER = FILTER_NAME_CASE._replace(
    rule="FLT-07", hint="the filters supported are {supported}"
)
NAMELESS_FILTER = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "The filter 'null' is invalid",
    "FLT-08",
    "every filter needs a Name",
)
BAD_ESCAPE = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Invalid filter value: The escape sequence '{sequence}' is invalid",
    "FLT-19",
    r"a backslash escapes *, ? and \ only",
)
TOO_MANY_FILTER_VALUES = ErrorTemplate(
    "FilterLimitExceeded",
    400,
    "The maximum number of filter values specified on a single call is {bound}",
    "FLT-20",
    "the values of all filters of a call count together; here they are {count}",
)
FILTER_VALUE_TOO_LONG = ErrorTemplate(
    "FilterLimitExceeded",
    400,
    "The maximum length for a filter value is {bound} characters",
    "FLT-21",
    "a value of the filter '{name}' has {length} characters",
)

# --- paging -------------------------------------------------------------------------

MAX_RESULTS_TOO_SMALL = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {value} ) for parameter MaxResults is invalid. "
    "Expecting a value greater than or equal to {minimum}.",
    "PAG-18",
    "MaxResults lies from {minimum} to {maximum}; leave it out to get all in one page",
)
MAX_RESULTS_TOO_LARGE = MAX_RESULTS_TOO_SMALL._replace(
    message="Value ( {value} ) for parameter MaxResults is invalid. "
    "Expecting a value smaller than or equal to {maximum}."
)
INVALID_NEXT_TOKEN = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {token} ) for parameter NextToken is invalid. The token is invalid.",
    "PAG-11",
    "a token is good only for the account, region, ids and filters it was given for",
)
PAGING_WITH_IDS = ErrorTemplate(
    "InvalidParameterCombination",
    400,
    "The parameter ExportImageTaskIds cannot be used with the parameter {name}",
    "PAG-17",
    "the quirk PAGING_WITH_IDS_REFUSED is on",
)

# --- lifecycle ----------------------------------------------------------------------

MALFORMED_IMAGE_ID = ErrorTemplate(
    "InvalidAMIID.Malformed",
    400,
    'Invalid id: "{id}" (expecting "ami-...")',
    "LIF-19",
    "an id is {syntax}",
)
ROLE_NOT_FOUND = ErrorTemplate(
    "InvalidParameter",
    400,
    "The service role {role} provided does not exist or does not have sufficient "
    "permissions",
    "LIF-39",
    "it is not among the simulator's roles; without RoleName the role is {default}",
)
IMAGE_NOT_FOUND = ErrorTemplate(
    "InvalidAMIID.NotFound",
    400,
    "The image id '[{id}]' does not exist",
    "LIF-20",
    "it is not among the images that the simulator has in this region",
)
MARKETPLACE_IMAGE = ErrorTemplate(
    "NotExportable",
    400,
    "The image ID provided ({id}) is a marketplace AMI and is not exportable.",
    "LIF-21",
    "the simulator's images say that this one is 'marketplace'",
)
ENCRYPTED_IMAGE = ErrorTemplate(
    "InvalidParameter",
    400,
    "The image ID ({id}) provided has encrypted EBS block devices and is not "
    "exportable.",
    "LIF-21",
    "the simulator's images say that this one is 'encrypted'",
)
UNKNOWN_FORMAT = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {value} ) for parameter DiskImageFormat is invalid. "
    "Expecting one of {known}.",
    "LIF-22",
    "upper and lower case are both accepted",
)
EMPTY_BUCKET = MISSING_PARAMETER._replace(
    rule="LIF-22", hint="an empty S3Bucket counts as missing"
)
TOO_LONG = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {value} ) for parameter {name} is invalid. "
    "Expecting at most {bound} characters.",
    "LIF-22",
    "the value has {length} characters",
)
WRONG_CLIENT_TOKEN = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ({token}) for parameter clientToken is invalid",
    "LIF-33",
    "a client token has at most {bound} characters, all of them ASCII",
)
CLIENT_TOKEN_MISMATCH = ErrorTemplate(
    "IdempotentParameterMismatch",
    400,
    "Arguments on this idempotent request are inconsistent with arguments used in "
    "previous request(s).",
    "LIF-23",
    "a client token names one request; leave it out or use a new one",
)
CLIENT_TOKEN_OF_REMOVED_TASK = CLIENT_TOKEN_MISMATCH._replace(
    message="The client token and arguments used in this request were used in a prior "
    "request that was associated with a resource which is now deleted.",
    hint="the task of the first request, {id}, was removed",
)
EXPORTS_EXCEEDED = ErrorTemplate(
    "ResourceLimitExceeded",
    400,
    "Too many export image tasks in progress. The limit is {limit} for this region.",
    "LIF-24",
    "these count: {counted}",
)
IMAGE_IN_EXPORT = ErrorTemplate(
    "ResourceLimitExceeded",
    400,
    "The image {id} is being exported already.",
    "LIF-24",
    "one export of an image at a time; this counts: {counted}",
)
NOT_CANCELLABLE = ErrorTemplate(
    "IncorrectState",
    400,
    "The export task {id} is {state} and cannot be canceled",
    "LIF-18",
    "only an active task can be canceled",
)
ALREADY_TRANSFERRING = NOT_CANCELLABLE._replace(
    message="The export task {id} is transferring the final disk image and cannot be "
    "canceled",
    hint="from a progress of {bound} on it is too late",
)

# --- tags ---------------------------------------------------------------------------

RESERVED_KEY = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {key} ) for parameter key is invalid. "
    "Tag keys starting with 'aws:' are reserved for internal use",
    "TAG-03",
    "AWS sets such tags, callers do not",
)
MISSING_KEY = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty.",
    "TAG-05",
    "a tag's key has 1 to {bound} characters",
)
MISSING_VALUE = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {key} ) for parameter value is invalid. "
    "Tag value cannot be null. Use empty string instead.",
    "TAG-05",
    "a tag's value may be empty, but not absent",
)
KEY_TOO_LONG = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Tag key exceeds the maximum length of {bound} characters",
    "TAG-02",
    "the key has {length} characters",
)
VALUE_TOO_LONG = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Tag value exceeds the maximum length of {bound} characters",
    "TAG-04",
    "the value of {key} has {length} characters",
)
DUPLICATE_KEY = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Duplicate tag key '{key}' specified.",
    "TAG-06",
    "a call gives a key one value",
)
TOO_MANY_TAGS = ErrorTemplate(
    "TagLimitExceeded",
    400,
    "The maximum number of Tags for a resource has been reached.",
    "TAG-07",
    "a task has at most {bound}, without those that begin with 'aws:'; "
    "here they would be {count}",
)
NOT_TAGGABLE = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "'{type}' is not a valid taggable resource type for this operation.",
    "TAG-08",
    "ExportImage tags export-image-task only",
)
NO_RESOURCE_TYPE = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Tag specification resource type must have a value",
    "TAG-08",
    "ExportImage tags export-image-task only",
)
EMPTY_SPECIFICATION = ErrorTemplate(
    "InvalidTagKey.Malformed",
    400,
    "Tag specification must have at least one tag",
    "TAG-08",
    "leave TagSpecifications out if there is nothing to tag",
)
TOO_MANY_RESOURCES = ErrorTemplate(
    "ResourceCountExceeded",
    400,
    "Value ( {count} ) for the number of resources is invalid. "
    "Expecting at most {bound}.",
    "TAG-16",
    "tag the rest in further calls",
)
TOO_MANY_TAGS_TO_DELETE = ErrorTemplate(
    "InvalidParameterValue",
    400,
    "Value ( {count} ) for the number of tags is invalid. Expecting at most {bound}.",
    "TAG-16",
    "delete the rest in further calls",
)
NO_TASK_ID = ErrorTemplate(
    "InvalidID",
    400,
    "The ID '{id}' is not valid",
    "TAG-09",
    "the simulator tags export image tasks only",
)

# --- wire ---------------------------------------------------------------------------

MALFORMED_QUERY = ErrorTemplate(
    "MalformedQueryString",
    400,
    "The query string contains a syntax error: {problem}.",
    "WIR-04",
    "a parameter is NAME=VALUE in percent-encoded UTF-8, and each name appears once",
)
MISSING_ACTION = ErrorTemplate(
    "MissingAction",
    400,
    "The request must contain the parameter Action",
    "WIR-05",
    "the parameter Action names the operation",
)
MISSING_VERSION = MISSING_PARAMETER._replace(
    rule="WIR-24", hint="the version emulated is {emulated}"
)
NO_SUCH_VERSION = ErrorTemplate(
    "NoSuchVersion",
    400,
    "The requested version ({version}) of service AmazonEC2 does not exist",
    "WIR-06",
    "the version emulated is {emulated}",
)
INVALID_METHOD = ErrorTemplate(
    "InvalidHttpRequest",
    405,
    "The HTTP request is invalid. Reason: the method {method} is not GET or POST",
    "WIR-12",
    "the EC2 Query protocol takes GET and POST",
)
REQUEST_TOO_LARGE = ErrorTemplate(
    "InvalidHttpRequest",
    413,
    "The HTTP request is invalid. Reason: it is larger than {limit} bytes",
    "WIR-13",
    "query string and body count together",
)
INVALID_LENGTH = INVALID_METHOD._replace(
    http_status=400,
    message="The HTTP request is invalid. Reason: Content-Length is not that of a body",
    rule="WIR-14",
    hint="Content-Length is a number, and as many bytes follow",
)

# --- errors that a test asks for ---------------------------------------------------

# Code -> HTTP status and message.
INJECTABLE_ERRORS = {
    "RequestLimitExceeded": (503, "Request limit exceeded."),
    "EC2ThrottledException": (503, "Request limit exceeded."),
    "InternalError": (500, "An internal error has occurred"),
    "InternalFailure": (500, "An internal error has occurred"),
    "ServerInternal": (500, "An internal error has occurred"),
    "Unavailable": (503, "The server is overloaded and can't handle the request."),
    "ServiceUnavailable": (503, "The request has failed due to a temporary failure."),
}


ALL = tuple(row for row in list(globals().values()) if isinstance(row, ErrorTemplate))


def injected_error(
    code: str, message: str | None, http_status: int | None
) -> ServiceError:
    """Return the error that a test asked for.

    `INJECTABLE_ERRORS` has the messages and statuses of some codes. Another code has
    the status of its first row in the table, or 400 if it is not in the table.

    Rules: ERR-05.
    """
    known = {row.code: row.http_status for row in reversed(ALL)}
    status, text = INJECTABLE_ERRORS.get(
        code, (known.get(code, 400), "The request was refused.")
    )
    return ServiceError(
        code,
        text if message is None else message,
        status if http_status is None else http_status,
        "ERR-05",
        "the test asked for this error with fail_next_call",
    )
