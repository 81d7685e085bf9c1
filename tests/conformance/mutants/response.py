"""One fault each: the members of an answer, and copies."""

from __future__ import annotations

import random

from tests.conformance.broken import (
    Answer,
    Request,
    World,
    mutant,
    paged,
    retold,
    values_of,
    without,
)


@mutant("RSP-01")
def the_newest_comes_first(world: World, request: Request) -> Answer:
    return paged(world.matching(request)[::-1], request)


@mutant("RSP-01")
def tasks_are_sorted_by_id(world: World, request: Request) -> Answer:
    tasks = sorted(world.matching(request), key=lambda t: str(t["ExportImageTaskId"]))
    return paged(tasks, request)


@mutant("RSP-02")  # robotocore: an element is misspelt, and boto3 drops the member
def an_empty_list_is_left_out(world: World, request: Request) -> Answer:
    answer = world.describe(**request)
    return answer if answer["ExportImageTasks"] else without(answer, "ExportImageTasks")


@mutant("RSP-03")
def progress_is_a_number(world: World, request: Request) -> Answer:
    return retold(
        world.describe(**request),
        lambda t: {**t, "Progress": int(t["Progress"])} if "Progress" in t else t,
    )


@mutant("RSP-03", "RSP-07")
def the_description_is_left_out(world: World, request: Request) -> Answer:
    return retold(world.describe(**request), lambda t: without(t, "Description"))


@mutant("RSP-03")  # gopherstack, stackyard
def tags_are_dropped(world: World, request: Request) -> Answer:
    return retold(world.describe(**request), lambda t: {**t, "Tags": []})


@mutant("RSP-03", "RSP-04")
def the_location_is_left_out(world: World, request: Request) -> Answer:
    return retold(world.describe(**request), lambda t: without(t, "S3ExportLocation"))


@mutant("RSP-04")
def the_image_is_left_out(world: World, request: Request) -> Answer:
    return retold(world.describe(**request), lambda t: without(t, "ImageId"))


@mutant("RSP-06")
def an_active_task_has_no_message(world: World, request: Request) -> Answer:
    return retold(
        world.describe(**request),
        lambda t: without(t, "StatusMessage") if t["Status"] == "active" else t,
    )


@mutant("RSP-07", "RSP-12")
def a_description_is_empty_where_there_is_none(
    world: World, request: Request
) -> Answer:
    return retold(world.describe(**request), lambda t: {"Description": "", **t})


@mutant("RSP-08")
def an_empty_list_of_tags_is_left_out(world: World, request: Request) -> Answer:
    return retold(
        world.describe(**request), lambda t: t if t.get("Tags") else without(t, "Tags")
    )


@mutant("RSP-09")
def status_is_in_capitals(world: World, request: Request) -> Answer:
    return retold(
        world.describe(**request), lambda t: {**t, "Status": t["Status"].upper()}
    )


@mutant("RSP-10")
def the_same_answer_is_given_again(world: World, request: Request) -> Answer:
    answers = world.memory.setdefault("answers", {})
    answers.setdefault(repr(request), world.describe(**request))
    again: Answer = answers[repr(request)]
    return again


@mutant("RSP-10")
def the_list_given_is_the_list_held(world: World, request: Request) -> Answer:
    now = {t["ExportImageTaskId"]: t for t in world.tasks}
    return retold(
        world.describe(**request), lambda t: now.get(t["ExportImageTaskId"], t)
    )


@mutant("RSP-10")
def the_call_changes_its_parameters(world: World, request: Request) -> Answer:
    for given in request.get("Filters", []):
        values_of(given)[:] = sorted(values_of(given))
    return world.describe(**request)


@mutant("RSP-11")
def every_answer_has_the_same_request_id(world: World, request: Request) -> Answer:
    answer = world.describe(**request)
    answer["ResponseMetadata"].update(
        RequestId="0", HTTPHeaders={"x-amzn-requestid": "0"}
    )
    return answer


@mutant("RSP-11")
def the_headers_lack_the_request_id(world: World, request: Request) -> Answer:
    answer = world.describe(**request)
    answer["ResponseMetadata"].update(HTTPHeaders={})
    return answer


@mutant("RSP-12")
def an_active_task_is_given_its_progress(world: World, request: Request) -> Answer:
    return retold(
        world.describe(**request),
        lambda t: {"Progress": "0", **t} if t["Status"] == "active" else t,
    )


@mutant("SIM-20")
def tokens_are_random(world: World, request: Request) -> Answer:
    places = world.memory.setdefault("places", {})

    def write(place: int) -> str:
        token = random.SystemRandom().randbytes(8).hex()
        places[token] = place
        return token

    return paged(world.matching(request), request, write=write, read=places.get)
