"""One fault each: tags, exports, cancels, the clock."""

from __future__ import annotations

from typing import Any

from ec2_export_sim import ClientError
from tests.conformance.faulty import (
    DESCRIBE,
    Answer,
    Request,
    World,
    changed,
    code_of,
    edited,
    fail,
    fault,
    without,
)

TAGS = ("create_tags", "delete_tags")


def real(world: World, request: Request) -> bool:
    """Return whether the call would be made: allowed, and no dry run."""
    return (
        world.authorized
        and not request.get("DryRun")
        and bool(request.get("Resources"))
    )


def retagged(request: Request, edit: Any) -> Request:
    return edited(request, "Tags", lambda tags: [edit(tag) for tag in tags])


# --- tags ---------------------------------------------------------------------------


@fault("TAG-01", "create_tags")
def keys_in_another_case_are_the_same(world: World, request: Request) -> Answer:
    first = {tag.get("Key", "").lower(): tag for tag in request["Tags"][::-1]}
    names = real(world, request) and len(request["Tags"]) == 3 and "name" in first
    return world.call(**{**request, "Tags": [*first.values()]} if names else request)


@fault("TAG-02", "create_tags")
def a_key_may_have_128_characters(world: World, request: Request) -> Answer:
    return world.call(
        **retagged(request, lambda tag: edited(tag, "Key", lambda key: key[:127]))
    )


@fault("TAG-03", "create_tags")
def a_key_may_begin_with_aws(world: World, request: Request) -> Answer:
    rest = [tag for tag in request["Tags"] if not tag.get("Key", "").startswith("aws:")]
    dropped = real(world, request) and not rest
    return {} if dropped else world.call(**request)


@fault("TAG-04", "create_tags")
def a_value_may_have_257_characters(world: World, request: Request) -> Answer:
    return world.call(
        **retagged(request, lambda tag: edited(tag, "Value", lambda v: v[:256]))
    )


@fault("TAG-05", "create_tags")
def a_tag_without_a_value_has_the_empty_one(world: World, request: Request) -> Answer:
    return world.call(**retagged(request, lambda tag: {"Value": "", **tag}))


@fault("TAG-06", "create_tags")
def of_two_equal_keys_the_last_wins(world: World, request: Request) -> Answer:
    last = {tag.get("Key"): tag for tag in request["Tags"]}
    return world.call(**{**request, "Tags": [*last.values()]})


@fault("TAG-07", "create_tags")
def a_task_has_any_number_of_tags(world: World, request: Request) -> Answer:
    more = any(tag.get("Key") == "one more" for tag in request["Tags"])
    return {} if more else world.call(**request)


@fault("TAG-19", "create_tags")
def a_full_task_takes_no_other_value(world: World, request: Request) -> Answer:
    again = request["Tags"] == [{"Key": "fill 0", "Value": "another value"}]
    return fail("TagLimitExceeded") if again else world.call(**request)


@fault("TAG-08", "export_image")
def tags_of_other_resources_are_ignored(world: World, request: Request) -> Answer:
    types = [s.get("ResourceType") for s in request.get("TagSpecifications", [])]
    return world.call(
        **without(request, "TagSpecifications") if types == ["image"] else request
    )


@fault("TAG-09", *TAGS)
def tags_of_unknown_tasks_are_ignored(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error).endswith("NotFound") and len(request["Resources"]) == 1:
            return {}
        raise


@fault("IDS-17", "cancel_export_task")
def every_unknown_id_is_malformed(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error).endswith("NotFound"):
            fail("InvalidExportTaskID.Malformed")
        raise


@fault("TAG-10", "create_tags")
def create_tags_replaces_all_tags(world: World, request: Request) -> Answer:
    if real(world, request) and request["Tags"] == [{"Key": "team", "Value": ""}]:
        world.client.delete_tags(Resources=request["Resources"])
    return world.call(**request)


@fault("TAG-11", "delete_tags")
def delete_tags_does_not_read_the_value(world: World, request: Request) -> Answer:
    return world.call(**retagged(request, lambda tag: without(tag, "Value")))


@fault("TAG-12", "describe_tags")
def describe_tags_does_not_read_the_filter_value(
    world: World, request: Request
) -> Answer:
    return world.call(
        **edited(
            request, "Filters", lambda fs: [f for f in fs if f.get("Name") != "value"]
        )
    )


@fault("TAG-12", "describe_tags")
def describe_tags_describes_nothing(world: World, request: Request) -> Answer:
    return {**world.call(**request), "Tags": []}


@fault("TAG-23", "describe_tags")
def describe_tags_does_not_read_max_results(world: World, request: Request) -> Answer:
    return world.call(**without(request, "MaxResults"))


@fault("TAG-14", "create_tags")
def tags_are_set_until_one_id_is_wrong(world: World, request: Request) -> Answer:
    if real(world, request) and len(request["Resources"]) == 2:
        world.call(**{**request, "Resources": request["Resources"][:1]})
    return world.call(**request)


@fault("TAG-16", "create_tags")
def a_call_names_any_number_of_resources(world: World, request: Request) -> Answer:
    return world.call(**edited(request, "Resources", lambda ids: ids[:1_000]))


# --- exports ------------------------------------------------------------------------


@fault("LIF-27", "export_image")
def the_format_is_as_it_was_sent(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    return {**answer, "DiskImageFormat": request["DiskImageFormat"]}


@fault("LIF-37", "export_image")  # robotocore
def the_task_is_not_kept(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    return {**answer, "ExportImageTaskId": "export-ami-0fedcba9876543210"}


@fault("LIF-19", "export_image")
def a_malformed_image_id_is_unknown(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error) == "InvalidAMIID.Malformed":
            fail("InvalidAMIID.NotFound")
        raise


@fault("LIF-22", "export_image")
def any_format_is_accepted(world: World, request: Request) -> Answer:
    odd = request.get("DiskImageFormat") == "QCOW2"
    return world.call(**{**request, "DiskImageFormat": "RAW"} if odd else request)


@fault("LIF-23", "export_image")
def the_client_token_is_not_read(world: World, request: Request) -> Answer:
    if request.get("ClientToken") != "token-1":
        return world.call(**request)
    again = world.memory.setdefault("exports", [])
    again.append(1)
    image = {"ImageId": f"ami-{len(again):017x}"}
    return world.call(**{**without(request, "ClientToken"), **image})


@fault("LIF-36", "export_image")
def an_image_is_exported_twice_at_a_time(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error) != "ResourceLimitExceeded":
            raise
        return world.call(**{**request, "ImageId": "ami-0fedcba9876543210"})


@fault("LIF-18", "cancel_export_task")  # sockerless-cloud: true for any id
def a_completed_task_can_be_canceled(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error) == "IncorrectState":
            return {}
        raise


@fault("LIF-30", DESCRIBE, "cancel_export_task")
def a_canceled_task_keeps_its_progress(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    if world.operation != DESCRIBE:
        world.memory[request["ExportTaskId"]] = True
        return answer
    return changed(
        answer,
        lambda t: (
            {**t, "Progress": "21"}
            if t["ExportImageTaskId"] in world.memory and t["Status"] == "deleting"
            else t
        ),
    )


@fault("LIF-25", DESCRIBE, "export_image")  # sockerless-cloud
def an_export_never_ends(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    if world.operation != DESCRIBE:
        task = {
            **without(answer, "ResponseMetadata", "DiskImageFormat", "RoleName"),
            "Tags": [],
        }
        world.memory[answer["ExportImageTaskId"]] = task
        return answer
    return changed(
        answer,
        lambda t: (
            world.memory.get(t["ExportImageTaskId"], t)
            if t["Status"] == "completed"
            else t
        ),
    )


@fault("LIF-05")
def a_message_does_not_fit_its_progress(world: World, request: Request) -> Answer:
    made = {task["ExportImageTaskId"] for task in world.tasks}
    return changed(
        world.call(**request),
        lambda t: (
            {**t, "StatusMessage": "validating"}
            if t["Status"] == "active" and t["ExportImageTaskId"] not in made
            else t
        ),
    )


@fault("LIF-02", DESCRIBE, "cancel_export_task")
def a_deleted_task_is_deleting_again(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    if world.operation != DESCRIBE:
        world.memory[request["ExportTaskId"]] = 0
        return answer

    def again(task: Any) -> Any:
        task_id = task["ExportImageTaskId"]
        if task_id not in world.memory or task["Status"] != "deleted":
            return task
        world.memory[task_id] += 1
        return {**task, "Status": "deleting"} if world.memory[task_id] == 5 else task

    return changed(answer, again)


@fault("LIF-17", "cancel_export_task")
def a_canceled_task_is_deleted_a_second_early(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    world.sim.advance(1)
    return answer


# --- codes --------------------------------------------------------------------------


def recoded(world: World, request: Request, old: str, new: str) -> Answer:
    """Make the call; give an error with the code *old* the code *new*."""
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error) == old:
            error.response["Error"]["Code"] = new
        raise


@fault("ERR-06")
def a_dry_run_has_the_status_400(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error) == "DryRunOperation":
            fail(
                "DryRunOperation",
                "Request would have succeeded, but DryRun flag is set.",
            )
        raise


@fault("TAG-17", "create_tags")
def a_long_value_has_a_code_of_its_own(world: World, request: Request) -> Answer:
    long = any(len(tag.get("Value", "")) > 256 for tag in request["Tags"])
    code = "TagValueTooLong" if long else "InvalidParameterValue"
    return recoded(world, request, "InvalidParameterValue", code)


@fault("TAG-18", "create_tags")
def aws_is_reserved_in_capitals_too(world: World, request: Request) -> Answer:
    capitals = any(tag.get("Key", "").startswith("AWS:") for tag in request["Tags"])
    return fail("InvalidParameterValue") if capitals else world.call(**request)


@fault("TAG-21", "delete_tags")
def a_tag_that_is_not_there_is_an_error(world: World, request: Request) -> Answer:
    nobody = request.get("Tags") == [{"Key": "nobody"}]
    return fail("InvalidTag.NotFound") if nobody else world.call(**request)


@fault("TAG-22", "describe_tags")
def the_last_tag_comes_first(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    return {**answer, "Tags": answer["Tags"][::-1]}


@fault("TAG-13", "describe_tags")
def max_results_of_tags_begins_at_10(world: World, request: Request) -> Answer:
    few = request.get("MaxResults") == 5
    return fail("InvalidParameterValue") if few else world.call(**request)


@fault("TAG-24", "create_tags")
def too_many_resources_are_a_wrong_value(world: World, request: Request) -> Answer:
    return recoded(world, request, "ResourceCountExceeded", "InvalidParameterValue")


@fault("LIF-33", "export_image")
def a_client_token_may_have_65_characters(world: World, request: Request) -> Answer:
    return world.call(**edited(request, "ClientToken", lambda token: token[:64]))


@fault("LIF-34", "export_image")
def an_unknown_format_has_a_code_of_its_own(world: World, request: Request) -> Answer:
    odd = "InvalidFormat" if request.get("DiskImageFormat") == "QCOW2" else None
    code = odd or "InvalidParameterValue"
    return recoded(world, request, "InvalidParameterValue", code)


@fault("LIF-24", "export_image")
def too_many_exports_have_another_code(world: World, request: Request) -> Answer:
    return recoded(world, request, "ResourceLimitExceeded", "TooManyExports")


@fault("LIF-32", "cancel_export_task")
def a_finished_task_is_unknown_to_cancel(world: World, request: Request) -> Answer:
    return recoded(world, request, "IncorrectState", "InvalidExportTaskID.NotFound")


@fault("ORD-11", "create_tags")
def tags_are_checked_before_the_permission(world: World, request: Request) -> Answer:
    if any(tag.get("Key", "").startswith("aws:") for tag in request["Tags"]):
        return world.allowed(**without(request, "DryRun"))
    return world.call(**request)
