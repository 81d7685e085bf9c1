"""The call log: its questions, its assertions, its transcript, its notes."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import Call, Calls, ClientError, Quirk, Simulator
from tests.calls import IMAGE, OTHER, UNKNOWN, export

LOCATION: Any = {"S3Bucket": "exports", "S3Prefix": "Zürich & Söhne/"}


def made() -> Simulator:
    """Return a simulator with three calls in its log, the last one an error."""
    sim = Simulator(seconds_per_call=60)
    ec2 = sim.client()
    ec2.export_image(
        ImageId=IMAGE, DiskImageFormat="VMDK", S3ExportLocation=LOCATION, RoleName="é"
    )
    ec2.describe_export_image_tasks()
    with pytest.raises(ClientError):
        ec2.describe_export_image_tasks(Filters=[{"Name": "Task-State"}])
    return sim


# --- questions ----------------------------------------------------------------------


@pytest.mark.rule("SIM-22")
@pytest.mark.parametrize("name", ["ExportImage", "export_image"])
def test_operations_are_named_as_in_the_api_or_as_in_boto3(name: str) -> None:
    sim = made()
    assert [call.operation for call in sim.calls.of(name)] == ["ExportImage"]
    sim.calls.assert_called(name, ImageId=IMAGE)
    sim.calls.assert_called_once(name, ImageId=IMAGE, S3ExportLocation=LOCATION)
    with pytest.raises(AssertionError):
        sim.calls.assert_not_called(name)
    assert sim.invoke("describe_tags", {}) == {"Tags": []}
    sim.fail_next_call("cancel_export_task", "Unavailable")
    with pytest.raises(ClientError, match="Unavailable"):
        sim.client().cancel_export_task(ExportTaskId=UNKNOWN)


@pytest.mark.rule("SIM-22")
@pytest.mark.parametrize(
    "ask",
    [
        lambda calls: calls.of("RunInstances"),
        lambda calls: calls.assert_called("exportImage"),
        lambda calls: calls.assert_called_once("*"),
        lambda calls: calls.assert_not_called(None),
    ],
)
def test_an_unknown_operation_is_a_value_error(ask: Any) -> None:
    with pytest.raises(ValueError, match="known are DescribeExportImageTasks, Export"):
        ask(made().calls)


@pytest.mark.rule("SIM-22")
@pytest.mark.parametrize(
    "ask",
    [
        lambda calls: "ExportImage" in calls,
        lambda calls: calls.count("ExportImage"),
        lambda calls: calls.index("ExportImage"),
    ],
)
def test_a_str_is_never_a_call(ask: Any) -> None:
    with pytest.raises(TypeError, match=r"use calls\.of\('ExportImage'\)"):
        ask(made().calls)


@pytest.mark.rule("SIM-22")
def test_the_log_is_a_sequence_of_calls() -> None:
    sim = made()
    calls = sim.calls
    assert len(calls) == 3
    assert calls.last is not None
    assert calls.last.error_code == "InvalidParameterValue"
    assert Simulator().calls.last is None
    assert calls == list(calls) == calls
    assert calls == tuple(calls)
    assert calls != list(calls)[:2]
    assert calls != "calls"
    assert calls[0] in calls
    assert calls.index(calls[1]) == calls.count(calls[1]) == 1
    assert calls[1:] == [calls[1], calls[2]]
    assert isinstance(calls[1:], Calls)
    assert Simulator().calls == []
    assert repr(Simulator().calls) == "Calls([])"


@pytest.mark.rule("SIM-17")
def test_the_log_is_a_copy() -> None:
    sim = made()
    calls = sim.calls
    calls[0].parameters.clear()
    sim.client().describe_tags()
    assert len(calls) == 3
    assert sim.calls[0].parameters["ImageId"] == IMAGE


# --- assertions ---------------------------------------------------------------------


@pytest.mark.rule("SIM-22")
def test_an_assertion_that_fails_lists_the_last_calls() -> None:
    sim = made()
    with pytest.raises(AssertionError) as caught:
        sim.calls.assert_called("ExportImage", ImageId=OTHER, RoleName="é")
    text = str(caught.value)
    assert text.startswith(f"no call ExportImage(ImageId='{OTHER}', RoleName='é') was")
    assert "The last 3 of 3 calls:" in text
    assert "Zürich & Söhne/" in text
    with pytest.raises(AssertionError, match="ExportImage was called 1 times"):
        sim.calls.assert_not_called("ExportImage")
    with pytest.raises(AssertionError, match="CancelExportTask was called 0 times"):
        sim.calls.assert_called_once("CancelExportTask")
    with pytest.raises(AssertionError, match="was called 2 times"):
        sim.calls.assert_called_once("DescribeExportImageTasks")
    with pytest.raises(AssertionError, match="no call ExportImage"):
        sim.calls.assert_called_once("ExportImage", ImageId=OTHER)
    with pytest.raises(AssertionError, match=r"No call was made\."):
        Simulator().calls.assert_called("ExportImage")


@pytest.mark.rule("SIM-22")
def test_an_assertion_lists_twenty_calls_of_all_operations() -> None:
    sim = Simulator()
    for _ in range(30):
        sim.client().describe_tags()
    with pytest.raises(AssertionError) as caught:
        sim.calls.assert_called("ExportImage")
    assert "The last 20 of 30 calls:" in str(caught.value)
    assert str(caught.value).count("DescribeTags()") == 20


@pytest.mark.rule("SIM-22")
def test_errors_and_retries_count_as_calls() -> None:
    sim = Simulator()
    sim.fail_next_call("ExportImage", "Unavailable")
    assert export(sim)[0] == "Unavailable"
    with pytest.raises(AssertionError, match="Unavailable"):
        sim.calls.assert_not_called("ExportImage")


@pytest.mark.rule("SIM-25")
def test_the_mock_librarys_assertion_is_named() -> None:
    calls: Any = Simulator().calls
    with pytest.raises(AttributeError, match=r"use assert_called_once\(operation"):
        calls.assert_called_once_with("ExportImage")
    with pytest.raises(AttributeError, match=r"has no 'called'$"):
        _ = calls.called


# --- the transcript and the notes ---------------------------------------------------


@pytest.mark.rule("SIM-22", "SIM-17")
def test_a_transcript_has_a_line_per_call() -> None:
    lines = str(made().calls).split("\n")
    assert lines[1] == (
        "2025-01-01 00:02:00  us-east-1  DescribeExportImageTasks() -> ok"
    )
    assert lines[2] == (
        "2025-01-01 00:03:00  us-east-1  DescribeExportImageTasks("
        "Filters=[{'Name': 'Task-State'}]) -> InvalidParameterValue  FLT-05: filter "
        "names are case-sensitive; did you mean 'task-state'? "
        "(ec2-export-sim rules FLT-05)"
    )


@pytest.mark.rule("SIM-22")
def test_a_line_of_the_transcript_is_bounded() -> None:
    sim = Simulator()
    values = [f"{n:0200}" for n in range(200)]
    filters: Any = [{"Name": "tag:a & b", "Values": values}]
    sim.client().describe_export_image_tasks(Filters=filters)
    assert len(str(sim.calls)) < 500


def last(sim: Simulator) -> Call:
    call = sim.calls.last
    assert call is not None
    return call


@pytest.mark.rule("SIM-17")
def test_an_error_has_its_rule_and_its_note_in_the_log() -> None:
    call = last(made())
    assert (call.error_code, call.rule) == ("InvalidParameterValue", "FLT-05")
    assert str(call.note).endswith("(ec2-export-sim rules FLT-05)")
    assert made().calls[0][6:] == (None, None)


@pytest.mark.rule("SIM-17", "FLT-06")
@pytest.mark.parametrize(
    ("name", "value", "meant", "count"),
    [
        ("task-state", "Active", "active", 2),
        ("task-state", "COMPLETED", "completed", 1),
        ("tag:Stadt", "zürich", "Zürich", 2),
        ("tag-key", "stadt", "Stadt", 3),
    ],
)
def test_a_value_in_another_case_is_suggested(
    name: str, value: str, meant: str, count: int
) -> None:
    sim = Simulator()
    for status in ("active", "active", "completed"):
        city = "Zürich" if status == "active" else "Bern"
        sim.add_task(status=status, tags={"Stadt": city})
    filters: Any = [{"Name": name, "Values": ["x", value]}]
    assert (
        sim.client().describe_export_image_tasks(Filters=filters)["ExportImageTasks"]
        == []
    )
    call = last(sim)
    assert (call.error_code, call.rule) == (None, "FLT-06")
    assert str(call.note).startswith(
        f"FLT-06: {value!r} matches nothing, {meant!r} would match {count} ("
    )


@pytest.mark.rule("SIM-17", "LIF-15")
def test_the_regions_that_have_the_tasks_are_named() -> None:
    sim = Simulator()
    sim.in_region("eu-west-1").add_task(tags={"a": "b"})
    for method in ("describe_export_image_tasks", "describe_tags"):
        getattr(sim.client(), method)()
        assert last(sim).rule == "LIF-15"
        assert str(last(sim).note).startswith("LIF-15: the tasks are in eu-west-1 (")


@pytest.mark.rule("SIM-17", "FLT-06")
def test_a_tag_in_another_case_is_suggested() -> None:
    sim = Simulator()
    sim.add_task(tags={"Stadt": "Zürich"})
    filters: Any = [{"Name": "key", "Values": ["stadt"]}]
    assert sim.client().describe_tags(Filters=filters)["Tags"] == []
    assert str(last(sim).note).startswith(
        "FLT-06: 'stadt' matches nothing, 'Stadt' would match 1 ("
    )


@pytest.mark.rule("SIM-17", "FLT-06")
def test_a_suggestion_counts_the_named_tasks_only() -> None:
    sim = Simulator()
    sim.add_task()
    task = sim.add_task(status="completed")
    filters: Any = [{"Name": "task-state", "Values": ["Active"]}]
    sim.client().describe_export_image_tasks(
        ExportImageTaskIds=[task.id], Filters=filters
    )
    assert last(sim).note is None


NAMING_CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("describe_export_image_tasks", "ExportImageTaskIds", {}),
    ("create_tags", "Resources", {"Tags": [{"Key": "a", "Value": "b"}]}),
    ("delete_tags", "Resources", {}),
]


@pytest.mark.rule("SIM-17", "IDS-05", "LIF-15", "SIM-07")
@pytest.mark.parametrize(("method", "name", "others"), NAMING_CALLS)
def test_the_note_of_an_unknown_id_says_where_its_task_is(
    method: str, name: str, others: dict[str, Any]
) -> None:
    sim = Simulator()
    removed = sim.add_task().id
    sim.remove_task(removed)
    elsewhere = sim.in_region("eu-west-1").add_task().id
    parameters = {name: [removed, elsewhere, f"export-ami-{0:017}"], **others}
    with pytest.raises(ClientError) as caught:
        getattr(sim.client(), method)(**parameters)
    assert caught.value.__notes__ == [last(sim).note]
    assert (
        f": {removed} was removed, {elsewhere} is in eu-west-1 (ec2-export-sim rules "
        "IDS-05)" in str(last(sim).note)
    )


@pytest.mark.rule("SIM-17", "IDS-05", "SIM-07")
def test_the_note_of_a_canceled_export_says_that_it_was_removed() -> None:
    sim = Simulator()
    removed = sim.add_task().id
    sim.remove_task(removed)
    with pytest.raises(ClientError):
        sim.client().cancel_export_task(ExportTaskId=removed)
    assert f"in this region: {removed} was removed (" in str(last(sim).note)


@pytest.mark.rule("SIM-17")
def test_the_note_of_unknown_ids_names_ten_of_them() -> None:
    sim = Simulator()
    removed = [sim.add_task().id for _ in range(13)]
    for task_id in removed:
        sim.remove_task(task_id)
    with pytest.raises(ClientError):
        sim.client().describe_export_image_tasks(ExportImageTaskIds=removed)
    note = str(last(sim).note)
    assert note.count("export-ami-") == 10
    assert f"{removed[9]} was removed and 3 more (" in note


@pytest.mark.rule("SIM-17", "IDS-14", "SIM-07")
def test_an_empty_answer_says_that_the_named_task_was_removed() -> None:
    sim = Simulator(quirks=[Quirk.UNKNOWN_IDS_OMITTED])
    removed = sim.add_task().id
    sim.add_task()
    sim.remove_task(removed)
    client = sim.client()
    client.describe_export_image_tasks(ExportImageTaskIds=[removed])
    assert str(last(sim).note).startswith(f"IDS-05: {removed} was removed (")
    filters: Any = [{"Name": "resource-id", "Values": [removed]}]
    client.describe_tags(Filters=filters)
    assert str(last(sim).note).startswith(f"IDS-05: {removed} was removed (")


@pytest.mark.rule("SIM-17")
def test_an_empty_answer_without_a_likely_reason_has_no_note() -> None:
    sim = Simulator()
    sim.client().describe_export_image_tasks()
    assert last(sim)[5:] == (None, None, None)
    sim.add_task()
    sim.in_region("eu-west-1").add_task()
    filters: Any = [{"Name": "task-state", "Values": ["completed"]}]
    sim.client().describe_export_image_tasks(Filters=filters)
    assert last(sim)[5:] == (None, None, None)


@pytest.mark.rule("SIM-22")
def test_a_call_is_one_line_whatever_its_note_quotes() -> None:
    sim = Simulator()
    with pytest.raises(ClientError):
        sim.client().describe_export_image_tasks(Filters=[{"Name": "Tag:a\nb\u2028"}])
    assert len(str(sim.calls).splitlines()) == 1
    assert "did you mean" in str(sim.calls)


@pytest.mark.rule("SIM-17")
@pytest.mark.parametrize(
    ("method", "size"), [("describe_export_image_tasks", 1), ("describe_tags", 5)]
)
def test_an_empty_last_page_has_no_note(method: str, size: int) -> None:
    sim = Simulator()
    sim.in_region("eu-west-1").add_task(tags={"a": "b"})
    for number in range(2):
        sim.add_task(tags={f"k{number}-{n}": "v" for n in range(3)})
    page = getattr(sim.client(), method)(MaxResults=size)
    for task in sim.tasks:
        sim.remove_task(task.id)
    getattr(sim.client(), method)(NextToken=page["NextToken"])
    assert (last(sim).error_code, last(sim).note) == (None, None)
