"""Everything of an account that changes, as one object that can be copied whole."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .store import TaskStore

if TYPE_CHECKING:
    from datetime import datetime

    from .lifecycle import Due

LOGGED_CALLS = 10_000
ANY_OPERATION = "*"


class Call(NamedTuple):
    """One call that reached the service: *principal* called *operation* in *region*.

    *parameters* are those that the service understood: empty lists and empty structures
    are gone. *at* is the simulated time of the answer; *error_code* is None where the
    call succeeded.

    Rules: ORD-09.
    """

    operation: str
    parameters: dict[str, Any]
    principal: str
    region: str
    at: datetime
    error_code: str | None


class Fault(NamedTuple):
    """An error that the next *times* calls of an operation will meet (ERR-04)."""

    operation: str
    code: str
    message: str | None
    http_status: int | None
    times: int


class Exported(NamedTuple):
    """What a client token was used for: the request and its answer (LIF-23)."""

    request: dict[str, Any]
    answer: dict[str, Any]


@dataclass(slots=True)
class State:
    """Everything that changes."""

    now: datetime
    created: int = 0
    requests: int = 0
    faults: list[Fault] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=LOGGED_CALLS))
    regions: dict[str, TaskStore] = field(default_factory=dict)
    agenda: list[Due] = field(default_factory=list)
    failing: dict[tuple[str, str], str] = field(default_factory=dict)
    client_tokens: dict[tuple[str, str], Exported] = field(default_factory=dict)

    def copy(self) -> State:
        """Return a copy that shares only what never changes."""
        return State(
            self.now,
            self.created,
            self.requests,
            self.faults.copy(),
            self.calls.copy(),
            {name: TaskStore(tasks) for name, tasks in self.regions.items()},
            self.agenda.copy(),
            self.failing.copy(),
            self.client_tokens.copy(),
        )


def copied(value: Any) -> Any:
    """Return a copy of parameters or members that shares nothing with them."""
    if isinstance(value, dict):
        return {name: copied(held) for name, held in value.items()}
    return [copied(held) for held in value] if isinstance(value, list) else value
