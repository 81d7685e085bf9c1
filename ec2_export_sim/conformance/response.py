"""What RSP rules let one see: the list, the members of a task, and copies.

Chapter: specs/response.md.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .filters import in_state
from .oracle import selected
from .registry import ANY_ACCOUNT, rule
from .samples import SAMPLE, sample_task
from .strategies import STATES, accounts, sparse_tasks, states, tasks

if TYPE_CHECKING:
    from .probe import Account, Record

MEMBERS = {
    *("Description", "ExportImageTaskId", "ImageId", "Progress"),
    *("S3ExportLocation", "Status", "StatusMessage", "Tags"),
}


# --- must ---------------------------------------------------------------------------


@rule(
    "RSP-02",
    given={"wanted": st.lists(states(), max_size=2)},
    examples=[
        {"wanted": []},
        {"wanted": ["completed"], "tasks": [sample_task(1, "active")]},
        {"wanted": [], "tasks": []},
    ],
    needs=("filters",),
)
def the_list_of_tasks_is_always_there(account: Account, wanted: list[str]) -> None:
    request = {"Filters": in_state(*wanted)} if wanted else {}
    for page in account.pages(**request):
        found = page.raw.get("ExportImageTasks")
        account.expect(isinstance(found, list), f"ExportImageTasks is {found!r}")


@rule("RSP-03", given=ANY_ACCOUNT)
def all_leaves_are_strings(account: Account) -> None:
    for task in account.everything():
        location, tags = task.get("S3ExportLocation", {}), task.get("Tags", [])
        account.expect(isinstance(location, dict), f"S3ExportLocation is {location!r}")
        account.expect(isinstance(tags, list), f"Tags is {tags!r}")
        leaves = [
            *(task[n] for n in MEMBERS & task.keys() - {"S3ExportLocation", "Tags"}),
            *location.values(),
            *(leaf for tag in tags for leaf in tag.values()),
        ]
        for leaf in leaves:
            account.expect(isinstance(leaf, str), f"{leaf!r} in {task} is no string")


@rule("RSP-03", given=ANY_ACCOUNT, needs=("seed",))
def every_member_tells_what_the_task_has(account: Account) -> None:
    found = {task["ExportImageTaskId"]: task for task in account.everything()}
    for task in account.held:
        told = found.get(task["ExportImageTaskId"])
        if told is None:
            continue  # IDS-02 speaks of tasks that are missing
        for name, value in task.items():
            if name == "Tags":
                account.same(_tags(told), _tags(task), "Tags")
            else:
                account.same(told.get(name), value, f"{name} of {told}")


def _tags(task: Record) -> dict[Any, Any]:
    return {tag.get("Key"): tag.get("Value") for tag in task.get("Tags") or []}


@rule("RSP-09", given=ANY_ACCOUNT)
def status_is_one_of_four(account: Account) -> None:
    for task in account.everything():
        status = task.get("Status")
        account.expect(status in STATES, f"Status of {task} is {status!r}")


# --- should -------------------------------------------------------------------------


@rule(
    "RSP-01",
    given={"wanted": st.lists(states(), max_size=2), "limit": st.integers(1, 3)},
    examples=[{"wanted": [], "limit": 2}, {"wanted": ["active"], "limit": 1}],
    needs=("seed", "filters", "paging"),
)
def tasks_come_in_the_order_of_their_creation(
    account: Account, wanted: list[str], limit: int
) -> None:
    filters = in_state(*wanted) if wanted else []
    asked: dict[str, Any] = {"Filters": filters} if filters else {}
    order = selected(account.held, filters=filters)
    for request in (asked, {**asked, "MaxResults": limit}):
        found = [task["ExportImageTaskId"] for task in account.everything(**request)]
        account.same(found, order, "the order of the tasks")


@rule("RSP-04", given={"tasks": accounts(min_size=1)})
def id_image_bucket_status_and_tags_are_always_told(account: Account) -> None:
    for task in account.everything():
        lacking = {"ExportImageTaskId", "ImageId", "Status", "Tags"} - task.keys()
        account.expect(not lacking, f"{task} lacks {lacking}")
        location = task.get("S3ExportLocation", {})
        account.expect("S3Bucket" in location, f"{task} lacks the bucket")


@rule("RSP-05", given=ANY_ACCOUNT)
def progress_is_told_only_while_a_task_is_active(account: Account) -> None:
    for task in account.everything():
        active = task.get("Status") == "active"
        account.expect(active or "Progress" not in task, f"{task} tells its Progress")


@rule("RSP-06", given={"tasks": accounts(tasks(["active", "deleting"]))})
def a_status_message_is_told_while_active_and_where_there_is_one(
    account: Account,
) -> None:
    held = {task["ExportImageTaskId"]: task for task in account.held}
    for task in account.everything():
        message = task.get("StatusMessage")
        active = task.get("Status") == "active"
        account.expect(not active or message, f"{task} has no StatusMessage")
        wanted = held.get(task["ExportImageTaskId"], task).get("StatusMessage")
        account.same(message, wanted, f"StatusMessage of {task}")


@rule("RSP-07", given=ANY_ACCOUNT, needs=("seed",))
def description_and_prefix_are_told_only_where_they_were_given(
    account: Account,
) -> None:
    held = {task["ExportImageTaskId"]: task for task in account.held}
    for task in account.everything():
        wanted = held.get(task["ExportImageTaskId"], task)
        for name in ("Description", "S3ExportLocation"):
            account.same(task.get(name), wanted.get(name), f"{name} of {task}")


@rule(
    "RSP-08",
    given={"tasks": st.just([sample_task(1, "active"), sample_task(2, "deleted")])},
    needs=("seed",),
)
def a_task_without_tags_has_an_empty_list_of_them(account: Account) -> None:
    for held, task in zip(account.held, account.everything(), strict=False):
        if not held["Tags"]:
            account.same(task.get("Tags"), [], f"Tags of {task}")


@rule("RSP-10", given=ANY_ACCOUNT, examples=[{}, {"tasks": [SAMPLE[0]]}])
def an_answer_may_be_changed(account: Account) -> None:
    first = account.describe()
    before = deepcopy(first.tasks)
    # The record keeps the answer as it came.
    account.exchanges[-1] = account.exchanges[-1]._replace(reply=deepcopy(first))
    for task in first.tasks:
        task.get("Tags", []).append({"Key": "changed", "Value": "changed"})
        task.get("S3ExportLocation", {})["S3Bucket"] = "changed"
        task["Status"] = "changed"
    first.tasks.append({"ExportImageTaskId": "changed"})
    account.same(account.describe().tasks, before, "the tasks of the next answer")


@rule(
    "RSP-10",
    given=ANY_ACCOUNT,
    examples=[{}, {"tasks": [SAMPLE[0]]}],
    needs=("seed", "filters"),
)
def what_a_caller_gives_stays_the_callers(account: Account) -> None:
    filters, ids = in_state(*STATES, "Active"), account.ids
    account.require(ids, "the account holds no task")
    before = deepcopy(account.describe(Filters=filters, ExportImageTaskIds=ids).tasks)
    account.expect(account.parameters_kept, "the call changed its parameters")
    seeded = account.seed
    account.same(seeded, list(account.held), "the list that the target was given")
    for task in seeded:
        task["Status"] = "changed"
        task["Tags"].append({"Key": "changed", "Value": "changed"})
    account.same(account.describe().tasks, before, "the tasks afterwards")


@rule("RSP-11", needs=("dry-run",))
def every_answer_has_a_request_id_of_its_own(account: Account) -> None:
    answers = [account.describe(), account.describe(), account.describe(DryRun=False)]
    metadata = [answer.raw.get("ResponseMetadata") for answer in answers]
    account.require(any(metadata), "no answer carries ResponseMetadata")
    ids = {each.get("RequestId") for each in metadata if each}
    account.expect(None not in ids, "an answer has no RequestId")
    account.same(len(ids), len(answers), "the number of different request ids")
    for each in metadata:
        if each:
            account.same(each.get("HTTPStatusCode"), 200, "HTTPStatusCode")
            account.same(each.get("RetryAttempts"), 0, "RetryAttempts")
            header = each.get("HTTPHeaders", {}).get("x-amzn-requestid")
            account.same(header, each["RequestId"], "the header x-amzn-requestid")


@rule(
    "RSP-12",
    given={"tasks": accounts(sparse_tasks())},
    examples=[
        {},
        {"tasks": [{"ExportImageTaskId": f"export-ami-{1:017x}", "Status": "active"}]},
        {"tasks": [{**SAMPLE[1], "Progress": "100", "Description": ""}]},
    ],
    needs=("seed",),
)
def recorded_tasks_are_described_just_as_they_were(account: Account) -> None:
    account.same(account.everything(), list(account.held), "the tasks")
