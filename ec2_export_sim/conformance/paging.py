"""What PAG rules let one see: pages, and the tokens between them.

Chapter: specs/paging.md. At level must no token is used twice, and pages are compared
only whole: they may be short or empty, and come in any order.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .filters import in_state
from .oracle import selected
from .probe import PARAMETERS_REFUSED, Answer
from .registry import ANY_ACCOUNT, rule
from .strategies import accounts, states

if TYPE_CHECKING:
    from .probe import Account

PAGING = ("paging",)
LIMITS = st.integers(1, 5)
SOME = accounts(min_size=2)


# --- must ---------------------------------------------------------------------------


@rule(
    "PAG-01",
    given={"limit": LIMITS},
    examples=[{"limit": 1}, {"limit": 3}, {"limit": 5}],
    needs=PAGING,
)
def a_page_holds_at_most_max_results(account: Account, limit: int) -> None:
    for page in account.pages(MaxResults=limit):
        told = f"{len(page.tasks)} tasks on a page, MaxResults is {limit}"
        account.expect(len(page.tasks) <= limit, told)


@rule(
    "PAG-02",
    given={"limit": st.integers(1, 500)},
    examples=[{"limit": 1}, {"limit": 500}, {"limit": 4}],
    needs=PAGING,
)
def every_max_results_from_1_to_500_is_accepted(account: Account, limit: int) -> None:
    account.describe(MaxResults=limit)


@rule(
    "PAG-04",
    given={"limit": LIMITS},
    examples=[{"limit": 1}, {"limit": 2}, {"limit": 3}, {"limit": 5}],
    needs=PAGING,
)
def the_pages_hold_every_task_once(account: Account, limit: int) -> None:
    found = [task["ExportImageTaskId"] for task in account.everything(MaxResults=limit)]
    wanted = Counter(account.ids)
    account.same(Counter(found), wanted, "how often the pages hold each task")


@rule(
    "PAG-04",
    given={"limit": LIMITS, "state": states()},
    examples=[{"limit": 1, "state": "active"}, {"limit": 2, "state": "deleted"}],
    needs=("paging", "filters"),
)
def the_pages_hold_every_matching_task_once(
    account: Account, limit: int, state: str
) -> None:
    tasks = account.everything(MaxResults=limit, Filters=in_state(state))
    found = Counter(task["ExportImageTaskId"] for task in tasks)
    wanted = Counter(account.in_states({state}))
    account.same(found, wanted, f"how often the pages hold each task in {state}")


@rule(
    "PAG-05",
    given={"limit": LIMITS},
    examples=[{"limit": 1}, {"limit": 5}, {"limit": 2, "tasks": []}],
    needs=PAGING,
)
def a_walk_comes_to_an_end(account: Account, limit: int) -> None:
    account.pages(MaxResults=limit)
    account.pages()


# --- should -------------------------------------------------------------------------


@rule("PAG-03", given=ANY_ACCOUNT, needs=PAGING)
def without_max_results_everything_comes_in_one_page(account: Account) -> None:
    account.same(len(account.pages()), 1, "the number of pages")


@rule(
    "PAG-05",
    given={"limit": LIMITS},
    examples=[{"limit": 2}, {"limit": 2, "tasks": []}],
    needs=PAGING,
    level="should",
)
def the_last_page_has_no_member_next_token(account: Account, limit: int) -> None:
    for request in ({}, {"MaxResults": limit}):
        last = account.pages(**request)[-1]
        account.expect("NextToken" not in last.raw, "the last page has a NextToken")


@rule(
    "PAG-06",
    given={"limit": LIMITS, "state": st.none() | states()},
    examples=[
        {"limit": 5, "state": None},
        {"limit": 1, "state": "active"},
        {"limit": 2, "state": "active"},
        {"limit": 2, "state": None},
    ],
    needs=("paging", "filters"),
)
def there_is_a_token_only_where_a_further_task_matches(
    account: Account, limit: int, state: str | None
) -> None:
    request: dict[str, Any] = {} if state is None else {"Filters": in_state(state)}
    count = len(selected(account.held, filters=request.get("Filters", ())))
    pages = account.pages(MaxResults=limit, **request)
    sizes = [len(page.tasks) for page in pages]
    wanted = [min(limit, count - done) for done in range(0, count, limit)] or [0]
    account.same(sizes, wanted, "the sizes of the pages")


def _tokens(account: Account, **request: Any) -> list[str]:
    tokens = [page.token for page in account.pages(**request)]
    account.require(tokens[0], "the account holds too few tasks for two pages")
    return [token for token in tokens if token]


@rule("PAG-07", given={"tasks": SOME}, needs=PAGING)
def a_token_tells_nothing_of_its_place(account: Account) -> None:
    for number, token in enumerate(_tokens(account, MaxResults=1), 1):
        account.expect(not token.isdecimal(), f"the token {token} is a number")
        try:
            plain = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            plain = b""
        account.expect(not plain.isdigit(), f"the token {token} is {plain!r}")
        for task_id in account.ids:
            shown = task_id in token or task_id.encode() in plain
            account.expect(not shown, f"token {number} holds the id {task_id}")


@rule(
    "PAG-09",
    given={"tasks": SOME},
    needs=("paging", "filters"),
)
def a_token_is_good_for_the_same_sets_in_any_order(account: Account) -> None:
    values = ["active", "completed", "deleting", "deleted"]
    filters = [*in_state(*values), *in_state("*")]
    ids = account.ids
    first = account.describe(MaxResults=1, Filters=filters, ExportImageTaskIds=ids)
    account.require(first.token, "the account holds too few tasks for two pages")
    rest = account.named(
        Filters=[*in_state("*"), *in_state(*values[::-1], "active"), *in_state("*")],
        ExportImageTaskIds=[*ids[::-1], ids[0]],
        NextToken=first.token,
    )
    account.same(rest, set(ids) - set(first.ids), "the tasks that are left")


@rule("PAG-09", given={"tasks": SOME}, needs=("paging", "filters"))
def a_token_is_good_for_no_other_ids_and_filters(account: Account) -> None:
    everything = in_state("*")
    ids = account.ids
    token = _tokens(account, MaxResults=1)[0]
    filtered = _tokens(account, MaxResults=1, Filters=everything)[0]
    named = _tokens(account, MaxResults=1, ExportImageTaskIds=ids)[0]
    others: list[dict[str, Any]] = [
        {"NextToken": token, "Filters": everything},
        {"NextToken": token, "ExportImageTaskIds": ids},
        {"NextToken": filtered},
        {"NextToken": filtered, "Filters": in_state("*", "active")},
        {"NextToken": filtered, "Filters": [*everything, *in_state("active")]},
        {"NextToken": named},
        {"NextToken": named, "ExportImageTaskIds": ids[1:]},
    ]
    for request in others:
        code = account.refused(MaxResults=1, **request)
        account.same(code, "InvalidNextToken", "the code for another query's token")


@rule(
    "PAG-10",
    given={"tasks": SOME, "limit": LIMITS},
    examples=[{"limit": 1}, {"limit": 2}, {"limit": 500}],
    needs=PAGING,
)
def a_token_is_not_bound_to_max_results(account: Account, limit: int) -> None:
    first = account.describe(MaxResults=1)
    account.require(first.token, "the account holds too few tasks for two pages")
    left = set(account.ids) - set(first.ids)
    rest = account.named(NextToken=first.token, MaxResults=limit)
    account.same(rest, left, f"the tasks that are left, with MaxResults={limit}")
    rest = account.named(NextToken=first.token)
    account.same(rest, left, "the tasks that are left, without MaxResults")


GARBAGE = ("", "0", "1", "2", "garbage", "None", "null", "MQ==", "eyJvIjogMX0=", "é")


@rule(
    "PAG-11",
    given={"token": st.sampled_from(GARBAGE)},
    examples=[{"token": token} for token in GARBAGE],
    needs=PAGING,
)
def what_is_no_token_is_refused(account: Account, token: str) -> None:
    requests: list[dict[str, Any]] = [{}, {"MaxResults": 2}]
    for request in requests:
        refusal = account.refusal(NextToken=token, **request)
        account.same(refusal.code, "InvalidNextToken", "the code")
        message = (
            f"Value ( {token} ) for parameter NextToken is invalid. "
            "The token is invalid."
        )
        account.says(refusal, message)


@rule("PAG-11", given={"tasks": SOME, "place": st.integers(0, 31)}, needs=PAGING)
def an_altered_token_is_refused(account: Account, place: int = 0) -> None:
    token = _tokens(account, MaxResults=1)[0]
    at = place % len(token)
    other = "A" if token[at] != "A" else "B"
    altered = token[:at] + other + token[at + 1 :]
    for wrong in (altered, token[:-1], token + "A", token.swapcase()):
        if wrong != token:
            code = account.refused(MaxResults=1, NextToken=wrong)
            account.same(code, "InvalidNextToken", "the code for an altered token")


@rule("PAG-12", given={"tasks": SOME}, needs=PAGING)
def a_token_stays_valid(account: Account) -> None:
    first = account.describe(MaxResults=1)
    account.require(first.token, "the account holds too few tasks for two pages")
    once = account.describe(MaxResults=1, NextToken=first.token)
    account.pages(MaxResults=2)
    again = account.describe(MaxResults=1, NextToken=first.token)
    account.same(again.tasks, once.tasks, "the page of a token that is used again")


@rule("PAG-15", given={"tasks": SOME}, needs=PAGING)
def no_two_pages_have_the_same_token(account: Account) -> None:
    tokens = _tokens(account, MaxResults=1)
    account.same(len(set(tokens)), len(tokens), "the number of different tokens")
    account.expect("None" not in tokens, "a token is the text None")


@rule(
    "PAG-18",
    given={"limit": st.integers(501, 10_000) | st.integers(-10, 0)},
    examples=[{"limit": limit} for limit in (501, 1000, 2**31 - 1, 0, -1)],
    needs=PAGING,
)
def max_results_out_of_its_range_is_refused(account: Account, limit: int) -> None:
    reply = account.attempt(MaxResults=limit)
    if isinstance(reply, Answer):
        account.fail(f"MaxResults={limit} was answered, not refused")
    if limit < 1 and reply.code == PARAMETERS_REFUSED:
        return
    account.same(reply.code, "InvalidParameterValue", "the code")
    bound = (
        "greater than or equal to 1" if limit < 1 else "smaller than or equal to 500"
    )
    message = (
        f"Value ( {limit} ) for parameter MaxResults is invalid. "
        f"Expecting a value {bound}."
    )
    account.says(reply, message)
