"""Who answers a call of a real client: the simulator, or whoever has the rest of EC2.

Only tag operations need a look at their parameters, since they act on every kind of
resource.

Rules: WIR-18, WIR-19.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from ..core import shapes
from ..core.ids import PREFIX
from ..core.tags import TASK_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Owner(Enum):
    """Whose a call is."""

    SIMULATOR = "the simulator's"
    OTHERS = "others', refused where nobody answers"
    OTHERS_FIRST = "others', the simulator's where nobody answers"
    BOTH = "of both, so it is refused"


def owner(operation: str, read: Callable[[], Mapping[str, Any]]) -> Owner:
    """Return whose the call of *operation* is; *read* returns its parameters.

    Rules: WIR-18, WIR-19.
    """
    if operation not in shapes.OPERATIONS:
        return Owner.OTHERS
    by_resource = BY_RESOURCE.get(operation)
    return by_resource(read()) if by_resource else Owner.SIMULATOR


def _of_resources(parameters: Mapping[str, Any]) -> Owner:
    kinds = {str(named).startswith(PREFIX) for named in parameters.get("Resources", ())}
    if len(kinds) == 2:
        return Owner.BOTH
    return Owner.OTHERS if False in kinds else Owner.SIMULATOR


def _of_filters(parameters: Mapping[str, Any]) -> Owner:
    for given in parameters.get("Filters", ()):
        name, values = given.get("Name"), given.get("Values", ())
        if name == "resource-type" and TASK_KIND in values:
            return Owner.SIMULATOR
        if name == "resource-id" and values:
            kinds = {str(named).startswith(PREFIX) for named in values}
            if kinds == {True}:
                return Owner.SIMULATOR
    return Owner.OTHERS_FIRST


BY_RESOURCE: dict[str, Callable[[Mapping[str, Any]], Owner]] = {
    "CreateTags": _of_resources,
    "DeleteTags": _of_resources,
    "DescribeTags": _of_filters,
}
