"""The ready targets: the simulator, and whatever answers boto3's EC2 client."""

from __future__ import annotations

import json
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from moto import mock_aws

from ec2_export_sim import Simulator
from ec2_export_sim.conformance import check, targets
from ec2_export_sim.conformance.capabilities import WRITING
from ec2_export_sim.conformance.targets import Endpoint
from ec2_export_sim.wsgi import application

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        pass


class Server:
    """The simulator over HTTP, with the paths that *controls* names."""

    def __init__(self, *controls: str) -> None:
        self.sim = Simulator()
        self._application = application(self.sim)
        self._controls = controls
        self._server = make_server("127.0.0.1", 0, self, handler_class=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        control = environ["PATH_INFO"].removeprefix("/_sim/")
        if control not in self._controls:
            return self._application(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = json.loads(environ["wsgi.input"].read(length) or b"{}")
        if control == "emptied":
            self.sim.reset()
            self.sim.load_tasks(body["ExportImageTasks"])
        elif control != "now":
            getattr(self.sim, control)(**body)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"now": "2026"}']

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def serve() -> Iterator[Any]:
    servers: list[Server] = []

    def serve(*controls: str) -> Server:
        servers.append(Server(*controls))
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


def outcomes(target: Endpoint, *rules: str) -> list[str]:
    found = check(target, examples=0, unsupported=["many-tasks"]).outcomes
    return [found[rule] for rule in rules]


def test_an_endpoint_without_a_url_is_only_read() -> None:
    assert Endpoint().unsupported == WRITING | {"permissions"}
    assert targets.endpoint.url is None


def test_aws_is_only_read() -> None:
    assert Endpoint("https://ec2.us-east-1.amazonaws.com").unsupported >= WRITING


def test_a_server_is_given_tasks_by_the_control_paths(serve: Any) -> None:
    server = serve("now", "reset", "load_tasks", "advance")
    target = Endpoint(server.url)
    assert target.unsupported == {"permissions"}
    assert outcomes(target, "IDS-02", "FLT-04", "AUT-02", "TAG-10") == [
        *("passed", "passed", "skipped", "passed")
    ]
    target([]).advance(60)
    assert server.sim.now > Simulator().now


def test_a_server_is_given_tasks_by_its_own_reset(serve: Any) -> None:
    server = serve("emptied")
    target = Endpoint(server.url, reset=f"{server.url}/_sim/emptied")
    assert target.unsupported == {"permissions", "clock"}
    assert outcomes(target, "IDS-02", "FLT-04") == ["passed", "passed"]


def test_a_server_without_either_gets_its_tasks_by_export_image(serve: Any) -> None:
    target = Endpoint(serve().url)
    assert target.unsupported == {"permissions", "clock", "tasks", "many-tasks"}
    assert outcomes(target, "IDS-01", "PAG-04", "IDS-02", "FLT-03") == [
        *("passed", "passed", "skipped", "not judged")
    ]


def test_a_server_without_export_image_has_an_empty_account(serve: Any) -> None:
    server = serve()
    server.sim.fail_next_call("ExportImage", "InvalidAction", times=100)
    target = Endpoint(server.url)
    assert outcomes(target, "AUT-01", "IDS-01") == ["passed", "not judged"]


def test_another_profile_is_the_caller_who_is_not_allowed(
    serve: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    credentials = tmp_path / "credentials"
    credentials.write_text(
        "[nobody]\naws_access_key_id = AKIANOBODY\naws_secret_access_key = x\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    target = Endpoint(serve("now").url, denied_profile="nobody")
    assert "permissions" not in target.unsupported
    signed = target([], authorized=False)._client._request_signer._credentials
    assert signed.access_key == "AKIANOBODY"


def test_a_dead_server_cannot_be_examined() -> None:
    report = check(Endpoint("http://127.0.0.1:9"))
    assert report.exit_status == 2
    assert "EndpointConnectionError" in report.obstacle


def test_moto_does_not_have_the_operation() -> None:
    with mock_aws():
        report = check(Endpoint())
    assert report.exit_status == 2
    assert "NotImplementedError" in report.obstacle
