"""`serve`: HTTP/1.1 as a user of HTTP expects it, and a clock that can follow ours."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Barrier, Event
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import Policy, Simulator, server
from ec2_export_sim.server import serve
from tests.wsgi_client import error

if TYPE_CHECKING:
    from collections.abc import Iterator

DESCRIBE = b"Action=DescribeExportImageTasks&Version=2016-11-15"


@contextmanager
def connected(url: str) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)) as made:
        yield made


def answered(
    connection: http.client.HTTPConnection, *request: Any, **options: Any
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection.request(*request, **options)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def describe(url: str) -> int:
    with connected(url) as connection:
        return answered(connection, "POST", "/", DESCRIBE)[0]


def control(url: str, name: str, **arguments: Any) -> Any:
    body = json.dumps(arguments).encode()
    with urllib.request.urlopen(f"{url}/_sim/{name}", body) as answer:  # noqa: S310
        return json.load(answer)


def raw(url: str, *pieces: bytes) -> bytes:
    """Send *pieces* on one connection, and return all that comes until it is closed."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), 30) as connection:
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(2**16), b""))


def real_client(url: str) -> Any:
    return boto3.client(
        "ec2",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="a",
        aws_secret_access_key="b",  # noqa: S106 - no secret
    )


# --- the API ------------------------------------------------------------------------


def test_a_real_client_is_answered_as_in_process() -> None:
    sim = Simulator()
    for name in ("plain", "a&b <c> é"):
        sim.add_task(tags={"Name": name})
    with serve(sim) as url:
        pages = real_client(url).get_paginator("describe_export_image_tasks")
        walked = pages.paginate(PaginationConfig={"PageSize": 1})
        assert walked.build_full_result()["ExportImageTasks"] == sim.dump_tasks()


def test_all_callers_share_policy_and_principal() -> None:
    sim, principal = Simulator(), "arn:aws:iam::123456789012:role/reader"
    with serve(sim, policy=Policy.deny_all(), principal=principal) as url:
        with pytest.raises(ClientError, match="UnauthorizedOperation"):
            real_client(url).describe_export_image_tasks()
        assert sim.calls[-1].principal == principal


def test_all_callers_share_the_condition_keys() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
    }
    policy = Policy.from_document({"Version": "2012-10-17", "Statement": statement})
    for team, status in (("blue", 200), ("red", 403)):
        context = {"aws:PrincipalTag/team": team}
        with serve(Simulator(), policy=policy, context=context) as url:
            assert describe(url) == status


@pytest.mark.rule("WIR-30")
def test_the_date_is_real_and_all_else_is_simulated() -> None:
    sim = Simulator()
    with serve(sim) as url, connected(url) as connection:
        for path in ("/", "/_sim/now"):
            _, headers, body = answered(connection, "GET", path)
            sent = parsedate_to_datetime(headers["date"])
            assert abs(datetime.now(UTC) - sent) < timedelta(minutes=1)
    assert json.loads(body) == {"now": "2025-01-01T00:00:00+00:00"}


# --- HTTP/1.1 -----------------------------------------------------------------------


@pytest.mark.rule("WIR-31")
def test_a_connection_is_kept() -> None:
    with serve(Simulator()) as url, connected(url) as connection:
        assert answered(connection, "POST", "/", DESCRIBE)[0] == 200
        kept = connection.sock
        assert answered(connection, "DELETE", "/")[0] == 405
        assert answered(connection, "GET", f"/?{DESCRIBE.decode()}")[0] == 200
        assert connection.sock is kept is not None


@pytest.mark.rule("WIR-31")
def test_requests_sent_together_are_answered_in_order() -> None:
    head = b"GET /_sim/%b HTTP/1.1\r\nHost: x\r\n%b\r\n"
    with serve(Simulator()) as url:
        came = raw(
            url, head % (b"now", b"") + head % (b"tasks", b"Connection: close\r\n")
        )
    assert came.count(b"HTTP/1.1 200 OK") == 2
    assert came.index(b'"now"') < came.index(b'"ExportImageTasks"')


@pytest.mark.rule("WIR-31")
def test_a_body_may_come_in_chunks() -> None:
    with serve(Simulator()) as url, connected(url) as connection:
        pieces = [DESCRIBE[:7], DESCRIBE[7:]]
        status, _, _ = answered(connection, "POST", "/", body=iter(pieces))
        assert status == 200
        head = b"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n%b\r\n\r\n"
        body = b"%X;name=value\r\n%b\r\n0\r\nTrailer: x\r\n\r\n"
        came = raw(
            url,
            head % b"Content-Length: 3\r\nConnection: close",
            body % (len(DESCRIBE), DESCRIBE),
        )
        assert came.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.rule("WIR-14", "WIR-31")
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"Transfer-Encoding: chunked", b"x\r\n"),
        (b"Transfer-Encoding: chunked", b"-1\r\n"),
        (b"Transfer-Encoding: chunked", b"3\r\nabcdef\r\n0\r\n\r\n"),
        (b"Transfer-Encoding: gzip", b"0\r\n\r\n"),
        (b"Content-Length: x", DESCRIBE),
        (b"Content-Length: -1", DESCRIBE),
        (b"Content-Length: 1000", DESCRIBE),
    ],
)
def test_a_body_whose_end_cannot_be_found_is_refused(
    headers: bytes, body: bytes
) -> None:
    request = b"POST %b HTTP/1.1\r\n%b\r\n\r\n%b"
    with serve(Simulator()) as url:
        head, _, answer = raw(url, request % (b"/", headers, body)).partition(
            b"\r\n\r\n"
        )
        assert head.startswith(b"HTTP/1.1 400 Bad Request")
        assert b"connection: close" in head
        assert error(answer)[0] == "InvalidHttpRequest"
        came = raw(url, request % (b"/_sim/reset", headers, body))
        assert came.startswith(b"HTTP/1.1 400 Bad Request")
        assert b'{"error": ' in came


@pytest.mark.rule("WIR-31")
def test_a_caller_that_waits_for_100_continue_gets_it() -> None:
    head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with serve(Simulator()) as url:
        place = urlsplit(url)
        with socket.create_connection((place.hostname, place.port), 30) as connection:
            connection.sendall(head % len(DESCRIBE))
            assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.sendall(DESCRIBE)
            assert connection.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.rule("WIR-31", "WIR-12")
@pytest.mark.parametrize(
    ("path", "status", "allow"),
    [
        ("/_sim/health", 200, None),
        ("/_sim/reset", 405, "POST"),
        ("/", 405, "GET, POST"),
    ],
)
def test_head_has_no_body(path: str, status: int, allow: str | None) -> None:
    with serve(Simulator()) as url, connected(url) as connection:
        found, headers, body = answered(connection, "HEAD", path)
        assert (found, headers["allow"], body) == (status, allow, b"")
        assert int(headers["content-length"]) > 0
        assert answered(connection, "GET", "/_sim/health")[0] == 200


@pytest.mark.rule("WIR-13", "WIR-31")
@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_that_is_too_large_is_refused_and_its_caller_is_not_reset(
    in_chunks: bool,
) -> None:
    large = b"x" * 20 * 2**20
    body = iter([large[: 2**16]] * 320) if in_chunks else large
    with serve(Simulator()) as url, connected(url) as connection:
        status, _, answer = answered(connection, "POST", "/", body=body)
        assert (status, error(answer)[0]) == (413, "InvalidHttpRequest")
        assert describe(url) == 200


def test_an_older_caller_is_answered_and_hung_up() -> None:
    with serve(Simulator()) as url:
        came = raw(url, b"GET /_sim/health HTTP/1.0\r\n\r\n")
    assert came.endswith(b"\r\n\r\n{}\n")


pieces = st.sampled_from(
    [
        *(b"GET ", b"POST ", b"BREW ", b"/", b"/_sim/reset", b" HTTP/1.1", b" HTTP/9"),
        *(b"\r\n", b"Content-Length: 3", b"Transfer-Encoding: chunked", b"0", b"3"),
        *(b"Expect: 100-continue", b"Connection: keep-alive", b"Origin: x", b":", b"a"),
        *(b"\x16\x03\x01", b"\xff", b"?region=", b"{}", b" "),
    ]
)


def test_whatever_is_sent_disturbs_nobody() -> None:
    with serve(Simulator()) as url:

        @given(st.lists(pieces, max_size=20).map(b"".join) | st.binary())
        def check(sent: bytes) -> None:
            raw(url, sent)
            assert describe(url) == 200

        check()


def test_ipv6() -> None:
    with serve(Simulator(), "::1") as url:
        assert url.startswith("http://[::1]:")
        assert describe(url) == 200


# --- many callers, and the end ------------------------------------------------------


@pytest.mark.rule("WIR-32")
def test_two_hundred_callers_at_once_lose_nothing() -> None:
    count, sim = 200, Simulator()
    together = Barrier(count)

    def call(_: int) -> int:
        together.wait()
        return describe(url)

    with serve(sim) as url, ThreadPoolExecutor(count) as pool:
        assert list(pool.map(call, range(count))) == [200] * count
    assert len(sim.calls) == count


@pytest.mark.rule("WIR-32")
def test_requests_are_answered_side_by_side() -> None:
    both = Barrier(2, timeout=30)
    sim = Simulator(on_completed=lambda _: both.wait())
    ids = [sim.add_task().id for _ in range(2)]
    with serve(sim) as url, ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: control(url, "complete_task", task_id=each), ids))


@pytest.mark.rule("WIR-33")
def test_an_answer_under_way_is_finished() -> None:
    entered, left = Event(), Event()

    def slowly(_: object) -> None:
        entered.set()
        assert left.wait(30)

    def leave() -> None:
        """Let the answer go on when the server takes no connection any more."""
        place = urlsplit(url)
        while True:
            try:
                socket.create_connection((place.hostname, place.port), 30).close()
            except OSError:
                return left.set()

    sim = Simulator(on_completed=slowly)
    task = sim.add_task()
    with ThreadPoolExecutor(2) as pool:
        with serve(sim) as url:
            answer = pool.submit(control, url, "complete_task", task_id=task.id)
            assert entered.wait(30)
            pool.submit(leave)
        assert answer.result()["Status"] == "completed"


@pytest.mark.rule("WIR-33")
def test_a_connection_that_waits_for_its_next_request_is_closed() -> None:
    with serve(Simulator()) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        answered(connection, "GET", "/_sim/health")
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


@pytest.mark.rule("SIM-65")
def test_an_injected_exception_closes_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sim = Simulator()
    monkeypatch.setattr("time.sleep", sim.sleep)  # between the tries of a real client
    sim.fail_next_call("describe_export_image_tasks", exception=OSError("of the test"))
    with serve(sim) as url:
        with pytest.raises(http.client.RemoteDisconnected):
            describe(url)
        sim.fail_next_call("*", exception=KeyboardInterrupt(), times=2)
        assert real_client(url).describe_export_image_tasks()["ExportImageTasks"] == []
    codes = [call.error_code for call in sim.calls]
    assert codes == ["OSError", "KeyboardInterrupt", "KeyboardInterrupt", None]


# --- time ---------------------------------------------------------------------------


@pytest.mark.rule("SIM-64")
@pytest.mark.parametrize(("speed", "passed"), [(0, 0), (1, 10), (60, 600)])
def test_simulated_time_follows_real_time(
    monkeypatch: pytest.MonkeyPatch, speed: float, passed: float
) -> None:
    clock = iter([100.0, 101.5, 101.5, 110.0])
    of_the_test = SimpleNamespace(perf_counter=lambda: next(clock))
    monkeypatch.setattr(server, "time", of_the_test)
    sim = Simulator()
    start = sim.now
    with serve(sim, speed=speed) as url:
        assert [describe(url) for _ in range(3)] == [200] * 3
    assert sim.now - start == timedelta(seconds=passed)


@pytest.mark.rule("SIM-64")
def test_an_export_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.0, 14.9, 15.0])
    of_the_test = SimpleNamespace(perf_counter=lambda: next(clock))
    monkeypatch.setattr(server, "time", of_the_test)
    with serve(Simulator(), speed=60) as url:
        ec2 = real_client(url)
        ec2.export_image(
            ImageId="ami-0abcdef1234567890",
            DiskImageFormat="VMDK",
            S3ExportLocation={"S3Bucket": "exports"},
        )
        seen = [
            ec2.describe_export_image_tasks()["ExportImageTasks"][0]["Status"]
            for _ in range(2)
        ]
    assert seen == ["active", "completed"]


@pytest.mark.rule("SIM-64")
def test_what_on_completed_raises_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("of the test")

    clock = iter([0.0, 1000.0, 1000.0])
    of_the_test = SimpleNamespace(perf_counter=lambda: next(clock))
    monkeypatch.setattr(server, "time", of_the_test)
    sim = Simulator(on_completed=fail)
    sim.client().export_image(
        ImageId="ami-0abcdef1234567890",
        DiskImageFormat="VMDK",
        S3ExportLocation={"S3Bucket": "exports"},
    )
    with serve(sim, speed=1) as url:
        assert describe(url) == 200
        task = sim.add_task()
        with connected(url) as connection:
            body = json.dumps({"task_id": task.id})
            status, _, answer = answered(
                connection, "POST", "/_sim/complete_task", body
            )
    assert (status, json.loads(answer)) == (
        500,
        {"error": "ZeroDivisionError('of the test')"},
    )
    assert caplog.text.count("of the test") >= 2


# --- arguments and the log ----------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"speed": -1}, "speed"),
        ({"speed": float("nan")}, "speed"),
        ({"speed": 10**7}, "speed must be from 0 to 1000000"),
        ({"speed": "1"}, "speed"),
        ({"host": ""}, "host"),
        ({"host": "192.0.2.1"}, "192.0.2.1"),
        ({"port": 99999}, "65535"),
        ({"principal": "\x00"}, "principal"),
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named), serve(Simulator(), **arguments):
        pass


def test_a_port_in_use_is_named() -> None:
    with serve(Simulator()) as url:
        port = urlsplit(url).port or 0
        taken = f"port {port}: .*in use"
        with pytest.raises(ValueError, match=taken), serve(Simulator(), port=port):
            pass
    with serve(Simulator(), port=port) as again:
        assert again == url


def test_wrong_types_are_type_errors() -> None:
    with pytest.raises(TypeError, match="sim"), serve("sim"):  # type: ignore[arg-type]
        pass


def test_each_request_is_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, "ec2_export_sim"),
        serve(Simulator()) as url,
        connected(url) as connection,
    ):
        answered(connection, "POST", "/", DESCRIBE)
        answered(connection, "GET", f"/?{DESCRIBE.decode()}&DryRun=true")
        answered(connection, "POST", "/", b"Action=%0A")
        answered(connection, "DELETE", "/")
        answered(connection, "GET", "/_sim/now")
        answered(connection, "POST", "/_sim/%0Anow")
    logged = [record.getMessage().partition(":")[0] for record in caplog.records]
    assert logged == [
        "DescribeExportImageTasks 200",
        "DescribeExportImageTasks 412 DryRunOperation AUT-01",
        "POST 400 MissingParameter WIR-24",
        "DELETE 405 InvalidHttpRequest WIR-12",
        "GET '/_sim/now' 200",
        "POST '/_sim/\\nnow' 404",
    ]
