"""pytest fixtures: a fresh simulator for each test that asks for one.

Override `ec2_export_sim` in your own conftest to configure it; the others follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2_export_sim import Client, Simulator


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
