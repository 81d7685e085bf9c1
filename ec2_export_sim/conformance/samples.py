"""The account that the fixed cases see: small, every state, tags that nearly agree.

The ids are not in the order of creation, so that no other order passes for it.
"""

from __future__ import annotations

from typing import Any


def sample_task(number: int, status: str, **members: Any) -> dict[str, Any]:
    """Return a task with what a real one in its state tells."""
    active = {"Progress": "21", "StatusMessage": "updating"}
    return {
        "ExportImageTaskId": f"export-ami-{number:017x}",
        "ImageId": f"ami-{number:017x}",
        "S3ExportLocation": {"S3Bucket": "exports", "S3Prefix": "exports/"},
        "Status": status,
        "Tags": [],
        **(active if status == "active" else {}),
        **members,
    }


def tagged(**tags: str) -> list[dict[str, str]]:
    """Return *tags* as the API lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


SAMPLE = (
    sample_task(7, "active", Tags=tagged(Team="red"), Description="web & <db>"),
    sample_task(3, "completed", Tags=tagged(Team="Red", Stage="")),
    sample_task(9, "deleting", StatusMessage="ClientError: Unsupported kernel"),
    sample_task(1, "deleted", Tags=tagged(team="red")),
    sample_task(
        5, "active", Tags=[*tagged(Team="r*d"), {"Key": "a:b", "Value": "blue"}]
    ),
)
