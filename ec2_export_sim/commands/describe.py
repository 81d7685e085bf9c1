"""The command `describe-export-image-tasks`: the AWS CLI's flags, JSON and statuses.

Source: awscli/customizations/paginate.py for when the command walks pages itself.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from ..core.policies import Policy
from ..exceptions import ClientError, ParamValidationError
from ..simulator import Simulator
from .files import from_file, load_file
from .sample import SAMPLE_TASKS
from .shorthand import parse_filters, parse_strings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from ..client import Client

# Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
SERVICE_ERROR = 254

# The words after a flag -> the parameter that they state, and how it is read from them.
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


def add_arguments(parser: ArgumentParser) -> None:
    """Add the operation's flags, the AWS CLI's paging flags and the simulator's own."""
    operation = parser.add_argument_group("the operation")
    operation.add_argument(
        "--filters", nargs="*", help="Name=task-state,Values=active,completed or JSON"
    )
    operation.add_argument("--export-image-task-ids", nargs="*", metavar="ID")
    operation.add_argument("--max-results", type=int, help="one page of this size")
    operation.add_argument("--next-token", help="one page, where the last one ended")
    operation.add_argument("--dry-run", action="store_true", default=None)
    operation.add_argument("--no-dry-run", action="store_false", dest="dry_run")
    paging = parser.add_argument_group("walking all pages")
    paging.add_argument("--page-size", type=int, help="results a call")
    paging.add_argument("--max-items", type=int, help="results in all")
    paging.add_argument("--starting-token", help="the NextToken of an earlier walk")
    paging.add_argument(
        "--no-paginate", action="store_true", help="make one call, not a walk"
    )
    account = parser.add_argument_group("the simulated account")
    account.add_argument(
        "--tasks", metavar="FILE", help="a recorded list as JSON; - is standard input"
    )
    account.add_argument("--policy", metavar="FILE", help="the caller's IAM policy")
    account.add_argument("--region", default="us-east-1")


def run(arguments: Namespace) -> int:
    """Print the answer and return 0, or print the service's refusal and return 254.

    Raises ValueError for what cannot be asked or read.
    """
    simulator = Simulator(arguments.region)
    if arguments.tasks is None:
        simulator.load_tasks(SAMPLE_TASKS)
    else:
        load_file(arguments.tasks, simulator)
    policy = arguments.policy and from_file(arguments.policy, Policy.from_document)
    try:
        answer = _answer(simulator.client(policy), arguments)
    except ClientError as refused:
        sys.stderr.write(f"\n{refused}\n")
        return SERVICE_ERROR
    except ParamValidationError as refused:
        raise ValueError(str(refused)) from None
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(answer, indent=4, ensure_ascii=not unicode)
    sys.stdout.write(f"{text}\n")
    return 0


def _answer(client: Client, arguments: Namespace) -> dict[str, Any]:
    parameters = {
        name: read(value)
        for flag, (name, read) in _PARAMETERS.items()
        if (value := getattr(arguments, flag)) is not None
    }
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
