"""What a described page of 100 costs through a real client: ours against canned bytes.

Both sides are the same client and the same patched method of botocore; the canned one
gets the bytes that the simulator once answered. Run: python -m tests.bench.boto3_canned
"""

from __future__ import annotations

import gc
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Any
from unittest import mock

import boto3
from botocore.awsrequest import AWSResponse

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import answering, intercept

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS = 100
ROUNDS = 100
TARGET = 1.10


def seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def measure(rounds: int = ROUNDS) -> list[tuple[float, float]]:
    """Return pairs of seconds a call: out of the simulator, and canned."""
    sim = Simulator()
    for number in range(TASKS):
        sim.add_task(
            description=f"image {number}", s3_prefix="exports/", tags={"n": "v"}
        )
    client = boto3.client("ec2", region_name=sim.region_name)
    answer = answering._answer
    kept: list[Any] = []

    def keeping(serving: Any, request: Any, region: str) -> AWSResponse:
        answered = answer(serving, request, region)
        kept.append(answered)
        return answered

    def canned(_serving: Any, request: Any, _region: str) -> AWSResponse:
        first = kept[0]
        body = answering._Body(first.content)
        return AWSResponse(request.url, first.status_code, first.headers, body)

    def ours() -> float:
        return seconds(client.describe_export_image_tasks)

    def theirs() -> float:
        with mock.patch.object(answering, "_answer", canned):
            return seconds(client.describe_export_image_tasks)

    with intercept(sim, client):
        with mock.patch.object(answering, "_answer", keeping):
            found = client.describe_export_image_tasks()["ExportImageTasks"]
        assert found == sim.dump_tasks()
        gc.disable()
        try:
            pairs = [(ours(), theirs()) for _ in range(rounds)]
            # Whichever comes second finds other things in the processor's caches.
            swapped = [(theirs(), ours()) for _ in range(rounds)]
        finally:
            gc.enable()
    return pairs + [(served, canned) for canned, served in swapped]


def main() -> int:
    """Print the medians; 1 where that of the pairs' ratios is over the target."""
    pairs = measure()
    served, canned = (median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = median(served / canned for served, canned in pairs)
    sys.stdout.write(
        f"{TASKS} tasks through boto3: {served * 1e3:.2f} ms, canned bytes "
        f"{canned * 1e3:.2f} ms, ratio {ratio:.3f} (target {TARGET:.2f})\n"
    )
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(main())
