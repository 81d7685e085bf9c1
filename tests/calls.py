"""Functions that make a call in one line, and views of an account for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ec2_export_sim import ServiceError, Simulator

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

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
    sim: Simulator, operation: str, *, policy: Policy | None = None, **parameters: Any
) -> Any:
    """Return the response, or the code and the message of the error."""
    try:
        return sim.invoke(operation, parameters, policy=policy)
    except ServiceError as error:
        return error.code, error.message


def error_of(
    sim: Simulator, operation: str, *, policy: Policy | None = None, **parameters: Any
) -> ServiceError:
    """Return the error that the call raises."""
    try:
        response = sim.invoke(operation, parameters, policy=policy)
    except ServiceError as error:
        return error
    raise AssertionError(f"{operation} returned {response}")


def code(sim: Simulator, operation: str = DESCRIBE, **parameters: Any) -> str | None:
    """Return the code of the error that the call raises, None if it raises none."""
    result = answer(sim, operation, **parameters)
    return result[0] if isinstance(result, tuple) else None


# A message about a resource goes on with this, and an encoded text.
ENCODED = ". Encoded authorization failure message: "


def readable(message: str) -> str:
    """Return the part of an UnauthorizedOperation's message that is not encoded."""
    return message.partition(ENCODED)[0]


def unauthorized(action: str, resource: str | None = None) -> str:
    """Return the `readable` message to the user `test`, who may not do *action*."""
    on = f" on resource: {resource}" if resource else ""
    return (
        "You are not authorized to perform this operation. "
        "User: arn:aws:iam::123456789012:user/test is not authorized to perform: "
        f"ec2:{action}{on} "
        f"because no identity-based policy allows the ec2:{action} action"
    )


def observe(sim: Simulator) -> Any:
    """Return all that a call must leave as it is: the tasks, the time, the future."""
    regions = [sim, sim.in_region("eu-west-1")]
    present = [(region.dump_tasks(), region.tasks) for region in regions]
    before = sim.snapshot()
    now = sim.now
    sim.advance(10**6)
    future = [region.tasks for region in regions]
    next_id = sim.add_task().id
    sim.restore(before)
    return present, now, future, next_id


def with_one_task(tags: dict[str, str] | None = None) -> Simulator:
    """Return a simulator with the task `ID`, which has *tags*."""
    sim = Simulator()
    sim.add_task(task_id=ID, tags=tags)
    return sim


def images(count: int) -> list[str]:
    """Return *count* image ids."""
    return [f"ami-{n:08x}" for n in range(count)]


def export(sim: Simulator, **parameters: Any) -> Any:
    """Export an image; *parameters* add to the required ones, or replace them."""
    return answer(sim, "ExportImage", **{**REQUEST, **parameters})


def exported(sim: Simulator, **parameters: Any) -> str:
    """Export an image and return the id of its task."""
    task_id: str = export(sim, **parameters)["ExportImageTaskId"]
    return task_id


def create_tags(sim: Simulator, tags: Any, *ids: str) -> Any:
    """Set *tags* on the tasks with *ids*, `ID` by default."""
    return answer(sim, "CreateTags", Resources=list(ids or [ID]), Tags=tags)


def delete_tags(sim: Simulator, tags: Any, *ids: str) -> Any:
    """Remove *tags* from the tasks with *ids*, `ID` by default."""
    return answer(sim, "DeleteTags", Resources=list(ids or [ID]), Tags=tags)


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return *tags* as the API lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def for_rule(rule: str, *values: Any) -> ParameterSet:
    """Return *rule* and *values* as a case of a test, marked with the rule."""
    return pytest.param(rule, *values, marks=pytest.mark.rule(rule))
