"""pytest fixtures: a fresh simulator for each test that asks for one.

Override `ec2_export_sim` in your own conftest to configure it; the others follow. If it
passes `ec2_export_quirks` on, `pytest --ec2-export-quirks=each` runs the tests once as
AWS documents the service, and once per deviation that was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2_export_sim import Client, Quirk, Simulator


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--ec2-export-quirks`."""
    parser.getgroup("ec2-export-sim").addoption(
        "--ec2-export-quirks",
        choices=["each"],
        help="run every test that uses the fixture ec2_export_quirks once as AWS "
        "documents the service, and once per quirk",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each test that uses `ec2_export_quirks` run once per quirk, if wanted."""
    fixture = "ec2_export_quirks"
    if metafunc.config.getoption("--ec2-export-quirks") is None:
        return
    if fixture not in metafunc.fixturenames or _is_parametrized(metafunc, fixture):
        return
    from ec2_export_sim import Quirk  # noqa: PLC0415 - lazy

    runs = {"as_documented": (), **{quirk.name: (quirk,) for quirk in Quirk}}
    metafunc.parametrize(fixture, runs.values(), ids=runs.keys(), indirect=True)


def _is_parametrized(metafunc: pytest.Metafunc, fixture: str) -> bool:
    """Return whether the test itself says which values the fixture has."""
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
def ec2_export_client(ec2_export_sim: Simulator) -> Client:
    """Return a client of the test's simulator, allowed everything."""
    return ec2_export_sim.client()


@pytest.fixture
def ec2_export_boto3(ec2_export_sim: Simulator) -> Iterator[Simulator]:
    """Serve every EC2 client of boto3 and aiobotocore out of the test's simulator."""
    from ec2_export_sim.botocore import intercept  # noqa: PLC0415 - lazy

    with intercept(ec2_export_sim) as sim:
        yield sim
