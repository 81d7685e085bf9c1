"""One call at the neck in one line, and what is held against its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ec2_export_sim import ServiceError

if TYPE_CHECKING:
    from ec2_export_sim import Simulator

IMAGE = "ami-0123456789abcdef0"
ID = "export-ami-1234567890abcdef0"
UNKNOWN = "export-ami-0fedcba9876543210"
FIFTY = {f"k{n}": "v" for n in range(50)}
REQUEST: dict[str, Any] = {
    "ImageId": IMAGE,
    "DiskImageFormat": "VMDK",
    "S3ExportLocation": {"S3Bucket": "exports"},
}


def answer(sim: Simulator, operation: str, **request: Any) -> Any:
    """Return the answer, or the code and the message of the refusal."""
    try:
        return sim.invoke(operation, request)
    except ServiceError as refusal:
        return refusal.code, refusal.message


def refusal(sim: Simulator, operation: str, **request: Any) -> ServiceError:
    """Return the refusal that the call meets."""
    try:
        answered = sim.invoke(operation, request)
    except ServiceError as refused:
        return refused
    raise AssertionError(f"{operation} answered {answered}")


def export(sim: Simulator, **members: Any) -> Any:
    """Export an image, with *members* beside or instead of what that needs."""
    return answer(sim, "ExportImage", **{**REQUEST, **members})


def exported(sim: Simulator, **members: Any) -> str:
    """Export an image and return its task's id."""
    task_id: str = export(sim, **members)["ExportImageTaskId"]
    return task_id


def create(sim: Simulator, tags: Any, *ids: str) -> Any:
    """Set *tags* on the tasks named, on `ID` where none is."""
    return answer(sim, "CreateTags", Resources=list(ids or [ID]), Tags=tags)


def delete(sim: Simulator, tags: Any, *ids: str) -> Any:
    """Take *tags* from the tasks named, from `ID` where none is."""
    return answer(sim, "DeleteTags", Resources=list(ids or [ID]), Tags=tags)


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return *tags* as the API lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
