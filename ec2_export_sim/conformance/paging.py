"""PAG: pages, and the tokens between them.

At level documented no token is used twice, and the pages of a walk are compared only
together with an answer to the same request without MaxResults: pages may be short or
empty, and in any order.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .outcomes import PARAMETERS_INVALID
from .permissions import right_request
from .registry import READING, rule
from .samples import in_state
from .strategies import STATES, accounts, filters

if TYPE_CHECKING:
    from .account import TargetAccount
    from .outcomes import Page

LIMITS = st.integers(1, 12)
SOME = accounts(min_size=2, max_size=12)
NARROW = st.lists(filters(), max_size=1)
_WALK = (*READING, "PAG-01", "PAG-02", "PAG-04")


def _request(asked: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Filters": asked} if asked else {}


def _walk(account: TargetAccount, **request: Any) -> list[Page]:
    """Return the pages of a walk that has at least two."""
    pages = account.pages(**request)
    account.assume(len(pages) > 1, "a walk of two pages")
    return pages


def _tokens(account: TargetAccount, **request: Any) -> list[str]:
    pages = _walk(account, MaxResults=1, **request)
    return [page.token for page in pages if page.token]


@rule("PAG-01", presumes=(*READING, "PAG-02"), tasks=SOME, limit=LIMITS, asked=NARROW)
def a_page_has_at_most_max_results_tasks(
    account: TargetAccount, limit: int, asked: list[dict[str, Any]]
) -> None:
    account.assume(len(account.ids(**_request(asked))) > limit, "more tasks")
    for page in account.pages(MaxResults=limit, **_request(asked)):
        sizes = f"{len(page.tasks)} tasks on a page, MaxResults is {limit}"
        account.assert_true(len(page.tasks) <= limit, sizes)


@rule("PAG-02", limit=st.integers(1, 500))
def every_max_results_from_1_to_500_is_accepted(
    account: TargetAccount, limit: int
) -> None:
    account.assume(account.ids(), "a task")
    account.describe(MaxResults=limit)


@rule("PAG-03")
def without_max_results_everything_is_on_one_page(account: TargetAccount) -> None:
    pages = account.pages()
    account.assume(any(page.tasks for page in pages), "a task")
    account.assert_equal(len(pages), 1, "the number of pages")


@rule("PAG-04", presumes=(*READING, "PAG-02"), tasks=SOME, limit=LIMITS, asked=NARROW)
def the_pages_have_each_matching_task_once(
    account: TargetAccount, limit: int, asked: list[dict[str, Any]]
) -> None:
    wanted = [task["ExportImageTaskId"] for task in account.tasks(**_request(asked))]
    account.assume(len(wanted) > limit, "more tasks than MaxResults")
    pages = account.pages(MaxResults=limit, **_request(asked))
    found = sorted(task_id for page in pages for task_id in page.ids)
    account.assert_equal(set(found), set(wanted), "the tasks of all pages")
    account.assert_equal(found, sorted(wanted), "how often the pages have each task")


@rule("PAG-05", presumes=(), limit=LIMITS)
def after_the_last_page_there_is_no_token(account: TargetAccount, limit: int) -> None:
    for request in ({}, {"MaxResults": limit}):
        pages = account.pages(**request)
        account.assume(any(page.tasks for page in pages), "a task")


@rule("PAG-06", presumes=_WALK, tasks=SOME, limit=LIMITS, asked=NARROW)
def there_is_a_token_only_if_a_further_task_matches(
    account: TargetAccount, limit: int, asked: list[dict[str, Any]]
) -> None:
    count = len(account.tasks(**_request(asked)))
    account.assume(count, "a task")
    pages = account.pages(MaxResults=limit, **_request(asked))
    sizes = [len(page.tasks) for page in pages]
    wanted = [min(limit, count - done) for done in range(0, count, limit)]
    account.assert_equal(sizes, wanted, "the sizes of the pages")


@rule("PAG-07", presumes=_WALK, tasks=accounts(min_size=6, max_size=12))
def a_token_does_not_show_its_position(account: TargetAccount) -> None:
    pages = account.pages(MaxResults=1)
    account.assume(len(pages) > 5, "a walk of six pages")
    texts = [_plain(page.token) for page in pages if page.token]
    ids = account.ids()
    for text, page in zip(texts, pages, strict=False):
        for task_id in ids:
            shows = task_id.removeprefix("export-ami-") in text
            account.assert_true(not shows, f"the token {page.token} contains {task_id}")
    numbers = [
        {int(n) for n in re.findall(r"(?<![0-9A-Za-z])\d+(?![0-9A-Za-z])", text)}
        for text in texts
    ]
    for first in (0, 1, 2):
        counts = all(n in found for n, found in enumerate(numbers, first))
        account.assert_true(not counts, f"the tokens count the tasks: {texts[:3]}")


def _plain(token: str) -> str:
    """Return the token, followed by what it says if it is base64."""
    try:
        plain = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return token
    return f"{token} {plain.decode('ascii', 'replace')}"


@rule("PAG-09", presumes=(*_WALK, "IDS-01", "FLT-03", "FLT-04", "PAG-11"), tasks=SOME)
def a_token_belongs_to_its_ids_and_filters(account: TargetAccount) -> None:
    every, some, ids = in_state(*STATES), in_state(*STATES[:2]), account.held_ids
    garbage = account.assume_error(account.call(MaxResults=1, NextToken="garbage"))
    token = _tokens(account)[0]
    filtered = _tokens(account, Filters=every)[0]
    named = _tokens(account, ExportImageTaskIds=ids)[0]
    account.describe(
        MaxResults=1, NextToken=filtered, Filters=in_state(*STATES[::-1], STATES[0])
    )
    account.describe(MaxResults=1, NextToken=named, ExportImageTaskIds=ids[::-1])
    others: list[dict[str, Any]] = [
        {"NextToken": token, "Filters": every},
        {"NextToken": token, "ExportImageTaskIds": ids},
        {"NextToken": filtered},
        {"NextToken": filtered, "Filters": some},
        {"NextToken": filtered, "Filters": [*every, *some]},
        {"NextToken": named},
        {"NextToken": named, "ExportImageTaskIds": ids[1:]},
    ]
    for request in others:
        error = account.error(MaxResults=1, **request)
        account.assert_equal(error.code, garbage.code, "the code")


@rule("PAG-10", presumes=(*_WALK, "PAG-15"), tasks=SOME, limit=LIMITS)
def a_token_is_not_bound_to_max_results_and_is_good_more_than_once(
    account: TargetAccount, limit: int
) -> None:
    first = _walk(account, MaxResults=1)[0]
    left = account.ids() - set(first.ids)
    for request in ({"MaxResults": limit}, {}, {}):
        rest = account.ids(NextToken=first.token, **request)
        account.assert_equal(rest, left, f"the tasks that are left, with {request}")


@rule("PAG-11", presumes=("PAG-05",))
def anything_else_is_no_token(account: TargetAccount, token: str) -> None:
    requests: tuple[dict[str, Any], ...] = ({}, {"MaxResults": 2})
    for request in requests:
        error = account.error(NextToken=token, **request)
        account.assert_equal(error.code, "InvalidParameterValue", "the code")
        wrong = f"Value ( {token} ) for parameter NextToken is invalid."
        account.assert_message(error, f"{wrong} The token is invalid.")
    tokens = _tokens(account)
    middle = len(tokens[0]) // 2
    for index in (0, middle, len(tokens[0]) - 1):
        other = "A" if tokens[0][index] != "A" else "B"
        altered = tokens[0][:index] + other + tokens[0][index + 1 :]
        for wrong in (altered, tokens[0][:-1], f"{tokens[0]}A", tokens[0].swapcase()):
            if wrong not in tokens:
                error = account.error(MaxResults=1, NextToken=wrong)
                what = "the code for a token that was changed"
                account.assert_equal(error.code, "InvalidParameterValue", what)


@rule("PAG-12", presumes=(*_WALK, "PAG-10"))
def a_token_does_not_depend_on_the_tasks(account: TargetAccount, between: str) -> None:
    active: dict[str, Any] = {"Filters": in_state("active")}
    request = active if between == "cancel_export_task" else {}
    wanted = account.ids(**request)
    first = _walk(account, MaxResults=1, **request)[0]
    account.assume(first.ids, "a first page that has a task")
    parameters = right_request(account, between)
    if between == "cancel_export_task":
        parameters["ExportTaskId"] = first.ids[0]
    account.do(between, **parameters)
    pages = account.pages(MaxResults=1, NextToken=first.token, **request)
    found = [task_id for page in pages for task_id in page.ids]
    found = sorted(task_id for task_id in found if task_id in wanted)
    left = sorted(wanted - set(first.ids))
    account.assert_equal(found, left, "the tasks of the pages that are left")


@rule("PAG-15", presumes=_WALK, tasks=SOME)
def no_two_pages_have_the_same_token(account: TargetAccount) -> None:
    tokens = _tokens(account)
    account.assert_equal(
        len(set(tokens)), len(tokens), "the number of different tokens"
    )
    account.assert_true("None" not in tokens, "a token is the text None")


@rule("PAG-18", presumes=(), limit=st.integers(501, 10_000) | st.integers(-10, 0))
def max_results_out_of_its_range_is_an_error(
    account: TargetAccount, limit: int
) -> None:
    error = account.error(MaxResults=limit)
    if limit < 1 and error.code == PARAMETERS_INVALID:
        return
    account.assert_equal(error.code, "InvalidParameterValue", "the code")
    bound = (
        "greater than or equal to 1" if limit < 1 else "smaller than or equal to 500"
    )
    message = (
        f"Value ( {limit} ) for parameter MaxResults is invalid. "
        f"Expecting a value {bound}."
    )
    account.assert_message(error, message)
