"""One fault each: pages, tokens, the members of a task, and its states."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from ec2_export_sim import ClientError
from tests.conformance.faulty import (
    DESCRIBE,
    Answer,
    Request,
    World,
    changed,
    edited,
    fail,
    fault,
    paged,
    repaged,
    values_in,
    without,
)

WRITES = ("create_tags", "delete_tags", "export_image", "cancel_export_task")


def is_plain(request: Request) -> bool:
    """Return whether nothing is wrong with the types and ranges of a paged call."""
    limit = request.get("MaxResults", 1)
    proper = isinstance(limit, int) and 1 <= limit <= 500
    known = {"MaxResults", "NextToken", "Filters", "ExportImageTaskIds"}
    return proper and set(request) <= known


# --- pages --------------------------------------------------------------------------


@fault("PAG-01")  # moto, vera-aws
def max_results_is_not_read(world: World, request: Request) -> Answer:
    return world.call(
        **without(request, "MaxResults") if is_plain(request) else request
    )


@fault("PAG-01")
def max_results_above_100_is_not_read(world: World, request: Request) -> Answer:
    many = is_plain(request) and request.get("MaxResults", 1) > 100
    return world.call(**without(request, "MaxResults") if many else request)


@fault("PAG-02")
def max_results_ends_at_499(world: World, request: Request) -> Answer:
    many = set(request) == {"MaxResults"} and request["MaxResults"] == 500
    return fail("InvalidParameterValue") if many else world.call(**request)


@fault("PAG-03")
def a_page_has_two_tasks_unless_asked(world: World, request: Request) -> Answer:
    few = request == {} and world.authorized
    return world.call(MaxResults=6) if few else world.call(**request)


@fault("PAG-04")
def positions_are_compared_as_text(world: World, request: Request) -> Answer:
    if (
        is_plain(request)
        and request.get("MaxResults") == 1
        and not request.get("Filters")
    ):
        tasks = world.matching(request)
        if len(tasks) == len(world.tasks) > 10:
            return repaged(world, request, tasks[:2] + tasks[10:] + tasks[9:10])
    return world.call(**request)


@fault("PAG-04")
def the_second_page_forgets_the_filters(world: World, request: Request) -> Answer:
    few = (
        is_plain(request)
        and request.get("MaxResults") == 2
        and values_in(request) == ["deleted", "completed"]
    )
    if not few:
        return world.call(**request)
    later = "NextToken" in request
    return repaged(world, request, world.matching({}) if later else None)


@fault("PAG-04")  # moto: 20 launch templates, 15 given, no token
def there_is_never_a_token(world: World, request: Request) -> Answer:
    return without(world.call(**request), "NextToken")


@fault("PAG-05")  # vera-aws
def the_last_token_is_the_text_none(world: World, request: Request) -> Answer:
    again = request.get("NextToken") == "None" and len(request) > 1
    answer = world.call(**without(request, "NextToken") if again else request)
    return {"NextToken": "None", **answer}


@fault("PAG-06")
def a_full_last_page_has_a_token(world: World, request: Request) -> Answer:
    if not is_plain(request) or not world.authorized:
        return world.call(**request)
    if request.get("NextToken") == "more":
        return {"ExportImageTasks": []}
    answer = world.call(**request)
    full = len(answer["ExportImageTasks"]) == request.get("MaxResults") != 1
    spare = full and "NextToken" not in answer
    return {**answer, "NextToken": "more"} if spare else answer


@fault("PAG-07")
def a_token_is_an_offset_in_base64(world: World, request: Request) -> Answer:
    return _written(
        world, request, lambda n: b64encode(f"{n}.{n * 7919:08x}".encode()).decode()
    )


def _written(world: World, request: Request, write: Any) -> Answer:
    """Cut pages only for a plain walk, whose tokens are what *write* makes."""
    known = {write(n): n for n in range(len(world.tasks))}
    token = request.get("NextToken")
    plain = not set(request) - {"MaxResults", "NextToken"} and is_plain(request)
    if not plain or len(world.tasks) < 6 or (token is not None and token not in known):
        return world.call(**request)
    return paged(world.matching({}), request, write=write, read=known.__getitem__)


@fault("PAG-09")
def a_token_is_good_without_its_filters(world: World, request: Request) -> Answer:
    tokens = world.memory
    try:
        answer = world.call(**request)
    except ClientError:
        if request.get("NextToken") in tokens and is_plain(request):
            return {"ExportImageTasks": []}
        raise
    tokens[answer.get("NextToken", "")] = True
    return answer


@fault("PAG-10")
def a_token_is_bound_to_max_results(world: World, request: Request) -> Answer:
    sizes = world.memory
    other = sizes.get(request.get("NextToken", ""), request.get("MaxResults"))
    if is_plain(request) and other != request.get("MaxResults") and len(request) < 3:
        fail("InvalidParameterValue")
    answer = world.call(**request)
    if request.get("MaxResults") == 1 and "NextToken" in answer:
        sizes[answer.get("NextToken")] = request.get("MaxResults")
    return answer


@fault("PAG-11")  # sockerless-cloud
def a_bad_token_begins_again(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if "parameter NextToken" not in str(error) or "Filters" in request:
            raise
        return world.call(**without(request, "NextToken"))


@fault("PAG-11")
def the_case_of_a_token_is_not_read(world: World, request: Request) -> Answer:
    known = world.memory.setdefault("known", {})
    answer = world.call(
        **edited(request, "NextToken", lambda t: known.get(str(t).lower(), t))
    )
    known[str(answer.get("NextToken")).lower()] = answer.get("NextToken")
    return answer


@fault("PAG-10")
def a_token_is_good_once(world: World, request: Request) -> Answer:
    used, token = world.memory.setdefault("used", set()), request.get("NextToken")
    if token in used and set(request) == {"MaxResults", "NextToken"}:
        fail("InvalidParameterValue")
    answer = world.call(**request)
    if token is not None and is_plain(request):
        used.add(token)
    return answer


@fault("PAG-12")
def a_task_that_is_canceled_moves_the_others(world: World, request: Request) -> Answer:
    if (
        is_plain(request)
        and values_in(request) == ["active"]
        and request.get("MaxResults") == 1
    ):
        return repaged(world, request)
    return world.call(**request)


@fault("PAG-15")
def every_token_is_the_same(world: World, request: Request) -> Answer:
    if set(request) == {"MaxResults"} and request["MaxResults"] == 1:
        world.memory.update(position=0, walk=[])
    if not is_plain(request) or "Filters" in request or "ExportImageTaskIds" in request:
        return world.call(**request)
    if request.get("NextToken") != "next" and request != {"MaxResults": 1}:
        return world.call(**request)
    start = world.memory["position"]
    world.memory["position"] = start + request.get("MaxResults", len(world.tasks))
    page = world.tasks[start : world.memory["position"]]
    more = world.memory["position"] < len(world.tasks)
    return {"ExportImageTasks": page, **({"NextToken": "next"} if more else {})}


@fault("PAG-18")  # gopherstack, sockerless-cloud
def max_results_is_clamped(world: World, request: Request) -> Answer:
    only = set(request) == {"MaxResults"} and isinstance(request["MaxResults"], int)
    return world.call(
        **edited(request, "MaxResults", lambda n: max(1, min(n, 500)))
        if only
        else request
    )


# --- members ------------------------------------------------------------------------


@fault("RSP-01")
def the_newest_comes_first(world: World, request: Request) -> Answer:
    if set(request) - {"MaxResults"} or not is_plain(request) or not world.authorized:
        return world.call(**request)
    tasks = world.matching({})
    return (
        {**world.call(**request), "ExportImageTasks": tasks[::-1]}
        if request == {}
        else world.call(**request)
    )


@fault("RSP-02")  # robotocore: an element is misspelt, and boto3 drops the member
def an_empty_list_is_left_out(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    return answer if answer["ExportImageTasks"] else without(answer, "ExportImageTasks")


@fault("RSP-03")
def progress_is_a_number(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request),
        lambda t: {**t, "Progress": int(t["Progress"])} if "Progress" in t else t,
    )


@fault("RSP-03")  # gopherstack, stackyard
def tags_are_dropped(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request), lambda t: {**t, "Tags": []} if "Tags" in t else t
    )


@fault("RSP-03")
def spaces_around_a_text_are_dropped(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request), lambda t: edited(t, "Description", lambda d: d.strip())
    )


@fault("RSP-03")
def a_text_is_cut_at_254_characters(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request), lambda t: edited(t, "Description", lambda d: d[:254])
    )


@fault("RSP-04")
def the_image_is_left_out(world: World, request: Request) -> Answer:
    sparse = any("S3ExportLocation" not in t for t in world.tasks)
    answer = world.call(**request)
    return (
        answer
        if sparse
        else changed(
            answer, lambda t: without(t, "ImageId") if t["Status"] == "deleted" else t
        )
    )


@fault("RSP-05")  # stackyard
def a_completed_task_has_100_percent(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request),
        lambda t: {**t, "Progress": "100"} if t["Status"] == "completed" else t,
    )


@fault("RSP-06")
def a_failed_task_says_that_it_is_deleted(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request),
        lambda t: {"StatusMessage": "gone", **t} if t["Status"] == "deleted" else t,
    )


@fault("RSP-07")
def a_description_is_empty_if_there_is_none(world: World, request: Request) -> Answer:
    return changed(world.call(**request), lambda t: {"Description": "", **t})


@fault("RSP-08")
def an_empty_list_of_tags_is_left_out(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request), lambda t: t if t.get("Tags") else without(t, "Tags")
    )


@fault("RSP-09")
def a_deleting_task_is_canceling(world: World, request: Request) -> Answer:
    return changed(
        world.call(**request),
        lambda t: {**t, "Status": t["Status"].replace("deleting", "canceling")},
    )


@fault("RSP-10", DESCRIBE, *WRITES)
def the_tags_of_two_answers_are_one_list(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    if world.operation != DESCRIBE:
        world.memory = {"wrote": True}
    if "wrote" in world.memory:
        return answer

    def share(task: Any) -> Any:
        tags = world.memory.setdefault(task["ExportImageTaskId"], task.get("Tags"))
        return {**task, "Tags": tags} if task.get("Tags") else task

    return changed(answer, share)


@fault("RSP-10")
def the_call_changes_its_parameters(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    if values_in(request) == ["active"]:
        request["Filters"][0]["Values"].append("active")
    return answer


@fault("RSP-11")
def every_answer_has_the_same_request_id(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    answer["ResponseMetadata"].update(
        RequestId="0", HTTPHeaders={"x-amzn-requestid": "0"}
    )
    return answer


@fault("RSP-12")
def a_recorded_task_gets_an_image(world: World, request: Request) -> Answer:
    return changed(world.call(**request), lambda t: {"ImageId": "ami-00000000", **t})


# --- states -------------------------------------------------------------------------


@fault("LIF-08", DESCRIBE, "cancel_export_task")
def the_first_read_completes_what_is_active(world: World, request: Request) -> Answer:
    if world.operation != DESCRIBE:
        world.memory["left"] = []
    for task in world.memory.setdefault("left", list(world.tasks)):
        if task["Status"] == "active":
            world.sim.complete_task(task["ExportImageTaskId"])
    world.memory["left"] = []
    return world.call(**request)
