"""The cost of a described page through a real client, compared with canned bytes.

Both sides are the same client under `intercept`. The canned side gets the reply that
the simulator made for the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

from ec2_export_sim.botocore import endpoint, intercept
from tests import real
from tests.bench.rounds import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from ec2_export_sim import Simulator
    from ec2_export_sim.http.xml import Reply


def measured(sim: Simulator, rounds: int, **request: Any) -> dict[str, list[float]]:
    """Return the seconds per describe call of both sides, round by round."""
    client = real.made(sim.region_name)
    module: Any = endpoint
    answer = module.answer_request
    replies: list[Reply] = []

    def keeping(*arguments: Any) -> Reply:
        replies.append(answer(*arguments))
        return replies[0]

    def answered_by(side: Callable[..., Reply]) -> Callable[[], Any]:
        def call() -> Any:
            module.answer_request = side
            return client.describe_export_image_tasks(**request)["ExportImageTasks"]

        return call

    # The patch restores the function that the sides replace.
    with intercept(sim, client), mock.patch.object(endpoint, "answer_request"):
        canned = answered_by(lambda *_: replies[0])
        assert answered_by(keeping)() == canned()
        return interleaved({"ours": answered_by(answer), "canned": canned}, rounds)
