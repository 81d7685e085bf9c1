"""Every kind of real client is served, and what was is restored."""

from __future__ import annotations

import threading
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING, Any

import boto3
import botocore
import botocore.session
import pytest
from botocore.config import Config
from botocore.endpoint import Endpoint
from moto import mock_aws

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("no_network")

REGION = "eu-west-1"
ENDPOINT: Any = Endpoint  # its seam is not in the type stubs
KEYS: Any = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
MAKERS: dict[str, Callable[[], Any]] = {
    "boto3.client": lambda: boto3.client("ec2", REGION),
    "boto3.Session": lambda: boto3.Session(region_name=REGION).client("ec2"),
    "boto3.resource": lambda: boto3.resource("ec2", REGION).meta.client,
    "botocore": lambda: botocore.session.Session().create_client("ec2", REGION),
    "endpoint_url": lambda: boto3.client(
        "ec2", REGION, endpoint_url="http://localhost:1/x"
    ),
    "unsigned": lambda: boto3.client(
        "ec2", REGION, config=Config(signature_version=botocore.UNSIGNED)
    ),
    "with keys": lambda: boto3.client("ec2", REGION, **KEYS),
}


def ids(client: Any) -> list[str]:
    answer = client.describe_export_image_tasks()
    return [task["ExportImageTaskId"] for task in answer["ExportImageTasks"]]


def one_task(region: str = REGION) -> tuple[Simulator, list[str]]:
    sim = Simulator()
    return sim, [sim.in_region(region).add_task().id]


def made_before(make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client made where no context is open, without waiting for IMDS."""
    with monkeypatch.context() as patch:
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        return make()


@pytest.mark.rule("WIR-17", "WIR-20")
@pytest.mark.parametrize("moto", ["off", "outside", "inside"])
@pytest.mark.parametrize("when", ["before", "inside"])
@pytest.mark.parametrize("maker", MAKERS)
def test_every_client_is_served(
    maker: str, when: str, moto: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = MAKERS[maker]
    sim, expected = one_task()
    before = made_before(make, monkeypatch) if when == "before" else None
    outside = mock_aws() if moto == "outside" else nullcontext()
    inside = mock_aws() if moto == "inside" else nullcontext()
    with outside, intercept(sim), inside:
        assert ids(before or make()) == expected


@pytest.mark.rule("WIR-17")
def test_a_client_is_answered_in_its_own_region() -> None:
    sim = Simulator("us-east-1")
    here, there = sim.add_task(), sim.in_region("eu-west-1").add_task()
    with intercept(sim):
        assert ids(boto3.client("ec2", "us-east-1")) == [here.id]
        assert ids(boto3.client("ec2", "eu-west-1")) == [there.id]


def test_the_caller_is_the_one_that_is_named() -> None:
    sim = Simulator()
    principal = "arn:aws:iam::123456789012:role/reader"
    with intercept(sim, policy=Policy.deny_all(), principal=principal):
        client = boto3.client("ec2", "us-east-1")
        with pytest.raises(client.exceptions.ClientError, match=principal) as refused:
            client.describe_export_image_tasks()
    assert refused.value.response["Error"]["Code"] == "UnauthorizedOperation"
    assert [call.principal for call in sim.calls] == [principal]


def test_only_the_given_client_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    make = MAKERS["with keys"]
    first, second = make(), make()
    sim, expected = one_task()
    other, others = one_task()
    with intercept(sim, first):
        assert ids(first) == expected
        reached: list[object] = []
        monkeypatch.setattr(ENDPOINT, "_send", lambda *args: reached.append(args))
        with pytest.raises(AttributeError):  # what the answer None leads to
            second.describe_export_image_tasks()
        assert len(reached) == 1
        with intercept(other):
            assert ids(first) == ids(second) == others
            with intercept(sim, second):
                assert (ids(first), ids(second)) == (others, expected)


def test_the_innermost_context_wins_and_leaving_restores() -> None:
    outer, outer_ids = one_task()
    inner, inner_ids = one_task()
    inner_ids.append(inner.in_region(REGION).add_task().id)
    original = ENDPOINT._do_get_response
    client = MAKERS["with keys"]()
    with intercept(outer) as given:
        assert given is outer
        with intercept(inner):
            assert ids(client) == inner_ids
        assert ids(client) == outer_ids
        with pytest.raises(KeyError), intercept(inner):
            raise KeyError
        assert ids(client) == outer_ids
    assert ENDPOINT._do_get_response is original


def test_a_client_sends_by_itself_again_when_the_context_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sim, expected = one_task()
    client = MAKERS["with keys"]()
    with intercept(sim):
        assert ids(client) == expected

    def send(*_: object) -> None:
        raise ConnectionError("sent")

    monkeypatch.setattr(Endpoint, "_send", send)
    with pytest.raises(ConnectionError, match="sent"):
        ids(client)
    assert len(sim.calls) == 1


def test_contexts_may_be_left_in_any_order() -> None:
    first, first_ids = one_task()
    second, second_ids = one_task()
    second_ids.append(second.in_region(REGION).add_task().id)
    original = ENDPOINT._do_get_response
    client = MAKERS["with keys"]()
    one, two = intercept(first), intercept(second)
    one.__enter__()
    two.__enter__()
    one.__exit__(None, None, None)
    assert ids(client) == second_ids
    one.__enter__()
    assert ids(client) == first_ids
    two.__enter__()
    one.__enter__()
    one.__exit__(None, None, None)
    assert ids(client) == second_ids
    two.__exit__(None, None, None)
    two.__exit__(None, None, None)
    assert ids(client) == first_ids
    one.__exit__(None, None, None)
    assert ENDPOINT._do_get_response is original


def test_one_context_may_be_entered_again_while_it_is_open() -> None:
    sim, expected = one_task()
    original = ENDPOINT._do_get_response
    context = intercept(sim)
    with context, context:
        client = MAKERS["boto3.client"]()
    with context:
        assert ids(client) == expected
    assert ENDPOINT._do_get_response is original


def test_another_patch_over_the_seam_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    sim, expected = one_task()
    client = MAKERS["with keys"]()
    seen = []
    with ExitStack() as stack:
        stack.enter_context(intercept(sim))
        ours = ENDPOINT._do_get_response

        def theirs(*args: Any) -> Any:
            seen.append(args)
            return ours(*args)

        theirs.__wrapped__ = ours  # type: ignore[attr-defined]
        monkeypatch.setattr(ENDPOINT, "_do_get_response", theirs)
        assert ids(client) == expected
    assert ENDPOINT._do_get_response is theirs
    with intercept(sim, client):
        assert ids(client) == expected
    assert len(seen) == 2


def test_threads_are_served_while_a_context_is_open() -> None:
    sim, expected = one_task()
    client = MAKERS["with keys"]()
    found: list[list[str]] = []

    def work() -> None:
        for _ in range(3):
            with intercept(sim):
                found.append(ids(client))
            found.append(ids(client))

    with intercept(sim):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [expected] * 24


def test_a_changed_seam_is_refused_on_entering(monkeypatch: pytest.MonkeyPatch) -> None:
    def less(self: object, request: object) -> None: ...

    for changed in (less, None):
        with monkeypatch.context() as patch:
            patch.setattr(ENDPOINT, "_do_get_response", changed)
            with (
                pytest.raises(RuntimeError, match=botocore.__version__),
                intercept(Simulator()),
            ):
                pass
            assert ENDPOINT._do_get_response is changed


def test_wrong_arguments_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match="policy must be"):
        intercept(Simulator(), policy="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="client must be one of EC2"):
        intercept(Simulator(), boto3.client("s3", REGION, **KEYS))


@pytest.mark.rule("WIR-18")
@pytest.mark.parametrize("maker", ["boto3.client", "endpoint_url", "unsigned"])
def test_what_nobody_answers_is_refused_by_name(maker: str) -> None:
    with intercept(Simulator()):
        client = MAKERS[maker]()
        with pytest.raises(OperationNotEmulatedError, match="DescribeVpcs is not emul"):
            client.describe_vpcs()
        with pytest.raises(OperationNotEmulatedError, match="CreateVpc is not emul"):
            client.create_vpc(CidrBlock="10.0.0.0/16")
