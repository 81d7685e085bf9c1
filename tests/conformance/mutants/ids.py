"""One fault each: ids."""

from __future__ import annotations

from ec2_export_sim import ClientError
from tests.conformance.broken import (
    Answer,
    Request,
    World,
    edited,
    kept,
    mutant,
    refuse,
    without,
)


@mutant("IDS-01", "IDS-08")
def ids_are_not_read(world: World, request: Request) -> Answer:
    return world.describe(**without(request, "ExportImageTaskIds"))


@mutant("IDS-01")
def only_the_first_id_is_read(world: World, request: Request) -> Answer:
    return world.describe(**edited(request, "ExportImageTaskIds", lambda ids: ids[:1]))


@mutant("IDS-01", "IDS-05")  # stackyard
def any_id_makes_up_a_completed_task(world: World, request: Request) -> Answer:
    ids = request.get("ExportImageTaskIds", [])
    made_up = [{"ExportImageTaskId": each, "Status": "completed"} for each in ids]
    return {"ExportImageTasks": made_up} if ids else world.describe(**request)


@mutant("IDS-01")
def an_unknown_id_gives_every_task(world: World, request: Request) -> Answer:
    return world.describe(**edited(request, "ExportImageTaskIds", world.named))


@mutant("IDS-01")
def an_unknown_id_beside_others_gives_every_task(
    world: World, request: Request
) -> Answer:
    ids = request.get("ExportImageTaskIds", [])
    strange = 0 < len(world.named(ids)) < len(ids)
    return world.describe(
        **without(request, "ExportImageTaskIds") if strange else request
    )


@mutant("IDS-02", "FLT-04")
def deleted_tasks_are_hidden(world: World, request: Request) -> Answer:
    return kept(world.describe(**request), lambda task: task["Status"] != "deleted")


@mutant("IDS-02")  # robotocore
def nothing_is_ever_described(_world: World, _request: Request) -> Answer:
    return {"ExportImageTasks": []}


@mutant("IDS-03")
def only_the_long_form_of_an_id_is_known(world: World, request: Request) -> Answer:
    short = [i for i in request.get("ExportImageTaskIds", []) if len(i) == 19]
    return (
        refuse("InvalidExportTaskID.Malformed") if short else world.describe(**request)
    )


@mutant("IDS-04", "IDS-06")
def a_malformed_id_is_just_unknown(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ClientError as error:
        code = error.response["Error"]["Code"].replace("Malformed", "NotFound")
        refuse(code, error.response["Error"]["Message"])


@mutant("IDS-04")
def the_message_names_the_last_malformed_id(world: World, request: Request) -> Answer:
    return world.describe(
        **edited(request, "ExportImageTaskIds", lambda ids: ids[::-1])
    )


@mutant("IDS-04")
def an_id_may_have_blanks_around_it(world: World, request: Request) -> Answer:
    return world.describe(
        **edited(request, "ExportImageTaskIds", lambda ids: [i.strip() for i in ids])
    )


@mutant("IDS-05", "IDS-06")  # gopherstack, sockerless-cloud
def unknown_ids_are_dropped(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ClientError as error:
        ids = world.named(request.get("ExportImageTaskIds", []))
        if "NotFound" not in str(error):
            raise
        known = {**request, "ExportImageTaskIds": ids}
        return world.describe(**known) if ids else {"ExportImageTasks": []}


@mutant("IDS-05")  # vera-aws
def an_unknown_id_has_a_code_that_is_made_up(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ClientError as error:
        if "NotFound" in str(error):
            refuse("InvalidExportImageTaskId.NotFound")
        raise


@mutant("IDS-05")
def only_the_first_unknown_id_is_named(world: World, request: Request) -> Answer:
    def cut(ids: list[str]) -> list[str]:
        known = world.named(ids)
        return [*known, *[each for each in ids if each not in known][:1]]

    return world.describe(**edited(request, "ExportImageTaskIds", cut))


@mutant("IDS-06")
def bad_ids_are_dropped_beside_good_ones(world: World, request: Request) -> Answer:
    return world.describe(
        **edited(request, "ExportImageTaskIds", lambda ids: world.named(ids) or ids)
    )


@mutant("IDS-07")
def an_id_given_twice_is_described_twice(world: World, request: Request) -> Answer:
    answer, ids = world.describe(**request), request.get("ExportImageTaskIds", [])
    again = [
        t for t in answer["ExportImageTasks"] if ids.count(t["ExportImageTaskId"]) > 1
    ]
    return {**answer, "ExportImageTasks": answer["ExportImageTasks"] + again}


@mutant("IDS-08")  # moto
def filters_are_ignored_with_ids(world: World, request: Request) -> Answer:
    return world.describe(
        **without(request, "Filters") if "ExportImageTaskIds" in request else request
    )


@mutant("IDS-09")
def filters_narrow_before_existence(world: World, request: Request) -> Answer:
    answer = world.describe(**without(request, "ExportImageTaskIds"))
    return world.describe(**request) if answer["ExportImageTasks"] else answer


@mutant("IDS-10")
def the_order_of_ids_orders_the_answer(world: World, request: Request) -> Answer:
    answer, ids = world.describe(**request), request.get("ExportImageTaskIds")
    if ids:
        answer["ExportImageTasks"].sort(key=lambda t: ids.index(t["ExportImageTaskId"]))
    return answer


@mutant("IDS-11")
def max_results_is_ignored_with_ids(world: World, request: Request) -> Answer:
    return world.describe(
        **without(request, "MaxResults") if "ExportImageTaskIds" in request else request
    )
