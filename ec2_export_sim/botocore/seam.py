"""How a method of botocore's is patched while a context is open, and restored."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

import botocore

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Method: TypeAlias = Callable[..., Any]


class Patch(NamedTuple):
    """What a method was, and what it is now."""

    original: Method
    patched: Method


class Seam:
    """One method of botocore's: where it is, what it takes, and what wraps it."""

    def __init__(
        self,
        owner: type,
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
        """Raise RuntimeError where botocore has no such method."""
        method = getattr(self._owner, self._name, None)
        if callable(method):
            taken = tuple(inspect.signature(method).parameters)
            if taken[: len(self._parameters)] == self._parameters:
                return
        raise RuntimeError(
            f"botocore {botocore.__version__} has no {self._owner.__name__}."
            f"{self._name}({', '.join(self._parameters)}), where intercept serves"
        )

    def patch(self) -> None:
        """Put the wrapped method in the place of the method."""
        original = getattr(self._owner, self._name)
        self._patch = Patch(original, self._wrap(original))
        setattr(self._owner, self._name, self._patch.patched)

    def restore(self) -> None:
        """Put the method back.

        A patch that another one has covered stays, for undoing it would undo both; with
        no context open it does what the method does.
        """
        patch = self._patch
        if patch and getattr(self._owner, self._name) is patch.patched:
            setattr(self._owner, self._name, patch.original)
