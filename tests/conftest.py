"""Profiles, the tests' bond to the rules, and a machine that sets nothing."""

from __future__ import annotations

import os

import pytest  # noqa: TC002 - beside what it configures
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "dev",
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("ci", settings.get_profile("dev"), max_examples=400)
settings.register_profile(
    "mutants",
    settings.get_profile("dev"),
    max_examples=1500,  # a mutant is looked for until it dies
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


# Nothing that the machine says of AWS or of a proxy plays a part, nor while tests are
# collected or in what they start.
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
