"""Hypothesis strategies of tasks, accounts, filters and requests.

They draw what the documentation allows, in the API's shapes, from so few values that
equal ones are likely; XML can contain all text unchanged. For property tests of your
own:

    @given(accounts(), filters())
    def test_the_report_counts_active_exports(tasks, wanted): ...

If a strategy draws what was only observed or decided, its docstring says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy

    from .outcomes import Record

STATES = ("active", "completed", "deleting", "deleted")

# The members that belong to a state: Progress and message are in these pairs (LIF-05).
_FAILED = {"StatusMessage": "ClientError: Unsupported kernel"}
_BY_STATE: dict[str, tuple[dict[str, str], ...]] = {
    "active": (
        {"Progress": "0", "StatusMessage": "validating"},
        {"Progress": "21", "StatusMessage": "updating"},
        {"Progress": "80", "StatusMessage": "converting"},
    ),
    "completed": ({},),
    "deleting": ({}, _FAILED),
    "deleted": ({}, _FAILED),
}

TAG_KEYS = ("Team", "team", "a:b", "Team*", "k?", "\\", "ключ")
TAG_VALUES = ("red", "Red", "", "r*d", "r?d", "rd", "r\\d", "reed", "*", "красный")

_TEXT_ALPHABET = "ab Z09-_/.:&<>\"'é漢😀"
_DESCRIPTIONS: tuple[dict[str, str], ...] = (
    {},
    {"Description": "web"},
    {"Description": "<a href='x'> & \"é漢😀\""},
)


def texts(min_size: int = 0, max_size: int = 6) -> SearchStrategy[str]:
    """Draw text that XML contains unchanged, with markup and non-ASCII characters."""
    return st.text(_TEXT_ALPHABET, min_size=min_size, max_size=max_size)


def states() -> SearchStrategy[str]:
    """Draw one of the four states."""
    return st.sampled_from(STATES)


def task_ids(first: int = 0) -> SearchStrategy[str]:
    """Draw one of 256 task ids of 17 hexadecimal digits, from number *first* on."""
    return st.integers(first, first + 255).map(_task_id)


def _task_id(number: int) -> str:
    return f"export-ami-{number:017x}"


def tags(max_size: int = 2) -> SearchStrategy[list[dict[str, str]]]:
    """Draw a list of tags, each key once."""
    pairs = [(key, value) for key in TAG_KEYS for value in TAG_VALUES]
    return st.lists(st.sampled_from(pairs), max_size=max_size).map(
        lambda drawn: [
            {"Key": key, "Value": value} for key, value in dict(drawn).items()
        ]
    )


def locations() -> SearchStrategy[dict[str, str]]:
    """Draw a destination: a bucket, and a prefix or none."""
    prefixes: list[dict[str, str]] = [
        {},
        {"S3Prefix": "exports/"},
        {"S3Prefix": "a é/x"},
    ]
    return st.sampled_from(prefixes).map(
        lambda prefix: {"S3Bucket": "exports", **prefix}
    )


def tasks(in_states: Sequence[str] = STATES) -> SearchStrategy[Record]:
    """Draw a task in the response's shape, with the members that a real one has.

    Progress only while it is active; Description and S3Prefix in some.
    """
    by_state = [(state, members) for state in in_states for members in _BY_STATE[state]]
    return st.builds(
        lambda number, location, tag_list, state, description: {
            "ExportImageTaskId": _task_id(number),
            "ImageId": f"ami-{number % 5:017x}",
            "S3ExportLocation": location,
            "Status": state[0],
            "Tags": tag_list,
            **state[1],
            **description,
        },
        st.integers(0, 255),
        locations(),
        tags(),
        st.sampled_from(by_state),
        st.sampled_from(_DESCRIPTIONS),
    )


def tagged_tasks() -> SearchStrategy[Record]:
    """Draw a task that has tags, some of which a filter easily mistakes for others."""
    return tasks().flatmap(
        lambda task: tags(max_size=4).map(lambda drawn: {**task, "Tags": drawn})
    )


def sparse_tasks() -> SearchStrategy[Record]:
    """Draw a recorded task: its id, its Status and any of the other members.

    That a service may leave out any of the others is observed, not documented.
    """
    return st.fixed_dictionaries(
        {"ExportImageTaskId": task_ids(), "Status": states()},
        optional={
            "Description": texts(),
            "ImageId": st.just("ami-0123456789abcdef0"),
            "Progress": st.sampled_from(["0", "21", "100"]),
            "S3ExportLocation": locations(),
            "StatusMessage": texts(),
            "Tags": tags(),
        },
    )


def accounts(
    of: SearchStrategy[Record] | None = None, *, min_size: int = 0, max_size: int = 6
) -> SearchStrategy[list[Record]]:
    """Draw the tasks of an account, in the order of their creation."""
    return st.lists(
        tasks() if of is None else of,
        min_size=min_size,
        max_size=max_size,
        unique_by=lambda task: task["ExportImageTaskId"],
    )


def filters() -> SearchStrategy[dict[str, Any]]:
    """Draw the one documented filter, task-state, with one or more of its values."""
    values = st.lists(states(), min_size=1, max_size=3, unique=True)
    return st.fixed_dictionaries({"Name": st.just("task-state"), "Values": values})


def tag_filters() -> SearchStrategy[dict[str, Any]]:
    """Draw a filter on tags, as observed: `tag:<key>` or tag-key, without wildcards."""
    keys = st.sampled_from(["Team", "team", "a:b", "ключ"])
    values = st.sampled_from(["red", "Red", "rd", "красный"])
    return _filters(keys.map("tag:{}".format), values) | _filters(
        st.just("tag-key"), keys
    )


def _filters(
    names: SearchStrategy[str], values: SearchStrategy[str]
) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"Name": names, "Values": st.lists(values, min_size=1, max_size=2)}
    )


def patterns(*wildcards: str) -> SearchStrategy[str]:
    """Draw a filter value made of *wildcards* and pieces of what tasks have."""
    pieces = [*wildcards, "a", "d", "r", "e", "ed", "del", "ctive", "red", "active"]
    return st.lists(st.sampled_from(pieces), max_size=4).map("".join)


def literal(text: str) -> str:
    r"""Return *text* as the filter value that matches nothing else.

    >>> print(literal("r*d"))
    r\*d
    """
    return "".join(f"\\{each}" if each in "*?\\" else each for each in text)


def requests(ids: Sequence[str] = ()) -> SearchStrategy[dict[str, Any]]:
    """Draw the parameters of a call on an account that has *ids*, without a token.

    Ids and MaxResults are never together: a general page of AWS forbids that.
    """
    optional: dict[str, SearchStrategy[Any]] = {
        "Filters": st.lists(filters(), min_size=1, max_size=1)
    }
    paged = st.fixed_dictionaries(
        {}, optional={**optional, "MaxResults": st.integers(1, 500)}
    )
    if not ids:
        return paged
    some = st.lists(st.sampled_from(ids), min_size=1, unique=True)
    named = st.fixed_dictionaries({"ExportImageTaskIds": some}, optional=optional)
    return paged | named


def many_tasks(count: int) -> list[Record]:
    """Return the tasks of a large account; every tenth is completed."""
    return [
        {
            "ExportImageTaskId": f"export-ami-{count - number:017x}",
            "ImageId": f"ami-{number:017x}",
            "S3ExportLocation": {"S3Bucket": "exports"},
            "Tags": [],
            **(
                {"Status": "completed"}
                if number % 10 == 0
                else {"Status": "active", "Progress": "21", "StatusMessage": "updating"}
            ),
        }
        for number in range(count)
    ]
