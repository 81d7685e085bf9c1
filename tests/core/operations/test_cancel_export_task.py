"""CancelExportTask: what can be canceled, until when, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import ParamValidationError, Policy, Simulator
from tests.calls import ID, IMAGE, answer, exported, readable, unauthorized

LATE = (
    "IncorrectState",
    f"The export task {ID} is transferring the final disk image and cannot be canceled",
)


def cancel(sim: Simulator, task_id: str = ID, policy: Policy | None = None) -> Any:
    return answer(sim, "CancelExportTask", policy=policy, ExportTaskId=task_id)


@pytest.mark.rule("LIF-30", "LIF-17", "LIF-02")
def test_a_canceled_task_is_deleting() -> None:
    sim = Simulator()
    task_id = exported(sim)
    sim.advance(300)
    assert cancel(sim, task_id) == {}
    assert sim.dump_tasks() == [
        {
            "ExportImageTaskId": task_id,
            "ImageId": IMAGE,
            "S3ExportLocation": {"S3Bucket": "exports"},
            "Status": "deleting",
            "Tags": [],
        }
    ]


@pytest.mark.rule("LIF-30")
def test_the_response_has_only_metadata() -> None:
    sim = Simulator()
    response = sim.client().cancel_export_task(ExportTaskId=exported(sim))
    assert list(response) == ["ResponseMetadata"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.rule("LIF-17", "LIF-30")
@pytest.mark.parametrize("added", [True, False])
def test_a_canceled_task_is_deleted_after_sixty_seconds(
    added: bool,
) -> None:
    sim = Simulator()
    task_id = sim.add_task().id if added else exported(sim)
    sim.advance(5)
    cancel(sim, task_id)
    sim.advance(59.999999)
    assert sim.task(task_id).state == "deleting"
    sim.advance(0.000001)
    gone = sim.task(task_id)
    assert (gone.state, gone.progress, gone.status_message) == ("deleted", None, None)
    sim.advance(10**6)
    assert sim.task(task_id) == gone


@pytest.mark.rule("LIF-17", "LIF-04")
def test_a_failed_task_is_deleted_after_sixty_seconds() -> None:
    sim = Simulator()
    task = sim.fail_task(sim.add_task().id, "broken")
    sim.advance(59)
    assert sim.task(task.id) == task
    sim.advance(1)
    gone = sim.task(task.id)
    assert (gone.state, gone.status_message) == ("deleted", "ClientError: broken")


@pytest.mark.rule("LIF-18", "LIF-32", "ORD-08")
@pytest.mark.parametrize("status", ["completed", "deleting", "deleted"])
def test_a_task_in_another_state_cannot_be_canceled(status: str) -> None:
    sim = Simulator()
    sim.add_task(status=status, task_id=ID)
    before = sim.dump_tasks()
    message = f"The export task {ID} is {status} and cannot be canceled"
    assert cancel(sim) == ("IncorrectState", message)
    assert sim.dump_tasks() == before


@pytest.mark.rule("LIF-32")
@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        ("0", {}),
        ("84", {}),
        ("84.9", {}),
        ("85", LATE),
        ("85.0", LATE),
        ("100", LATE),
        ("9" * 400, LATE),
        ("soon", {}),
        ("85%", {}),
        ("-85", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_the_transfer_begins_at_eighty_five(
    progress: str | None, expected: Any
) -> None:
    sim = Simulator()
    record = {"ExportImageTaskId": ID, "Status": "active"}
    sim.load_tasks([record if progress is None else {**record, "Progress": progress}])
    assert cancel(sim) == expected
    assert sim.task(ID).state == ("deleting" if expected == {} else "active")


@pytest.mark.rule("LIF-18", "LIF-32", "LIF-25")
def test_an_export_can_be_canceled_until_the_transfer() -> None:
    sim = Simulator()
    task_id = exported(sim)
    begun = sim.snapshot()
    sim.advance(809.999999)
    assert cancel(sim, task_id) == {}
    sim.restore(begun)
    sim.advance(810)
    assert cancel(sim, task_id)[0] == "IncorrectState"
    sim.advance(90)
    assert sim.task(task_id).state == "completed"
    assert cancel(sim, task_id)[1] == (
        f"The export task {task_id} is completed and cannot be canceled"
    )


@pytest.mark.rule("LIF-25", "LIF-30", "LIF-41", "SIM-09")
def test_a_canceled_export_does_not_complete() -> None:
    notified: list[Any] = []
    sim = Simulator(on_completed=notified.append)
    task_id = exported(sim)
    cancel(sim, task_id)
    sim.advance(10**6)
    assert (sim.task(task_id).state, notified) == ("deleted", [])


@pytest.mark.rule("LIF-24", "LIF-30")
def test_a_canceled_export_does_not_count() -> None:
    sim = Simulator(max_running_exports=1)
    cancel(sim, exported(sim))
    again = exported(sim)
    assert [task.state for task in sim.tasks] == ["deleting", "active"]
    assert sim.tasks[-1].id == again


@pytest.mark.rule("IDS-04", "IDS-05", "IDS-13", "IDS-17", "LIF-15")
def test_a_malformed_or_unknown_id_is_an_error() -> None:
    sim = Simulator()
    sim.in_region("eu-west-1").add_task(task_id=ID)
    unknown = (
        "InvalidExportTaskID.NotFound",
        f"The export task ID '{ID}' does not exist",
    )
    assert cancel(sim) == unknown
    for malformed in ("export-ami-", "export-ami-i-fgelt0i7", ID + "0", f"{ID}\n"):
        message = f'Invalid id: "{malformed}" (expecting "export-ami-...")'
        assert cancel(sim, malformed) == ("InvalidExportTaskID.Malformed", message)
    for other in ("", "x", "export-0123456789abcdef0", ID.upper(), "export-i"):
        assert cancel(sim, other) == ("InvalidID", f"The ID '{other}' is not valid")
    assert sim.in_region("eu-west-1").task(ID).state == "active"


@pytest.mark.rule("IDS-16", "IDS-17")
def test_the_ids_of_image_and_instance_exports_are_ids() -> None:
    sim = Simulator()
    assert cancel(sim, exported(sim)) == {}
    for instance_export in ("export-i-fgelt0i7", "export-i-", "export-i-X Y"):
        assert cancel(sim, instance_export) == (
            "InvalidExportTaskID.NotFound",
            f"The export task ID '{instance_export}' does not exist",
        )


@pytest.mark.rule("AUT-12", "ORD-11")
def test_the_permission_is_on_the_task() -> None:
    sim = Simulator("eu-west-1")
    sim.add_task(task_id=ID)
    arn = f"arn:aws:ec2:eu-west-1:123456789012:export-image-task/{ID}"

    def only(resource: str) -> Policy:
        statement = {"Effect": "Allow", "Action": "ec2:*", "Resource": resource}
        return Policy.from_document({"Statement": statement})

    error = ("UnauthorizedOperation", unauthorized("CancelExportTask", arn))
    for policy in (only(arn[:-1]), Policy.deny_all()):
        code, message = cancel(sim, policy=policy)
        assert (code, readable(message)) == error
    assert cancel(sim, "malformed", only(arn))[0] == "UnauthorizedOperation"
    assert cancel(sim, policy=only(arn)) == {}


@pytest.mark.rule("PRM-01", "PRM-07")
def test_a_cancel_has_no_dry_run() -> None:
    sim = Simulator()
    client: Any = sim.client()
    task_id = exported(sim)
    with pytest.raises(ParamValidationError, match='"DryRun", must be one of: Export'):
        client.cancel_export_task(ExportTaskId=task_id, DryRun=True)
    error = answer(sim, "CancelExportTask", ExportTaskId=task_id, DryRun=True)
    assert error == (
        "UnknownParameter",
        "The parameter DryRun is not recognized",
    )
    assert sim.task(task_id).state == "active"


@pytest.mark.rule("LIF-08", "SIM-07")
def test_a_removed_tasks_events_do_not_touch_a_new_task_with_its_id() -> None:
    notified: list[Any] = []
    sim = Simulator(on_completed=notified.append)
    task_id = exported(sim)
    sim.remove_task(task_id)
    other = sim.add_task(task_id=task_id)
    sim.advance(900)
    assert (sim.task(task_id), notified) == (other, [])
    cancel(sim, task_id)
    sim.remove_task(task_id)
    other = sim.in_region("eu-west-1").add_task(task_id=task_id, status="deleting")
    sim.advance(60)
    assert sim.in_region("eu-west-1").task(task_id) == other
    assert sim.tasks == ()
