"""The fixtures, as a project that has the package installed sees them."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import ec2_export_sim
from ec2_export_sim import Quirk

if TYPE_CHECKING:
    from collections.abc import Mapping

pytest_plugins = ["pytester"]


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """Run *source* as a test module, with the plugin."""
    return run_files(pytester, {"test_module.py": dedent(source)}, *options)


def run_files(
    pytester: pytest.Pytester, files: Mapping[str, str], *options: str
) -> pytest.RunResult:
    """Run *files*, path to source, with the plugin."""
    for name, source in files.items():
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
    root = str(Path(ec2_export_sim.__file__).parent.parent)
    pytester.makeini(f"[pytest]\npythonpath = {root}\n")
    arguments = ["-p", "no:randomly", "-p", "no:cacheprovider", *options]
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


# --- what a failing test shows ------------------------------------------------------


@pytest.mark.rule("SIM-24")
def test_a_failing_test_shows_its_calls_and_tasks(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_wait(ec2_export_sim, ec2_export_client):
            ec2_export_sim.in_region("eu-west-1").add_task(description="Söhne & Co")
            filters = [{"Name": "task-state", "Values": ["Active"]}]
            ec2_export_client.describe_export_image_tasks(Filters=filters)
            assert False
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- EC2 export calls -*",
            "2025-01-01 00:00:00  us-east-1  DescribeExportImageTasks(Fil*) -> ok *"
            "LIF-15: the tasks are in eu-west-1 (ec2-export-sim rules LIF-15)",
            "1 task in eu-west-1",
            "  <ExportImageTask export-ami-* active 0% validating>",
        ]
    )
    assert result.stdout.str().count("EC2 export calls") == 1


@pytest.mark.rule("SIM-24")
def test_so_does_a_test_that_is_decorated_or_has_a_context(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
        import boto3
        from ec2_export_sim import Simulator
        from ec2_export_sim.botocore import intercept

        @intercept(Simulator)
        def test_decorated():
            boto3.client("ec2", "us-east-1").describe_export_image_tasks(DryRun=True)

        @intercept(Simulator)
        async def decorated():
            boto3.client("ec2", "us-east-1").describe_export_image_tasks(DryRun=True)

        def test_async():
            import asyncio
            asyncio.run(decorated())

        def test_context():
            with intercept(Simulator()) as sim:
                boto3.client("ec2", "us-east-1").describe_tags()
            assert sim.tasks
        """,
    )
    result.assert_outcomes(failed=3)
    shown = result.stdout.str()
    assert shown.count("DescribeExportImageTasks(DryRun=True) -> DryRunOperation") == 2
    assert shown.count("DescribeTags() -> ok") == 1


@pytest.mark.rule("SIM-24")
def test_a_passing_test_and_a_test_without_a_simulator_show_nothing(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
        def test_passes(ec2_export_client):
            ec2_export_client.describe_export_image_tasks()

        def test_fails():
            assert False
        """,
    )
    result.assert_outcomes(passed=1, failed=1)
    assert "EC2 export calls" not in result.stdout.str()


@pytest.mark.rule("SIM-24")
def test_a_long_log_is_cut(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_many(ec2_export_sim, ec2_export_client):
            for _ in range(70):
                ec2_export_sim.add_task()
                ec2_export_client.describe_export_image_tasks()
            assert False
        """,
    )
    output = result.stdout.str()
    assert "the last 50 of 70 calls:" in output
    assert output.count("DescribeExportImageTasks() -> ok") == 50
    assert output.count("<ExportImageTask") == 50


def test_a_policy_is_given_by_a_fixture(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from ec2_export_sim import ClientError, Policy

        @pytest.fixture
        def ec2_export_policy():
            return Policy.deny_all()

        def test_client(ec2_export_client):
            with pytest.raises(ClientError, match="UnauthorizedOperation"):
                ec2_export_client.describe_tags()

        def test_boto3(ec2_export_boto3):
            import boto3
            ec2 = boto3.client("ec2", region_name="us-east-1")
            with pytest.raises(ec2.exceptions.ClientError, match="UnauthorizedOp"):
                ec2.describe_tags()
        """,
    )
    result.assert_outcomes(passed=2)


# --- quirks -------------------------------------------------------------------------

# The tests of a user. The first one leans on an order that AWS does not promise.
USERS_TESTS = """
    def newest(ec2):
        return ec2.describe_export_image_tasks()["ExportImageTasks"][-1]

    def test_the_newest_task_comes_last(ec2_export_sim, ec2_export_client):
        ec2_export_sim.add_task(description="first")
        ec2_export_sim.add_task(description="second")
        assert newest(ec2_export_client)["Description"] == "second"

    def test_all_tasks_are_described(ec2_export_sim, ec2_export_client):
        made = {ec2_export_sim.add_task().id for _ in range(3)}
        tasks = ec2_export_client.describe_export_image_tasks()["ExportImageTasks"]
        assert {task["ExportImageTaskId"] for task in tasks} == made

    def test_without_a_simulator():
        pass
    """


@pytest.mark.rule("RSP-14", "RSP-01")
def test_a_test_that_leans_on_the_order_is_green_as_documented_and_red_under_a_quirk(
    pytester: pytest.Pytester,
) -> None:
    run(pytester, USERS_TESTS).assert_outcomes(passed=3)
    result = run(pytester, USERS_TESTS, "--ec2-export-quirks=each", "-v")
    runs = len(Quirk) + 1
    result.assert_outcomes(passed=2 * runs, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*::test_the_newest_task_comes_last[[]as_documented[]] PASSED*",
            "*::test_the_newest_task_comes_last[[]RESULTS_IN_ANY_ORDER[]] FAILED*",
            "*::test_all_tasks_are_described[[]RESULTS_IN_ANY_ORDER[]] PASSED*",
            "*::test_without_a_simulator PASSED*",
        ]
    )


def test_an_overriding_fixture_passes_the_quirks_on(pytester: pytest.Pytester) -> None:
    source = """
        import unittest
        import pytest
        from ec2_export_sim import Quirk, Simulator

        @pytest.fixture
        def ec2_export_sim(ec2_export_quirks):
            return Simulator("eu-west-1", quirks=ec2_export_quirks)

        @pytest.mark.parametrize("n", [1, 2])
        def test_quirks(n, request, ec2_export_quirks, ec2_export_boto3):
            name = request.node.callspec.id
            assert [quirk.name for quirk in ec2_export_quirks] in ([], [name[:-2]])
            assert ec2_export_boto3.region_name == "eu-west-1"

        @pytest.mark.parametrize("ec2_export_quirks, n", [([Quirk.SPARE_TOKENS], 1)])
        def test_its_own(ec2_export_quirks, n, ec2_export_client):
            assert ec2_export_quirks == [Quirk.SPARE_TOKENS]

        class TestCase(unittest.TestCase):  # pytest does not parametrize it
            @pytest.fixture(autouse=True)
            def simulate(self, ec2_export_sim):
                self.sim = ec2_export_sim

            def test_as_documented(self):
                assert self.sim.tasks == ()
        """
    run(pytester, source).assert_outcomes(passed=4)
    runs = 2 * (len(Quirk) + 1)
    result = run(pytester, source, "--ec2-export-quirks=each")
    result.assert_outcomes(passed=runs + 2)


def test_each_is_the_options_only_value(pytester: pytest.Pytester) -> None:
    result = run(pytester, USERS_TESTS, "--ec2-export-quirks=SPARE_TOKENS")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--ec2-export-quirks: invalid choice:*"])
