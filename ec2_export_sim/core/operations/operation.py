"""A row of the table of operations."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..ids import RESOURCE_TYPE, TASK_ID_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from ..context import CallContext
    from ..errors import ServiceError
    from ..shapes import Structure

    Parameters: TypeAlias = Mapping[str, Any]
    Members: TypeAlias = dict[str, Any]
    # A rule's id and a note, None if there is no likely reason.
    Explanation: TypeAlias = tuple[str | None, str | None]


class Owner(Enum):
    """Who answers a call of a real client, if something else serves the rest of EC2.

    For the tag operations this depends on the parameters, because they act on resources
    of every type.

    Rules: WIR-18, WIR-19.
    """

    SIMULATOR = "the simulator"
    OTHERS = "others"
    OTHERS_FIRST = "others, or the simulator if nothing else answers"
    BOTH = "both, so the call is refused"


def owner_of_resources(parameters: Parameters) -> Owner:
    """Return the owner of a call that names resources by their ids."""
    resources = parameters.get("Resources", ())
    ours = {str(resource).startswith(TASK_ID_PREFIX) for resource in resources}
    if len(ours) == 2:
        return Owner.BOTH
    return Owner.OTHERS if False in ours else Owner.SIMULATOR


def owner_of_filters(parameters: Parameters) -> Owner:
    """Return the owner of a call that names resources by filters.

    All filters must match: if one of them names only tasks, so does the call.
    """
    for each in parameters.get("Filters", ()):
        name, values = each.get("Name"), each.get("Values", ())
        ours: set[bool] = set()
        if name == "resource-type":
            ours = {value == RESOURCE_TYPE for value in values}
        elif name == "resource-id":
            ours = {str(value).startswith(TASK_ID_PREFIX) for value in values}
        if ours == {True}:
            return Owner.SIMULATOR
    return Owner.OTHERS_FIRST


class Operation(NamedTuple):
    """The shapes of an operation, the function that performs it, and more columns.

    *result_key* is the member of the output whose items are spread over pages, None for
    an operation without pages; *why_empty* returns rule and note of an empty answer.
    *owner* returns who answers a call with these parameters; None means the simulator.
    *missing* has functions that make the error for a missing required parameter, if it
    is not the usual one.
    """

    input: Structure
    output: Structure
    function: Callable[[CallContext, Parameters], Members]
    result_key: str | None = None
    why_empty: Callable[[CallContext, Parameters], Explanation] | None = None
    owner: Callable[[Parameters], Owner] | None = None
    missing: Mapping[str, Callable[[], ServiceError]] = MappingProxyType({})
