"""Real clients need no credentials, and no provider is asked for any."""

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


def signed_with(client: Any) -> str:
    """Return the access key that a call of *client* is signed with."""
    headers: list[Any] = []
    client.meta.events.register(
        "before-send.ec2", lambda request, **_: headers.append(request.headers)
    )
    client.describe_export_image_tasks()
    authorization: bytes = headers[0]["Authorization"]
    return authorization.decode().partition("Credential=")[2].partition("/")[0]


@pytest.mark.rule("WIR-20")
@pytest.mark.usefixtures("provider")
def test_no_provider_is_asked() -> None:
    with intercept(Simulator()):
        assert signed_with(boto3.client("ec2", REGION)) == "ec2-export-sim"


@pytest.mark.rule("WIR-20")
@pytest.mark.parametrize("half", [{}, {"AWS_SECRET_ACCESS_KEY": "b"}])
@pytest.mark.parametrize(
    ("name", "section"),
    [("AWS_CONFIG_FILE", "profile other"), ("AWS_SHARED_CREDENTIALS_FILE", "other")],
)
def test_keys_of_a_file_are_used(
    name: str,
    section: str,
    half: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_text(f"[{section}]\naws_access_key_id = a\naws_secret_access_key = b\n")
    monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("AWS_PROFILE", "other")
    for variable, value in half.items():
        monkeypatch.setenv(variable, value)
    with intercept(Simulator()):
        assert signed_with(boto3.client("ec2", REGION)) == "a"


@pytest.mark.rule("WIR-20")
def test_keys_of_the_environment_are_used_unless_a_profile_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "config"
    path.write_text("[profile p]\naws_access_key_id = a\naws_secret_access_key = b\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "e")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "f")
    with intercept(Simulator()):
        assert signed_with(boto3.client("ec2", REGION)) == "e"
        named = boto3.Session(profile_name="p", region_name=REGION)
        assert signed_with(named.client("ec2")) == "a"


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
    with intercept(Simulator()):
        assert signed_with(client) == "a"
