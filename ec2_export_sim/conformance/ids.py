"""IDS: which tasks are named, and which names are errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .registry import READING, rule
from .samples import UNKNOWN_ID, UNKNOWN_IDS
from .strategies import filters, task_ids

if TYPE_CHECKING:
    from .account import TargetAccount

PICKS = st.lists(st.integers(0, 11), min_size=1, max_size=12)


@rule("IDS-01", picks=PICKS, unknown=st.lists(st.sampled_from(UNKNOWN_IDS), max_size=1))
def ids_select_the_tasks_that_they_name(
    account: TargetAccount, picks: list[int], unknown: list[str]
) -> None:
    ids = account.pick(picks)
    found = account.ids(ExportImageTaskIds=ids)
    account.assert_equal(found, set(ids), "the tasks that are named")
    part = ids[0][:-1]  # names no task, but a task's id begins with it
    for asked in ([*unknown, *ids], [*ids, *unknown], unknown, [part]):
        if asked and account.answers(ExportImageTaskIds=asked):
            extra = account.ids(ExportImageTaskIds=asked) - ({*ids} & {*asked})
            account.assert_equal(extra, set(), f"the tasks described for {asked}")


@rule("IDS-02", presumes=("PAG-05",))
def without_ids_all_tasks_are_described(account: TargetAccount) -> None:
    wanted = sorted(task["ExportImageTaskId"] for task in account.given)
    found = [task["ExportImageTaskId"] for task in account.tasks()]
    account.assert_equal(set(found), set(wanted), "the tasks of the account")
    account.assert_equal(len(found), len(wanted), "the number of tasks described")
    account.assume(wanted, "a task")


@rule("IDS-03", presumes=(*READING, "IDS-01"), picks=PICKS)
def every_form_of_an_id_is_accepted(account: TargetAccount, picks: list[int]) -> None:
    account.session.need("tasks")
    ids = account.pick(picks)
    found = account.ids(ExportImageTaskIds=ids)
    account.assert_equal(found, set(ids), "the tasks that are named")


@rule("IDS-04", presumes=("IDS-01",))
def a_malformed_id_is_an_error(account: TargetAccount, malformed: str) -> None:
    error = account.error(ExportImageTaskIds=[malformed])
    account.assert_equal(error.code, "InvalidExportTaskID.Malformed", "the code")


@rule("IDS-13", presumes=("IDS-04",))
def the_message_names_the_first_malformed_id(
    account: TargetAccount, malformed: str
) -> None:
    for ids in ([malformed], [malformed, "export-ami-"]):
        error = account.error(ExportImageTaskIds=ids)
        account.assert_equal(error.code, "InvalidExportTaskID.Malformed", "the code")
        message = f'Invalid id: "{malformed}" (expecting "export-ami-...")'
        account.assert_message(error, message)


@rule("IDS-05", presumes=("IDS-01",), unknown=task_ids(first=512))
def an_unknown_id_is_an_error(account: TargetAccount, unknown: str) -> None:
    account.assume(unknown not in account.held_ids, "an id that is unknown")
    error = account.error(ExportImageTaskIds=[unknown])
    account.assert_equal(error.code, "InvalidExportTaskID.NotFound", "the code")
    message = f"The export task ID '{unknown}' does not exist"
    account.assert_message(error, message)
    other = UNKNOWN_IDS[1]
    error = account.error(ExportImageTaskIds=[other, *account.held_ids[:1], unknown])
    message = f"The export task IDs '{other}, {unknown}' do not exist"
    account.assert_message(error, message)


@rule("IDS-06", presumes=(*READING, "IDS-01", "IDS-04", "IDS-05"), picks=PICKS)
def one_bad_id_fails_the_whole_call(account: TargetAccount, picks: list[int]) -> None:
    ids = account.pick(picks)
    account.assume(account.ids(ExportImageTaskIds=ids), "a task that is named")
    for bad in (UNKNOWN_IDS[0], "export-ami-"):
        alone = account.assume_error(account.call(ExportImageTaskIds=[bad]))
        for asked in ([bad, *ids], [*ids, bad]):
            error = account.error(ExportImageTaskIds=asked)
            account.assert_equal(error.code, alone.code, "the code")


@rule("IDS-07", presumes=(*READING, "IDS-01"), picks=PICKS)
def an_id_given_twice_counts_once(account: TargetAccount, picks: list[int]) -> None:
    ids = account.pick(picks)
    for asked in (ids * 2, [*ids, ids[0]]):
        found = [
            task["ExportImageTaskId"]
            for task in account.tasks(ExportImageTaskIds=asked)
        ]
        what = "the tasks described for ids that are given twice"
        account.assert_equal(sorted(found), sorted(ids), what)


@rule(
    "IDS-08",
    presumes=(*READING, "IDS-01", "FLT-04"),
    picks=PICKS,
    asked=st.lists(filters(), min_size=1, max_size=2),
)
def ids_and_filters_both_select(
    account: TargetAccount, picks: list[int], asked: list[dict[str, Any]]
) -> None:
    ids = account.pick(picks)
    named, matching = account.ids(ExportImageTaskIds=ids), account.ids(Filters=asked)
    account.assume(named, "a task that is named")
    found = account.ids(ExportImageTaskIds=ids, Filters=asked)
    account.assert_equal(found, named & matching, "the named tasks that match")


@rule("IDS-09", presumes=("IDS-05",), asked=filters())
def an_unknown_id_is_an_error_also_with_filters(
    account: TargetAccount, asked: dict[str, Any]
) -> None:
    alone = account.assume_error(account.call(**UNKNOWN_ID))
    error = account.error(**UNKNOWN_ID, Filters=[asked])
    account.assert_equal(error.code, alone.code, "the code with filters")


@rule("IDS-10", presumes=(*READING, "IDS-01", "RSP-01"), picks=PICKS)
def the_order_of_ids_does_not_order_the_answer(
    account: TargetAccount, picks: list[int]
) -> None:
    ids = account.pick(picks)
    account.assume(len(ids) > 1, "two tasks")
    there = [
        task["ExportImageTaskId"] for task in account.tasks(ExportImageTaskIds=ids)
    ]
    back = [
        task["ExportImageTaskId"]
        for task in account.tasks(ExportImageTaskIds=ids[::-1])
    ]
    account.assume(len(there) > 1, "two tasks that are described")
    account.assert_equal(back, there, "the tasks if the ids come in another order")


@rule(
    "IDS-11",
    presumes=(*READING, "IDS-01", "PAG-01", "PAG-04"),
    picks=PICKS,
    limit=st.integers(1, 5),
)
def max_results_also_divides_ids_into_pages(
    account: TargetAccount, picks: list[int], limit: int
) -> None:
    ids = account.pick(picks)
    account.assume(len(ids) > limit, "more ids than MaxResults")
    pages = account.pages(ExportImageTaskIds=ids, MaxResults=limit)
    for page in pages:
        sizes = f"{len(page.tasks)} tasks on a page, MaxResults is {limit}"
        account.assert_true(len(page.tasks) <= limit, sizes)
    found = sorted(task_id for page in pages for task_id in page.ids)
    account.assert_equal(found, sorted(ids), "the tasks of all pages")


@rule("IDS-17", presumes=("IDS-05",))
def cancel_export_task_has_three_errors_for_an_id(
    account: TargetAccount, task_id: str, code: str
) -> None:
    error = account.error("cancel_export_task", ExportTaskId=task_id)
    account.assert_equal(error.code, code, f"the code for {task_id!r}")
