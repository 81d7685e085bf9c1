"""TAG: tags that calls set, remove and describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .permissions import right_request
from .registry import READING, rule
from .samples import UNKNOWN_IDS
from .strategies import TAG_KEYS, TAG_VALUES, accounts, literal, tagged_tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import TargetAccount

_SETTING = (*READING, "RSP-03", "TAG-10")
_TAGGED = accounts(tagged_tasks(), min_size=1)
_SOME_TAGS = st.dictionaries(
    st.sampled_from(TAG_KEYS), st.sampled_from(TAG_VALUES), min_size=1, max_size=3
)


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _tags(account: TargetAccount, task_id: str) -> dict[str, str]:
    """Return the tags of a task, as it is described."""
    return {tag["Key"]: tag["Value"] for tag in account.task(task_id).get("Tags", [])}


def _create(account: TargetAccount, tags: Mapping[str, str]) -> str:
    """Set tags on the first task, and return its id."""
    (task_id,) = account.pick([0])
    account.do("create_tags", Resources=[task_id], Tags=_listed(tags))
    return task_id


def _create_error(account: TargetAccount, tags: Mapping[str, str]) -> str:
    """Set tags, which is expected to be an error; return its code."""
    resources = account.pick([0])
    return account.error("create_tags", Resources=resources, Tags=_listed(tags)).code


def _expect(account: TargetAccount, task_id: str, tags: Mapping[str, str]) -> None:
    found = _tags(account, task_id)
    described = {key: value for key, value in found.items() if key in tags}
    account.assert_equal(described, dict(tags), f"the tags of {task_id}")


@rule("TAG-01", presumes=_SETTING)
def keys_are_case_sensitive(account: TargetAccount) -> None:
    tags = {"Name": "a", "name": "b", "NAME": "c"}
    _expect(account, _create(account, tags), tags)


@rule("TAG-02", presumes=_SETTING, character=st.sampled_from(["x", "é", "😀"]))
def a_key_has_at_most_127_characters(account: TargetAccount, character: str) -> None:
    tags = {character * 127: "value"}
    _expect(account, _create(account, tags), tags)
    _create_error(account, {character * 128: "value"})


@rule("TAG-03", presumes=(*_SETTING, "LIF-27"))
def a_key_does_not_begin_with_aws(
    account: TargetAccount, operation: str, key: str
) -> None:
    request = right_request(account, operation)
    tags = [{"Key": key, "Value": "x"}]
    if operation == "export_image":
        specification = {"ResourceType": "export-image-task", "Tags": tags}
        account.error(operation, **request, TagSpecifications=[specification])
    else:
        account.error(operation, **{**request, "Tags": tags})
    account.do(operation, **request)


@rule("TAG-04", presumes=_SETTING, character=st.sampled_from(["x", "é", "😀"]))
def a_value_is_case_sensitive_and_has_at_most_256_characters(
    account: TargetAccount, character: str
) -> None:
    tags = {"Team": "Red", "team": "red", "long": character * 256}
    _expect(account, _create(account, tags), tags)
    _create_error(account, {"long": character * 257})


@rule("TAG-17", presumes=("TAG-02", "TAG-03", "TAG-04"))
def the_code_for_a_wrong_key_or_value_is_invalid_parameter_value(
    account: TargetAccount, key: str, value: str
) -> None:
    code = _create_error(account, {key: value})
    account.assert_equal(code, "InvalidParameterValue", "the code")


@rule("TAG-18", presumes=_SETTING)
def a_key_may_begin_with_aws_in_capitals(account: TargetAccount) -> None:
    _expect(account, _create(account, {"AWS:x": "1"}), {"AWS:x": "1"})


@rule("TAG-05", presumes=_SETTING)
def a_tag_needs_a_key_and_a_value(
    account: TargetAccount, tag: dict[str, str], message: str
) -> None:
    resources = account.pick([0])
    error = account.error("create_tags", Resources=resources, Tags=[tag])
    account.assert_equal(error.code, "InvalidParameterValue", "the code")
    account.assert_message(error, message)


@rule("TAG-06", presumes=_SETTING)
def a_call_names_a_key_once(account: TargetAccount) -> None:
    tags = [{"Key": "Team", "Value": "a"}, {"Key": "Team", "Value": "b"}]
    error = account.error("create_tags", Resources=account.pick([0]), Tags=tags)
    account.assert_equal(error.code, "InvalidParameterValue", "the code")


def _fill(account: TargetAccount) -> None:
    (task_id,) = account.pick([0])
    count = 50 - len(_tags(account, task_id))
    _create(account, {f"fill {number}": "" for number in range(count)})


@rule("TAG-07", presumes=_SETTING)
def a_task_has_at_most_50_tags(account: TargetAccount) -> None:
    _fill(account)
    _create_error(account, {"one more": ""})


@rule("TAG-19", presumes=("TAG-07",))
def the_code_for_too_many_tags_is_tag_limit_exceeded(account: TargetAccount) -> None:
    _fill(account)
    code = _create_error(account, {"one more": ""})
    account.assert_equal(code, "TagLimitExceeded", "the code")
    again = {"fill 0": "another value"}
    _expect(account, _create(account, again), again)


@rule("TAG-08", presumes=("LIF-27",))
def export_image_tags_the_task_that_it_makes_and_nothing_else(
    account: TargetAccount, specification: dict[str, Any], code: str
) -> None:
    request = right_request(account, "export_image")
    error = account.error("export_image", **request, TagSpecifications=[specification])
    account.assert_equal(error.code, code, "the code")


@rule("TAG-09", presumes=("IDS-05",))
def only_the_ids_of_tasks_can_be_tagged(
    account: TargetAccount, operation: str, resource: str, code: str
) -> None:
    tags = _listed({"Team": "red"})
    error = account.error(operation, Resources=[resource], Tags=tags)
    account.assert_equal(error.code, code, f"the code for {resource!r}")


@rule("TAG-10", presumes=(*READING, "RSP-03"), tasks=_TAGGED, tags=_SOME_TAGS)
def create_tags_adds_tags_and_overwrites_those_of_the_same_key(
    account: TargetAccount, tags: dict[str, str]
) -> None:
    (task_id,) = account.pick([0])
    before = _tags(account, task_id)
    _create(account, tags)
    found = _tags(account, task_id)
    account.assert_equal(found, before | tags, f"the tags of {task_id}")


@rule(
    "TAG-11",
    presumes=(*READING, "RSP-03"),
    tasks=_TAGGED,
    named=st.sampled_from(["key", "key and value", "another value", "all"]),
)
def delete_tags_removes_what_it_names(account: TargetAccount, named: str) -> None:
    tagged = [task for task in account.held if len(task.get("Tags", [])) > 1]
    account.assume(tagged, "a task with two tags")
    task_id = tagged[0]["ExportImageTaskId"]
    before = _tags(account, task_id)
    key = next(iter(before))
    left = {other: value for other, value in before.items() if other != key}
    tags, wanted = {
        "key": ([{"Key": key}], left),
        "key and value": ([{"Key": key, "Value": before[key]}], left),
        "another value": ([{"Key": key, "Value": f"not {before[key]}"}], before),
        "all": (None, {}),
    }[named]
    request = {} if tags is None else {"Tags": tags}
    account.do("delete_tags", Resources=[task_id], **request)
    account.assert_equal(_tags(account, task_id), wanted, f"the tags of {task_id}")


@rule("TAG-21", presumes=("TAG-11",))
def to_delete_a_tag_that_is_not_there_is_no_error(account: TargetAccount) -> None:
    (task_id,) = account.pick([0])
    before = _tags(account, task_id)
    account.do("delete_tags", Resources=[task_id], Tags=[{"Key": "nobody"}])
    account.assert_equal(_tags(account, task_id), before, f"the tags of {task_id}")


def _described(account: TargetAccount, **request: Any) -> list[dict[str, str]]:
    """Return the tags of all pages of DescribeTags."""
    answers = [account.do("describe_tags", **request)]
    while token := answers[-1].get("NextToken"):
        account.assert_true(len(answers) < 100, "DescribeTags does not end")
        answers.append(account.do("describe_tags", **request, NextToken=token))
    return [tag for answer in answers for tag in answer["Tags"]]


def _all_tags(account: TargetAccount) -> list[tuple[str, str, str, str]]:
    return sorted(
        (task["ExportImageTaskId"], "export-image-task", tag["Key"], tag["Value"])
        for task in account.tasks()
        for tag in task.get("Tags", [])
    )


_TAG_MEMBERS = ("ResourceId", "ResourceType", "Key", "Value")
_ONLY_TASKS = {"Name": "resource-type", "Values": ["export-image-task"]}


@rule(
    "TAG-12",
    presumes=(*READING, "RSP-03"),
    tasks=_TAGGED,
    by=st.sampled_from(["resource-id", "resource-type", "key", "value"]),
)
def describe_tags_lists_the_tags_of_the_tasks(account: TargetAccount, by: str) -> None:
    every = _all_tags(account)
    position = ("resource-id", "resource-type", "key", "value").index(by)
    plain = [tag[position] for tag in every if tag[position] == literal(tag[position])]
    account.assume(plain, "a task that has a tag without wildcards")
    chosen = plain[0]
    filters = [_ONLY_TASKS, {"Name": by, "Values": [chosen]}]
    found = sorted(
        tuple(tag.get(name, "") for name in _TAG_MEMBERS)
        for tag in _described(account, Filters=filters)
    )
    wanted = [tag for tag in every if tag[position] == chosen]
    account.assert_equal(found, wanted, f"the tags with {by} {chosen!r}")


@rule("TAG-13", presumes=("TAG-12",))
def describe_tags_accepts_max_results_from_5_to_1000(account: TargetAccount) -> None:
    first = account.do("describe_tags", Filters=[_ONLY_TASKS])
    account.assume(first["Tags"], "a tag")
    for limit in (5, 1000):
        account.do("describe_tags", Filters=[_ONLY_TASKS], MaxResults=limit)


@rule("TAG-22", presumes=("TAG-12",))
def describe_tags_sorts_by_resource_id_then_by_key(account: TargetAccount) -> None:
    tags = _described(account, Filters=[_ONLY_TASKS])
    account.assume(len(tags) > 1, "two tags")
    order = [(tag["ResourceId"], tag["Key"]) for tag in tags]
    account.assert_equal(order, sorted(order), "the order of the tags")


@rule("TAG-23", presumes=("TAG-12", "TAG-13"))
def describe_tags_has_pages(account: TargetAccount) -> None:
    every = _described(account, Filters=[_ONLY_TASKS])
    account.assume(len(every) > 5, "six tags")
    paged = {"Filters": [_ONLY_TASKS], "MaxResults": 5}
    first = account.do("describe_tags", **paged)
    account.assert_true(len(first["Tags"]) <= 5, "a page has more than 5 tags")
    found = sorted(map(str, _described(account, **paged)))
    account.assert_equal(found, sorted(map(str, every)), "the tags of all pages")
    for limit in (4, 1001):
        account.error("describe_tags", Filters=[_ONLY_TASKS], MaxResults=limit)


@rule("TAG-14", presumes=(*_SETTING, "TAG-09"))
def tags_are_set_on_all_resources_or_on_none(
    account: TargetAccount, operation: str
) -> None:
    (task_id,) = account.pick([0])
    before = _tags(account, task_id)
    tags = [{"Key": next(iter(before), "Team")}]
    if operation == "create_tags":
        tags[0]["Value"] = "changed"
    account.error(operation, Resources=[task_id, UNKNOWN_IDS[0]], Tags=tags)
    account.assert_equal(_tags(account, task_id), before, f"the tags of {task_id}")


@rule("TAG-16", presumes=_SETTING)
def a_call_names_at_most_1000_resources(account: TargetAccount) -> None:
    account.assume(len(account.held) > 1_000, "1001 tasks")
    ids, tags = account.held_ids, _listed({"Team": "red"})
    account.do("create_tags", Resources=ids[:1_000], Tags=tags)
    account.error("create_tags", Resources=ids[:1_001], Tags=tags)


@rule("TAG-24", presumes=("TAG-16",))
def the_code_for_too_many_resources_is_resource_count_exceeded(
    account: TargetAccount,
) -> None:
    account.assume(len(account.held) > 1_000, "1001 tasks")
    ids, tags = account.held_ids[:1_001], _listed({"Team": "red"})
    error = account.error("create_tags", Resources=ids, Tags=tags)
    account.assert_equal(error.code, "ResourceCountExceeded", "the code")
