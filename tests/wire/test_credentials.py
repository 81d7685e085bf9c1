"""A real client needs no credentials, and nothing looks for any on its behalf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.credentials import InstanceMetadataProvider
from botocore.exceptions import NoCredentialsError
from botocore.utils import IMDSFetcher

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import intercept
from tests.real import made

if TYPE_CHECKING:
    from pathlib import Path

REGION = "us-east-1"

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.mark.rule("WIR-20")
def test_no_metadata_service_is_asked(
    monkeypatch: pytest.MonkeyPatch, no_network: list[Any], container: str
) -> None:
    with intercept(Simulator()):
        session = boto3.Session(region_name=REGION)
        client = session.client("ec2")
        client.describe_export_image_tasks()
        assert no_network == []
        monkeypatch.delenv(container)
        assert session.get_credentials() is None  # the user's own question is asked
        assert no_network != []
        no_network.clear()
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(NoCredentialsError):
        client.describe_export_image_tasks()


@pytest.mark.rule("WIR-20")
@pytest.mark.parametrize("source", ["Ec2InstanceMetadata", "EcsContainer"])
def test_a_role_asks_for_no_credentials_to_be_had_with(
    source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "config"
    path.write_text(f"[default]\nrole_arn = r\ncredential_source = {source}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/role")
    with intercept(Simulator()):
        answer = boto3.client("ec2", REGION).describe_export_image_tasks()
    assert answer["ExportImageTasks"] == []


@pytest.mark.rule("WIR-20")
def test_other_services_look_for_credentials_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def load(provider: InstanceMetadataProvider) -> None:
        asked.append(provider)

    monkeypatch.setattr(InstanceMetadataProvider, "load", load)
    with intercept(Simulator()):
        boto3.client("ec2", REGION)
        assert asked == []
        boto3.client("s3", REGION)
        assert len(asked) == 1


@pytest.mark.rule("WIR-20")
@pytest.mark.usefixtures("role")
def test_refreshable_credentials_are_not_fetched() -> None:
    client = boto3.client("ec2", REGION)
    with intercept(Simulator()) as sim:
        client.describe_export_image_tasks()
    assert len(sim.calls) == 1


@pytest.mark.rule("WIR-20")
def test_credentials_that_are_there_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IMDSFetcher, "_get_request", pytest.fail)
    client = made(REGION)
    signed: list[Any] = []
    client.meta.events.register(
        "before-send.ec2", lambda request, **_: signed.append(request.headers)
    )
    with intercept(Simulator()):
        client.describe_export_image_tasks()
    assert b"Credential=a/" in signed[0]["Authorization"]
