"""An exact in-process fake and reference of Amazon EC2's export-image-task API.

Start with `Simulator`: add tasks, call its `client()`, advance its clock.

To read the code, begin with `core/operations/describe_export_image_tasks.py`: one
function shows the whole operation. `core/dispatch.py` has the steps before it, which
all operations share. Each step of an operation has a file in `core/`, and a chapter of
the same name in `specs/`. Tests use `simulator`, `admin` and `client`. `http/` and
`wsgi` implement EC2's protocol, `server` runs it on a port, `botocore/` serves real
clients, `commands/` has the command line, and `conformance/` checks any target against
the rules.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .calls import Calls
    from .client import Client
    from .core.errors import ServiceError
    from .core.model import Call, ExportImageTask, TaskState
    from .core.policies import Policy
    from .core.quirks import Quirk
    from .core.stuck_clock import StuckClockWarning
    from .exceptions import ClientError, ParamValidationError
    from .simulator import Simulator

__version__ = "0.2.0"

__all__ = [
    "Call",
    "Calls",
    "Client",
    "ClientError",
    "ExportImageTask",
    "ParamValidationError",
    "Policy",
    "Quirk",
    "ServiceError",
    "Simulator",
    "StuckClockWarning",
    "TaskState",
    "__version__",
]

# The module of each name, which is imported when the name is first used. Every pytest
# run of an environment imports this package for its plugin, and few runs use it.
_MODULES = {
    "Call": ".core.model",
    "Calls": ".calls",
    "Client": ".client",
    "ClientError": ".exceptions",
    "ExportImageTask": ".core.model",
    "ParamValidationError": ".exceptions",
    "Policy": ".core.policies",
    "Quirk": ".core.quirks",
    "ServiceError": ".core.errors",
    "Simulator": ".simulator",
    "StuckClockWarning": ".core.stuck_clock",
    "TaskState": ".core.model",
}


# Names that users look for here, and the module that has them.
_ELSEWHERE = {
    "intercept": "botocore",
    "serve": "server",
    "virtual_time": "virtual_time",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        if name in _ELSEWHERE:  # `from … import` hides the text of an AttributeError
            module = f"{__name__}.{_ELSEWHERE[name]}"
            raise ImportError(f"{name} is elsewhere: from {module} import {name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """The package; its submodule `virtual_time` has the name of the class in it."""

    @property
    def virtual_time(self) -> ModuleType:
        """The submodule, but not for `from ec2_export_sim import virtual_time`."""
        module = sys.modules.get(f"{__name__}.virtual_time")
        if module is None or sys._getframe(1).f_code.co_name == "_handle_fromlist":
            raise AttributeError  # then `__getattr__` is asked
        return module

    @virtual_time.setter
    def virtual_time(self, module: ModuleType) -> None:
        """Take the submodule that was imported."""


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
