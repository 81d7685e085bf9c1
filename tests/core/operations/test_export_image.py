"""ExportImage: invalid parameters and images."""

from __future__ import annotations

from typing import Any

import pytest

from ec2_export_sim import ParamValidationError, Policy, Simulator
from tests.calls import (
    DESCRIBE,
    IMAGE,
    OTHER,
    REQUEST,
    answer,
    delete_tags,
    error_of,
    export,
)


@pytest.mark.rule("LIF-19")
@pytest.mark.parametrize(
    "image_id",
    [
        *("", "ami-", "ami-1234567", "ami-1234567g", "ami-" + "0" * 16, IMAGE + "0"),
        *("AMI-12345678", "ami-1234ABCD", "snap-12345678", "ami-12345678\n"),
    ],
)
def test_a_malformed_image_id_is_an_error(image_id: str) -> None:
    error = error_of(
        Simulator(images={}), "ExportImage", **{**REQUEST, "ImageId": image_id}
    )
    assert error.code == "InvalidAMIID.Malformed"
    assert error.message == f'Invalid id: "{image_id}" (expecting "ami-...")'
    assert error.rule == "LIF-19"


IMAGES = {IMAGE: "own", OTHER: "marketplace", "ami-00000001": "encrypted"}


@pytest.mark.rule("LIF-20")
@pytest.mark.parametrize("image_id", ["", "bogus", "ami-1", 5, None])
def test_test_controls_check_image_ids(image_id: Any) -> None:
    with pytest.raises(ValueError, match=f"images has {image_id!r}; an id is 'ami-'"):
        Simulator(images={image_id: "own"})
    with pytest.raises(ValueError, match=f"image_id is {image_id!r}; an id is 'ami-'"):
        Simulator().fail_exports_of(image_id, "broken")


@pytest.mark.rule("LIF-20", "LIF-21", "SIM-11", "ORD-08")
@pytest.mark.parametrize(
    ("image_id", "expected"),
    [
        (
            "ami-abcd1234",
            ("InvalidAMIID.NotFound", "The image id '[ami-abcd1234]' does not exist"),
        ),
        (
            OTHER,
            (
                "NotExportable",
                f"The image ID provided ({OTHER}) is a marketplace AMI and is not "
                "exportable.",
            ),
        ),
        (
            "ami-00000001",
            (
                "InvalidParameter",
                "The image ID (ami-00000001) provided has encrypted EBS block devices "
                "and is not exportable.",
            ),
        ),
    ],
)
def test_an_image_that_cannot_be_exported_is_an_error(
    image_id: str, expected: tuple[str, str]
) -> None:
    sim = Simulator(images=IMAGES)
    assert export(sim, ImageId=image_id) == expected
    assert sim.tasks == ()
    assert "Status" in export(sim)
    there = sim.in_region("eu-west-1")
    message = f"The image id '[{image_id}]' does not exist"
    assert export(there, ImageId=image_id) == ("InvalidAMIID.NotFound", message)
    assert export(there)[0] == "InvalidAMIID.NotFound"


@pytest.mark.rule("LIF-20")
def test_without_images_every_well_formed_id_exists() -> None:
    sim = Simulator()
    for image_id in (IMAGE, "ami-abcd1234"):
        assert export(sim, ImageId=image_id)["ImageId"] == image_id
    assert export(Simulator(images={}))[0] == "InvalidAMIID.NotFound"


NO_ROLE = (
    "The service role {} provided does not exist or does not have sufficient "
    "permissions"
)


@pytest.mark.rule("LIF-38", "LIF-39")
def test_a_role_that_does_not_exist_is_an_error() -> None:
    sim = Simulator(roles=["exporter", "vmimport"])
    assert export(sim, RoleName="nobody") == (
        "InvalidParameter",
        NO_ROLE.format("nobody"),
    )
    assert export(sim, RoleName="")[1] == NO_ROLE.format("")
    assert export(sim, RoleName="VMIMPORT")[1] == NO_ROLE.format("VMIMPORT")
    assert sim.tasks == ()
    assert export(sim, RoleName="exporter")["RoleName"] == "exporter"
    assert "RoleName" not in export(sim, ImageId=OTHER)
    other = Simulator(roles={"exporter": "any collection of names"})
    assert export(other)[1] == NO_ROLE.format("vmimport")
    assert export(other.in_region("eu-west-1"))[1] == NO_ROLE.format("vmimport")


@pytest.mark.rule("LIF-40")
def test_roles_are_read_at_each_call() -> None:
    roles: list[str] = []
    sim = Simulator(roles=roles)
    assert export(sim)[0] == "InvalidParameter"
    roles.append("vmimport")
    assert "Status" in export(sim)
    assert "Status" in export(Simulator(), RoleName="nobody")


@pytest.mark.rule("LIF-40", "LIF-35", "ORD-11")
def test_the_role_is_checked_after_the_token_and_before_the_image() -> None:
    roles = {"vmimport"}
    sim = Simulator(images={IMAGE: "own"}, roles=roles, max_running_exports=1)
    first = export(sim, ClientToken="t")
    roles.clear()
    assert export(sim, ClientToken="t") == first
    assert export(sim, DryRun=True)[0] == "DryRunOperation"
    assert export(sim, ImageId=OTHER)[1] == NO_ROLE.format("vmimport")
    assert export(sim, ClientToken="t", Description="d")[0] == (
        "IdempotentParameterMismatch"
    )
    assert export(sim, DiskImageFormat="ISO")[0] == "InvalidParameterValue"


@pytest.mark.rule("LIF-42")
def test_any_bucket_name_is_accepted() -> None:
    for bucket in ("exports", "A_b.", "no such bucket & <é>", "b" * 300):
        made = export(Simulator(), S3ExportLocation={"S3Bucket": bucket})
        assert made["S3ExportLocation"] == {"S3Bucket": bucket}


@pytest.mark.rule("LIF-37")
def test_a_new_task_can_be_described_and_tagged_at_once() -> None:
    sim = Simulator()
    kind, tags = "export-image-task", [{"Key": "k", "Value": "v"}]
    made = export(sim, TagSpecifications=[{"ResourceType": kind, "Tags": tags}])
    task_id = made["ExportImageTaskId"]
    (task,) = sim.invoke(DESCRIBE, {"ExportImageTaskIds": [task_id]})[
        "ExportImageTasks"
    ]
    assert task == {n: m for n, m in made.items() if n != "DiskImageFormat"}
    (tag,) = sim.invoke("DescribeTags", {})["Tags"]
    assert tag == {**tags[0], "ResourceId": task_id, "ResourceType": kind}
    assert delete_tags(sim, [], task_id) == {}
    assert sim.task(task_id).tags == {}


@pytest.mark.rule("LIF-22", "LIF-33", "LIF-34")
@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (
            {"DiskImageFormat": "ISO"},
            "Value ( ISO ) for parameter DiskImageFormat is invalid. "
            "Expecting one of VMDK, RAW, VHD.",
        ),
        (
            {"DiskImageFormat": ""},
            "Value (  ) for parameter DiskImageFormat is invalid. "
            "Expecting one of VMDK, RAW, VHD.",
        ),
        (
            {"Description": "é" * 256},
            f"Value ( {'é' * 256} ) for parameter Description is invalid. "
            "Expecting at most 255 characters.",
        ),
        (
            {"ClientToken": "t" * 65},
            f"Value ({'t' * 65}) for parameter clientToken is invalid",
        ),
        ({"ClientToken": "é"}, "Value (é) for parameter clientToken is invalid"),
    ],
)
def test_an_invalid_value_is_an_error(members: dict[str, str], expected: str) -> None:
    sim = Simulator()
    assert export(sim, **members) == ("InvalidParameterValue", expected)
    assert sim.tasks == ()


@pytest.mark.rule("LIF-22", "LIF-33", "LIF-27")
def test_the_longest_values_are_accepted() -> None:
    longest = {"Description": "é" * 255, "ClientToken": "t" * 64}
    assert export(Simulator(), **longest)["Description"] == "é" * 255
    assert export(Simulator(), Description="")["Description"] == ""


@pytest.mark.rule("LIF-22", "LIF-34", "PRM-03")
def test_an_empty_bucket_is_missing() -> None:
    sim = Simulator()
    missing = "The request must contain the parameter "
    for name, location in {
        "S3ExportLocation.S3Bucket": {"S3Bucket": ""},
        "S3ExportLocation": {},
    }.items():
        error = export(sim, S3ExportLocation=location)
        assert error == ("MissingParameter", missing + name)
    client: Any = sim.client()
    with pytest.raises(ParamValidationError, match='S3ExportLocation: "S3Bucket"'):
        client.export_image(**{**REQUEST, "S3ExportLocation": {}})
    assert sim.tasks == ()


# --- permissions ----------------------------------------------------------------------


@pytest.mark.rule("ORD-11", "AUT-03")
def test_a_caller_without_permission_learns_nothing() -> None:
    sim = Simulator()
    sim.fail_next_call("ExportImage", "Unavailable")
    client: Any = sim.client(Policy.deny_all())
    for code in ("Unavailable", "UnauthorizedOperation"):
        with pytest.raises(client.exceptions.ClientError, match=code):
            client.export_image(**{**REQUEST, "ImageId": "bogus"})
    assert answer(sim, "DescribeTags") == {"Tags": []}
