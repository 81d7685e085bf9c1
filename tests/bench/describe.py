"""Describe one task and a page of 100, beside a mock and beside building the dicts.

`python -m tests.bench.describe` prints ratios; nothing here is a test.
"""

from __future__ import annotations

from statistics import median
from timeit import timeit
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

from ec2_export_sim import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable


def ratio(ours: Callable[[], Any], theirs: Callable[[], Any], calls: int) -> float:
    """Return the median of the ratios of rounds that alternate."""
    return median(
        timeit(ours, number=calls) / timeit(theirs, number=calls) for _ in range(15)
    )


def main() -> None:
    """Print both ratios."""
    sim = Simulator()
    tasks = [sim.add_task(tags={"Name": "x"}) for _ in range(1000)]
    client, mock = sim.client(), MagicMock()
    mock.describe_export_image_tasks.return_value = {}
    one = [tasks[500].id]
    records: list[dict[str, Any]] = sim.dump_tasks()[:100]

    def by_id(client: Any) -> Any:
        return client.describe_export_image_tasks(ExportImageTaskIds=one)

    def build() -> list[dict[str, Any]]:
        return [
            {
                "ExportImageTaskId": record["ExportImageTaskId"],
                "ImageId": record["ImageId"],
                "Progress": record["Progress"],
                "S3ExportLocation": {
                    "S3Bucket": record["S3ExportLocation"]["S3Bucket"]
                },
                "Status": record["Status"],
                "StatusMessage": record["StatusMessage"],
                "Tags": [
                    {"Key": t["Key"], "Value": t["Value"]} for t in record["Tags"]
                ],
            }
            for record in records
        ]

    one_task = ratio(lambda: by_id(client), lambda: by_id(mock), 1000)
    page = ratio(lambda: client.describe_export_image_tasks(MaxResults=100), build, 100)
    print(f"one task by id      {one_task:5.2f} x MagicMock")
    print(f"a page of 100       {page:5.2f} x building the dicts")


if __name__ == "__main__":
    main()
