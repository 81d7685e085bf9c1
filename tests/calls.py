"""One call at the neck in one line, and what is held against its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ec2_export_sim import ServiceError, Simulator

if TYPE_CHECKING:
    from ec2_export_sim import Policy

DESCRIBE = "DescribeExportImageTasks"
IMAGE = "ami-0123456789abcdef0"
OTHER = "ami-0fedcba9876543210"
ID = "export-ami-1234567890abcdef0"
UNKNOWN = "export-ami-0fedcba9876543210"
FIFTY = {f"k{n}": "v" for n in range(50)}
REQUEST: dict[str, Any] = {
    "ImageId": IMAGE,
    "DiskImageFormat": "VMDK",
    "S3ExportLocation": {"S3Bucket": "exports"},
}


def answer(
    sim: Simulator, operation: str, *, policy: Policy | None = None, **request: Any
) -> Any:
    """Return the answer, or the code and the message of the refusal."""
    try:
        return sim.invoke(operation, request, policy=policy)
    except ServiceError as refusal:
        return refusal.code, refusal.message


def refusal(
    sim: Simulator, operation: str, *, policy: Policy | None = None, **request: Any
) -> ServiceError:
    """Return the refusal that the call meets."""
    try:
        answered = sim.invoke(operation, request, policy=policy)
    except ServiceError as refused:
        return refused
    raise AssertionError(f"{operation} answered {answered}")


def code(sim: Simulator, operation: str = DESCRIBE, **request: Any) -> str | None:
    """Return the code of the refusal that the call meets, None where it meets none."""
    told = answer(sim, operation, **request)
    return told[0] if isinstance(told, tuple) else None


def unauthorized(action: str, resource: str | None = None) -> str:
    """Return the message to the user `test`, whose policy does not allow *action*."""
    on = f" on resource: {resource}" if resource else ""
    return (
        "You are not authorized to perform this operation. "
        "User: arn:aws:iam::123456789012:user/test is not authorized to perform: "
        f"ec2:{action}{on} "
        f"because no identity-based policy allows the ec2:{action} action"
    )


def held(sim: Simulator) -> Any:
    """Return whatever a refused call must leave alone, in every region."""
    state = sim._account.state
    regions = [sim.in_region(name) for name, tasks in state.regions.items() if tasks]
    return (
        [region.dump_tasks() for region in regions],
        [[task.tags for task in region.tasks] for region in regions],
        (sim.now, state.created, list(state.agenda)),
        (dict(state.failing), dict(state.client_tokens)),
    )


def holding_one(tags: dict[str, str] | None = None) -> Simulator:
    """Return a simulator that holds the task `ID` with *tags*."""
    sim = Simulator()
    sim.add_task(task_id=ID, tags=tags)
    return sim


def images(count: int) -> list[str]:
    """Return the ids of so many images."""
    return [f"ami-{n:08x}" for n in range(count)]


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
