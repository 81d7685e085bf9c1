"""What faulty targets are made of: a simulator, and one function that is wrong.

The faults are in `faults_*`. A comment names the emulator in which a fault was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Never, TypeAlias

from ec2_export_sim import ClientError, Policy, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable

    Fault: TypeAlias = Callable[["World", "Request"], "Answer"]

Request: TypeAlias = dict[str, Any]
Answer: TypeAlias = dict[str, Any]
Task: TypeAlias = dict[str, Any]

DESCRIBE = "describe_export_image_tasks"


class World:
    """What a fault may use: a simulator, who calls what, and a memory."""

    def __init__(self, tasks: list[Task], *, authorized: bool) -> None:
        self.tasks = tasks
        self.authorized = authorized
        self.memory: dict[Any, Any] = {}
        self.sim = Simulator()
        self.sim.load_tasks(tasks)
        self.allowed_client: Any = self.sim.client()
        self.client: Any = self.sim.client(None if authorized else Policy.deny_all())
        self.operation = DESCRIBE

    def call(self, **request: Any) -> Answer:
        """Make the call rightly."""
        answer: Answer = getattr(self.client, self.operation)(**request)
        return answer

    def allowed(self, **request: Any) -> Answer:
        """Make the call as a caller who is allowed."""
        answer: Answer = getattr(self.allowed_client, self.operation)(**request)
        return answer

    def matching(self, request: Request) -> list[Task]:
        """All tasks that match, whatever the page."""
        answer = self.call(**without(request, "MaxResults", "NextToken"))
        tasks: list[Task] = answer["ExportImageTasks"]
        return tasks

    def named(self, task_ids: Any) -> list[str]:
        """Those of *task_ids* that are in the account."""
        held = {task["ExportImageTaskId"] for task in self.tasks}
        return [task_id for task_id in task_ids if task_id in held]


class FaultyTarget(NamedTuple):
    """A target with one fault in *operations*, and the one rule that names it."""

    rule: str
    name: str
    fault: Fault
    operations: tuple[str, ...]

    def __call__(self, tasks: list[Task], *, authorized: bool = True) -> Any:
        return FaultyClient(self, World(tasks, authorized=authorized))


class FaultyClient:
    """A client of the simulator, with the fault."""

    def __init__(self, target: FaultyTarget, world: World) -> None:
        self._target = target
        self._world = world
        self.advance = world.sim.advance

    def __getattr__(self, operation: str) -> Any:
        if operation not in self._target.operations:
            return getattr(self._world.client, operation)

        def call(**request: Any) -> Answer:
            self._world.operation = operation
            return self._target.fault(self._world, request)

        return call


FAULTS: list[FaultyTarget] = []


def fault(rule: str, *operations: str) -> Callable[[Fault], FaultyTarget]:
    """Make a function a faulty target that is named by *rule* alone."""

    def add(function: Fault) -> FaultyTarget:
        affected = operations or (DESCRIBE,)
        FAULTS.append(FaultyTarget(rule, function.__name__, function, affected))
        return FAULTS[-1]

    return add


# --- requests -----------------------------------------------------------------------


def without(request: Request, *names: str) -> Request:
    return {name: value for name, value in request.items() if name not in names}


def edited(request: Request, name: str, edit: Callable[[Any], Any]) -> Request:
    """Return *request* with the member *name*, if it has it, as *edit* makes it."""
    return {n: edit(value) if n == name else value for n, value in request.items()}


def filtered(request: Request, keep: Callable[[Task], bool]) -> Request:
    """Return *request* with the filters that *keep* accepts."""
    return edited(request, "Filters", lambda filters: [f for f in filters if keep(f)])


def refiltered(request: Request, edit: Callable[[Task], Task]) -> Request:
    """Return *request* with each filter as *edit* makes it."""
    if not isinstance(request.get("Filters", []), list):
        return request
    return edited(request, "Filters", lambda filters: [edit(f) for f in filters])


def relisted(request: Request, edit: Callable[[list[str]], list[str]]) -> Request:
    """Return *request* with the values of each filter as *edit* makes them."""

    def changed(each: Task) -> Task:
        proper = isinstance(each.get("Values"), list)
        return {**each, "Values": edit(each["Values"])} if proper else each

    return refiltered(request, changed)


def revalued(request: Request, edit: Callable[[str], str]) -> Request:
    """Return *request* with each filter value as *edit* makes it."""
    return relisted(request, lambda values: [edit(v) for v in values])


def on_tags(each: Task) -> bool:
    """Return whether a filter is on tags."""
    name: str = each.get("Name", "")
    return name == "tag-key" or name.startswith("tag:")


def values_of(each: Task) -> list[str]:
    values: list[str] = each.get("Values", [])
    return values


def values_in(request: Request) -> list[str]:
    filters = request.get("Filters", [])
    return [v for f in filters if isinstance(f, dict) for v in values_of(f)]


# --- answers ------------------------------------------------------------------------


def fail(code: str, message: str = "no", status: int = 400) -> Never:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    raise ClientError(response, "DescribeExportImageTasks")


def code_of(error: ClientError) -> str:
    code: str = error.response["Error"]["Code"]
    return code


def changed(answer: Answer, edit: Callable[[Task], Any]) -> Answer:
    """Return *answer* with each task as *edit* makes it."""
    return {**answer, "ExportImageTasks": [edit(t) for t in answer["ExportImageTasks"]]}


def kept(answer: Answer, keep: Callable[[Task], object]) -> Answer:
    """Return *answer* with the tasks that *keep* accepts."""
    return {
        **answer,
        "ExportImageTasks": [t for t in answer["ExportImageTasks"] if keep(t)],
    }


def paged(
    tasks: list[Task], request: Request, *, write: Any = str, read: Any = int
) -> Answer:
    """Cut a page out of *tasks*; the token is what *write* makes of the offset."""
    limit = request.get("MaxResults", len(tasks) + 1)
    token = request.get("NextToken")
    start = 0 if token is None else read(token)
    answer: Answer = {"ExportImageTasks": tasks[start : start + limit]}
    if start + limit < len(tasks):
        answer["NextToken"] = write(start + limit)
    return answer


class Tokens:
    """Tokens that are opaque, for pages that a fault cuts itself.

    They are bound to ids and filters, as those of the simulator are.
    """

    def __init__(self, world: World, request: Request) -> None:
        memory = world.memory.setdefault("tokens", {})
        self._asked = repr(
            [
                sorted(set(request.get("ExportImageTaskIds", []))),
                sorted(
                    {
                        repr((f.get("Name"), sorted(set(values_of(f)))))
                        for f in request.get("Filters", [])
                    }
                ),
            ]
        )
        self._known: dict[str, tuple[str, int]] = memory

    def write(self, position: int) -> str:
        token = f"t{hash((self._asked, position)) & (2**64 - 1):016x}"
        self._known[token] = (self._asked, position)
        return token

    def read(self, token: str) -> int:
        asked, position = self._known.get(token, (None, 0))
        if asked != self._asked:
            wrong = f"Value ( {token} ) for parameter NextToken is invalid. "
            fail("InvalidParameterValue", f"{wrong}The token is invalid.")
        return position


def repaged(
    world: World,
    request: Request,
    tasks: list[Task] | None = None,
    *,
    shift: int = 0,
) -> Answer:
    """Cut a page as the simulator does, out of *tasks* instead of those that match.

    *shift* is added to the position that a token stands for.
    """
    world.call(**without(request, "NextToken"))  # other parameters are checked
    tokens = Tokens(world, request)
    every = world.matching(request) if tasks is None else tasks
    return paged(
        every, request, write=tokens.write, read=lambda t: tokens.read(t) + shift
    )
