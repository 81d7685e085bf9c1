"""How the calls grow with the tasks that are held, beside moto's.

A curve is what it measures: pairs of a number of tasks and the seconds a call.
"""

from __future__ import annotations

from itertools import count
from statistics import median
from typing import TYPE_CHECKING, Any

from ec2_export_sim import Simulator
from tests.bench.figures import PAGE, held
from tests.bench.peers import Moto, ids
from tests.bench.rounds import seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeAlias

    Curves: TypeAlias = dict[str, list[tuple[int, float]]]

MOTO_MOST = 10**4
ROUNDS = 15
_EXPORT = {"DiskImageFormat": "VMDK", "S3ExportLocation": {"S3Bucket": "exports"}}


def measured(most: int) -> Curves:
    """Return every curve, from 1000 tasks on."""
    curves: Curves = {}
    size = 1000
    while size <= most:
        for name, call in {**_reads(size), **_changes(size), **_clock(size)}.items():
            curves.setdefault(name, []).append((size, _typical(call)))
        if size <= MOTO_MOST:
            moto = Moto(size)
            for name, call in (("by id", moto.by_id), ("page of 100", moto.page)):
                taken = min(seconds(call) for _ in range(2))  # the first one warms up
                curves.setdefault(f"moto: {name}", []).append((size, taken))
            moto.close()
        size *= 10
    return curves


def _typical(call: Callable[[], Any]) -> float:
    """Return the median seconds of a call; a slow one is measured less often."""
    first = seconds(call)
    calls = 1 if first > 1e-2 else 20
    return median(seconds(call, calls) for _ in range(5 if first > 1e-2 else ROUNDS))


def _reads(size: int) -> dict[str, Callable[[], Any]]:
    client: Any = held(size).client()

    def page(**request: Any) -> Callable[[], Any]:
        return lambda: client.describe_export_image_tasks(MaxResults=PAGE, **request)

    def filtered(name: str, value: str) -> Callable[[], Any]:
        return page(Filters=[{"Name": name, "Values": [value]}])

    token = _last_token(client)
    return {
        "describe by id": lambda: client.describe_export_image_tasks(
            ExportImageTaskIds=ids(size // 2, 1)
        ),
        "first page": page(),
        "last page": page(NextToken=token),
        "state filter, half": filtered("task-state", "active"),
        "state filter, 100 tasks": filtered("task-state", "deleting"),
        "tag filter, no task": filtered("tag:Name", "another"),
    }


def _last_token(client: Any) -> str:
    """Return the token of the last page, which the walk to it gives."""
    given: dict[str, Any] = {}
    while True:
        answer = client.describe_export_image_tasks(MaxResults=PAGE, **given)
        if "NextToken" not in answer:
            token: str = given["NextToken"]
            return token
        given = {"NextToken": answer["NextToken"]}


def _changes(size: int) -> dict[str, Callable[[], Any]]:
    client: Any = held(size, running_exports=10**9).client()
    fresh = count(1)
    # Odd numbers are active; a stride of a prime takes them from all over.
    doomed = (2 * (turn * 7919 % (size // 2 - 1)) + 1 for turn in count())

    def export() -> None:
        client.export_image(ImageId=f"ami-{next(fresh):08x}", **_EXPORT)

    def cancel() -> None:
        (task_id,) = ids(next(doomed), 1)
        client.cancel_export_task(ExportTaskId=task_id)

    return {"export": export, "cancel": cancel}


def _clock(size: int) -> dict[str, Callable[[], Any]]:
    """Return the clock's move by the second in which one of *size* exports ends."""
    sim = Simulator(running_exports=10**9, seconds_per_call=1, export_seconds=10 * size)
    client: Any = sim.client()
    for number in range(size):
        client.export_image(ImageId=f"ami-{number:08x}", **_EXPORT)
    sim.advance(9 * size)
    return {"clock, one of all exports ends": lambda: sim.advance(1)}


def table(curves: Curves) -> str:
    """Return the curves as a table, in microseconds a call."""
    sizes = sorted({size for curve in curves.values() for size, _ in curve})
    lines = [
        "| µs a call, tasks held | " + " | ".join(f"{size:,}" for size in sizes) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for name, curve in curves.items():
        at = dict(curve)
        cells = (f"{at[size] * 1e6:,.0f}" if size in at else "" for size in sizes)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def draw(curves: Curves, path: Path) -> None:
    """Draw the curves, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5))
    for name, curve in curves.items():
        theirs = name.startswith("moto")
        style = {"linestyle": "--", "color": "0.4"} if theirs else {}
        sizes, taken = zip(*curve, strict=True)
        axes.loglog(sizes, [t * 1e6 for t in taken], marker=".", label=name, **style)
    axes.set_xlabel("tasks held (moto: volumes)")
    axes.set_ylabel("µs a call")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    date = {"Date": None} if path.suffix == ".svg" else {}
    figure.savefig(path, bbox_inches="tight", metadata=date)
