"""Profiles of Hypothesis, the option --rule, and no settings of the machine."""

from __future__ import annotations

import os

import boto3.s3.transfer  # noqa: F401 - importing awscli later replaces botocore
import pytest  # noqa: TC002 - hypothesis is imported at run time, too
from hypothesis import HealthCheck, settings

settings.register_profile(
    "dev",
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("ci", settings.get_profile("dev"), max_examples=400)
settings.register_profile("few", settings.get_profile("dev"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


# The machine's settings of AWS and proxies have no effect, also on processes that
# tests start.
for name in list(os.environ):
    if name.startswith("AWS_") or name.lower().endswith("_proxy"):
        del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rule", help="run only the tests that show this rule")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    wanted = config.getoption("--rule")
    if wanted is not None:
        items[:] = [
            item
            for item in items
            if any(wanted in mark.args for mark in item.iter_markers("rule"))
        ]
