"""Draws README's picture of an export that completes, fails or is canceled.

`python -m tests.timeline` prints it. A simulator is asked at every second, so the
picture shows what the service answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2_export_sim import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "ami-0abcdef1234567890"


def draw() -> str:
    """Return the picture: one line per change of what a description shows."""
    lives = {
        "it completes": changes(),
        "it fails": changes(failure="Disk full"),
        "it is canceled": changes(canceled_at=400),
    }
    return "\n\n".join("\n".join([title, *life]) for title, life in lives.items())


def changes(failure: str | None = None, canceled_at: int = -1) -> Iterator[str]:
    """Yield the line of each second at which the description changes."""
    sim = Simulator(export_seconds=900)
    if failure is not None:
        sim.fail_exports_of(IMAGE, failure)
    ec2 = sim.client()
    task_id = ec2.export_image(
        ImageId=IMAGE, DiskImageFormat="VMDK", S3ExportLocation={"S3Bucket": "b"}
    )["ExportImageTaskId"]
    before = None
    for second in range(1000):
        if second == canceled_at:
            ec2.cancel_export_task(ExportTaskId=task_id)
        task = sim.task(task_id)
        shown = (
            f"{task.state:10}  {task.progress or '':>8}  {task.status_message or ''}"
        )
        if shown != before:
            yield f"{second:5} s  {shown}".rstrip()
        before = shown
        sim.advance(1)


if __name__ == "__main__":
    print(draw())
