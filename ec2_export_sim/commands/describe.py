"""The command `describe-export-image-tasks`: the AWS CLI's flags, JSON and statuses.

Source: awscli/customizations/paginate.py for when the command walks pages itself.
"""

from __future__ import annotations

import json
import sys
from argparse import SUPPRESS, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any

from ..exceptions import ClientError, ParamValidationError
from ..simulator import Simulator
from .caller import add_caller_arguments, read_context, read_policy
from .explain import explain
from .files import load_file
from .output import complain
from .sample import SAMPLE_TASKS
from .shorthand import parse_filters, parse_strings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from ..client import Client

# Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
SERVICE_ERROR = 254

# A flag -> the parameter, and how its value is made from the words after the flag.
_PARAMETERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "filters": ("Filters", parse_filters),
    "export_image_task_ids": ("ExportImageTaskIds", parse_strings),
    "max_results": ("MaxResults", int),
    "next_token": ("NextToken", str),
    "dry_run": ("DryRun", bool),
}
_WALK = {
    "starting_token": "StartingToken",
    "page_size": "PageSize",
    "max_items": "MaxItems",
}

_EXAMPLES = """\
examples:
  aws ec2 describe-export-image-tasks --output json > tasks.json
  %(prog)s --tasks tasks.json \\
      --filters Name=task-state,Values=active Name=tag:team,Values='web*' --explain
  %(prog)s --tasks tasks.json --max-items 10

The AWS CLI's global flags, such as --query and --output, are not supported.
Exit status: 0; 252 for wrong usage; 254 for an error of the service.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the operation's flags, the AWS CLI's paging flags and the simulator's own."""
    parser.epilog = _EXAMPLES
    parser.formatter_class = RawDescriptionHelpFormatter
    operation = parser.add_argument_group("the operation, with the AWS CLI's flags")
    operation.add_argument(
        "--filters",
        nargs="*",
        metavar="FILTER",
        help="Name=task-state,Values=active,completed or the same as JSON",
    )
    operation.add_argument("--export-image-task-ids", nargs="*", metavar="ID")
    operation.add_argument(
        "--max-results", type=int, metavar="N", help="return one page of at most N"
    )
    operation.add_argument(
        "--next-token", metavar="TOKEN", help="return the page after this NextToken"
    )
    operation.add_argument(
        "--dry-run",
        action="store_true",
        default=None,
        help="only check the permission; --no-dry-run is the default",
    )
    operation.add_argument(
        "--no-dry-run", action="store_false", dest="dry_run", help=SUPPRESS
    )
    paging = parser.add_argument_group("all pages")
    paging.add_argument("--page-size", type=int, metavar="N", help="tasks per call")
    paging.add_argument("--max-items", type=int, metavar="N", help="tasks in total")
    paging.add_argument(
        "--starting-token", metavar="TOKEN", help="the NextToken after --max-items"
    )
    paging.add_argument("--no-paginate", action="store_true", help="make one call")
    account = parser.add_argument_group("the simulated account")
    account.add_argument(
        "--tasks",
        metavar="FILE",
        help="the tasks as the AWS CLI prints them in JSON; - reads standard input "
        "(default: a built-in sample)",
    )
    add_caller_arguments(account)
    account.add_argument("--region", default="us-east-1", help="default: %(default)s")
    account.add_argument(
        "--explain",
        action="store_true",
        help="print on standard error which filter and rule dropped each task",
    )


def run(arguments: Namespace) -> int:
    """Print the answer and return 0, or print the service's error and return 254.

    Raises ValueError for wrong parameters and for a file that is not usable.
    """
    simulator = Simulator(arguments.region)
    if arguments.tasks is None:
        complain("These are sample tasks; --tasks FILE takes your own.\n")
        simulator.load_tasks(SAMPLE_TASKS)
    else:
        load_file(arguments.tasks, simulator)
    parameters = {
        name: read(value)
        for flag, (name, read) in _PARAMETERS.items()
        if (value := getattr(arguments, flag)) is not None
    }
    policy, context = read_policy(arguments), read_context(arguments)
    client = simulator.client(policy, context=context)
    try:
        answer = _answer(client, parameters, arguments)
    except ParamValidationError as error:
        raise ValueError(str(error)) from None
    except ClientError as error:
        complain(f"\n{error}\n")
        answer = None
    else:
        unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        text = json.dumps(answer, indent=4, ensure_ascii=not unicode)
        sys.stdout.write(f"{text}\n")
    if arguments.explain:
        _explain(simulator, parameters, answer)
    return SERVICE_ERROR if answer is None else 0


def _explain(
    simulator: Simulator, parameters: dict[str, Any], answer: dict[str, Any] | None
) -> None:
    sys.stdout.flush()
    lines = [call.note for call in simulator.calls if call.note is not None]
    if answer is not None:
        answered = {each["ExportImageTaskId"] for each in answer["ExportImageTasks"]}
        lines += explain(simulator, parameters, answered)
    complain("".join(f"{line}\n" for line in lines))


def _answer(
    client: Client, parameters: dict[str, Any], arguments: Namespace
) -> dict[str, Any]:
    walk = {name: getattr(arguments, flag) for flag, name in _WALK.items()}
    one_call = {"MaxResults", "NextToken"} & parameters.keys()
    if not arguments.no_paginate and not one_call:
        paginator = client.get_paginator("describe_export_image_tasks")
        pages = paginator.paginate(**parameters, PaginationConfig=walk)
        return pages.build_full_result()
    used = [f"--{flag.replace('_', '-')}" for flag in _WALK if walk[_WALK[flag]]]
    if used:
        raise ValueError(
            "Error during pagination: Cannot specify --no-paginate along with "
            f"pagination arguments: {', '.join(used)}"
        )
    page: dict[str, Any] = {**client.describe_export_image_tasks(**parameters)}
    del page["ResponseMetadata"]
    return page
