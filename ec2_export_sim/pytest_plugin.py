"""pytest fixtures: a fresh simulator for each test that asks for one.

Override `ec2_export_sim` in your conftest to configure it, and `ec2_export_policy` to
set a policy; the other fixtures use them. If your `ec2_export_sim` passes
`ec2_export_quirks` on, `pytest --ec2-export-quirks=each` runs the tests once as AWS
documents the service, and once per quirk. A failing test that used a simulator shows
its calls and its tasks.
"""

from __future__ import annotations

import sys
from traceback import walk_tb
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from ec2_export_sim import Client, Policy, Quirk, Simulator
    from ec2_export_sim.clock import Clock

# A failing test lists this many calls, and this many tasks of a region.
_MOST_LISTED = 50


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--ec2-export-quirks`."""
    parser.getgroup("ec2-export-sim").addoption(
        "--ec2-export-quirks",
        choices=["each"],
        help="run every test that uses the fixture ec2_export_quirks once as AWS "
        "documents the service, and once per quirk",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With the option, run each test that uses `ec2_export_quirks` once per quirk."""
    fixture = "ec2_export_quirks"
    if metafunc.config.getoption("--ec2-export-quirks") is None:
        return
    if fixture not in metafunc.fixturenames or _is_parametrized(metafunc, fixture):
        return
    from ec2_export_sim import Quirk  # noqa: PLC0415 - lazy

    runs = {"as_documented": (), **{quirk.name: (quirk,) for quirk in Quirk}}
    metafunc.parametrize(fixture, runs.values(), ids=runs.keys(), indirect=True)


def _is_parametrized(metafunc: pytest.Metafunc, fixture: str) -> bool:
    """Return whether the test itself sets the values of the fixture."""
    for mark in metafunc.definition.iter_markers("parametrize"):
        names = mark.args[0] if mark.args else mark.kwargs["argnames"]
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        if fixture in names:
            return True
    return False


@pytest.fixture
def ec2_export_quirks(request: pytest.FixtureRequest) -> tuple[Quirk, ...]:
    """Return the quirks of this run: one with `--ec2-export-quirks=each`, else none."""
    quirks: tuple[Quirk, ...] = getattr(request, "param", ())
    return quirks


@pytest.fixture
def ec2_export_sim(ec2_export_quirks: tuple[Quirk, ...]) -> Simulator:
    """Return a fresh `Simulator` with the quirks of this run."""
    from ec2_export_sim import Simulator  # noqa: PLC0415 - lazy

    return Simulator(quirks=ec2_export_quirks)


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
    """Serve every EC2 client of boto3 and aiobotocore; return the simulator."""
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
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls and the tasks of each simulator to the report of a failing test."""
    report = yield
    if report.failed:
        for sim in _simulators(item, call):
            report.sections.append(("EC2 export calls", _transcript(sim)))
    return report


def _simulators(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterable[Simulator]:
    """Return the simulators of the test's fixtures and variables, one per account."""
    module = sys.modules.get("ec2_export_sim.simulator")
    if module is None:
        return ()
    values = [*getattr(item, "funcargs", {}).values()]
    for frame, _ in walk_tb(call.excinfo.tb if call.excinfo else None):
        values += frame.f_locals.values()
    sims = [value for value in values if issubclass(type(value), module.Simulator)]
    return {id(sim._account): sim for sim in sims}.values()


def _transcript(sim: Simulator) -> str:
    calls = sim.calls
    lines = [str(calls[-_MOST_LISTED:]) or "no call was made"]
    if len(calls) > _MOST_LISTED:
        lines.insert(0, f"the last {_MOST_LISTED} of {len(calls)} calls:")
    for region in sorted(sim._account.state.regions):
        tasks = sim.in_region(region).tasks
        count = "1 task" if len(tasks) == 1 else f"{len(tasks)} tasks"
        lines.append(f"{count} in {region}")
        lines += [f"  {task!r}" for task in tasks[:_MOST_LISTED]]
    return "\n".join(lines)
