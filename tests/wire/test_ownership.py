"""Who answers a real client's call, if something else serves the rest of EC2."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim.core.operations import OPERATIONS, Owner

OURS, VPC = "export-ami-0123456789abcdef0", "vpc-1"


def filters(*named: tuple[str, list[str]]) -> dict[str, Any]:
    return {"Filters": [{"Name": name, "Values": values} for name, values in named]}


@pytest.mark.rule("WIR-18", "WIR-19")
@pytest.mark.parametrize(
    ("operation", "parameters", "whose"),
    [
        ("CreateTags", {"Resources": [OURS]}, Owner.SIMULATOR),
        ("CreateTags", {"Resources": [OURS, "export-ami-"]}, Owner.SIMULATOR),
        ("CreateTags", {"Resources": [VPC, "i-1"]}, Owner.OTHERS),
        ("CreateTags", {"Resources": [OURS, VPC]}, Owner.BOTH),
        ("DeleteTags", {"Resources": [VPC, OURS]}, Owner.BOTH),
        ("DeleteTags", {"Resources": [OURS]}, Owner.SIMULATOR),
        ("DeleteTags", {}, Owner.SIMULATOR),
        ("DescribeTags", {}, Owner.OTHERS_FIRST),
        (
            "DescribeTags",
            filters(("resource-type", ["export-image-task"])),
            Owner.SIMULATOR,
        ),
        ("DescribeTags", filters(("resource-type", ["vpc"])), Owner.OTHERS_FIRST),
        (
            "DescribeTags",
            filters(("resource-type", ["vpc", "export-image-task"])),
            Owner.OTHERS_FIRST,
        ),
        ("DescribeTags", filters(("resource-type", ["export-*"])), Owner.OTHERS_FIRST),
        ("DescribeTags", filters(("resource-id", [OURS])), Owner.SIMULATOR),
        ("DescribeTags", filters(("resource-id", [OURS, VPC])), Owner.OTHERS_FIRST),
        ("DescribeTags", filters(("resource-id", [])), Owner.OTHERS_FIRST),
        ("DescribeTags", filters(("key", [OURS])), Owner.OTHERS_FIRST),
        (
            "DescribeTags",
            filters(("key", ["a"]), ("resource-id", [OURS])),
            Owner.SIMULATOR,
        ),
        ("DescribeTags", {"Filters": [{}]}, Owner.OTHERS_FIRST),
    ],
)
def test_a_call_has_an_owner(
    operation: str, parameters: dict[str, Any], whose: Owner
) -> None:
    owner = OPERATIONS[operation].owner
    assert owner is not None
    assert owner(parameters) is whose
