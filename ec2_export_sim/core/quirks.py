"""The deviations of the real service that were seen, off by default.

Where the operation's page and an observation disagree, the page is the default and the
observation is a quirk.
"""

from enum import Enum


class Quirk(Enum):
    """A deviation that `Simulator(quirks=…)` switches on; the value is its rule."""

    TASK_STATE_FILTER_IGNORED = "FLT-23"
    FILTERS_WITH_IDS_IGNORED = "IDS-12"
    MAX_RESULTS_WITH_IDS_REFUSED = "PAG-17"
