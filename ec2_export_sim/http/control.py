"""The control paths `/_sim/…` of the server: a table over the simulator's methods.

A program outside the process uses them as a Python test uses the methods: it adds
tasks, moves the clock, injects errors and reads the calls.

Rules: SIM-60 to SIM-63.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from ..core.model import ExportImageTask
from ..core.records import build_records

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..simulator import Simulator

ROOT = "_sim"

# POST calls the method of this name with the members of a JSON object.
METHODS = (
    *("add_task", "load_tasks", "complete_task", "fail_task", "remove_task"),
    *("fail_exports_of", "fail_next_call", "advance", "reset"),
)

# GET returns what the function reads.
READERS: dict[str, Callable[[Simulator], Any]] = {
    "tasks": lambda sim: {"ExportImageTasks": sim.dump_tasks()},
    "calls": lambda sim: [
        {**call._asdict(), "at": call.at.isoformat()} for call in sim.calls
    ],
    "now": lambda sim: {"now": sim.now.isoformat()},
    "health": lambda _: {},
}

_ALLOWED = {
    **dict.fromkeys(METHODS, ("POST",)),
    **dict.fromkeys(READERS, ("GET", "HEAD")),
}

# An argument that no JSON value can be.
_PYTHON_ONLY = {"exception"}


class Request(NamedTuple):
    """A request to a control path."""

    method: str
    path: str
    query: str
    origin: str | None
    body: bytes


class Answer(NamedTuple):
    """The HTTP status and the JSON value of an answer; `allow` is a header of a 405."""

    status: int
    value: Any
    allow: str | None = None


def is_control(path: str) -> bool:
    """Return whether *path* belongs to the control paths."""
    return path == f"/{ROOT}" or path.startswith(f"/{ROOT}/")


def answer(sim: Simulator, request: Request) -> Answer:
    """Answer a request to a control path.

    Raises what `on_completed` raises.

    Rules: SIM-60 to SIM-63.
    """
    name = request.path.removeprefix(f"/{ROOT}/")
    if name not in _ALLOWED:
        return _error(404, f"there is no {name!r}; there are {', '.join(_ALLOWED)}")
    if request.origin is not None:  # a page in a browser, not a test
        return _error(403, "a request with an Origin header is not answered")
    if request.method not in _ALLOWED[name]:
        allow = ", ".join(_ALLOWED[name])
        return _error(405, f"{name} takes {allow}, not {request.method}")._replace(
            allow=allow
        )
    try:
        sim = _in_region(sim, request.query)
        if name in READERS:
            return Answer(200, READERS[name](sim))
        method = getattr(sim, name)
        result = method(**_arguments(name, method, request.body))
    except (LookupError, TypeError, ValueError, RecursionError) as problem:
        return _error(400, str(problem))
    if isinstance(result, ExportImageTask):
        return Answer(200, build_records([result], lambda task: task)[0])
    return Answer(200, {})


def _error(status: int, message: str) -> Answer:
    return Answer(status, {"error": message})


def _in_region(sim: Simulator, query: str) -> Simulator:
    """Return *sim*, or the region of it that *query* selects."""
    fields = dict(parse_qsl(query, keep_blank_values=True))
    region = fields.pop("region", None)
    if fields:
        raise ValueError(f"there is no query parameter {min(fields)!r}, only region")
    return sim if region is None else sim.in_region(region)


def _arguments(name: str, method: Callable[..., Any], body: bytes) -> dict[str, Any]:
    """Return the arguments of *method* that *body* holds; no body holds none."""
    arguments = json.loads(body) if body else {}
    if not isinstance(arguments, dict):
        raise ValueError(f"the body is not a JSON object but {arguments!r:.60}")
    parameters = [
        parameter
        for parameter in inspect.signature(method).parameters.values()
        if parameter.name not in _PYTHON_ONLY
    ]
    try:
        inspect.Signature(parameters).bind(**arguments)
    except TypeError as problem:
        takes = ", ".join(parameter.name for parameter in parameters) or "none"
        raise ValueError(f"{name}: {problem}; its arguments are {takes}") from None
    return arguments
