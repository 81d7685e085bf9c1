"""One fault each: pages and tokens."""

from __future__ import annotations

from base64 import b64decode, b64encode

from ec2_export_sim import ClientError
from tests.conformance.broken import (
    Answer,
    Request,
    World,
    edited,
    kept,
    mutant,
    paged,
    refuse,
    without,
)


@mutant("PAG-01")  # moto, vera-aws
def max_results_is_not_read(world: World, request: Request) -> Answer:
    return world.describe(**without(request, "MaxResults"))


@mutant("PAG-01")
def a_page_holds_one_too_many(world: World, request: Request) -> Answer:
    return world.describe(**edited(request, "MaxResults", lambda n: min(n + 1, 500)))


@mutant("PAG-02")
def max_results_begins_at_5(world: World, request: Request) -> Answer:
    few = request.get("MaxResults", 5) < 5
    return refuse("InvalidParameterValue") if few else world.describe(**request)


@mutant("PAG-02")
def max_results_ends_at_499(world: World, request: Request) -> Answer:
    many = request.get("MaxResults", 1) > 499
    return refuse("InvalidParameterValue") if many else world.describe(**request)


@mutant("PAG-03")
def a_page_holds_two_unless_asked(world: World, request: Request) -> Answer:
    return world.describe(**{"MaxResults": 2, **request})


@mutant("PAG-04")
def a_task_is_lost_between_pages(world: World, request: Request) -> Answer:
    return paged(world.matching(request), request, read=lambda token: int(token) + 1)


@mutant("PAG-04")
def a_task_is_repeated_between_pages(world: World, request: Request) -> Answer:
    start = 0 if request.get("MaxResults", 1) == 1 else 1
    return paged(world.matching(request), request, read=lambda t: int(t) - start)


@mutant("PAG-04")
def the_second_page_forgets_the_filters(world: World, request: Request) -> Answer:
    later = without(request, "Filters") if "NextToken" in request else request
    return paged(world.matching(later), request)


@mutant("PAG-04")  # moto: 20 launch templates, 15 given, no token
def there_is_never_a_token(world: World, request: Request) -> Answer:
    return without(world.describe(**request), "NextToken")


@mutant("PAG-05")  # vera-aws
def the_last_token_is_the_text_none(world: World, request: Request) -> Answer:
    return {"NextToken": "None", **world.describe(**_unless("None", request))}


@mutant("PAG-05")
def the_last_token_is_null(world: World, request: Request) -> Answer:
    return {"NextToken": None, **world.describe(**request)}


@mutant("PAG-05")
def the_last_token_is_empty(world: World, request: Request) -> Answer:
    return {"NextToken": "", **world.describe(**request)}


def _unless(token: str, request: Request) -> Request:
    return (
        without(request, "NextToken") if request.get("NextToken") == token else request
    )


@mutant("PAG-06")
def a_full_last_page_has_a_token(world: World, request: Request) -> Answer:
    answer = world.describe(**_unless("more", request))
    if request.get("NextToken") == "more":
        return {"ExportImageTasks": []}
    full = len(answer["ExportImageTasks"]) == request.get("MaxResults")
    return {**({"NextToken": "more"} if full else {}), **answer}


@mutant("PAG-06")
def filters_run_on_a_page_that_is_cut(world: World, request: Request) -> Answer:
    page = paged(world.matching(without(request, "Filters")), request)
    passing = world.matching(request)
    return kept(page, lambda task: task in passing)


@mutant("PAG-07", "PAG-09")  # sockerless-cloud
def the_token_is_an_offset(world: World, request: Request) -> Answer:
    return paged(world.matching(request), request)


@mutant("PAG-07")
def the_token_is_an_id_in_base64(world: World, request: Request) -> Answer:
    tasks = world.matching(request)
    ids = [task["ExportImageTaskId"] for task in tasks]
    return paged(
        tasks,
        request,
        write=lambda place: b64encode(ids[place].encode()).decode(),
        read=lambda token: ids.index(b64decode(token).decode()),
    )


@mutant("PAG-07")
def the_token_is_an_offset_in_base64(world: World, request: Request) -> Answer:
    return paged(
        world.matching(request),
        request,
        write=lambda place: b64encode(str(place).encode()).decode(),
        read=lambda token: int(b64decode(token)),
    )


@mutant("PAG-09")
def a_token_is_bound_to_the_order_of_the_request(
    world: World, request: Request
) -> Answer:
    asked = repr(without(request, "MaxResults", "NextToken"))
    if "NextToken" in request and world.memory["asked"] != asked:
        refuse("InvalidNextToken")
    world.memory["asked"] = asked
    return world.describe(**request)


@mutant("PAG-10")
def a_token_is_bound_to_max_results(world: World, request: Request) -> Answer:
    if "NextToken" in request and world.memory.get("size") != request.get("MaxResults"):
        refuse("InvalidNextToken")
    world.memory["size"] = request.get("MaxResults")
    return world.describe(**request)


@mutant("PAG-11")  # sockerless-cloud
def a_bad_token_begins_anew(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ClientError as error:
        if "InvalidNextToken" not in str(error):
            raise
        return world.describe(**without(request, "NextToken"))


@mutant("PAG-11")
def the_empty_token_begins_anew(world: World, request: Request) -> Answer:
    return world.describe(**_unless("", request))


@mutant("PAG-11")  # moto
def a_bad_token_is_a_value_error(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ClientError as error:
        if "InvalidNextToken" not in str(error):
            raise
        raise ValueError(request["NextToken"]) from None


@mutant("PAG-11")
def the_case_of_a_token_is_not_looked_at(world: World, request: Request) -> Answer:
    known = world.memory.setdefault("known", {})
    answer = world.describe(
        **edited(request, "NextToken", lambda token: known.get(token.lower(), token))
    )
    known[answer.get("NextToken", "").lower()] = answer.get("NextToken")
    return answer


@mutant("PAG-12")
def a_token_is_good_once(world: World, request: Request) -> Answer:
    used = world.memory.setdefault("used", set())
    if request.get("NextToken") in used:
        refuse("InvalidNextToken")
    used.update({request["NextToken"]} if "NextToken" in request else ())
    return world.describe(**request)


@mutant("PAG-15", "PAG-12")
def every_token_is_the_same(world: World, request: Request) -> Answer:
    place = world.memory.get("place", 0) if "NextToken" in request else 0
    return paged(
        world.matching(request),
        request,
        write=lambda at: world.memory.update(place=at) or "next",
        read=lambda _token: place,
    )


@mutant("PAG-18")  # gopherstack, sockerless-cloud
def max_results_is_clamped(world: World, request: Request) -> Answer:
    return world.describe(
        **edited(request, "MaxResults", lambda n: max(1, min(n, 500)))
    )


@mutant("PAG-18")
def max_results_ends_at_1000(world: World, request: Request) -> Answer:
    return world.describe(
        **edited(request, "MaxResults", lambda n: 500 if 500 < n <= 1000 else n)
    )
