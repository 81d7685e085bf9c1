"""An account of a target: makes the calls, reads the answers, records both.

Whatever a target does becomes an answer, an error of the service, a `Violation`, or one
of the exceptions of `outcomes`; nothing a target does can break the suite.
"""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from .capabilities import (
    CAPABILITY_OF_OPERATION,
    DESCRIBE,
    MANY,
    capabilities_of,
)
from .differences import clip, copy_of, difference
from .outcomes import (
    NO_OPERATION,
    CallRecord,
    CannotExamineError,
    CannotHold,
    InconclusiveError,
    Page,
    TargetError,
    UnsupportedError,
    close_coroutine,
    is_throttled,
    is_unreachable,
    service_error,
    summary,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from .outcomes import Record

_WAITS = tuple(0.1 * 2**n for n in range(8))  # seconds, 25 in all


class Violation(AssertionError):  # noqa: N818 - it is a verdict, not an error of ours
    """A target does not follow a rule; *account* has the calls that show it.

    *unreadable*: an answer does not have the form of an answer.
    """

    def __init__(
        self, message: str, account: TargetAccount, *, unreadable: bool = False
    ) -> None:
        super().__init__(message)
        self.account = account
        self.unreadable = unreadable


class EndlessWalk(Violation):
    """A walk over pages does not end."""


class Target(Protocol):
    """What the suite examines: makes a client of an account that has *tasks*.

    The client has boto3's methods. *authorized* says whether its caller is allowed to
    call them. Optional: an attribute `unsupported` of the target, names of
    capabilities; a method `advance(seconds)` of the client; the exception `CannotHold`.
    """

    def __call__(self, tasks: list[Record], /, *, authorized: bool = True) -> Any:
        """Return a client; it is used before the target is called again."""


@dataclass
class Session:
    """A target, what it cannot do, and what is known of it; one for each judge."""

    target: Target
    unsupported: frozenset[str] = frozenset()
    endless: bool = False  # PAG-05 has failed: a walk over pages may have no end

    def need(self, *capabilities: str) -> None:
        """Raise `UnsupportedError` for a capability that the target does not have."""
        for each in capabilities:
            if each in self.unsupported:
                raise UnsupportedError(each)

    def make_client(self, tasks: Sequence[Record], *, authorized: bool) -> Any:
        """Return a client of an account with *tasks*."""
        caller: dict[str, bool] = {} if authorized else {"authorized": False}
        try:
            client = self.target(copy_of(list(tasks)), **caller)
        except CannotHold:
            raise
        except (Exception, SystemExit) as error:
            if is_unreachable(error):
                raise CannotExamineError(summary(error)) from error
            reason = f"the target raised {summary(error)} when it was given"
            raise InconclusiveError(f"{reason} {len(tasks)} tasks") from error
        if inspect.isawaitable(client):
            close_coroutine(client)
            raise CannotExamineError("the target is async")
        return client


class TargetAccount:
    """An account of a target, in the course of one case of a check.

    `held` are the tasks of the account: those that it was given or, if the target
    cannot be given tasks, those that a first walk found.
    """

    def __init__(self, session: Session, tasks: Sequence[Record]) -> None:
        self.session = session
        self.calls: list[CallRecord] = []
        self.parameters_kept = True  # by the last call
        self._clients: dict[bool, Any] = {}
        self._held: Sequence[Record] | None = None
        if "tasks" not in session.unsupported:
            session.need(*(["many-tasks"] if len(tasks) > MANY else []))
            self._held = tasks

    def supports(self, *capabilities: str) -> bool:
        """Return whether the target has all these capabilities."""
        return self.session.unsupported.isdisjoint(capabilities)

    # --- what the account has ---------------------------------------------------------

    @property
    def held(self) -> Sequence[Record]:
        """The tasks that the account was given, or that it was found to have."""
        held = self._held
        if held is None:
            held = self._held = copy_of(self.tasks())
        return held

    @property
    def known(self) -> Sequence[Record]:
        """The tasks of the account as far as they are known, without a call."""
        return self._held or ()

    @property
    def given(self) -> Sequence[Record]:
        """The tasks that the account was given; unsupported if it cannot be."""
        self.session.need("tasks")
        return self.held

    @property
    def held_ids(self) -> list[str]:
        """The ids of the tasks held."""
        return [task["ExportImageTaskId"] for task in self.held]

    def pick(self, picks: Iterable[int]) -> list[str]:
        """Return the ids of the tasks that the numbers *picks* stand for, each once."""
        self.assume(self.held, "a task")
        ids = self.held_ids
        return list(dict.fromkeys(ids[pick % len(ids)] for pick in picks))

    # --- calls ----------------------------------------------------------------------

    def call(
        self, operation: str = DESCRIBE, *, authorized: bool = True, **parameters: Any
    ) -> Mapping[str, Any] | TargetError:
        """Call once; return the answer, or the error of the service.

        A call that is throttled is made again.
        """
        self.session.need(
            *capabilities_of(operation, parameters, authorized=authorized)
        )
        outcome = self._send(operation, copy_of(parameters), authorized=authorized)
        for seconds in _WAITS:
            if not is_throttled(outcome):
                break
            time.sleep(seconds)
            outcome = self._send(operation, copy_of(parameters), authorized=authorized)
        record = CallRecord(operation, copy_of(parameters), authorized, outcome)
        self.calls.append(record)
        if isinstance(outcome, str):
            self.fail(outcome)
        return outcome

    def _send(
        self, operation: str, parameters: dict[str, Any], *, authorized: bool
    ) -> Mapping[str, Any] | TargetError | str:
        client = self._client(authorized=authorized)
        method: Any = getattr(client, operation, None)
        if method is None:
            if operation == DESCRIBE:
                return f"the client has no method {operation}"
            raise UnsupportedError(CAPABILITY_OF_OPERATION[operation])
        before = copy_of(parameters)
        try:
            outcome = method(**parameters)
        except (Exception, SystemExit) as error:
            if is_unreachable(error):
                raise CannotExamineError(summary(error)) from error
            return self._read_error(operation, error)
        self.parameters_kept = parameters == before
        if inspect.isawaitable(outcome):
            close_coroutine(outcome)
            raise CannotExamineError("the client is async")
        if not isinstance(outcome, dict):
            return f"the answer is not a dict but a {type(outcome).__name__}"
        return outcome

    def _read_error(self, operation: str, error: BaseException) -> TargetError | str:
        """Return what *error* says; unsupported if it says that there is no operation.

        Only DescribeExportImageTasks must be there.
        """
        found = service_error(error)
        absent = isinstance(error, NotImplementedError) or (
            found is not None and found.code in NO_OPERATION
        )
        if absent and operation != DESCRIBE:
            raise UnsupportedError(CAPABILITY_OF_OPERATION[operation]) from error
        return found or f"the call raised {summary(error)}"

    def _client(self, *, authorized: bool) -> Any:
        if authorized not in self._clients:
            tasks = () if "tasks" in self.session.unsupported else self.held
            client = self.session.make_client(tasks, authorized=authorized)
            self._clients[authorized] = client
        return self._clients[authorized]

    def advance(self, seconds: float) -> None:
        """Move the target's clock."""
        self.session.need("clock")
        client = self._client(authorized=True)
        if not callable(getattr(client, "advance", None)):
            raise UnsupportedError("clock")
        client.advance(seconds)
        self.calls.append(CallRecord("advance", {"seconds": seconds}, True, {}))

    def do(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Call once; return the answer. An error is a violation."""
        outcome = self.call(operation, **parameters)
        if isinstance(outcome, TargetError):
            self.fail(f"the call returned the error {outcome}")
        return outcome

    def error(
        self, operation: str = DESCRIBE, *, authorized: bool = True, **parameters: Any
    ) -> TargetError:
        """Call once; return the error of the service. An answer is a violation."""
        outcome = self.call(operation, authorized=authorized, **parameters)
        if not isinstance(outcome, TargetError):
            self.fail("the call was answered; an error was expected")
        return outcome

    # --- pages of tasks -------------------------------------------------------------

    def describe(self, **parameters: Any) -> Page:
        """Describe tasks once; return the page. An error is a violation."""
        return self.read(self.do(DESCRIBE, **parameters))

    def answers(self, **parameters: Any) -> bool:
        """Describe tasks once; return whether there was an answer, not an error."""
        try:
            return not isinstance(self.call(**parameters), TargetError)
        except Violation:
            return False

    def pages(self, **parameters: Any) -> list[Page]:
        """Describe tasks from the first page to the last, and return all pages.

        Once PAG-05 has failed, a walk stops before its second page: it may have no end.
        """
        pages = [self.describe(**parameters)]
        most = 10_000 if self._held is None else 64 + 8 * len(self._held)
        while token := pages[-1].token:
            if self.session.endless or len(pages) == most:
                message = f"after {len(pages)} pages there is still a NextToken"
                raise EndlessWalk(message, self)
            pages.append(self.describe(**{**parameters, "NextToken": token}))
        return pages

    def tasks(self, **parameters: Any) -> list[Record]:
        """Return the tasks of all pages."""
        return [task for page in self.pages(**parameters) for task in page.tasks]

    def ids(self, **parameters: Any) -> set[str]:
        """Return the ids of the tasks of all pages."""
        return {task["ExportImageTaskId"] for task in self.tasks(**parameters)}

    def tasks_by_id(self, **parameters: Any) -> dict[str, Record]:
        """Return the tasks of all pages by their ids."""
        tasks = self.tasks(**parameters)
        return {task["ExportImageTaskId"]: task for task in tasks}

    def task(self, task_id: str) -> Record:
        """Return one task."""
        found = self.tasks_by_id().get(task_id)
        return self.fail(f"{task_id} is not described") if found is None else found

    def read(self, raw: Mapping[str, Any]) -> Page:
        """Read an answer as a page. A list that is missing is read as an empty one."""
        tasks, token = raw.get("ExportImageTasks") or [], raw.get("NextToken") or None
        problem = None
        if not isinstance(tasks, list):
            problem = f"ExportImageTasks is not a list but {clip(repr(tasks))}"
        elif not all(isinstance(task, dict) for task in tasks):
            problem = f"a task is not a dict in {clip(repr(tasks))}"
        elif not all(isinstance(t.get("ExportImageTaskId"), str) for t in tasks):
            problem = f"a task has no ExportImageTaskId in {clip(repr(tasks))}"
        elif not isinstance(token, str | None):
            problem = f"NextToken is not a string but {clip(repr(token))}"
        if problem is not None:
            self.fail(problem, unreadable=True)
        return Page(tasks, token, raw)

    def changed_by_itself(self) -> bool:
        """Return whether a task is seen in two states, though it was only read."""
        seen: dict[Any, set[Any]] = {}
        before = len(self.calls)
        try:
            self.tasks()
            self.tasks()
            for call in self.calls:
                if call.operation != DESCRIBE:
                    return False
                if call.parameters or isinstance(call.outcome, (TargetError, str)):
                    continue
                for task in self.read(call.outcome).tasks:
                    states = seen.setdefault(task["ExportImageTaskId"], set())
                    states.add(str(task.get("Status")))
        except Violation:
            return False
        finally:
            del self.calls[before:]
        return any(len(states) > 1 for states in seen.values())

    # --- verdicts -------------------------------------------------------------------

    def fail(self, message: str, *, unreadable: bool = False) -> NoReturn:
        """Raise a `Violation`."""
        raise Violation(message, self, unreadable=unreadable)

    def assert_true(self, holds: object, otherwise: str) -> None:
        """Raise a `Violation` with the message *otherwise* if *holds* is false."""
        if not holds:
            self.fail(otherwise)

    def assert_equal(self, found: object, wanted: object, what: str) -> None:
        """Raise a `Violation` that shows the first difference, if there is one."""
        if found != wanted:
            self.fail(f"{what}: {difference(found, wanted)}")

    def assert_message(self, error: TargetError, message: str) -> None:
        """Raise a `Violation` if *error* has a message, and another one."""
        if error.message is not None:
            self.assert_equal(error.message, message, "the message")

    def assume(self, holds: object, needed: str) -> None:
        """End the case without a verdict if *holds* is false: it needs *needed*."""
        if not holds:
            raise InconclusiveError(f"needs {needed}")

    def assume_error(self, outcome: Mapping[str, Any] | TargetError) -> TargetError:
        """Return *outcome* if it is an error; else end the case without a verdict."""
        if not isinstance(outcome, TargetError):
            raise InconclusiveError("needs an error, but the call was answered")
        return outcome


def in_states(tasks: Iterable[Record], states: Collection[str]) -> set[str]:
    """Return the ids of those of *tasks* that are in one of *states*."""
    return {t["ExportImageTaskId"] for t in tasks if t.get("Status") in states}
