"""README: every Python block is a test that passes, and its facts are current."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.test_pytest_plugin import run_files
from tests.timeline import draw

if TYPE_CHECKING:
    import pytest

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)

pytest_plugins = ["pytester"]


def test_every_python_block_passes(pytester: pytest.Pytester) -> None:
    """A block that begins with `# conftest.py` is the conftest of the next block."""
    files: dict[str, str] = {}
    folder = ""
    blocks = BLOCK.findall(README.read_text(encoding="utf-8"))
    for number, block in enumerate(blocks):
        if block.startswith("# conftest.py"):
            folder = f"recipe_{number}/"
            files[f"{folder}conftest.py"] = block
        else:
            files[f"{folder}test_recipe_{number}.py"] = block
            folder = ""
    result = run_files(pytester, files)
    outcomes = result.parseoutcomes()
    assert set(outcomes) <= {"passed", "skipped"}
    tests = sum(name.rpartition("/")[2].startswith("test") for name in files)
    assert outcomes["passed"] >= tests


def test_the_picture_is_what_the_script_draws() -> None:
    assert f"```\n{draw()}\n```" in README.read_text(encoding="utf-8")


def test_it_is_short_enough_to_read() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 280
