"""What the package exports is named, sorted and documented."""

from __future__ import annotations

import inspect
import re

import pytest

import ec2_export_sim
from ec2_export_sim import Client
from ec2_export_sim.core.operations import OPERATIONS


def test_every_exported_name_exists() -> None:
    assert ec2_export_sim.__all__ == sorted(ec2_export_sim.__all__)
    for name in ec2_export_sim.__all__:
        assert hasattr(ec2_export_sim, name)


def public(owner: type) -> set[str]:
    """Return the names that this package gives a class and its instances.

    The members of an enumeration are not among them: each says itself what it is.
    """
    found: set[str] = set()
    for each in owner.__mro__:
        if each.__module__.startswith("ec2_export_sim"):
            assigned = re.findall(r"self\.(\w+) = ", inspect.getsource(each))
            found |= {*vars(each), *inspect.get_annotations(each), *assigned}
    found -= set(getattr(owner, "__members__", ()))
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize(
    "name", [name for name in ec2_export_sim.__all__ if name != "__version__"]
)
def test_every_public_name_is_documented(name: str) -> None:
    owner = getattr(ec2_export_sim, name)
    text = owner.__doc__
    assert not text.startswith(f"{name}(")  # as dataclasses and tuples generate it
    for each in public(owner):
        member = getattr(owner, each, None)
        if inspect.isroutine(member) or isinstance(member, property):
            assert inspect.getdoc(member), each
        else:  # the docstring of its class has it
            assert re.search(rf"[`*]{each}\b|^ +{each}: ", text, re.MULTILINE), each


def test_every_operation_has_its_row_and_its_method() -> None:
    for operation, row in OPERATIONS.items():
        method = row.function.__name__
        assert method.replace("_", "") == operation.lower()
        assert callable(getattr(Client, method))
