"""Named deviations of the real service from the operation's own page.

Off by default: the page beats general pages and observations. Each quirk names its
rule, which cites what was seen.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from . import errors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Quirk(Enum):
    """A deviation that `Simulator(quirks=…)` switches on; the value is its rule."""

    TASK_STATE_FILTER_IGNORED = "FLT-23"
    FILTERS_WITH_IDS_IGNORED = "IDS-12"
    MAX_RESULTS_WITH_IDS_REFUSED = "PAG-17"


def bend(parameters: Mapping[str, Any], quirks: Collection[Quirk]) -> Mapping[str, Any]:
    """Return *parameters* as a service with *quirks* would understand them.

    Rules: FLT-23, IDS-12, PAG-17.
    """
    if not quirks:
        return parameters
    filters = parameters.get("Filters", [])
    with_ids = "ExportImageTaskIds" in parameters
    with_limit = "MaxResults" in parameters
    if Quirk.MAX_RESULTS_WITH_IDS_REFUSED in quirks and with_ids and with_limit:
        raise errors.IDS_WITH_MAX_RESULTS()
    if Quirk.TASK_STATE_FILTER_IGNORED in quirks:
        filters = [given for given in filters if given.get("Name") != "task-state"]
    if Quirk.FILTERS_WITH_IDS_IGNORED in quirks and with_ids:
        filters = []
    return {**parameters, "Filters": filters}
