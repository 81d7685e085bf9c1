"""The account under examination: calls a target, reads its answers, keeps a record.

Whatever a target does becomes an answer, a refusal, or a `Finding` that holds the calls
that led to it; nothing a target does can crash the kit. A walk over pages is capped and
takes no token twice.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Never, TypeAlias

    Record: TypeAlias = dict[str, Any]

PARAMETERS_REFUSED = "ParamValidationError"

# How the message of a finding begins that is an exception of the target.
CRASHED = "the call raised"


class Target(Protocol):
    """What the kit examines: makes a client of an account that holds *tasks*.

    The client has boto3's `describe_export_image_tasks(**kwargs)`; its caller is
    allowed to call it where *authorized* is true. A target may have an attribute
    `lacks`, the names of the capabilities that it does not have.
    """

    def __call__(self, tasks: list[Record], /, *, authorized: bool = True) -> Any:
        """Return a client; it is used before the target is called again."""


class Refusal(NamedTuple):
    """A refusal: its code, and its message and HTTP status where they are told."""

    code: str
    message: str | None
    status: int | None

    def __str__(self) -> str:
        return self.code if self.message is None else f"{self.code}: {self.message}"


class Answer(NamedTuple):
    """An answer: the tasks, the token that is not empty, and the answer as it came."""

    tasks: list[Record]
    token: str | None
    raw: Mapping[str, Any]

    @property
    def ids(self) -> list[str]:
        """The ids of the tasks, in the order of the answer."""
        return [task["ExportImageTaskId"] for task in self.tasks]


class Exchange(NamedTuple):
    """One call and what came back."""

    request: dict[str, Any]
    authorized: bool
    reply: Answer | Refusal | str


class Finding(AssertionError):  # noqa: N818 - it is a verdict, not a failure of ours
    """What a target did against a rule, and the calls that show it."""

    def __init__(
        self, message: str, held: Sequence[Record], exchanges: Sequence[Exchange]
    ) -> None:
        super().__init__(message)
        self.message = message
        self.held = held
        self.exchanges = exchanges


class InconclusiveError(Exception):
    """The account, as it is, or the target's refusals let nothing be seen."""


class Account:
    """An account of a target.

    `held` are the tasks that it holds, as they were given to it; with *tasks* None the
    target holds what it holds, and `held` is what a first walk found. A target gets
    copies: `seed` is the list that it was given, and `parameters_kept` tells whether
    the last call left its parameters as they were.
    """

    def __init__(self, target: Target, tasks: Sequence[Record] | None) -> None:
        self._target = target
        self._clients: dict[bool, Any] = {}
        self.exchanges: list[Exchange] = []
        self.parameters_kept = True
        self.seed: list[Record] = deepcopy(list(tasks or ()))
        self.held: Sequence[Record] = list(tasks or ())
        self._found = tasks is not None
        self._most_pages = 64 + 8 * len(self.held) if self._found else 10_000

    def begin(self) -> None:
        """Find out what a target holds that was given no tasks."""
        if not self._found:
            self.held = deepcopy(self.everything())
            self._most_pages = 64 + 8 * len(self.held)
            self._found = True

    # --- what is held ---------------------------------------------------------------

    @property
    def ids(self) -> list[str]:
        """The ids of the tasks held."""
        return [task["ExportImageTaskId"] for task in self.held]

    def pick(self, picks: Iterable[int]) -> list[str]:
        """Return ids held, each once, that *picks* stand for."""
        self.require(self.held, "the account holds no task")
        return list(dict.fromkeys(self.ids[pick % len(self.held)] for pick in picks))

    def in_states(self, states: Collection[str]) -> set[str]:
        """Return the ids of the tasks held that are in one of *states*."""
        return {t["ExportImageTaskId"] for t in self.held if t["Status"] in states}

    # --- calls ----------------------------------------------------------------------

    def attempt(self, *, authorized: bool = True, **request: Any) -> Answer | Refusal:
        """Call once, and return the answer or the refusal."""
        asked, given = deepcopy(request), deepcopy(request)
        try:
            client = self._client(authorized)
            reply = client.describe_export_image_tasks(**given)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a target may fail in any way
            refusal = _refusal(error)
            told = refusal or f"{type(error).__name__}: {error}"
            self.exchanges.append(Exchange(asked, authorized, told))
            self.parameters_kept = given == asked
            if refusal is None:
                self.fail(f"{CRASHED} {told}")
            return refusal
        answer = _answer(reply)
        read = repr(reply) if isinstance(answer, str) else answer
        self.exchanges.append(Exchange(asked, authorized, read))
        self.parameters_kept = given == asked
        if isinstance(answer, str):
            self.fail(answer)
        return answer

    def describe(self, *, authorized: bool = True, **request: Any) -> Answer:
        """Call once, and return the answer; a refusal is a finding."""
        reply = self.attempt(authorized=authorized, **request)
        if isinstance(reply, Refusal):
            self.fail(f"the call was refused with {reply}")
        return reply

    def refusal(self, *, authorized: bool = True, **request: Any) -> Refusal:
        """Call once, and return the refusal; an answer is a finding."""
        reply = self.attempt(authorized=authorized, **request)
        if isinstance(reply, Answer):
            self.fail("the call was answered, not refused")
        return reply

    def refused(self, *, authorized: bool = True, **request: Any) -> str:
        """Call once, and return the code of the refusal; an answer is a finding."""
        return self.refusal(authorized=authorized, **request).code

    def pages(self, **request: Any) -> list[Answer]:
        """Walk from the first page to the last, and return them all."""
        pages = [self.describe(**request)]
        while token := pages[-1].token:
            if len(pages) == self._most_pages:
                self.fail(f"after {len(pages)} pages there is still a NextToken")
            pages.append(self.describe(**{**request, "NextToken": token}))
        return pages

    def everything(self, **request: Any) -> list[Record]:
        """Walk from the first page to the last, and return the tasks of all."""
        return [task for page in self.pages(**request) for task in page.tasks]

    def named(self, **request: Any) -> set[str]:
        """Walk all pages, and return the ids of the tasks."""
        return {task["ExportImageTaskId"] for task in self.everything(**request)}

    def again(self) -> Account:
        """Return another account that was given the same tasks."""
        other = Account(self._target, self.seed)
        other.exchanges = self.exchanges
        return other

    def _client(self, authorized: bool) -> Any:
        if authorized not in self._clients:
            given: dict[str, bool] = {} if authorized else {"authorized": False}
            self._clients[authorized] = self._target(self.seed, **given)
        return self._clients[authorized]

    # --- verdicts -------------------------------------------------------------------

    def fail(self, message: str) -> Never:
        """Raise a `Finding`."""
        raise Finding(message, self.held, self.exchanges)

    def expect(self, holds: object, otherwise: str) -> None:
        """Raise a `Finding` that says *otherwise* where *holds* is false."""
        if not holds:
            self.fail(otherwise)

    def same(self, found: object, wanted: object, of: str) -> None:
        """Raise a `Finding` where *found* is not as *wanted*."""
        self.expect(found == wanted, f"{of}: found {found!r}, expected {wanted!r}")

    def says(self, refusal: Refusal, message: str) -> None:
        """Raise a `Finding` where *refusal* tells a message, and another."""
        if refusal.message is not None:
            self.same(refusal.message, message, "the message")

    def require(self, holds: object, otherwise: str) -> None:
        """End the case without a verdict, because *otherwise*, where *holds* is false.

        A property that never comes to a verdict is skipped, not passed.
        """
        if not holds:
            raise InconclusiveError(otherwise)


def _refusal(error: BaseException) -> Refusal | None:
    """Return what *error* tells, None where it is no refusal."""
    if any(each.__name__ == PARAMETERS_REFUSED for each in type(error).__mro__):
        return Refusal(PARAMETERS_REFUSED, str(error), None)
    try:
        response: Mapping[str, Any] = error.response  # type: ignore[attr-defined]
        code = response["Error"]["Code"]
    except (AttributeError, LookupError, TypeError):
        return None
    metadata = response.get("ResponseMetadata") or {}
    message = response["Error"].get("Message")
    return Refusal(
        str(code),
        None if message is None else str(message),
        metadata.get("HTTPStatusCode"),
    )


def _answer(reply: object) -> Answer | str:
    """Return *reply* as it is read, or what keeps it from being read.

    A missing list is read as an empty one: it is RSP-02 that speaks of it.
    """
    if not isinstance(reply, dict):
        return f"the answer is no dict but a {type(reply).__name__}"
    tasks = reply.get("ExportImageTasks") or []
    if not isinstance(tasks, list):
        return f"ExportImageTasks is no list but a {type(tasks).__name__}"
    for task in tasks:
        if not isinstance(task, dict):
            return f"a task is no dict but a {type(task).__name__}"
        if not isinstance(task.get("ExportImageTaskId"), str):
            return "a task has no ExportImageTaskId"
    token = reply.get("NextToken") or None
    if token is not None and not isinstance(token, str):
        return f"NextToken is no string but {token!r}"
    return Answer(tasks, token, reply)
