"""Which clients are served, and the methods of botocore that are patched for it.

Both are for the whole process, as botocore's classes are, because code under test may
make calls in its own threads.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache, wraps
from inspect import signature
from pkgutil import resolve_name
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core.context import Caller
    from ..simulator import Simulator

# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True


class MethodPatch(NamedTuple):
    """A method, such as "botocore.endpoint:Endpoint._send", and its substitute object.

    *substitute* takes the arguments of the method, and returns the object on which the
    method is called: usually a copy that answers in another way. So no code of botocore
    is repeated here.
    """

    method: str
    substitute: Callable[..., Any]

    def check(self) -> None:
        """Raise RuntimeError unless the method takes what *substitute* takes."""
        expected, found = _arguments(self.substitute), None
        with suppress(ImportError, AttributeError, TypeError):
            found = _arguments(resolve_name(self.method))
        if found is None or found[: len(expected)] != expected:
            package, name = self.method.split(".")[0], self.method.split(":")[1]
            raise RuntimeError(
                f"{package} {sys.modules[package].__version__} has no "
                f"{name}({', '.join(expected)}), which intercept patches"
            )

    def apply(self) -> Callable[[], None]:
        """Patch the method, and return the function that restores it."""
        path, _, name = self.method.rpartition(".")
        owner = resolve_name(path)
        original = getattr(owner, name)

        @wraps(original)
        def method(own: Any, *args: Any, **kwargs: Any) -> Any:
            return original(self.substitute(own, *args, **kwargs), *args, **kwargs)

        def restore() -> None:
            # If another library has patched the method since, its patch stays. Without
            # interceptions, our method does what the original does.
            if getattr(owner, name) is method:
                setattr(owner, name, original)

        setattr(owner, name, method)
        return restore


@cache
def _arguments(method: Callable[..., Any]) -> list[str]:
    """Return the names of a method's arguments, without its object."""
    parameters = signature(method).parameters.values()
    return [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD][1:]


class Interception(NamedTuple):
    """One entry of `intercept`; *client* is the one to serve, None for every one."""

    sim: Simulator
    caller: Caller
    client: Any
    pass_through: bool


class Interceptions:
    """The interceptions that are open, the innermost last."""

    def __init__(self) -> None:
        self._open: tuple[Interception, ...] = ()  # replaced, never changed
        self._restore: dict[MethodPatch, Callable[[], None]] = {}
        self._lock = Lock()

    def enter(self, interception: Interception, patches: Iterable[MethodPatch]) -> None:
        """Open *interception* and apply *patches*; both or none, if one raises."""
        with self._lock:
            self._apply(patches)
            self._open = (*self._open, interception)

    def add_patches(self, patches: Iterable[MethodPatch]) -> None:
        """Apply *patches* if an interception is open; raises as `enter` does."""
        with self._lock:
            if self._open:
                self._apply(patches)

    def _apply(self, patches: Iterable[MethodPatch]) -> None:
        new = [patch for patch in patches if patch not in self._restore]
        for patch in new:
            patch.check()
        self._restore |= {patch: patch.apply() for patch in new}

    def leave(self, interception: Interception) -> None:
        """Close *interception*, innermost or not; the last one restores the methods."""
        with self._lock:
            self._open = tuple(each for each in self._open if each is not interception)
            if not self._open:
                while self._restore:
                    self._restore.popitem()[1]()

    def serving(self, part: object) -> Interception | None:
        """Return the interception for the client of a signer or an endpoint.

        *part* is None for a client that is being made.
        """
        each: Interception
        for each in reversed(self._open):
            client = each.client
            if client is None or part in (client._endpoint, client._request_signer):
                return each
        return None


interceptions = Interceptions()
