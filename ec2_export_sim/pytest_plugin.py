"""pytest fixtures: a fresh simulator for each test that asks for one.

Override `ec2_export_sim` in your own conftest to configure it; the others follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2_export_sim import Client, Simulator
    from ec2_export_sim.clock import Clock


@pytest.fixture
def ec2_export_sim() -> Simulator:
    """Return a fresh `Simulator`."""
    from ec2_export_sim import Simulator  # noqa: PLC0415 - lazy

    return Simulator()


@pytest.fixture
def ec2_export_client(ec2_export_sim: Simulator) -> Client:
    """Return a client of the test's simulator, allowed everything."""
    return ec2_export_sim.client()


@pytest.fixture
def ec2_export_boto3(ec2_export_sim: Simulator) -> Iterator[Simulator]:
    """Serve every EC2 client of boto3 and aiobotocore out of the test's simulator."""
    from ec2_export_sim.botocore import intercept  # noqa: PLC0415 - lazy

    with intercept(ec2_export_sim) as sim:
        yield sim


@pytest.fixture
def ec2_export_time(ec2_export_sim: Simulator) -> Iterator[Clock]:
    """Run the test in `virtual_time` of its simulator, and return `sim.clock`."""
    from ec2_export_sim.virtual_time import virtual_time  # noqa: PLC0415 - lazy

    with virtual_time(ec2_export_sim):
        yield ec2_export_sim.clock
