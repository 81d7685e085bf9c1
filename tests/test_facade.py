"""What the package exports is named, sorted and documented."""

from __future__ import annotations

import inspect

import pytest

import ec2_export_sim
from ec2_export_sim import Client, Policy, Simulator
from ec2_export_sim.core import shapes
from ec2_export_sim.core.operations import OPERATIONS


def test_the_facade_exports_what_it_says() -> None:
    assert ec2_export_sim.__all__ == sorted(ec2_export_sim.__all__)
    for name in ec2_export_sim.__all__:
        assert hasattr(ec2_export_sim, name)


@pytest.mark.parametrize("owner", [Simulator, Client, Policy])
def test_every_public_name_is_documented(owner: type) -> None:
    for name, member in inspect.getmembers(owner):
        if not name.startswith("_") and name not in ("meta", "exceptions"):
            assert inspect.getdoc(member) or name in ("region_name", "statements"), name


def test_every_operation_has_its_row_and_its_method() -> None:
    assert list(shapes.OPERATIONS) == list(OPERATIONS)
    for operation, perform in OPERATIONS.items():
        assert perform.__name__.replace("_", "") == operation.lower()
        assert callable(getattr(Client, perform.__name__))
