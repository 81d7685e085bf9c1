"""Parameters that several chapters send."""

from __future__ import annotations

from typing import Any


def in_state(*values: str) -> list[dict[str, Any]]:
    """Return the parameter Filters that selects these values of task-state."""
    return [{"Name": "task-state", "Values": list(values)}]


# Well-formed, and in no account of the suite.
UNKNOWN_IDS = ("export-ami-0fedcba9876543210", "export-ami-0fedcba9876543211")
UNKNOWN_ID: dict[str, Any] = {"ExportImageTaskIds": [UNKNOWN_IDS[0]]}

# One wrong value for each rule that makes it an error, in the order of ORD-06.
WRONG_VALUES: dict[str, dict[str, Any]] = {
    "IDS-04": {"ExportImageTaskIds": ["export-ami-"]},
    "PAG-18": {"MaxResults": 501},
    "FLT-20": {"Filters": in_state(*["active"] * 201)},
    "PAG-11": {"NextToken": "garbage"},
}
WRONG_VALUE_RULES = tuple(WRONG_VALUES)


def wrong_request(rules: list[str]) -> dict[str, Any]:
    """Return a request that has the wrong values of all these rules."""
    return {name: value for rule in rules for name, value in WRONG_VALUES[rule].items()}
