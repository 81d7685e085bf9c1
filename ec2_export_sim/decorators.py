"""Decorates functions and coroutine functions so that each call runs in a context."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from .core.text import safe_repr

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True

F = TypeVar("F", bound="Callable[..., Any]")

_RUN_LATER = (inspect.isclass, inspect.isgeneratorfunction, inspect.isasyncgenfunction)


def in_context(
    function: F, make_context: Callable[[], AbstractContextManager[object]], name: str
) -> F:
    """Return *function*; each call of it runs in a context that *make_context* returns.

    Raises TypeError, with the *name* of the decorator, for a class and for a generator
    function, async or not: they would run after the context is left.
    """
    if not callable(function) or any(runs_later(function) for runs_later in _RUN_LATER):
        raise TypeError(
            f"{name} decorates functions, methods and coroutine functions, not "
            f"{safe_repr(function)}; as a context manager it serves all, in unittest "
            "with self.enterContext"
        )

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        with make_context() as sim:  # noqa: F841 - pytest's report looks here
            return function(*args, **kwargs)

    @wraps(function)
    async def call_async(*args: Any, **kwargs: Any) -> Any:
        with make_context() as sim:  # noqa: F841 - pytest's report looks here
            return await function(*args, **kwargs)

    is_async = inspect.iscoroutinefunction(function)
    return call_async if is_async else call  # type: ignore[return-value]
