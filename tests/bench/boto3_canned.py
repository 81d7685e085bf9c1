"""What a described page costs through a real client: ours against canned bytes.

Both sides are the same client and the same patched method of botocore; the canned one
gets the bytes that the simulator once answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import boto3
from botocore.awsrequest import AWSResponse

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import endpoint, intercept
from tests.bench.rounds import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable


def measured(tasks: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds a call of both sides, round by round."""
    sim = Simulator()
    for number in range(tasks):
        sim.add_task(
            description=f"image {number}", s3_prefix="exports/", tags={"n": "v"}
        )
    client = boto3.client("ec2", region_name=sim.region_name)
    answer = endpoint._answer
    kept: list[Any] = []

    def keeping(serving: Any, region: str, request: Any) -> AWSResponse:
        answered = answer(serving, region, request)
        kept.append(answered)
        return answered

    def canned(_serving: Any, _region: str, request: Any) -> AWSResponse:
        first = kept[0]
        body = endpoint._Body(first.content)
        return AWSResponse(request.url, first.status_code, first.headers, body)

    def answered_by(side: Callable[..., AWSResponse]) -> Callable[[], Any]:
        def call() -> Any:
            endpoint._answer = side
            return client.describe_export_image_tasks()["ExportImageTasks"]

        return call

    # The patch puts back what the sides have set.
    with intercept(sim, client), mock.patch.object(endpoint, "_answer"):
        assert answered_by(keeping)() == answered_by(canned)() == sim.dump_tasks()
        sides = {"ours": answered_by(answer), "canned bytes": answered_by(canned)}
        return interleaved(sides, rounds)
