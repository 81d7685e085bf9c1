"""Every kind of real client is served, and every method is restored."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

import boto3
import botocore
import botocore.session
import pytest
from botocore.config import Config
from botocore.endpoint import Endpoint
from botocore.exceptions import ClientError
from botocore.signers import RequestSigner

from ec2_export_sim import Policy, Simulator
from ec2_export_sim.botocore import OperationNotEmulatedError, intercept
from ec2_export_sim.wsgi import application
from tests.real import KEYS, holding, ids, made

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("no_network")

REGION = "eu-west-1"
ENDPOINT: Any = Endpoint  # its private method is not in the type stubs
MAKERS: dict[str, Callable[[], Any]] = {
    "boto3.client": lambda: boto3.client("ec2", REGION),
    "boto3.Session": lambda: boto3.Session(region_name=REGION).client("ec2"),
    "boto3.resource": lambda: cast("Any", boto3.resource("ec2", REGION)).meta.client,
    "botocore": lambda: botocore.session.Session().create_client("ec2", REGION),
    "endpoint_url": lambda: boto3.client(
        "ec2", REGION, endpoint_url="http://localhost:1/x"
    ),
    "unsigned": lambda: boto3.client(
        "ec2", REGION, config=Config(signature_version=botocore.UNSIGNED)
    ),
    "with keys": lambda: made(REGION),
}


def made_before(make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client made before `intercept`, without waiting for IMDS."""
    with monkeypatch.context() as patch:
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        return make()


def send(*_: object) -> None:
    """Stand for the network."""
    raise ConnectionError("sent")


@pytest.mark.rule("WIR-17", "WIR-20")
@pytest.mark.parametrize("when", ["before", "inside"])
@pytest.mark.parametrize("maker", MAKERS)
def test_every_client_is_served(
    maker: str, when: str, moto: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    make = MAKERS[maker]
    sim, expected = holding(1, REGION)
    before = made_before(make, monkeypatch) if when == "before" else None
    outside, inside = moto
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


def test_a_condition_is_judged_by_the_context_that_was_given() -> None:
    office = Policy.from_document(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "ec2:Describe*",
                "Resource": "*",
                "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            },
        }
    )
    client = made(REGION)
    with intercept(Simulator, policy=office, context={"aws:SourceIp": "203.0.113.7"}):
        assert ids(client) == []
    elsewhere = {"aws:SourceIp": "192.0.2.1"}
    with (
        intercept(Simulator, policy=office, context=elsewhere),
        pytest.raises(ClientError, match="UnauthorizedOperation") as refused,
    ):
        ids(client)
    (note,) = refused.value.__notes__
    assert "aws:SourceIp is '192.0.2.1'" in note
    with pytest.raises(ValueError, match="asks for aws:SourceIp"):
        intercept(Simulator(), policy=office)


def test_only_the_given_client_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = made(REGION), made(REGION)
    sim, expected = holding(1, REGION)
    other, others = holding(1, REGION)
    with intercept(sim, first):
        assert ids(first) == expected
        monkeypatch.setattr(ENDPOINT, "_send", send)
        with pytest.raises(ConnectionError, match="sent"):
            ids(second)
        with intercept(other):
            assert ids(first) == ids(second) == others
            with intercept(sim, second):
                assert (ids(first), ids(second)) == (others, expected)


def test_the_innermost_context_wins_and_leaving_restores() -> None:
    outer, outer_ids = holding(1, REGION)
    inner, inner_ids = holding(2, REGION)
    original = ENDPOINT._do_get_response
    client = made(REGION)
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
    sim, expected = holding(1, REGION)
    client = made(REGION)
    with intercept(sim):
        assert ids(client) == expected
    monkeypatch.setattr(ENDPOINT, "_send", send)
    with pytest.raises(ConnectionError, match="sent"):
        ids(client)
    assert len(sim.calls) == 1


def test_contexts_may_be_left_in_any_order() -> None:
    first, first_ids = holding(1, REGION)
    second, second_ids = holding(2, REGION)
    original = ENDPOINT._do_get_response
    client = made(REGION)
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


def test_every_method_is_restored() -> None:
    owners: list[Any] = [Endpoint, RequestSigner, ClientError, botocore.session.Session]
    before = [dict(vars(owner)) for owner in owners]
    context = intercept(Simulator())
    with context, intercept(Simulator):
        during = [dict(vars(owner)) for owner in owners]
    assert [dict(vars(owner)) for owner in owners] == before
    assert all(one != other for one, other in zip(before, during, strict=True))


def test_one_context_may_be_entered_again_while_it_is_open() -> None:
    sim, expected = holding(1, REGION)
    original = ENDPOINT._do_get_response
    context = intercept(sim)
    with context, context:
        client = MAKERS["boto3.client"]()
    with context:
        assert ids(client) == expected
    assert ENDPOINT._do_get_response is original


def test_another_patch_on_top_of_ours_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    sim, expected = holding(1, REGION)
    client = made(REGION)
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
    sim, expected = holding(1, REGION)
    client = made(REGION)
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


def test_a_method_that_has_changed_is_an_error_on_entering(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def test_a_context_that_was_not_entered_cannot_be_left() -> None:
    sim, expected = holding(1, REGION)
    client = made(REGION)
    with intercept(sim):
        with pytest.raises(RuntimeError, match="left that was not entered"):
            intercept(Simulator()).__exit__(None, None, None)
        assert ids(client) == expected


@pytest.mark.parametrize("sim", [None, "x"])
def test_what_is_no_simulator_is_refused_at_once(sim: Any) -> None:
    for serve in (intercept, application):
        with pytest.raises(TypeError, match=f"sim must be a Simulator, not {sim!r}"):
            serve(sim)
    with pytest.raises(TypeError, match=f"sim must be a Simulator, not {Simulator!r}"):
        application(Simulator)  # type: ignore[arg-type]


def test_each_entry_has_a_simulator_of_its_own_if_asked_to_make_one() -> None:
    client = made(REGION)
    context = intercept(lambda: Simulator(REGION), client)
    with context as outer:
        outer.add_task(description="Größe & <Maß>")
        with context as inner:
            assert inner is not outer
            assert ids(client) == []
        assert ids(client) == [task.id for task in outer.tasks]
    with context as again:
        assert again.region_name == REGION
        assert ids(client) == []


def test_what_a_callable_makes_is_checked_on_entering() -> None:
    original = ENDPOINT._do_get_response
    context = intercept(dict)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"sim must be a Simulator, not \{\}"):
        context.__enter__()
    with pytest.raises(RuntimeError, match="left that was not entered"):
        context.__exit__(None, None, None)
    assert ENDPOINT._do_get_response is original


def test_wrong_arguments_are_refused_at_once() -> None:
    sim = Simulator()
    condition = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = Policy.from_document({"Statement": {**statement, "Condition": condition}})
    for owner in (sim, Simulator):
        with pytest.raises(TypeError, match="policy must be"):
            intercept(owner, policy="x")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="asks for aws:SourceIp"):
            intercept(owner, policy=policy)
    others: list[Any] = [boto3.client("s3", REGION, **KEYS), sim.client(), "x"]
    for other in [*others, boto3.resource("ec2", REGION, **KEYS)]:
        with pytest.raises(ValueError, match="client must be one of EC2"):
            intercept(sim, other)


@pytest.mark.rule("WIR-18")
@pytest.mark.parametrize("maker", ["boto3.client", "endpoint_url", "unsigned"])
def test_what_nobody_answers_is_refused_by_name(maker: str) -> None:
    with intercept(Simulator()):
        client = MAKERS[maker]()
        with pytest.raises(OperationNotEmulatedError, match="DescribeVpcs is not emul"):
            client.describe_vpcs()
        with pytest.raises(OperationNotEmulatedError, match="CreateVpc is not emul"):
            client.create_vpc(CidrBlock="10.0.0.0/16")


def test_an_interception_says_whose_it_is() -> None:
    sim = Simulator()
    assert repr(intercept(sim)) == f"<intercept by {sim!r}>"
