"""The control paths `/_sim/…` of the server: a table over the simulator's methods.

Programs in any language use them to add tasks, move the clock, inject errors and read
the calls.

Rules: SIM-60 to SIM-63.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from ..core.model import ExportImageTask
from ..core.response import describe_task

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    # A `Simulator`; its module is above this folder.
    Simulator: TypeAlias = Any

_PREFIX = "/_sim/"

# POST calls the method of that name; its arguments are the members of a JSON object.
METHODS = (
    *("add_task", "load_tasks", "complete_task", "fail_task", "remove_task"),
    *("fail_exports_of", "fail_next_call", "advance", "reset"),
)

# GET returns the JSON value that the function makes.
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

# Arguments whose values JSON cannot express.
_PYTHON_ONLY = ("exception",)


class Request(NamedTuple):
    """A request to a control path."""

    method: str
    path: str
    query: str
    origin: str | None
    body: bytes


class Reply(NamedTuple):
    """The HTTP status and the JSON value; `allow` is the header Allow of a 405."""

    status: int
    value: Any
    allow: str | None = None


def is_control(path: str) -> bool:
    """Return whether *path* is a control path."""
    return f"{path}/".startswith(_PREFIX)


def answer(sim: Simulator, request: Request) -> Reply:
    """Answer a request to a control path of *sim*.

    Raises what `on_completed` raises.

    Rules: SIM-60 to SIM-63.
    """
    name = request.path.removeprefix(_PREFIX)
    if name not in _ALLOWED:
        return _error(404, f"no control {name!r}; known are {', '.join(_ALLOWED)}")
    if request.origin is not None:  # a page in a browser sends it, a test does not
        return _error(403, "a request with the header Origin is not allowed")
    if request.method not in _ALLOWED[name]:
        allow = ", ".join(_ALLOWED[name])
        return _error(405, f"{name} takes {allow}, not {request.method}", allow)
    try:
        return Reply(200, _perform(sim, name, request))
    except (LookupError, TypeError, ValueError, RecursionError) as problem:
        return _error(400, str(problem))


def _error(status: int, message: str, allow: str | None = None) -> Reply:
    return Reply(status, {"error": message}, allow)


def _perform(sim: Simulator, name: str, request: Request) -> Any:
    sim = _in_region(sim, request.query)
    if name in READERS:
        return READERS[name](sim)
    method = getattr(sim, name)
    result = method(**_arguments(method, request.body))
    return describe_task(result) if isinstance(result, ExportImageTask) else {}


def _in_region(sim: Simulator, query: str) -> Simulator:
    """Return *sim* in the region that *query* names."""
    fields = dict(parse_qsl(query, keep_blank_values=True))
    region = fields.pop("region", None)
    if fields:
        raise ValueError(f"no query parameter {min(fields)!r}; known is region")
    return sim if region is None else sim.in_region(region)


def _arguments(method: Callable[..., Any], body: bytes) -> dict[str, Any]:
    """Return the arguments in *body*; raises ValueError if they do not fit *method*."""
    arguments = json.loads(body) if body else {}
    if not isinstance(arguments, dict):
        raise ValueError("the body is not a JSON object")
    parameters = [
        parameter
        for name, parameter in inspect.signature(method).parameters.items()
        if name not in _PYTHON_ONLY
    ]
    try:
        inspect.Signature(parameters).bind(**arguments)
    except TypeError as problem:
        known = ", ".join(parameter.name for parameter in parameters) or "none"
        message = f"{method.__name__}: {problem}; its arguments are {known}"
        raise ValueError(message) from None
    return arguments
