"""Imports run downward, and the core stands on the standard library alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

import ec2_export_sim
import ec2_export_sim.core

PACKAGE = Path(ec2_export_sim.__file__).parent

OPERATIONS = [
    *("describe_export_image_tasks", "export_image", "cancel_export_task"),
    *("create_tags", "delete_tags", "describe_tags"),
]

# A module imports only from rows above its own.
LAYERS = [
    ["core", "core.text"],
    ["core.errors", "core.shapes", "core.model", "core.envelope"],
    ["core.parameters", "core.permissions", "core.ids", "core.filters", "core.paging"],
    ["core.lifecycle", "core.tags"],
    ["core.quirks", "core.records", "core.store"],
    ["core.settings", "core.state"],
    ["core.account"],
    ["core.backdoor", "core.context"],
    ["core.exports"],
    [f"core.operations.{name}" for name in OPERATIONS],
    ["core.operations"],
    ["core.service"],
    ["query"],
    ["wire"],
    ["exceptions", "paginator", "type_defs", "rules"],
    ["client"],
    ["simulator"],
    [""],
    ["wsgi", "botocore.seam", "botocore.ownership"],
    ["botocore.contexts"],
    ["botocore.answering", "botocore.credentials"],
    ["botocore.awaiting"],
    ["botocore"],
    ["cli"],
    ["__main__", "pytest_plugin"],
    # Only its command imports the suite. No module imports a command, which the
    # command line finds by its name.
    [f"conformance.{name}" for name in ("oracle", "probe", "registry", "samples")],
    ["conformance.strategies", "conformance.targets"],
    [f"conformance.{name}" for name in ("filters", "parameters", "permissions")],
    [f"conformance.{name}" for name in ("filter_values", "ids", "paging", "response")],
    ["conformance.order", "conformance.lifecycle"],
    ["conformance.errors"],
    ["conformance.trial"],
    ["conformance.report"],
    ["conformance.run"],
    ["conformance.expansion"],
    ["conformance"],
    ["commands", "commands.files", "commands.sample", "commands.shorthand"],
    [f"commands.{name}" for name in ("describe", "serve", "conformance", "rules")],
]
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row}
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    .removesuffix("__init__")
    .rstrip("."): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imports(path: Path) -> set[str]:
    """Return the absolute names of what a module imports, for its types, too."""
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


def test_every_module_has_its_row() -> None:
    assert set(MODULES) == set(RANK)


def test_the_reading_order_of_the_core_names_every_module() -> None:
    named = set(re.findall(r"\w+", ec2_export_sim.core.__doc__ or ""))
    modules = {name.split(".")[1] for name in MODULES if name.startswith("core.")}
    assert modules - named == set()


@pytest.mark.parametrize("name", RANK)
def test_a_module_imports_only_from_above(name: str) -> None:
    imported = own(imports(MODULES[name]))
    assert {each for each in imported if RANK[each] >= RANK[name]} == set()


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("core")])
def test_the_core_imports_the_standard_library_only(name: str) -> None:
    names = imports(MODULES[name])
    assert all(each.startswith("core") for each in own(names))
    heads = {each.partition(".")[0] for each in names} - {"ec2_export_sim"}
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
