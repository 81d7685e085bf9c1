"""What the table of operations says of each."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from ..ids import RESOURCE_TYPE, TASK_ID_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from ..context import CallContext
    from ..shapes import Structure

    Parameters: TypeAlias = Mapping[str, Any]
    Members: TypeAlias = dict[str, Any]


class Owner(Enum):
    """Who answers a call of a real client, if something else serves the rest of EC2.

    Only the tag operations need a look at their parameters: they act on resources of
    every type.

    Rules: WIR-18, WIR-19.
    """

    SIMULATOR = "the simulator"
    OTHERS = "others"
    OTHERS_FIRST = "others, or the simulator if nothing else answers"
    BOTH = "both, so the call is refused"


def simulator(_: Parameters) -> Owner:
    """Return the owner of an operation that is the simulator's in every case."""
    return Owner.SIMULATOR


def owner_of_resources(parameters: Parameters) -> Owner:
    """Return the owner of a call that names resources by their ids."""
    resources = parameters.get("Resources", ())
    ours = {str(resource).startswith(TASK_ID_PREFIX) for resource in resources}
    if len(ours) == 2:
        return Owner.BOTH
    return Owner.OTHERS if False in ours else Owner.SIMULATOR


def owner_of_filters(parameters: Parameters) -> Owner:
    """Return the owner of a call that names resources by filters."""
    for given in parameters.get("Filters", ()):
        name, values = given.get("Name"), given.get("Values", ())
        if name == "resource-type" and RESOURCE_TYPE in values:
            return Owner.SIMULATOR
        if name == "resource-id" and values:
            ours = {str(value).startswith(TASK_ID_PREFIX) for value in values}
            if ours == {True}:
                return Owner.SIMULATOR
    return Owner.OTHERS_FIRST


class Operation(NamedTuple):
    """One row: the shapes of an operation, what performs it, and two facts for others.

    *result_key* is the member of the output that is shared out over pages, None for an
    operation without pages. *owner* says who answers a call with these parameters.
    """

    input: Structure
    output: Structure
    function: Callable[[CallContext, Parameters], Members]
    result_key: str | None = None
    owner: Callable[[Parameters], Owner] = simulator
