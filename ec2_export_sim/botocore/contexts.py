"""Which contexts are open in this process, and whom each serves.

They are one for the process because botocore's classes are: code under test may call
in threads of its own.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.policies import Policy
    from ..simulator import Simulator
    from .seam import Seam


class Interception(NamedTuple):
    """Out of what a context serves, and whom: every client, or one."""

    sim: Simulator
    client: Any
    policy: Policy | None
    principal: str | None


class Contexts:
    """The contexts that are open, the innermost last."""

    def __init__(self) -> None:
        self._open: tuple[Interception, ...] = ()  # replaced, never changed
        self._seams: tuple[Seam, ...] = ()  # those that are patched
        self._lock = Lock()

    def enter(self, context: Interception, seams: Sequence[Seam]) -> None:
        """Open *context*; the first one patches.

        Raises RuntimeError, and opens nothing, where botocore lacks one of *seams*.
        """
        with self._lock:
            self._patch(seams)
            self._open = (*self._open, context)

    def extend(self, seams: Sequence[Seam]) -> None:
        """Patch *seams* for the contexts that are open, if any.

        Raises RuntimeError, and patches nothing, where one of *seams* is lacking.
        """
        with self._lock:
            if self._open:
                self._patch(seams)

    def _patch(self, seams: Sequence[Seam]) -> None:
        for seam in seams:
            seam.check()
        for seam in seams:
            if seam not in self._seams:
                seam.patch()
                self._seams = (*self._seams, seam)

    def leave(self, context: Interception) -> None:
        """Close *context*, wherever it stands; the last one restores.

        Raises RuntimeError where it is not open.
        """
        with self._lock:
            places = [i for i, held in enumerate(self._open) if held is context]
            if not places:
                raise RuntimeError("intercept is left that was not entered")
            last = places[-1]
            self._open = self._open[:last] + self._open[last + 1 :]
            if not self._open:
                for seam in self._seams:
                    seam.restore()
                self._seams = ()

    def innermost(self, attribute: str, part: object) -> Interception | None:
        """Return the context that serves the client whose *attribute* is *part*."""
        context: Interception
        for context in reversed(self._open):
            if context.client is None or getattr(context.client, attribute) is part:
                return context
        return None

    @property
    def serve_all(self) -> bool:
        """Whether a client yet to be made will be served."""
        return any(context.client is None for context in self._open)


open_contexts = Contexts()
