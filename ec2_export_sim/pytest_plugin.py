"""pytest fixtures: a fresh simulator for each test that asks for one.

Override `ec2_export_sim` in your own conftest to configure it, and `ec2_export_policy`
to give a policy; the other fixtures follow. A failing test that used a simulator shows
its calls and its tasks.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from ec2_export_sim import Client, Policy, Simulator
    from ec2_export_sim.clock import Clock

# A failing test lists this many calls, and this many tasks of a region.
_MOST_LISTED = 50


@pytest.fixture
def ec2_export_sim() -> Simulator:
    """Return a fresh `Simulator`."""
    from ec2_export_sim import Simulator  # noqa: PLC0415 - lazy

    return Simulator()


@pytest.fixture
def ec2_export_policy() -> Policy | None:
    """Return the policy of the test's clients; None allows everything."""
    return None


@pytest.fixture
def ec2_export_client(
    ec2_export_sim: Simulator, ec2_export_policy: Policy | None
) -> Client:
    """Return a client of the test's simulator."""
    return ec2_export_sim.client(ec2_export_policy)


@pytest.fixture
def ec2_export_boto3(
    ec2_export_sim: Simulator, ec2_export_policy: Policy | None
) -> Iterator[Simulator]:
    """Serve every EC2 client of boto3 and aiobotocore with the test's simulator."""
    from ec2_export_sim.botocore import intercept  # noqa: PLC0415 - lazy

    with intercept(ec2_export_sim, policy=ec2_export_policy) as sim:
        yield sim


@pytest.fixture
def ec2_export_time(ec2_export_sim: Simulator) -> Iterator[Clock]:
    """Let sleeps move the simulated clock during the test, and return that clock."""
    from ec2_export_sim.virtual_time import virtual_time  # noqa: PLC0415 - lazy

    with virtual_time(ec2_export_sim):
        yield ec2_export_sim.clock


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls and the tasks of each simulator to the report of a failing test."""
    report = yield
    if report.failed:
        for sim in _simulators(item):
            report.sections.append(("EC2 export calls", _transcript(sim)))
    return report


def _simulators(item: pytest.Item) -> Iterable[Simulator]:
    """Return the simulators of the test's fixtures, one of each account."""
    module = sys.modules.get("ec2_export_sim.simulator")
    if module is None:
        return ()
    values = getattr(item, "funcargs", {}).values()
    sims = [value for value in values if isinstance(value, module.Simulator)]
    return {id(sim._account): sim for sim in sims}.values()


def _transcript(sim: Simulator) -> str:
    calls = sim.calls
    lines = [str(calls[-_MOST_LISTED:]) or "no call was made"]
    if len(calls) > _MOST_LISTED:
        lines.insert(0, f"the last {_MOST_LISTED} of {len(calls)} calls:")
    for region in sorted(sim._account.state.regions):
        tasks = sim.in_region(region).tasks
        lines.append(f"{len(tasks)} tasks in {region}")
        lines += [f"  {task!r}" for task in tasks[:_MOST_LISTED]]
    return "\n".join(lines)
