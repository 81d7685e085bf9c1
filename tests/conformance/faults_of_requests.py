"""One fault each: parameters, permissions, ids, and the order of checks."""

from __future__ import annotations

from ec2_export_sim import ClientError
from tests.conformance.faulty import (
    Answer,
    Request,
    World,
    code_of,
    edited,
    fail,
    fault,
    kept,
    revalued,
    without,
)

KNOWN = {"DryRun", "Filters", "ExportImageTaskIds", "MaxResults", "NextToken"}
TAGS = ("create_tags", "delete_tags", "describe_tags")
EVERY = ("describe_export_image_tasks", *TAGS, "export_image")


def ids_of(request: Request) -> list[str]:
    ids = request.get("ExportImageTaskIds") or []
    proper = isinstance(ids, list) and all(isinstance(each, str) for each in ids)
    return ids if proper else []


# --- parameters ---------------------------------------------------------------------


@fault("PRM-01")
def unknown_parameters_are_ignored(world: World, request: Request) -> Answer:
    return world.call(**{n: v for n, v in request.items() if n in KNOWN})


@fault("PRM-10")
def a_number_may_be_a_text(world: World, request: Request) -> Answer:
    if set(request) > {"MaxResults"}:
        return world.call(**request)
    return world.call(
        **edited(request, "MaxResults", lambda n: int(n) if isinstance(n, str) else n)
    )


@fault("PRM-03", "create_tags")
def tags_without_a_resource_are_ignored(world: World, request: Request) -> Answer:
    return world.call(**request) if request.get("Resources") else {}


@fault("PRM-04")
def mistyped_comes_before_unknown(world: World, request: Request) -> Answer:
    mistyped = isinstance(request.get("MaxResults"), str) and len(request) > 1
    return fail("InvalidParameterValue") if mistyped else world.call(**request)


@fault("PRM-05")
def an_empty_list_of_ids_names_no_task(world: World, request: Request) -> Answer:
    none = request.get("ExportImageTaskIds") == []
    return {"ExportImageTasks": []} if none else world.call(**request)


@fault("PRM-06")
def vertical_tabs_are_dropped(world: World, request: Request) -> Answer:
    return world.call(**revalued(request, lambda v: v.replace("\x0b", "")))


# --- permissions and dry runs -------------------------------------------------------


@fault("AUT-01")  # sockerless-cloud, stackyard, vera-aws
def dry_run_is_not_read(world: World, request: Request) -> Answer:
    return world.call(**without(request, "DryRun"))


@fault("AUT-01", "create_tags")
def a_dry_run_of_create_tags_makes_the_call(world: World, request: Request) -> Answer:
    return world.call(**without(request, "DryRun"))


@fault("AUT-02", *EVERY, "cancel_export_task")
def everybody_is_allowed(world: World, request: Request) -> Answer:
    return world.allowed(**request)


@fault("AUT-02", *EVERY, "cancel_export_task")  # moto
def a_caller_who_is_not_allowed_gets_access_denied(
    world: World, request: Request
) -> Answer:
    return world.call(**request) if world.authorized else fail("AccessDenied", "", 403)


@fault("AUT-03")
def only_a_dry_run_needs_a_permission(world: World, request: Request) -> Answer:
    return world.call(**request) if request.get("DryRun") else world.allowed(**request)


@fault("AUT-04")
def dry_run_false_is_a_dry_run(world: World, request: Request) -> Answer:
    return world.call(**edited(request, "DryRun", lambda dry: dry or dry is False))


@fault("AUT-05")
def the_message_names_no_action(world: World, request: Request) -> Answer:
    message = "You are not authorized to perform this operation."
    try:
        return world.call(**request)
    except ClientError as error:
        if code_of(error) == "UnauthorizedOperation":
            fail("UnauthorizedOperation", message, 403)
        raise


# --- order --------------------------------------------------------------------------


@fault("ORD-02")
def the_permission_is_checked_before_parameters(
    world: World, request: Request
) -> Answer:
    return world.call(**request if world.authorized else {})


@fault("ORD-04")
def an_id_is_checked_before_the_permission(world: World, request: Request) -> Answer:
    if ids_of(request) and not world.authorized and not request.get("DryRun"):
        world.allowed(ExportImageTaskIds=request["ExportImageTaskIds"])
    return world.call(**request)


@fault("ORD-05")
def a_dry_run_looks_for_the_tasks(world: World, request: Request) -> Answer:
    if request.get("DryRun") and ids_of(request) and not world.named(ids_of(request)):
        return world.allowed(**without(request, "DryRun"))
    return world.call(**request)


@fault("ORD-06")
def the_token_is_checked_first(world: World, request: Request) -> Answer:
    if (
        request.get("NextToken") == "garbage"
        and world.authorized
        and "DryRun" not in request
    ):
        return world.call(NextToken="garbage")
    return world.call(**request)


@fault("ORD-07")
def existence_is_checked_first(world: World, request: Request) -> Answer:
    ids = ids_of(request)
    if ids and not world.named(ids) and "export-ami-" not in ids:
        return world.call(**without(request, "MaxResults", "NextToken", "Filters"))
    return world.call(**request)


@fault("ORD-10")
def a_call_that_fails_loses_a_task(world: World, request: Request) -> Answer:
    try:
        answer = world.call(**request)
    except ClientError:
        world.memory["lost"] = True
        raise
    plain = not request and world.memory.get("lost")
    return kept(answer, lambda t: t != world.tasks[0]) if plain else answer


@fault("ERR-02")
def every_status_400_is_404(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 400:
            fail(code_of(error), error.response["Error"]["Message"], 404)
        raise


# --- ids ----------------------------------------------------------------------------


@fault("IDS-01")
def ids_are_not_read(world: World, request: Request) -> Answer:
    return world.call(
        **without(request, "ExportImageTaskIds") if ids_of(request) else request
    )


@fault("IDS-01")
def at_most_nine_ids_are_read(world: World, request: Request) -> Answer:
    return world.call(**edited(request, "ExportImageTaskIds", lambda ids: ids[:9]))


@fault("IDS-01")  # stackyard
def any_id_gives_a_completed_task(world: World, request: Request) -> Answer:
    world.call(**without(request, "ExportImageTaskIds"))
    ids = ids_of(request)
    invented = [{"ExportImageTaskId": each, "Status": "completed"} for each in ids]
    if not ids or "export-ami-" in ids or "DryRun" in request:
        return world.call(**request)
    return {"ExportImageTasks": [*invented, *world.call()["ExportImageTasks"][:1]]}


@fault("IDS-01")
def the_beginning_of_an_id_names_its_task(world: World, request: Request) -> Answer:
    ids = ids_of(request)
    if len(ids) == 1 and len(ids[0]) == 27:
        every = world.call(**without(request, "ExportImageTaskIds"))
        return kept(every, lambda t: t["ExportImageTaskId"].startswith(ids[0]))
    return world.call(**request)


@fault("IDS-02")
def at_most_500_tasks_are_described(world: World, request: Request) -> Answer:
    answer = world.call(**request)
    return {**answer, "ExportImageTasks": answer["ExportImageTasks"][:500]}


@fault("IDS-03")
def only_the_long_form_of_an_id_is_known(world: World, request: Request) -> Answer:
    short = [i for i in ids_of(request) if len(i) == 19]
    return fail("InvalidExportTaskID.Malformed") if short else world.call(**request)


@fault("IDS-04")
def a_malformed_id_is_just_unknown(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        error.response["Error"]["Code"] = code_of(error).replace(
            "Malformed", "NotFound"
        )
        raise


@fault("IDS-13")
def the_message_names_the_last_malformed_id(world: World, request: Request) -> Answer:
    ids = ids_of(request)
    last = len(ids) == 2 and ids[1] == "export-ami-"
    return world.call(
        **{**request, "ExportImageTaskIds": ids[::-1]} if last else request
    )


@fault("IDS-05")  # gopherstack, sockerless-cloud
def unknown_ids_are_ignored(world: World, request: Request) -> Answer:
    try:
        return world.call(**request)
    except ClientError as error:
        ids = world.named(ids_of(request))
        if "NotFound" not in code_of(error):
            raise
        known = {**request, "ExportImageTaskIds": ids}
        return world.call(**known) if ids else {"ExportImageTasks": []}


@fault("IDS-06")
def bad_ids_are_ignored_next_to_good_ones(world: World, request: Request) -> Answer:
    few = len(ids_of(request)) == 2
    return world.call(
        **edited(
            request, "ExportImageTaskIds", lambda ids: (few and world.named(ids)) or ids
        )
    )


@fault("IDS-07")
def an_id_given_twice_is_described_twice(world: World, request: Request) -> Answer:
    answer, ids = world.call(**request), ids_of(request)
    again = [
        t for t in answer["ExportImageTasks"] if ids.count(t["ExportImageTaskId"]) > 1
    ]
    return {**answer, "ExportImageTasks": answer["ExportImageTasks"] + again}


@fault("IDS-08")  # moto
def filters_are_ignored_with_ids(world: World, request: Request) -> Answer:
    known = len(world.named(ids_of(request)))
    plain = known and "MaxResults" not in request and "DryRun" not in request
    return world.call(**without(request, "Filters") if plain else request)


@fault("IDS-09")
def filters_select_before_existence(world: World, request: Request) -> Answer:
    both = set(request) == {"ExportImageTaskIds", "Filters"} and ids_of(request)
    if both and len(request["Filters"][0]["Values"]) < 5 and len(ids_of(request)) == 1:
        answer = world.call(Filters=request["Filters"])
        return kept(answer, lambda t: t["ExportImageTaskId"] in ids_of(request))
    return world.call(**request)


@fault("IDS-10")
def the_order_of_ids_orders_the_answer(world: World, request: Request) -> Answer:
    answer, ids = world.call(**request), ids_of(request)
    if ids:
        answer["ExportImageTasks"].sort(key=lambda t: ids.index(t["ExportImageTaskId"]))
    return answer


@fault("IDS-11")
def max_results_is_ignored_with_ids(world: World, request: Request) -> Answer:
    whole = ids_of(request) and "NextToken" not in request and "DryRun" not in request
    many = (
        1 < len(ids_of(request)) != len(world.tasks) or request.get("MaxResults") == 5
    )
    return world.call(
        **without(request, "MaxResults")
        if whole and many and request.get("MaxResults") != 501
        else request
    )
