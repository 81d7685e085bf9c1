"""RSP: the list, the members of a task, and copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .capabilities import DESCRIBE
from .differences import copy_of
from .registry import READING, rule
from .samples import in_state
from .strategies import STATES, accounts, requests, sparse_tasks, tasks

if TYPE_CHECKING:
    from .account import TargetAccount
    from .outcomes import Record

_MEMBERS = ("RSP-04", "RSP-05", "RSP-06", "RSP-07", "RSP-08")
_TEXTS = ("Description", "ExportImageTaskId", "ImageId", "Progress", "Status")


def _tags(task: Record) -> dict[Any, Any]:
    tags = task.get("Tags") or []
    return {tag["Key"]: tag.get("Value") for tag in tags if "Key" in tag}


@rule(
    "RSP-01",
    wanted=st.lists(st.sampled_from(STATES), max_size=2),
    limit=st.integers(1, 5),
)
def tasks_come_in_the_order_of_their_creation(
    account: TargetAccount, wanted: list[str], limit: int
) -> None:
    order = [task["ExportImageTaskId"] for task in account.given]
    request: dict[str, Any] = {"Filters": in_state(*wanted)} if wanted else {}
    paged = {"MaxResults": limit} if account.supports("paging") else {}
    for asked in (request, {**request, **paged}):
        found = [task["ExportImageTaskId"] for task in account.tasks(**asked)]
        account.assume(len(found) > 1, "two tasks")
        sorted_as_created = [task_id for task_id in order if task_id in found]
        account.assert_equal(found, sorted_as_created, "the order of the tasks")


@rule("RSP-02", presumes=(*READING, "FLT-04"))
def the_list_of_tasks_is_always_present(
    account: TargetAccount, request: dict[str, Any]
) -> None:
    account.assume(account.tasks(), "a task that is described")
    for page in account.pages(**request):
        found = page.raw.get("ExportImageTasks")
        account.assert_true(isinstance(found, list), f"ExportImageTasks is {found!r}")


@rule("RSP-03", presumes=(), tasks=accounts(min_size=1))
def the_members_of_a_task_are_what_the_model_says(account: TargetAccount) -> None:
    held = {task["ExportImageTaskId"]: task for task in account.known}
    found = account.describe().tasks
    account.assume(found, "a task that is described")
    for task in found:
        for name, value in _leaves(account, task):
            account.assert_true(
                isinstance(value, str), f"{name} is not a str: {value!r}"
            )
        given = held.get(task["ExportImageTaskId"])
        if given is not None:
            _compare_with_given(account, task, given)


def _leaves(account: TargetAccount, task: Record) -> list[tuple[str, Any]]:
    location, tags = task.get("S3ExportLocation", {}), task.get("Tags", [])
    account.assert_true(isinstance(location, dict), f"S3ExportLocation is {location!r}")
    account.assert_true(isinstance(tags, list), f"Tags is {tags!r}")
    return [
        *((name, task[name]) for name in (*_TEXTS, "StatusMessage") if name in task),
        *location.items(),
        *(leaf for tag in tags for leaf in tag.items()),
    ]


def _compare_with_given(account: TargetAccount, task: Record, given: Record) -> None:
    """Compare what does not change with the state; LIF-08 says when that does."""
    task_id = given["ExportImageTaskId"]
    for name in ("Description", "ImageId"):
        if name in given and (name in task or name != "ImageId"):  # see RSP-04
            account.assert_equal(task.get(name), given[name], f"{name} of {task_id}")
    location = task.get("S3ExportLocation", {})
    for name, value in given.get("S3ExportLocation", {}).items():
        account.assert_equal(location.get(name), value, f"{name} of {task_id}")
    if "Tags" in given:
        account.assert_equal(_tags(task), _tags(given), f"the tags of {task_id}")
    if task.get("Status") == given["Status"]:
        for name in ("Progress", "StatusMessage"):
            if name in given:
                account.assert_equal(
                    task.get(name), given[name], f"{name} of {task_id}"
                )


@rule("RSP-04", presumes=(*READING, "RSP-03"), tasks=accounts(min_size=1))
def id_image_bucket_status_and_tags_are_always_present(account: TargetAccount) -> None:
    tagged = {task["ExportImageTaskId"] for task in account.held if task.get("Tags")}
    found = account.tasks()
    account.assume(found, "a task")
    for task in found:
        task_id = task["ExportImageTaskId"]
        wanted = {"ImageId", "Status", *({"Tags"} if task_id in tagged else ())}
        absent = wanted - task.keys()
        account.assert_equal(absent, set(), f"members that {task_id} does not have")
        location = task.get("S3ExportLocation", {})
        account.assert_true("S3Bucket" in location, f"{task_id} has no S3Bucket")


@rule("RSP-05", tasks=accounts(min_size=1))
def only_an_active_task_has_a_progress(account: TargetAccount) -> None:
    others = [task for task in account.tasks() if task.get("Status") != "active"]
    account.assume(others, "a task that is not active")
    for task in others:
        has_none = "Progress" not in task
        account.assert_true(has_none, f"{task['ExportImageTaskId']} has a Progress")


@rule("RSP-06", tasks=accounts(tasks(["active", "deleting"]), min_size=1))
def an_active_task_has_a_status_message_and_another_one_its_own(
    account: TargetAccount,
) -> None:
    held = {task["ExportImageTaskId"]: task for task in account.held}
    found = account.tasks()
    account.assume(found, "a task")
    for task in found:
        task_id, message = task["ExportImageTaskId"], task.get("StatusMessage")
        if task.get("Status") == "active":
            account.assert_true(message, f"{task_id} has no StatusMessage")
        elif held.get(task_id, {}).get("Status") == task.get("Status"):
            wanted = held[task_id].get("StatusMessage")
            account.assert_equal(message, wanted, f"StatusMessage of {task_id}")


@rule("RSP-07", tasks=accounts(min_size=1))
def description_and_prefix_are_present_only_if_they_were_given(
    account: TargetAccount,
) -> None:
    held = {task["ExportImageTaskId"]: task for task in account.given}
    found = account.tasks()
    account.assume(found, "a task")
    for task in found:
        given = held.get(task["ExportImageTaskId"], task)
        for members, wanted in (
            (task, given),
            (task.get("S3ExportLocation", {}), given.get("S3ExportLocation", {})),
        ):
            extra = {"Description", "S3Prefix"} & (members.keys() - wanted.keys())
            what = f"members that {task['ExportImageTaskId']} was not given"
            account.assert_equal(extra, set(), what)


@rule("RSP-08", presumes=(*READING, "RSP-03"), tasks=accounts(min_size=1))
def a_task_without_tags_has_an_empty_list_of_them(account: TargetAccount) -> None:
    untagged = {t["ExportImageTaskId"] for t in account.given if t.get("Tags") == []}
    found = [t for t in account.tasks() if t["ExportImageTaskId"] in untagged]
    account.assume(found, "a task without tags")
    for task in found:
        task_id = task["ExportImageTaskId"]
        account.assert_equal(task.get("Tags"), [], f"Tags of {task_id}")


@rule("RSP-09", tasks=accounts(min_size=1))
def status_is_one_of_four(account: TargetAccount) -> None:
    found = account.tasks()
    account.assume(found, "a task")
    for task in found:
        status, task_id = task.get("Status"), task["ExportImageTaskId"]
        account.assert_true(status in STATES, f"Status of {task_id} is {status!r}")


@rule("RSP-10", presumes=(*READING, "RSP-01"), request=requests())
def an_answer_and_the_parameters_may_be_changed(
    account: TargetAccount, request: dict[str, Any]
) -> None:
    first = account.describe(**request)
    account.assume(first.tasks, "a task that is described")
    account.assert_true(account.parameters_kept, "the call changed its parameters")
    wanted = {task["ExportImageTaskId"]: copy_of(task) for task in first.tasks}
    account.calls[-1] = account.calls[-1]._replace(outcome=copy_of(dict(first.raw)))
    for task in first.tasks:
        _change(task)
    second = {t["ExportImageTaskId"]: t for t in account.describe(**request).tasks}
    account.assert_equal(second, wanted, "the tasks of the next answer")


def _change(value: Any) -> None:
    """Change every member of *value*, down to the last level."""
    members = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, member in members:
        if isinstance(member, (dict, list)):
            _change(member)
        else:
            value[key] = "changed"
    if isinstance(value, list):
        value.append("changed")


@rule("RSP-11")
def every_answer_has_a_request_id_of_its_own(account: TargetAccount) -> None:
    answers = [account.do(DESCRIBE) for _ in range(3)]
    account.assume(answers[0].get("ExportImageTasks"), "a task that is described")
    metadata = [answer.get("ResponseMetadata") for answer in answers]
    account.assume(any(metadata), "an answer with ResponseMetadata")
    ids = {each.get("RequestId") for each in metadata if each}
    account.assert_true(None not in ids, "an answer has no RequestId")
    account.assert_equal(len(ids), len(answers), "the number of different request ids")
    for each in filter(None, metadata):
        account.assert_equal(each.get("HTTPStatusCode"), 200, "HTTPStatusCode")
        account.assert_equal(each.get("RetryAttempts"), 0, "RetryAttempts")
        header = each.get("HTTPHeaders", {}).get("x-amzn-requestid")
        account.assert_equal(header, each["RequestId"], "the header x-amzn-requestid")


@rule(
    "RSP-12",
    presumes=(*READING, "LIF-08", "RSP-03", *_MEMBERS),
    tasks=accounts(sparse_tasks(), min_size=1),
)
def recorded_tasks_are_described_as_they_were(account: TargetAccount) -> None:
    wanted = {task["ExportImageTaskId"]: task for task in account.given}
    found = account.tasks_by_id()
    account.assume(found, "a task")
    for task_id, task in wanted.items():
        account.assert_equal(_plain(found.get(task_id, {})), _plain(task), task_id)


def _plain(task: Record) -> Record:
    return {**task, "Tags": _tags(task)} if "Tags" in task else task
