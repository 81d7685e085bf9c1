"""The arguments of the constructor, and the repr of a simulator."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ec2_export_sim import Simulator
from tests.calls import IMAGE, REQUEST, code


@pytest.mark.rule("LIF-20", "LIF-24", "LIF-25", "SIM-09")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"account_id": "123"}, "account_id must be 12 digits, not '123'"),
        ({"account_id": 123456789012}, "account_id must be 12 digits"),
        ({"region_name": "US East"}, "region_name must be like 'us-east-1'"),
        ({"region_name": None}, "region_name must be like"),
        ({"start": datetime(2025, 1, 1)}, "start must be an aware datetime"),  # noqa: DTZ001
        (
            {"start": datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))},
            "start is",
        ),
        ({"quirks": None}, "quirks must be a list of Quirk"),
        ({"start": "2025"}, "start must be an aware datetime"),
        ({"seconds_per_call": -1}, "seconds_per_call is -1"),
        ({"seconds_per_call": "x"}, "seconds_per_call is 'x'"),
        ({"seed": 1.5}, "seed must be an int or a str"),
        ({"quirks": ["FLT-23"]}, "quirks has 'FLT-23'"),
        ({"images": ["ami-00000000"]}, "images must be a mapping, not list"),
        ({"export_seconds": 0}, "export_seconds is 0; an export takes time"),
        ({"export_seconds": -1}, "export_seconds is -1; time does not run backwards"),
        ({"export_seconds": 1e-9}, "export_seconds is 1e-09; an export takes time"),
        ({"max_running_exports": -1}, "max_running_exports must be at least 0, not -1"),
        (
            {"max_running_exports": 1.5},
            "max_running_exports must be an integer, not 1.5",
        ),
        ({"roles": "vmimport"}, "roles must be a collection of names, not 'vmimport'"),
        ({"roles": 5}, "roles must be a collection of names, not 5"),
        ({"roles": iter(["r"])}, "roles must be a collection of names"),
        ({"roles": ["r", 5]}, "a name in roles must be a string, not int"),
        ({"images": {IMAGE: "mine"}}, "'mine'; a kind is own, marketplace, encrypted"),
        ({"on_completed": 3}, "on_completed must be callable, not 3"),
    ],
)
def test_an_invalid_argument_is_an_error(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Simulator(**arguments)


@pytest.mark.rule("LIF-20")
def test_images_are_read_at_each_call() -> None:
    images: dict[str, str] = {}
    sim = Simulator(images=images)
    assert code(sim, "ExportImage", **REQUEST) == "InvalidAMIID.NotFound"
    images[IMAGE] = "own"
    assert sim.invoke("ExportImage", REQUEST)["ImageId"] == IMAGE
    images[IMAGE] = "mine"
    with pytest.raises(ValueError, match="'mine'; a kind is own, marketplace"):
        sim.invoke("ExportImage", REQUEST)


def test_the_repr_of_a_simulator() -> None:
    sim = Simulator("eu-west-1")
    text = "<Simulator 123456789012/eu-west-1, {}, 2025-01-01 00:15:00Z>"
    sim.advance(900)
    assert repr(sim) == text.format("0 tasks")
    sim.add_task()
    assert repr(sim) == text.format("1 task")


def test_a_region_name_can_be_one_letter() -> None:
    assert Simulator().in_region("a").region_name == "a"


@pytest.mark.parametrize("name", ["A_", "", "-", "a--b", "é", "a\n"])
def test_an_invalid_region_name_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="region_name must be like"):
        Simulator().in_region(name)


def test_an_unprintable_principal_is_an_error() -> None:
    with pytest.raises(ValueError, match="principal has text"):
        Simulator().client(principal="\x00")
