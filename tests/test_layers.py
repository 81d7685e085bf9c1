"""Imports have no circle, and the core needs nothing but the standard library."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

import ec2_export_sim
import ec2_export_sim.core

PACKAGE = Path(ec2_export_sim.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    .removesuffix("__init__")
    .rstrip("."): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

# What each folder may import; the other modules stand above them.
MAY_IMPORT = {"core": {"core"}, "http": {"core", "http"}}


def imports(path: Path) -> set[str]:
    """Return the absolute names that a module imports, also for its types."""
    package = ".".join(["ec2_export_sim", *path.relative_to(PACKAGE).parts[:-1]])
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            named = f"{'.' * node.level}{node.module or ''}"
            module = resolve_name(named, package)
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return found


def own(names: set[str]) -> set[str]:
    """Return the modules of ours that define *names*, each as `MODULES` has it."""
    found: set[str] = set()
    for each in names:
        head, _, rest = each.partition(".")
        if head == "ec2_export_sim":
            while rest not in MODULES:
                rest = rest.rpartition(".")[0]
            found.add(rest)
    return found


def test_imports_have_no_circle() -> None:
    graph = {name: own(imports(path)) - {name} for name, path in MODULES.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, with the circle


def folder(name: str) -> str:
    return name.partition(".")[0]


@pytest.mark.parametrize(
    "name", [name for name in MODULES if folder(name) in MAY_IMPORT]
)
def test_a_lower_module_imports_no_higher_one(name: str) -> None:
    imported = {folder(each) for each in own(imports(MODULES[name]))}
    assert imported <= MAY_IMPORT[folder(name)]


@pytest.mark.parametrize("name", MODULES)
def test_only_its_command_imports_the_suite(name: str) -> None:
    imported = {folder(each) for each in own(imports(MODULES[name]))}
    if name == "cli":  # the parser of all commands
        imported -= {"commands"}
    if folder(name) not in ("commands", "conformance"):
        assert not imported & {"commands", "conformance"}


def test_the_reading_order_of_the_core_names_every_module() -> None:
    named = set(re.findall(r"\w+", ec2_export_sim.core.__doc__ or ""))
    modules = {name.split(".")[1] for name in MODULES if name.startswith("core.")}
    assert modules - named == set()


@pytest.mark.parametrize("name", [name for name in MODULES if folder(name) == "core"])
def test_the_core_imports_the_standard_library_only(name: str) -> None:
    heads = {folder(each) for each in imports(MODULES[name])} - {"ec2_export_sim"}
    assert heads - set(sys.stdlib_module_names) == set()


def test_the_package_works_without_third_party_modules() -> None:
    program = f"""
import sys
sys.path.insert(0, {str(PACKAGE.parent)!r})
import ec2_export_sim
import ec2_export_sim.core
ours = {{"ec2_export_sim", "__main__", *sys.stdlib_module_names}}
print({{name.partition(".")[0] for name in sys.modules}} - ours)
sim = ec2_export_sim.Simulator()
sim.add_task()
print(len(sim.client().describe_export_image_tasks()["ExportImageTasks"]))
"""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("set()\n1\n", "")
