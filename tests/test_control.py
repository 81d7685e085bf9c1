"""The control paths, which do the same as the methods of test controls."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import Simulator
from ec2_export_sim.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = (
    *("add_task", "load_tasks", "complete_task", "fail_task", "remove_task"),
    *("fail_exports_of", "fail_next_call", "advance", "reset"),
)
READERS = ("tasks", "calls", "now", "health")
IMAGE = "ami-0abcdef1234567890"


class Control:
    """A caller of another process: JSON in, HTTP status and JSON out."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def send(
        self, method: str, path: str, body: bytes | str | None = None, **headers: str
    ) -> tuple[int, Any]:
        self.connection.request(method, f"/_sim/{path}", body, headers)
        answer = self.connection.getresponse()
        assert answer.headers["content-type"] == "application/json"
        return answer.status, json.load(answer)

    def post(self, name: str, **arguments: Any) -> tuple[int, Any]:
        return self.send("POST", name, json.dumps(arguments))

    def get(self, name: str) -> Any:
        status, value = self.send("GET", name)
        assert status == 200
        return value


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def control(sim: Simulator) -> Iterator[Control]:
    with serve(sim) as url:
        caller = Control(url)
        yield caller
        caller.connection.close()


# --- what each does -----------------------------------------------------------------


@pytest.mark.rule("SIM-60", "SIM-62")
def test_tasks_are_added_moved_and_removed(sim: Simulator, control: Control) -> None:
    tags = {"Name": "a&b <c> é"}
    added = control.post("add_task", image_id=IMAGE, progress=80, tags=tags)
    assert added == (200, sim.dump_tasks()[0])
    assert added[1]["StatusMessage"] == "converting"
    failing, done = (sim.add_task().id for _ in range(2))
    status, failed = control.post("fail_task", task_id=failing, message="Disk full")
    assert (status, failed["Status"]) == (200, "deleting")
    status, completed = control.post("complete_task", task_id=done)
    assert (status, completed["Status"]) == (200, "completed")
    gone = added[1]["ExportImageTaskId"]
    assert control.post("remove_task", task_id=gone) == (200, {})
    assert control.get("tasks") == {"ExportImageTasks": [failed, completed]}


@pytest.mark.rule("SIM-60")
def test_a_recorded_list_is_loaded_whatever_its_length(
    sim: Simulator, control: Control
) -> None:
    other = Simulator(seed=1)
    for n in range(10_000):
        other.add_task(description=f"a task of a long list & its number {n}")
    recorded = other.dump_tasks()
    assert len(json.dumps(recorded)) > 2**20  # more than the API takes
    assert control.post("load_tasks", records=recorded) == (200, {})
    assert control.get("tasks") == {"ExportImageTasks": recorded}
    assert sim.dump_tasks() == recorded


@pytest.mark.rule("SIM-60")
def test_the_clock_moves(sim: Simulator, control: Control) -> None:
    assert control.get("now") == {"now": "2025-01-01T00:00:00+00:00"}
    assert control.post("fail_exports_of", image_id=IMAGE, message="no") == (200, {})
    sim.client().export_image(
        ImageId=IMAGE, DiskImageFormat="VMDK", S3ExportLocation={"S3Bucket": "b"}
    )
    assert control.post("advance", seconds=900.5) == (200, {})
    assert control.get("now") == {"now": "2025-01-01T00:15:00.500000+00:00"}
    assert sim.tasks[0].status_message == "ClientError: no"


@pytest.mark.rule("SIM-60")
def test_a_running_task_goes_on_by_the_clock(control: Control) -> None:
    status, task = control.post("add_task", progress=50, running=True)
    assert (status, task["Status"]) == (200, "active")
    assert control.post("advance", seconds=900) == (200, {})
    (task,) = control.get("tasks")["ExportImageTasks"]
    assert task["Status"] == "completed"


@pytest.mark.rule("SIM-60")
def test_errors_are_injected_and_calls_are_read(
    sim: Simulator, control: Control
) -> None:
    injected = {"operation": "DescribeExportImageTasks", "code": "InternalFailure"}
    arguments = {**injected, "times": 2, "skip": 1}
    assert control.post("fail_next_call", **arguments) == (200, {})
    path = "/?Action=DescribeExportImageTasks&Version=2016-11-15&MaxResults=5"
    for expected in (200, 500, 500, 200):
        control.connection.request("GET", path)
        answer = control.connection.getresponse()
        answer.read()
        assert answer.status == expected
    calls = control.get("calls")
    assert [call["error_code"] for call in calls] == [
        *(None, "InternalFailure", "InternalFailure", None)
    ]
    expected_call = {**sim.calls[-1]._asdict(), "at": "2025-01-01T00:00:00+00:00"}
    assert calls[-1] == expected_call
    assert calls[-1]["parameters"] == {"MaxResults": 5}


@pytest.mark.rule("SIM-60")
def test_reset_needs_no_body(sim: Simulator, control: Control) -> None:
    sim.add_task()
    assert control.send("POST", "reset") == (200, {})
    assert sim.tasks == ()


@pytest.mark.rule("SIM-62")
def test_a_region_is_selected(sim: Simulator, control: Control) -> None:
    status, task = control.post("add_task?region=eu-west-1")
    assert status == 200
    assert sim.tasks == ()
    assert sim.in_region("eu-west-1").dump_tasks() == [task]
    assert control.get("tasks?region=eu-west-1") == {"ExportImageTasks": [task]}
    assert control.get("tasks") == {"ExportImageTasks": []}
    for query in ("region=", "region=%3F", "regoin=eu-west-1"):
        status, value = control.send("GET", f"tasks?{query}")
        assert (status, "region" in value["error"]) == (400, True)


# --- what is refused ----------------------------------------------------------------


@pytest.mark.rule("SIM-61")
@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        # The order of the checks: each row would also meet what the next ones meet.
        ("GET", "snapshot", {"Origin": "null"}, "[]", 404),
        ("GET", "reset", {"Origin": "null"}, "[]", 403),
        ("GET", "reset", {}, "[]", 405),
        ("POST", "reset", {}, "[]", 400),
        # Each by itself.
        ("POST", "", {}, "{}", 404),
        ("POST", "../reset", {}, "{}", 404),
        ("POST", "reset/", {}, "{}", 404),
        ("POST", "__class__", {}, "{}", 404),
        ("POST", "client", {}, "{}", 404),
        ("POST", "advance", {"Origin": "https://example.com"}, '{"seconds": 1}', 403),
        ("GET", "tasks", {"Origin": "https://example.com"}, None, 403),
        ("OPTIONS", "reset", {"Origin": "https://example.com"}, None, 403),
        ("POST", "now", {}, "{}", 405),
        ("PUT", "add_task", {}, "{}", 405),
        *(("POST", "reset", {}, body, 400) for body in ("1", "nonsense", '{"a": 1}')),
        ("POST", "reset", {}, b"\xff", 400),
        ("POST", "reset", {}, "[" * 100_000, 400),
        ("POST", "advance", {}, '{"seconds": ' + "9" * 5000 + "}", 400),
    ],
)
def test_checks_and_their_order(
    sim: Simulator,
    control: Control,
    *,
    method: str,
    path: str,
    headers: Any,
    body: Any,
    status: int,
) -> None:
    sim.add_task()
    found, value = control.send(method, path, body, **headers)
    assert found == status
    assert list(value) == ["error"]
    assert isinstance(value["error"], str)
    assert len(sim.tasks) == 1


@pytest.mark.rule("SIM-61")
@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        (
            "add_task",
            {"progress": 800},
            "progress is 800; it is a number from 0 to 100",
        ),
        ("add_task", {"colour": 1}, "add_task: got an unexpected keyword argument"),
        ("add_task", {"colour": 1}, "its arguments are image_id, status, progress"),
        ("complete_task", {}, "missing a required argument: 'task_id'"),
        ("complete_task", {"task_id": "x"}, "no task 'x' in us-east-1"),
        ("complete_task", {"task_id": []}, "no task [] in us-east-1"),
        ("advance", {"seconds": "x"}, "seconds"),
        ("advance", {"seconds": -1}, "seconds"),
        ("load_tasks", {"records": [{"Status": "x"}]}, "record 0"),
        ("fail_next_call", {"operation": "RunInstances", "code": "x"}, "RunInstances"),
        (
            "fail_next_call",
            {"operation": "*", "exception": "OSError"},
            "unexpected keyword argument 'exception'",
        ),
    ],
)
def test_a_wrong_argument_is_named(
    control: Control, name: str, arguments: dict[str, Any], named: str
) -> None:
    status, value = control.post(name, **arguments)
    assert status == 400
    assert named in value["error"]


@pytest.mark.rule("SIM-61")
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_the_content_type_is_not_looked_at(
    sim: Simulator, control: Control, kind: str
) -> None:
    headers = {"Content-Type": kind}
    assert control.send("POST", "add_task", "{}", **headers)[0] == 200
    assert len(sim.tasks) == 1


# --- whatever comes in --------------------------------------------------------------

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["active", "completed", "*", "VMDK", "DescribeTags", 1, 599]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
task_ids = st.sampled_from([f"export-ami-0000000000000000{n}" for n in range(3)])
likely: dict[str, st.SearchStrategy[Any]] = {
    "image_id": st.just(IMAGE),
    "status": st.sampled_from(["active", "completed", "deleting"]),
    "progress": st.integers(0, 100),
    "tags": st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    "task_id": task_ids,
    "message": st.just("Disk <full> & é"),
    "records": st.lists(
        st.fixed_dictionaries(
            {"ExportImageTaskId": task_ids, "Status": st.just("active")}
        ),
        max_size=2,
    ),
    "operation": st.sampled_from(["*", "ExportImage"]),
    "code": st.just("InternalFailure"),
    "seconds": st.integers(0, 10_000),
}
required = {
    "add_task": ["progress", "tags"],
    "load_tasks": ["records"],
    "complete_task": ["task_id"],
    "fail_task": ["task_id", "message"],
    "remove_task": ["task_id"],
    "fail_exports_of": ["image_id", "message"],
    "fail_next_call": ["operation", "code"],
    "advance": ["seconds"],
}
others = st.dictionaries(
    st.sampled_from(
        [
            *("s3_bucket", "s3_prefix", "disk_image_format", "status", "task_id"),
            *("status_message", "description", "http_status", "times", "running"),
            *("skip", "exception", "self"),
        ]
    ),
    json_values,
    max_size=2,
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, Any]:
    """Draw a call that is right but for an argument or two, or any JSON at all."""
    name = draw(st.sampled_from([*METHODS, *READERS]))
    names = required.get(name, [])
    right = draw(st.fixed_dictionaries({each: likely[each] for each in names}))
    almost = {**right, **draw(others)}
    if names:
        almost[draw(st.sampled_from(names))] = draw(json_values)
    return name, draw(st.sampled_from([right, almost, draw(json_values)]))


@pytest.mark.rule("SIM-61", "SIM-63")
def test_any_json_gets_an_answer_and_the_simulator_stays_usable(
    sim: Simulator, control: Control
) -> None:
    @given(st.lists(requests(), max_size=8))
    def check(sent: list[tuple[str, Any]]) -> None:
        for name, body in sent:
            method = "GET" if name in READERS else "POST"
            status, value = control.send(method, name, json.dumps(body))
            assert status == 200 or (status, list(value)) == (400, ["error"]), value
            assert control.get("tasks") == {"ExportImageTasks": sim.dump_tasks()}
        assert control.post("reset") == (200, {})
        task = control.post("add_task")[1]
        described = sim.client().describe_export_image_tasks()["ExportImageTasks"]
        assert described == [task]

    check()
