"""The fixtures, as a project that has the package installed sees them."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

import ec2_export_sim

pytest_plugins = ["pytester"]


def run(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    """Run *source* as a test module, with the plugin."""
    pytester.makepyfile(source)
    root = str(Path(ec2_export_sim.__file__).parent.parent)
    pytester.makeini(f"[pytest]\npythonpath = {root}\n")
    arguments = ["-p", "no:randomly", "-p", "no:cacheprovider"]
    if "ec2_export_sim" not in {each.name for each in entry_points(group="pytest11")}:
        pytester.makeconftest('pytest_plugins = ["ec2_export_sim.pytest_plugin"]')
    return pytester.runpytest_subprocess(*arguments)


def test_each_test_has_a_fresh_simulator(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.parametrize("n", [1, 2])
        def test_fresh(n, ec2_export_sim, ec2_export_client):
            assert ec2_export_sim.tasks == ()
            task = ec2_export_sim.add_task()
            answer = ec2_export_client.describe_export_image_tasks()
            assert answer["ExportImageTasks"][0]["ExportImageTaskId"] == task.id
        """,
    )
    result.assert_outcomes(passed=2)


def test_one_override_configures_all(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from ec2_export_sim import Simulator

        @pytest.fixture
        def ec2_export_sim():
            return Simulator("eu-west-1")

        def test_configured(ec2_export_sim, ec2_export_client):
            assert ec2_export_sim.region_name == "eu-west-1"
            assert ec2_export_client.meta.region_name == "eu-west-1"
        """,
    )
    result.assert_outcomes(passed=1)


def test_boto3_is_served_by_the_tests_simulator(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import boto3
        import pytest
        from botocore.endpoint import Endpoint

        ORIGINAL = Endpoint._do_get_response

        def test_served(ec2_export_boto3, ec2_export_sim):
            assert ec2_export_boto3 is ec2_export_sim
            ec2_export_sim.add_task()
            client = boto3.client("ec2", region_name="us-east-1")
            assert len(client.describe_export_image_tasks()["ExportImageTasks"]) == 1

        def test_restored():
            assert Endpoint._do_get_response is ORIGINAL
        """,
    )
    result.assert_outcomes(passed=2)


@pytest.mark.rule("SIM-40", "SIM-41")
def test_sleeps_move_the_clock_of_the_tests_simulator(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
        import asyncio
        import time

        real = time.sleep

        def test_slow(ec2_export_sim, ec2_export_time):
            time.sleep(3600)
            asyncio.run(asyncio.sleep(3600))
            assert ec2_export_time.monotonic() == 7200
            assert ec2_export_time.time() == ec2_export_sim.now.timestamp()

        def test_other(ec2_export_sim):
            assert time.sleep is real
        """,
    )
    result.assert_outcomes(passed=2)


def test_a_note_of_an_error_is_shown(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_refused(ec2_export_client):
            ec2_export_client.describe_export_image_tasks(Filters=[{"Name": "State"}])
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*FLT-07: the filters supported are task-state, *"])
