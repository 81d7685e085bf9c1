"""The WSGI application: what HTTP adds to an answer, and malformed requests."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.wsgi import MAX_REQUEST_BYTES, application
from tests.wsgi_client import call, error

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

DESCRIBE = b"Action=DescribeExportImageTasks&Version=2016-11-15"


def checked(
    app: WSGIApplication,
    body: bytes = b"",
    query: str = "",
    method: str = "POST",
    **environ: Any,
) -> tuple[str, dict[str, str], bytes]:
    """Call *app* as a server would, checked by the standard library's validator."""
    environ |= {"REQUEST_METHOD": method, "QUERY_STRING": query}
    setup_testing_defaults(environ)
    environ["wsgi.input"] = io.BytesIO(body)
    status, headers, answer = call(validator(app), body, **environ)
    assert headers["content-length"] == str(len(answer))
    return status, headers, answer


@pytest.mark.rule("WIR-03")
@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("POST", "", DESCRIBE),
        ("GET", DESCRIBE.decode(), b""),
        ("POST", "Version=2016-11-15", b"Action=DescribeExportImageTasks"),
    ],
)
def test_parameters_stand_in_query_or_body(
    method: str, query: str, body: bytes
) -> None:
    sim = Simulator()
    task = sim.add_task()
    status, headers, answer = checked(application(sim), body, query, method)
    assert status == "200 OK"
    assert headers["content-type"] == "text/xml;charset=UTF-8"
    assert task.id.encode() in answer


SCOPES = [
    ("AWS4-HMAC-SHA256 Credential=AK/20250101/eu-west-1/ec2/aws4_request, Signed", ""),
    ("AWS4-HMAC-SHA256 Signature=x,Credential=AK/20250101/eu-west-1/ec2/x", ""),
    ("", "X-Amz-Credential=AK%2F20250101%2Feu-west-1%2Fec2%2Faws4_request"),
    ("", "X-Amz-Credential=AK/20250101/eu-west-1/ec2/aws4_request"),
    ("", "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2f20250101%2feu-west-1%2fec2%2fx"),
]
NO_SCOPES = [
    ("", ""),
    ("AWS4-HMAC-SHA256 Credential=AK", ""),
    ("AWS4-HMAC-SHA256 Credential=AK/20250101//ec2/aws4_request", ""),
    ("AWS4-HMAC-SHA256 Credential=AK/20250101/EU_WEST/ec2/aws4_request", ""),
    ("", "Expires=%26X-Amz-Credential=AK/20250101/eu-west-1/ec2/aws4_request"),
    ("Basic eu-west-1", "Expires=Credential%3DAK/20250101/eu-west-1/ec2/"),
]


@pytest.mark.rule("WIR-15")
@pytest.mark.parametrize(
    ("signed", "query", "region"),
    [
        *((signed, query, "eu-west-1") for signed, query in SCOPES),
        *((signed, query, "us-east-1") for signed, query in NO_SCOPES),
    ],
)
def test_the_region_is_that_of_the_signature(
    signed: str, query: str, region: str
) -> None:
    sim = Simulator()
    expected = sim.in_region(region).add_task(image_id=f"ami-{region}")
    query = "&".join(filter(None, (query, DESCRIBE.decode())))
    app = application(sim)
    _, _, answer = checked(app, b"", query, "GET", HTTP_AUTHORIZATION=signed)
    assert expected.id.encode() in answer


def test_the_caller_is_the_one_that_is_named() -> None:
    sim, principal = Simulator(), "arn:aws:iam::123456789012:role/reader"
    app = application(sim, policy=Policy.deny_all(), principal=principal)
    status, _, answer = checked(app, DESCRIBE)
    assert status == "403 Forbidden"
    assert error(answer)[0] == "UnauthorizedOperation"
    assert [call.principal for call in sim.calls] == [principal]
    with pytest.raises(ValueError, match="principal"):
        application(sim, principal="\x00")


@pytest.mark.rule("WIR-12")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
def test_another_method_is_refused(method: str) -> None:
    app = application(Simulator())
    status, headers, answer = checked(app, DESCRIBE, method=method)
    assert (status, headers["allow"]) == ("405 Method Not Allowed", "GET, POST")
    assert error(answer)[0] == "InvalidHttpRequest"


@pytest.mark.rule("WIR-13")
def test_a_large_request_is_refused_unread() -> None:
    app = application(Simulator())
    full = DESCRIBE + b"&Bogus=" + b"x" * MAX_REQUEST_BYTES
    status, _, answer = checked(app, full[:MAX_REQUEST_BYTES])
    assert (status, error(answer)[0]) == ("400 Bad Request", "UnknownParameter")
    unread = io.BytesIO(full)
    lengths = [str(MAX_REQUEST_BYTES + 1), "9" * 5000, "00" + "9" * 5000]
    for length in lengths:
        environ = {"CONTENT_LENGTH": length, "wsgi.input": unread}
        status, _, answer = call(app, **environ)
        assert status.startswith("413 ")
        assert error(answer)[0] == "InvalidHttpRequest"
    status, _, answer = checked(app, DESCRIBE, "x=" + "y" * MAX_REQUEST_BYTES)
    assert status.startswith("413 ")
    assert unread.tell() == 0


@pytest.mark.rule("WIR-14")
@pytest.mark.parametrize("length", ["-1", "x", "1.0", "٣", str(len(DESCRIBE) + 1)])
def test_a_wrong_length_is_refused(length: str) -> None:
    app = application(Simulator())
    environ = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(DESCRIBE)}
    status, _, answer = call(app, **environ)
    assert (status, error(answer)[0]) == ("400 Bad Request", "InvalidHttpRequest")


@pytest.mark.rule("WIR-14")
def test_a_body_without_a_length_is_refused() -> None:
    class Silent(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise TimeoutError

    for environ in (
        {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "5", "wsgi.input": Silent()},
    ):
        status, _, answer = call(application(Simulator()), DESCRIBE, **environ)
        assert (status, error(answer)[0]) == ("400 Bad Request", "InvalidHttpRequest")


@pytest.mark.rule("WIR-13", "WIR-14")
def test_a_server_may_decode_the_chunks() -> None:
    def ask(body: bytes, query: str = "") -> tuple[int, str | None]:
        status, _, answer = call(
            application(Simulator()),
            CONTENT_LENGTH="",
            HTTP_TRANSFER_ENCODING="chunked",
            QUERY_STRING=query,
            **{"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True},
        )
        return int(status[:3]), error(answer)[0]

    assert ask(DESCRIBE) == (200, None)
    too_large = (413, "InvalidHttpRequest")
    assert ask(b"x" * (MAX_REQUEST_BYTES + 1)) == too_large
    assert ask(b"", "x" * (MAX_REQUEST_BYTES + 1)) == too_large
    assert ask(b"x" * MAX_REQUEST_BYTES) == (400, "MissingAction")


@pytest.mark.rule("WIR-30")
def test_the_date_is_real() -> None:
    _, headers, _ = checked(application(Simulator()), DESCRIBE)
    sent = parsedate_to_datetime(headers["date"])
    assert abs(datetime.now(UTC) - sent) < timedelta(minutes=1)


@pytest.mark.parametrize("length", [None, "", "0", "000"])
def test_no_length_is_no_body(length: str | None) -> None:
    environ = {"wsgi.input": io.BytesIO(DESCRIBE), "CONTENT_LENGTH": length}
    _, _, answer = call(application(Simulator()), **environ)
    assert error(answer)[0] == "MissingAction"


@pytest.mark.rule("WIR-16", "ERR-05")
def test_an_unhandled_exception_is_logged_and_not_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("a secret")

    sim = Simulator(seconds_per_call=900, on_completed=fail)
    sim.client().export_image(
        ImageId="ami-00000000",
        DiskImageFormat="VMDK",
        S3ExportLocation={"S3Bucket": "exports"},
    )
    with caplog.at_level(logging.ERROR, "ec2_export_sim.wsgi"):
        status, _, answer = checked(application(sim), DESCRIBE)
    assert status == "500 Internal Server Error"
    assert error(answer) == ("InternalError", "An internal error has occurred")
    assert b"secret" not in answer
    assert "a secret" in caplog.text


@pytest.mark.rule("ERR-05")
def test_an_injected_error_of_any_status_is_answered() -> None:
    sim = Simulator()
    sim.fail_next_call("*", "Oops", http_status=599)
    assert checked(application(sim), DESCRIBE)[0] == "599 Unknown"


# --- whatever comes in --------------------------------------------------------------

pieces = st.sampled_from(
    [
        *(b"Action=", b"DescribeExportImageTasks", b"&Version=2016-11-15", b"Version"),
        *(b"Filter", b".1", b".Name", b".Value", b"task-state", b"MaxResults", b"=1"),
        *(b"ExportImageTaskId", b"NextToken=", b"DryRun=true", b".0", b".", b"&", b"="),
        *(b"%", b"%00", b"%ff", b"%C3%A9", b"+", b"99999999999999999999", b"\xff"),
        *(b"X-Amz-Credential=", b"/20250101/eu-west-1/"),
    ]
)
forms = st.one_of(
    st.binary(max_size=60),
    st.lists(pieces, max_size=14).map(b"".join),
    st.lists(pieces, max_size=10).map(lambda found: DESCRIBE + b"&" + b"".join(found)),
)
heads = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30)


@pytest.mark.rule("WIR-04", "WIR-10", "ORD-10")
@given(forms, forms, st.sampled_from(["GET", "POST", "get", ""]), heads)
def test_whatever_comes_in_gets_well_formed_xml(
    body: bytes, query: bytes, method: str, signed: str
) -> None:
    sim = Simulator()
    sim.add_task(tags={"k": "v"})
    before = sim.dump_tasks()
    environ = {
        "REQUEST_METHOD": method,
        "QUERY_STRING": query.decode("latin-1"),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": signed,
        "wsgi.input": io.BytesIO(body),
    }
    status, headers, answer = call(application(sim), **environ)
    root = ET.fromstring(answer)  # noqa: S314 - our own bytes
    if status == "200 OK":
        assert root.tag.endswith("}DescribeExportImageTasksResponse")
    else:
        assert error(answer)[0]
        assert error(answer)[0] != "InternalError"
        assert root.findtext("RequestID") == headers["x-amzn-requestid"]
    assert sim.dump_tasks() == before


@pytest.mark.parametrize(
    "named",
    [
        lambda count: b"&Filter" + b".1" * count + b"=x",
        lambda count: b"".join(b"&Filter.%d.Value.%d=x" % (n, n) for n in range(count)),
    ],
    ids=["deep", "wide"],
)
def test_a_very_long_form_is_answered(named: Callable[[int], bytes]) -> None:
    form = DESCRIBE + named(20_000)
    status, _, answer = checked(application(Simulator()), form)
    assert status == "400 Bad Request"
    assert error(answer)[0] in {"UnknownParameter", "InvalidParameterValue"}


def test_text_comes_back_as_it_was() -> None:
    text = "a&b<c>\r\n\t é😀 +%"
    sim = Simulator()
    sim.add_task(tags={"k": text})
    filters = f"&Filter.1.Name=tag:k&Filter.1.Value.1={quote(text)}"
    _, _, answer = checked(application(sim), DESCRIBE + filters.encode())
    root = ET.fromstring(answer)  # noqa: S314 - our own bytes
    assert root.findtext(".//{*}value") == text
