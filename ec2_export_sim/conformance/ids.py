"""What IDS rules let one see: which tasks are named, and which names are refused.

Chapter: specs/ids.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .filters import in_state
from .oracle import selected
from .probe import Answer
from .registry import ANY_ACCOUNT, rule
from .samples import sample_task
from .strategies import filters

if TYPE_CHECKING:
    from .probe import Account

PICKS = st.lists(st.integers(0, 5), min_size=1, max_size=4)

# Well-formed, and held by no account that the kit draws.
UNKNOWN = ("export-ami-0fedcba9876543210", "export-ami-fedcba9876543210t")

MALFORMED = (
    *("export-ami-", "export-ami-123", "export-ami-0000000000000000g", "", "x"),
    *("import-ami-00000000000000001", "export-ami-0000000000000000A"),
    *("EXPORT-AMI-00000000000000001", "export-ami-00000000000000001 "),
    *(" export-ami-00000000000000001", "export-ami-000000000000000011"),
    *("export-ami-0000000000000001T", "export-i-00000000000000001", "export-ami-*"),
)


# --- must ---------------------------------------------------------------------------


@rule("IDS-01", given={"picks": PICKS}, examples=[{"picks": [1]}, {"picks": [3, 0]}])
def ids_select_the_tasks_named(account: Account, picks: list[int]) -> None:
    ids = account.pick(picks)
    found = account.named(ExportImageTaskIds=ids)
    account.same(found, set(ids), f"the tasks named {ids}")


@rule("IDS-01", given={"unknown": st.sampled_from(UNKNOWN)})
def an_unknown_id_names_no_task(account: Account, unknown: str = UNKNOWN[0]) -> None:
    reply = account.attempt(ExportImageTaskIds=[unknown])
    if isinstance(reply, Answer):
        found = account.named(ExportImageTaskIds=[unknown])
        account.same(found, set(), f"the tasks named {unknown}")


@rule("IDS-01", given={"picks": PICKS}, examples=[{"picks": [1]}])
def an_unknown_id_adds_no_task(account: Account, picks: list[int]) -> None:
    ids = [UNKNOWN[0], *account.pick(picks)]
    reply = account.attempt(ExportImageTaskIds=ids)
    if isinstance(reply, Answer):
        added = account.named(ExportImageTaskIds=ids) - set(ids[1:])
        account.expect(not added, f"{added} are described, but not named and held")


@rule("IDS-02", given=ANY_ACCOUNT, examples=[{}, {"tasks": []}], needs=("seed",))
def without_ids_all_tasks_are_described(account: Account) -> None:
    account.same(account.named(), set(account.ids), "the tasks of the account")


# --- should -------------------------------------------------------------------------

_EVERY_FORM = [
    sample_task(0, "active", ExportImageTaskId=task_id)
    for task_id in (
        "export-ami-0123456789abcdef0",
        "export-ami-9dadaf55b2b57810t",
        "export-ami-fgzxyz12",
    )
]


@rule(
    "IDS-03",
    given={"tasks": st.just(_EVERY_FORM), "picks": PICKS},
    examples=[{"tasks": _EVERY_FORM, "picks": [0, 1, 2]}],
    needs=("seed",),
)
def every_form_of_id_is_accepted(account: Account, picks: list[int]) -> None:
    ids = account.pick(picks)
    account.same(account.named(ExportImageTaskIds=ids), set(ids), "the tasks named")


@rule(
    "IDS-04",
    given={"malformed": st.sampled_from(MALFORMED)},
    examples=[{"malformed": malformed} for malformed in MALFORMED],
)
def a_malformed_id_is_refused(account: Account, malformed: str) -> None:
    for ids in ([malformed], [malformed, "export-ami-"], [*account.ids[:1], malformed]):
        refusal = account.refusal(ExportImageTaskIds=ids)
        account.same(refusal.code, "InvalidExportTaskID.Malformed", "the code")
        message = f'Invalid id: "{malformed}" (expecting "export-ami-...")'
        account.says(refusal, message)


@rule("IDS-05", given={"unknown": st.sampled_from(UNKNOWN)})
def an_unknown_id_is_refused(account: Account, unknown: str = UNKNOWN[0]) -> None:
    refusal = account.refusal(ExportImageTaskIds=[unknown])
    account.same(refusal.code, "InvalidExportTaskID.NotFound", "the code")
    message = f"The export task ID '{unknown}' does not exist"
    account.says(refusal, message)


@rule("IDS-05", examples=[{}, {"tasks": []}])
def all_unknown_ids_are_named_in_the_order_given(account: Account) -> None:
    for one, other in (UNKNOWN, UNKNOWN[::-1]):
        refusal = account.refusal(ExportImageTaskIds=[one, *account.ids[:1], other])
        account.same(refusal.code, "InvalidExportTaskID.NotFound", "the code")
        message = f"The export task IDs '{one}, {other}' do not exist"
        account.says(refusal, message)


@rule("IDS-06", given={"picks": PICKS}, examples=[{"picks": [0]}, {"picks": [2, 1]}])
def one_bad_id_fails_the_whole_call(account: Account, picks: list[int]) -> None:
    ids = account.pick(picks)
    for bad, code in ((UNKNOWN[0], "NotFound"), ("export-ami-", "Malformed")):
        for asked in ([bad, *ids], [*ids, bad]):
            refused = account.refused(ExportImageTaskIds=asked)
            account.same(refused, f"InvalidExportTaskID.{code}", f"the code for {bad}")


@rule(
    "IDS-07",
    given={"picks": PICKS},
    examples=[{"picks": [0]}, {"picks": [1, 0]}, {"picks": [1, 2, 3]}],
)
def an_id_given_twice_counts_once(account: Account, picks: list[int]) -> None:
    ids = account.pick(picks)
    once = account.describe(ExportImageTaskIds=ids).tasks
    for asked in (ids * 2, [*ids, ids[0]]):
        twice = account.describe(ExportImageTaskIds=asked).tasks
        account.same(twice, once, "the tasks when ids are given twice")


@rule(
    "IDS-08",
    given={"picks": PICKS, "asked": st.lists(filters(), max_size=2)},
    examples=[
        {"picks": [0, 1], "asked": in_state("completed")},
        {"picks": [0], "asked": in_state("deleted")},
    ],
    needs=("filters",),
)
def ids_and_filters_both_narrow(
    account: Account, picks: list[int], asked: list[dict[str, Any]]
) -> None:
    ids = account.pick(picks)
    wanted = set(selected(account.held, ids=ids, filters=asked))
    found = account.named(ExportImageTaskIds=ids, Filters=asked)
    account.same(found, wanted, "the tasks named that pass")


@rule(
    "IDS-09",
    given={"asked": filters()},
    examples=[{"asked": {"Name": "task-state", "Values": ["failed"]}}, {"tasks": []}],
    needs=("filters",),
)
def existence_is_looked_at_before_filters_narrow(
    account: Account, asked: dict[str, Any] | None = None
) -> None:
    only = asked or {"Name": "task-state"}
    code = account.refused(ExportImageTaskIds=[UNKNOWN[0]], Filters=[only])
    account.same(code, "InvalidExportTaskID.NotFound", "the code")


@rule("IDS-10", given={"picks": PICKS}, examples=[{"picks": [0, 1, 3]}])
def the_order_of_ids_does_not_order_the_answer(
    account: Account, picks: list[int]
) -> None:
    ids = account.pick(picks)
    there = account.describe(ExportImageTaskIds=ids)
    back = account.describe(ExportImageTaskIds=ids[::-1])
    account.same(back.ids, there.ids, "the tasks when the ids come in another order")


@rule(
    "IDS-11",
    given={"picks": PICKS, "limit": st.integers(1, 3)},
    examples=[{"picks": [0, 1, 3], "limit": 2}, {"picks": [4, 2], "limit": 1}],
    needs=("paging",),
)
def max_results_pages_ids_too(account: Account, picks: list[int], limit: int) -> None:
    ids = account.pick(picks)
    pages = account.pages(ExportImageTaskIds=ids, MaxResults=limit)
    sizes = [len(page.tasks) for page in pages]
    whole, rest = divmod(len(ids), limit)
    account.same(sizes, [limit] * whole + [rest] * (rest > 0), "the sizes of the pages")
    found = [task_id for page in pages for task_id in page.ids]
    account.same(sorted(found), sorted(ids), "the tasks of all pages")
