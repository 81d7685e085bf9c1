"""What mutants are made of: a simulator, and one line that answers wrongly for it.

They stand in `mutants`, in chapters named as the kit's. A fault that a comment there
ascribes to an emulator was seen in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Never, TypeAlias, cast

from ec2_export_sim import ClientError
from ec2_export_sim.conformance.targets import simulator

if TYPE_CHECKING:
    from collections.abc import Callable

    Describe: TypeAlias = Callable[..., dict[str, Any]]
    Fault: TypeAlias = Callable[["World", "Request"], "Answer"]

Request: TypeAlias = dict[str, Any]
Answer: TypeAlias = dict[str, Any]
Task: TypeAlias = dict[str, Any]


class World:
    """What a fault may use: the tasks, who calls, a sound client, and a memory."""

    def __init__(self, tasks: list[Task], *, authorized: bool) -> None:
        self.tasks = tasks
        self.authorized = authorized
        self.memory: dict[str, Any] = {}
        sound = simulator(tasks, authorized=authorized)
        self.describe = cast("Describe", sound.describe_export_image_tasks)
        allowed = simulator(tasks).describe_export_image_tasks
        self.allowed = cast("Describe", allowed)

    def matching(self, request: Request) -> list[Task]:
        """All tasks that match, whatever the page."""
        tasks: list[Task] = self.describe(
            **without(request, "MaxResults", "NextToken")
        )["ExportImageTasks"]
        return tasks

    def named(self, task_ids: Any) -> list[str]:
        """Those of *task_ids* that are held."""
        held = {task["ExportImageTaskId"] for task in self.tasks}
        return [task_id for task_id in task_ids if task_id in held]


class Mutant(NamedTuple):
    """A target with one fault, and the rules that name it."""

    name: str
    rules: tuple[str, ...]
    fault: Fault

    def __call__(self, tasks: list[Task], *, authorized: bool = True) -> Any:
        return _Client(self.fault, World(tasks, authorized=authorized))


class _Client:
    def __init__(self, fault: Fault, world: World) -> None:
        self._fault = fault
        self._world = world

    def describe_export_image_tasks(self, **request: Any) -> dict[str, Any]:
        return self._fault(self._world, request)


MUTANTS: list[Mutant] = []


def mutant(*rules: str) -> Callable[[Fault], Mutant]:
    """Make a fault one of `MUTANTS`, to be named by each of *rules*."""

    def add(fault: Fault) -> Mutant:
        MUTANTS.append(Mutant(fault.__name__, rules, fault))
        return MUTANTS[-1]

    return add


# --- requests -----------------------------------------------------------------------


def without(request: Request, *names: str) -> Request:
    return {name: value for name, value in request.items() if name not in names}


def edited(request: Request, name: str, edit: Callable[[Any], Any]) -> Request:
    """Return *request* with the member *name*, where it is given, as *edit* has it."""
    return {n: edit(value) if n == name else value for n, value in request.items()}


def filtered(request: Request, keep: Callable[[Task], bool]) -> Request:
    """Return *request* with the filters that *keep* lets stay."""
    return edited(request, "Filters", lambda filters: [f for f in filters if keep(f)])


def refiltered(request: Request, edit: Callable[[Task], Task]) -> Request:
    """Return *request* with each filter as *edit* has it."""
    return edited(request, "Filters", lambda filters: [edit(f) for f in filters])


def relisted(request: Request, edit: Callable[[list[str]], list[str]]) -> Request:
    """Return *request* with the values of each filter as *edit* has them."""
    return refiltered(request, lambda f: {**f, "Values": edit(values_of(f))})


def revalued(request: Request, edit: Callable[[str], str]) -> Request:
    """Return *request* with each filter value as *edit* has it."""
    return relisted(request, lambda values: [edit(v) for v in values])


def on_tags(given: Task) -> bool:
    """Tell whether a filter asks for tags."""
    name: str = given.get("Name", "")
    return name == "tag-key" or name.startswith("tag:")


def values_of(given: Task) -> list[str]:
    values: list[str] = given.get("Values", [])
    return values


def values_in(request: Request) -> list[str]:
    return [value for each in request.get("Filters", []) for value in values_of(each)]


# --- answers ------------------------------------------------------------------------


def refuse(code: str, message: str = "no", status: int = 400) -> Never:
    told = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    raise ClientError(told, "DescribeExportImageTasks")


def retold(answer: dict[str, Any], edit: Callable[[Task], Any]) -> dict[str, Any]:
    """Return *answer* with each task as *edit* has it."""
    return {**answer, "ExportImageTasks": [edit(t) for t in answer["ExportImageTasks"]]}


def kept(answer: dict[str, Any], keep: Callable[[Task], bool]) -> dict[str, Any]:
    """Return *answer* with the tasks that *keep* lets stay."""
    return {
        **answer,
        "ExportImageTasks": [t for t in answer["ExportImageTasks"] if keep(t)],
    }


def paged(
    tasks: list[Task], request: Request, *, write: Any = str, read: Any = int
) -> dict[str, Any]:
    """Cut a page out of *tasks*; the token is what *write* makes of the offset."""
    limit = request.get("MaxResults", len(tasks) + 1)
    token = request.get("NextToken")
    start = 0 if token is None else read(token)
    answer: dict[str, Any] = {"ExportImageTasks": tasks[start : start + limit]}
    if start + limit < len(tasks):
        answer["NextToken"] = write(start + limit)
    return answer
