"""The ready-made targets, and an emulator from the package index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from ec2_export_sim.conformance import check, targets

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def no_client() -> Iterator[None]:
    targets._boto3_client.cache_clear()
    yield
    targets._boto3_client.cache_clear()


@pytest.mark.parametrize("wrong", [{"tasks": [{}]}, {"tasks": [], "authorized": False}])
def test_an_endpoint_is_only_read_by_its_own_caller(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="only read"):
        targets.endpoint(wrong.pop("tasks"), **wrong)


@pytest.mark.usefixtures("no_client")
def test_an_endpoint_is_what_boto3_is_set_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:9")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    client = targets.endpoint([])
    assert client.meta.endpoint_url == "http://127.0.0.1:9"
    assert client.meta.region_name == "us-east-1"
    assert targets.endpoint([]) is client


@pytest.mark.usefixtures("no_client")
def test_moto_does_not_have_the_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        report = check(targets.endpoint, examples=1)
    assert report.target == "ec2_export_sim.conformance.targets:endpoint"
    assert report.read_only
    assert not report.counts["passed"]
    assert report.counts["FAILED"] > 10
    assert "NotImplementedError" in str(report)
