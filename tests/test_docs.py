"""README says what the code is."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from ec2_export_sim.core.operations.describe_export_image_tasks import (
    describe_export_image_tasks,
)

README = Path(__file__).parent.parent / "README.md"


def test_readme_prints_the_operation_whole() -> None:
    source = inspect.getsource(describe_export_image_tasks)
    assert source in README.read_text(encoding="utf-8")


def test_the_operation_is_one_straight_line_of_at_most_15() -> None:
    source = inspect.getsource(describe_export_image_tasks)
    body = source.partition('"""\n')[2].splitlines()
    assert len(body) <= 15
    assert all(re.search(r"# [A-Z]{3}", line) for line in body if "= " in line[:30])


def test_every_file_that_readme_names_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (README.parent / target).exists(), target
