"""One fault each: the status of a refusal."""

from __future__ import annotations

from ec2_export_sim import ClientError
from tests.conformance.broken import Answer, Request, World, mutant, refuse


@mutant("ERR-02")
def every_status_400_is_404(world: World, request: Request) -> Answer:
    try:
        return world.describe(**request)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 400:
            refuse(error.response["Error"]["Code"], status=404)
        raise
