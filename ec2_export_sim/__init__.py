"""An exact in-process fake and reference of Amazon EC2's export-image-task API.

Start with `Simulator`: arrange its tasks, call its `client()`, move its clock. It is
neither a mock, which knows no semantics, nor a server of all of EC2.

Reading order: `core/operations/describe_export_image_tasks.py` is the project in one
function; `core/service.py` is what comes before it, for every operation; the stages it
calls stand in `core/`, one file each, beside the chapter of `specs/` of the same name;
`simulator` and `client` are the two doors above them. Then `query`, `wire`, `wsgi` and
`botocore/`, which serve whoever speaks EC2's wire; `commands/`, which the command line
runs; and `conformance/`, which holds any implementation against the rules.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import Client
    from .core.errors import ServiceError
    from .core.model import ExportImageTask, TaskState
    from .core.permissions import Policy
    from .core.quirks import Quirk
    from .core.state import Call
    from .exceptions import ClientError, ParamValidationError
    from .simulator import Simulator

__version__ = "0.1.0"

__all__ = [
    "Call",
    "Client",
    "ClientError",
    "ExportImageTask",
    "ParamValidationError",
    "Policy",
    "Quirk",
    "ServiceError",
    "Simulator",
    "TaskState",
    "__version__",
]

# Where each name lives. It is imported when it is first asked for: every pytest run of
# an environment imports this package for its plugin, and few use it.
_HOMES = {
    "Call": ".core.state",
    "Client": ".client",
    "ClientError": ".exceptions",
    "ExportImageTask": ".core.model",
    "ParamValidationError": ".exceptions",
    "Policy": ".core.permissions",
    "Quirk": ".core.quirks",
    "ServiceError": ".core.errors",
    "Simulator": ".simulator",
    "TaskState": ".core.model",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
