"""Test controls: tasks added, loaded, dumped, completed, failed and removed."""

from __future__ import annotations

import dataclasses
import re
from threading import Thread
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from ec2_export_sim import Simulator, TaskState
from tests import strategies
from tests.calls import ID

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.rule("SIM-01", "SIM-02", "LIF-05")
@pytest.mark.parametrize(
    ("arguments", "progress", "message"),
    [
        ({}, "0", "validating"),
        ({"progress": 21}, "21", "updating"),
        ({"progress": "20.9"}, "20.9", "validating"),
        ({"progress": 59}, "59", "updating"),
        ({"progress": 84.5}, "84.5", "converting"),
        ({"progress": 1e-05}, "0.000010", "validating"),
        ({"progress": -0.0}, "0.0", "validating"),
        ({"progress": 100}, "100", "converting"),
        ({"status_message": "updating"}, "21", "updating"),
        ({"status_message": "converting"}, "80", "converting"),
        ({"status_message": "waiting"}, "0", "waiting"),
        ({"progress": 3, "status_message": "x"}, "3", "x"),
        ({"status": "completed"}, None, None),
        ({"status": "deleted", "status_message": "why"}, None, "why"),
        ({"status": "deleting", "progress": 5}, "5", None),
    ],
)
def test_progress_and_message_complete_each_other(
    arguments: dict[str, Any], progress: str | None, message: str | None
) -> None:
    task = Simulator().add_task(**arguments)
    assert (task.progress, task.status_message) == (progress, message)


@pytest.mark.rule("SIM-03")
@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"task_id": "export-ami-XYZ"}, "17 lower-case hex digits"),
        ({"task_id": ""}, "17 lower-case hex digits"),
        ({"task_id": ID}, "already has"),
        ({"status": "Active"}, "active, completed, deleting, deleted"),
        ({"status": "failed"}, "active, completed, deleting, deleted"),
        ({"progress": 101}, "a number from 0 to 100"),
        ({"progress": -1}, "a number from 0 to 100"),
        ({"progress": "half"}, "a number from 0 to 100"),
        ({"progress": "100.1"}, "a number from 0 to 100"),
        ({"progress": "100.00000000000000000001"}, "a number from 0 to 100"),
        ({"progress": True}, "a number from 0 to 100"),
        ({"progress": float("nan")}, "a number from 0 to 100"),
        ({"disk_image_format": "ISO"}, "VMDK, RAW, VHD"),
        ({"image_id": "\x00"}, "image_id has text"),
        ({"description": 3}, "description must be a string, not int"),
        ({"s3_bucket": None}, "s3_bucket must be a string"),
        ({"s3_prefix": "\ud800"}, "s3_prefix has text"),
        ({"tags": [("k", "v")]}, "tags must be a mapping, not list"),
        ({"tags": {"k": 1}}, "tags\\['k'\\] must be a string"),
        ({"tags": {1: "v"}}, "a tag's key must be a string"),
    ],
)
def test_a_wrong_task_is_not_added(arguments: dict[str, Any], shown: str) -> None:
    sim = Simulator()
    sim.add_task(task_id=ID)
    before = sim.dump_tasks()
    with pytest.raises(ValueError, match=shown):
        sim.add_task(**arguments)
    assert sim.dump_tasks() == before


@pytest.mark.rule("SIM-04", "SIM-20")
def test_generated_ids_are_well_formed_unique_and_repeatable() -> None:
    def ids(sim: Simulator) -> list[str]:
        regions = [sim, sim.in_region("eu-west-1")]
        return [regions[n % 2].add_task().id for n in range(50)]

    first = ids(Simulator())
    assert first == ids(Simulator())
    assert len(set(first)) == 50
    assert all(re.fullmatch("export-ami-[0-9a-f]{17}", each) for each in first)
    assert not set(first) & set(ids(Simulator(seed=1)))


@pytest.mark.rule("SIM-04", "LIF-15")
def test_an_id_is_unique_in_an_account() -> None:
    sim = Simulator()
    sim.in_region("eu-west-1").add_task(task_id=ID)
    with pytest.raises(ValueError, match="already has"):
        sim.add_task(task_id=ID)
    with pytest.raises(ValueError, match="already has"):
        sim.load_tasks([{"ExportImageTaskId": ID, "Status": "active"}])


@pytest.mark.rule("SIM-04")
def test_a_generated_id_never_repeats_one_that_exists() -> None:
    twin = Simulator()
    twin.add_task()
    second = twin.add_task().id  # which the account's second task would get
    sim = Simulator()
    sim.in_region("eu-west-1").add_task(task_id=second)
    assert re.fullmatch("export-ami-[0-9a-f]{17}", sim.add_task().id)
    assert sim.tasks[0].id != second


@pytest.mark.rule("LIF-14")
@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ({}, f"{ID}.vmdk"),
        ({"s3_prefix": "exports/", "disk_image_format": "vhd"}, f"exports/{ID}.vhd"),
        ({"s3_prefix": "x", "disk_image_format": "RAW"}, f"x{ID}.raw"),
    ],
)
def test_the_key_is_prefix_id_and_format(arguments: dict[str, Any], key: str) -> None:
    assert Simulator().add_task(task_id=ID, **arguments).s3_key == key


@pytest.mark.rule("SIM-05")
def test_a_recorded_task_has_no_key() -> None:
    sim = Simulator()
    sim.load_tasks([{"ExportImageTaskId": ID, "Status": "completed"}])
    task = sim.task(ID)
    assert (task.s3_key, task.s3_bucket, task.s3_prefix) == (None, None, None)


@pytest.mark.rule("SIM-05", "SIM-06", "RSP-12")
@given(strategies.accounts)
def test_a_recorded_list_is_dumped_unchanged(records: list[dict[str, Any]]) -> None:
    sim = Simulator()
    sim.load_tasks(records)
    assert sim.dump_tasks() == records
    other = Simulator()
    other.load_tasks(sim.dump_tasks())
    assert other.dump_tasks() == records


GOOD = {"ExportImageTaskId": "export-ami-00000000", "Status": "active"}


@pytest.mark.rule("SIM-05", "SIM-06")
@pytest.mark.parametrize(
    ("record", "named"),
    [
        ({**GOOD, "Bogus": "x"}, "record 1 has 'Bogus'"),
        ({"Status": "active"}, "record 1 has no ExportImageTaskId"),
        ({"ExportImageTaskId": ID}, "record 1 has no Status"),
        ({"ExportImageTaskId": ID, "Status": "Active"}, "record 1.Status is 'Active'"),
        ({"ExportImageTaskId": ID, "Status": 3}, "record 1.Status must be a string"),
        ({"ExportImageTaskId": "x", "Status": "active"}, "record 1.ExportImageTaskId"),
        (GOOD, "record 1.ExportImageTaskId is .* a second time"),
        ({"ExportImageTaskId": ID, "Status": "active"}, "already has"),
        ({**GOOD, "Progress": 21}, "record 1.Progress must be a string, not int"),
        ({**GOOD, "S3ExportLocation": "x"}, "record 1.S3ExportLocation must be a dict"),
        ({**GOOD, "S3ExportLocation": {"Key": "x"}}, "record 1.S3ExportLocation has"),
        ({**GOOD, "Tags": {}}, "record 1.Tags must be a list"),
        ({**GOOD, "Tags": [3]}, r"record 1.Tags\[0\] must be a dict"),
        ({**GOOD, "Tags": [{"Key": 3}]}, r"record 1.Tags\[0\].Key must be a string"),
        ({**GOOD, "Tags": [{"Key": "k"}] * 2}, "record 1.Tags has the key 'k' twice"),
        ({**GOOD, "Description": "\x00"}, "record 1.Description has text"),
        ("x", "record 1 must be a dict, not str"),
    ],
)
def test_an_invalid_list_is_not_loaded_at_all(record: Any, named: str) -> None:
    sim = Simulator()
    sim.add_task(task_id=ID)
    before = sim.dump_tasks()
    with pytest.raises(ValueError, match=named):
        sim.load_tasks([GOOD, record])
    assert sim.dump_tasks() == before


@pytest.mark.rule("SIM-05")
def test_mappings_and_tuples_are_loaded_like_dicts_and_lists() -> None:
    tags = ({"Key": "k", "Value": "v"}, MappingProxyType({"Key": "l"}))
    sim = Simulator()
    sim.load_tasks((MappingProxyType({**GOOD, "Tags": tags}),))
    assert sim.dump_tasks() == [{**GOOD, "Tags": [dict(tag) for tag in tags]}]


@pytest.mark.rule("SIM-06")
def test_a_generator_may_add_tasks_itself() -> None:
    sim = Simulator()

    def records() -> Any:
        yield GOOD
        sim.add_task()

    sim.load_tasks(records())
    assert [task.number for task in sim.tasks] == [1, 2]


@pytest.mark.rule("SIM-05")
def test_a_generator_is_read_record_by_record_and_without_the_lock() -> None:
    sim = Simulator()
    record = dict(GOOD)

    def records() -> Iterator[dict[str, str]]:
        for n in range(3):
            record["ExportImageTaskId"] = f"export-ami-1000000{n}"
            yield record  # the same dict: a list of them would have one id
            caller = Thread(target=sim.client().describe_tags)
            caller.start()
            caller.join(10)
            assert not caller.is_alive()

    sim.load_tasks(records())
    assert [task.id[-1] for task in sim.tasks] == ["0", "1", "2"]


@pytest.mark.rule("SIM-05")
def test_only_a_list_is_loaded() -> None:
    with pytest.raises(ValueError, match="records must be a list, not int"):
        Simulator().load_tasks(3)  # type: ignore[arg-type]


@pytest.mark.rule("LIF-02", "LIF-03", "LIF-04")
def test_test_controls_complete_and_fail_an_active_task() -> None:
    sim = Simulator()
    done = sim.complete_task(sim.add_task().id)
    assert (done.state, done.progress, done.status_message) == ("completed", None, None)
    failed = sim.fail_task(sim.add_task().id, "broken")
    assert (failed.state, failed.progress) == ("deleting", None)
    assert failed.status_message == "ClientError: broken"
    again = sim.fail_task(sim.add_task().id, "ClientError: broken")
    assert again.status_message == "ClientError: broken"
    assert sim.task(done.id) == done


@pytest.mark.rule("LIF-02")
@pytest.mark.parametrize("status", ["completed", "deleting", "deleted"])
def test_only_an_active_task_can_complete_or_fail(status: str) -> None:
    sim = Simulator()
    task = sim.add_task(status=status)
    with pytest.raises(ValueError, match=f"{task.id} is {status}; it cannot complete"):
        sim.complete_task(task.id)
    with pytest.raises(ValueError, match=f"{task.id} is {status}; it cannot fail"):
        sim.fail_task(task.id, "x")
    assert sim.task(task.id) == task


@pytest.mark.rule("SIM-07", "LIF-15")
def test_an_unknown_task_is_a_lookup_error() -> None:
    sim = Simulator()
    task = sim.in_region("eu-west-1").add_task()
    for call in (sim.task, sim.complete_task, sim.remove_task):
        with pytest.raises(LookupError, match=f"no task '{task.id}' in us-east-1"):
            call(task.id)
    with pytest.raises(LookupError):
        sim.fail_task(task.id, "x")


@pytest.mark.rule("SIM-07")
@pytest.mark.parametrize("status", strategies.STATES)
def test_a_removed_task_does_not_exist(status: str) -> None:
    sim = Simulator()
    kept, task = sim.add_task(), sim.add_task(status=status)
    sim.remove_task(task.id)
    assert sim.tasks == (kept,)


def test_a_task_is_frozen_and_has_a_short_repr() -> None:
    task = Simulator().add_task(task_id=ID, progress=21, tags={"a": "1", "A": ""})
    assert repr(task) == f"<ExportImageTask {ID} active 21% updating>"
    assert (task.id, task.state, task.s3_bucket) == (ID, TaskState.ACTIVE, "exports")
    assert task.tags == {"a": "1", "A": ""}
    with pytest.raises(dataclasses.FrozenInstanceError):
        task.progress = "22"  # type: ignore[misc]
    with pytest.raises(TypeError):
        task.tags["a"] = "2"  # type: ignore[index]
    assert len({task, task}) == 1


@pytest.mark.rule("LIF-08")
def test_time_does_not_change_an_added_task() -> None:
    sim = Simulator()
    tasks = [sim.add_task(status=status) for status in strategies.STATES]
    sim.advance(10**6)
    assert list(sim.tasks) == tasks


@pytest.mark.parametrize("status", ["deleting", "completed", "deleted"])
def test_a_repr_omits_absent_members(status: str) -> None:
    task = Simulator().add_task(task_id=ID, status=status)
    assert repr(task) == f"<ExportImageTask {ID} {status}>"


@pytest.mark.rule("IDS-03")
def test_an_id_becomes_a_plain_str() -> None:
    class Text(str):
        __slots__ = ()

    sim = Simulator()
    assert type(sim.add_task(task_id=Text(ID)).id) is str
    assert sim.task(ID).id == ID
