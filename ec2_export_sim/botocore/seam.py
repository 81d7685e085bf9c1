"""How a method of botocore's is patched while a context is open, and restored."""

from __future__ import annotations

import inspect
import sys
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Method: TypeAlias = Callable[..., Any]


class Patch(NamedTuple):
    """What a method was, and what it is now."""

    original: Method
    patched: Method


class Seam:
    """One method of botocore's: where it is, what it takes, and what wraps it.

    *owner* is named, as in "botocore.endpoint:Endpoint", and looked up when it is used.
    """

    def __init__(
        self,
        owner: str,
        name: str,
        parameters: tuple[str, ...],
        wrap: Callable[[Method], Method],
    ) -> None:
        self._owner = owner
        self._name = name
        self._parameters = ("self", *parameters)
        self._wrap = wrap
        self._patch: Patch | None = None

    def check(self) -> None:
        """Raise RuntimeError where there is no such method."""
        try:
            method = resolve_name(f"{self._owner}.{self._name}")
        except (ImportError, AttributeError):
            method = None
        if callable(method):
            taken = tuple(inspect.signature(method).parameters)
            if taken[: len(self._parameters)] == self._parameters:
                return
        package = self._owner.partition(".")[0]
        raise RuntimeError(
            f"{package} {sys.modules[package].__version__} has no "
            f"{self._owner.partition(':')[2]}.{self._name}"
            f"({', '.join(self._parameters)}), where intercept serves"
        )

    def patch(self) -> None:
        """Put the wrapped method in the place of the method."""
        owner = resolve_name(self._owner)
        original = getattr(owner, self._name)
        self._patch = Patch(original, self._wrap(original))
        setattr(owner, self._name, self._patch.patched)

    def restore(self) -> None:
        """Put the method back.

        A patch that another one has covered stays, for undoing it would undo both; with
        no context open it does what the method does.
        """
        owner, patch = resolve_name(self._owner), self._patch
        if patch and getattr(owner, self._name) is patch.patched:
            setattr(owner, self._name, patch.original)
