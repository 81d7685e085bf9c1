"""Functions and coroutine functions that `intercept` decorates."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botocore.endpoint import Endpoint

from ec2_export_sim import Simulator
from ec2_export_sim.botocore import intercept
from tests.calls import REQUEST
from tests.real import ids, made

pytestmark = pytest.mark.usefixtures("no_network")

ENDPOINT: Any = Endpoint  # its private method is not in the type stubs


def test_it_decorates_functions_and_methods() -> None:
    sim = Simulator()
    expected = [sim.add_task().id]
    original = ENDPOINT._do_get_response

    @intercept(sim)
    def listed(region: str) -> list[str]:
        """Doc."""
        return ids(made(region))

    class Lister:
        @intercept(sim)
        def listed(self) -> list[str]:
            return listed(sim.region_name)

    assert listed(sim.region_name) == Lister().listed() == expected
    assert (listed.__name__, listed.__doc__) == ("listed", "Doc.")
    assert ENDPOINT._do_get_response is original


def test_it_decorates_a_coroutine_function() -> None:
    sim = Simulator()
    expected = [sim.add_task().id]
    client = made()
    original = ENDPOINT._do_get_response

    @intercept(sim)
    async def listed() -> list[str]:
        return ids(client)

    async def main() -> None:
        later = listed()
        assert ENDPOINT._do_get_response is original
        assert await later == expected
        async with intercept(sim) as given:
            assert given is sim
            assert ids(client) == expected

    asyncio.run(main())
    assert ENDPOINT._do_get_response is original


def test_each_call_has_a_new_simulator_if_one_is_made() -> None:
    """A test that exports the same image can be repeated."""

    @intercept(Simulator)
    def export(image_id: str) -> list[str]:
        made().export_image(**{**REQUEST, "ImageId": image_id})
        return ids(made())

    first, second = export(REQUEST["ImageId"]), export(REQUEST["ImageId"])
    assert first == second
    assert len(first) == 1


def test_calls_that_overlap_have_simulators_of_their_own() -> None:
    client, other = made(), made()
    entered: list[list[str]] = []

    @intercept(Simulator)
    async def outer() -> list[str]:
        client.export_image(**REQUEST)
        assert await inner() == []
        return ids(client)

    @intercept(Simulator)
    async def inner() -> list[str]:
        await asyncio.sleep(0)
        return ids(other)

    async def main() -> None:
        entered.append(await outer())

    asyncio.run(main())
    assert len(entered[0]) == 1


def test_what_would_run_outside_is_not_decorated() -> None:
    def generator() -> Any:
        yield

    async def both() -> Any:
        yield

    for function in (generator, both, type("Case", (), {})):
        with pytest.raises(TypeError, match="intercept decorates functions, methods"):
            intercept(Simulator())(function)
