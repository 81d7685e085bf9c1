"""The call log: a sequence of calls, and assertions that list what was called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Never, overload

from .core.model import Call
from .core.operations import api_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True

# An AssertionError lists this many calls; a line of the transcript has this many
# characters of parameters.
_MOST_LISTED = 20
_MOST_CHARACTERS = 300


class Calls(Sequence[Call]):
    """Calls, oldest first; equal to a list or tuple of the same calls.

    Methods take the name of an operation in the API or in boto3, and raise ValueError
    for another one. `str` makes a transcript, one line per call.
    """

    def __init__(self, calls: Iterable[Call] = ()) -> None:
        self._calls = tuple(calls)

    def of(self, operation: str) -> Calls:
        """Return the calls of one operation."""
        name = api_name(operation)
        return Calls(call for call in self._calls if call.operation == name)

    @property
    def last(self) -> Call | None:
        """The newest call, None if there is none."""
        return self._calls[-1] if self._calls else None

    def assert_called(self, operation: str, /, **parameters: Any) -> None:
        """Assert that a call of *operation* has at least these parameters."""
        if not any(_includes(call, parameters) for call in self.of(operation)):
            wanted = _call_text(api_name(operation), parameters)
            raise AssertionError(f"no call {wanted} was made.\n{self._newest()}")

    def assert_called_once(self, operation: str, /, **parameters: Any) -> None:
        """Assert that *operation* was called once, with at least these parameters."""
        calls = self.of(operation)
        if len(calls) != 1:
            name, times = api_name(operation), len(calls)
            raise AssertionError(f"{name} was called {times} times.\n{self._newest()}")
        self.assert_called(operation, **parameters)

    def assert_not_called(self, operation: str) -> None:
        """Assert that *operation* was not called; calls with an error count, too."""
        calls = self.of(operation)
        if calls:
            name, times = api_name(operation), len(calls)
            raise AssertionError(f"{name} was called {times} times.\n{self._newest()}")

    def _newest(self) -> str:
        if not self._calls:
            return "No call was made."
        newest = self._calls[-_MOST_LISTED:]
        heading = f"The last {len(newest)} of {len(self)} calls:"
        return "\n".join([heading, *map(_line, newest)])

    # --- a sequence -----------------------------------------------------------------

    @overload
    def __getitem__(self, index: int) -> Call: ...

    @overload
    def __getitem__(self, index: slice) -> Calls: ...

    def __getitem__(self, index: int | slice) -> Call | Calls:
        if isinstance(index, slice):
            return Calls(self._calls[index])
        return self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __contains__(self, call: object) -> bool:
        return _check_call(call) in self._calls

    def count(self, value: object) -> int:
        """Return how often the calls contain a Call; raises TypeError for a str."""
        return self._calls.count(_check_call(value))

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """Return the index of a Call; raises TypeError for a str."""
        end = len(self) if stop is None else stop
        return self._calls.index(_check_call(value), start, end)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Calls):
            return self._calls == other._calls
        if isinstance(other, list | tuple):
            return self._calls == tuple(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # the parameters are dicts

    def __str__(self) -> str:
        return "\n".join(map(_line, self._calls))

    def __repr__(self) -> str:
        return f"Calls({list(self._calls)!r})"

    def __getattr__(self, name: str) -> Never:
        hint = ""
        if name == "assert_called_once_with":
            hint = "; use assert_called_once(operation, **parameters)"
        raise AttributeError(f"{type(self).__name__!r} has no {name!r}{hint}")


def _check_call(value: object) -> Any:
    if isinstance(value, str):
        raise TypeError(f"{value!r} is not a Call; use calls.of({value!r})")
    return value


def _includes(call: Call, parameters: dict[str, Any]) -> bool:
    return all(
        name in call.parameters and call.parameters[name] == value
        for name, value in parameters.items()
    )


def _call_text(operation: str, parameters: dict[str, Any]) -> str:
    text = ", ".join(f"{name}={value!r}" for name, value in parameters.items())
    if len(text) > _MOST_CHARACTERS:
        text = f"{text[:_MOST_CHARACTERS]}…"
    return f"{operation}({text})"


def _line(call: Call) -> str:
    """Return the line of a transcript: time, region, call, outcome, rule and note."""
    made = _call_text(call.operation, call.parameters)
    line = f"{call.at:%Y-%m-%d %H:%M:%S}  {call.region}  {made} -> "
    line += call.error_code or "ok"
    if call.note is not None:
        line += f"  {call.note}"
    return r"\n".join(line.splitlines())  # a note can quote any text
