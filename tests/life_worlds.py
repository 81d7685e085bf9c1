"""Random requests of all operations: small spaces, so that they collide."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ec2_export_sim.core import shapes
from tests import worlds

KINDS = {
    "ami-0123456789abcdef0": "own",
    "ami-00000001": "own",
    "ami-00000002": "own",
    "ami-00000003": "marketplace",
    "ami-00000004": "encrypted",
}
IMAGES = [image_id for image_id, kind in KINDS.items() if kind == "own"]
BAD_IMAGES = ["ami-00000003", "ami-00000004", "ami-abcd1234", "ami-0", ""]
KEYS = ["Name", "name", "a"]
TEXTS = ["", "1", "naïve"]


def mostly(good: list[Any], bad: list[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy of *good* values and now and then one of *bad*."""
    return st.one_of(*[st.sampled_from(good)] * 7, st.sampled_from([*good, *bad]))


keys = mostly(KEYS, ["aws:x", "", "k" * 127, "k" * 128])
texts = mostly(TEXTS, ["v" * 256, "v" * 257])
good_tags = st.dictionaries(
    st.sampled_from(KEYS), st.sampled_from(TEXTS), min_size=1, max_size=3
).map(lambda held: [{"Key": key, "Value": value} for key, value in held.items()])
tags = st.one_of(
    good_tags,
    good_tags,
    st.lists(
        st.one_of(
            st.fixed_dictionaries({"Key": keys, "Value": texts}),
            st.fixed_dictionaries({"Key": keys}),
        ),
        min_size=1,
        max_size=3,
    ),
)
specifications = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"ResourceType": mostly(["export-image-task"], ["image"]), "Tags": tags}
        ),
        st.just({"ResourceType": "export-image-task"}),
    ),
    min_size=1,
    max_size=2,
)
dry_runs = st.sampled_from([False, False, False, True])
exports = st.fixed_dictionaries(
    {
        "ImageId": mostly(IMAGES, BAD_IMAGES),
        "DiskImageFormat": mostly(["VMDK", "RAW", "vhd"], ["iso", ""]),
        "S3ExportLocation": mostly(
            [{"S3Bucket": "b"}, {"S3Bucket": "b", "S3Prefix": "p/"}],
            [{"S3Bucket": "b", "S3Prefix": ""}, {"S3Bucket": ""}],
        ),
    },
    optional={
        "ClientToken": mostly(["t", "u", ""], ["t" * 65]),
        "Description": mostly(["", "d"], ["d" * 256]),
        "DryRun": dry_runs,
        "RoleName": st.just("vmimport"),
        "TagSpecifications": specifications,
    },
)


def named(ids: list[str]) -> st.SearchStrategy[Any]:
    """Return a strategy of ids, mostly of *ids*."""
    return mostly(ids or worlds.IDS, ["", "ami-0", "export-ami-XYZ", worlds.IDS[0]])


def cancels(ids: list[str]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"ExportTaskId": named(ids)})


def taggings(ids: list[str]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"Resources": st.lists(named(ids), min_size=1, max_size=3), "Tags": tags},
        optional={"DryRun": dry_runs},
    )


def untaggings(ids: list[str]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"Resources": st.lists(named(ids), min_size=1, max_size=3)},
        optional={"DryRun": dry_runs, "Tags": tags},
    )


tag_filters = st.fixed_dictionaries(
    {
        "Name": mostly(
            ["key", "value", "resource-id", "resource-type", "tag:Name", "tag:a"],
            ["tag-key", "Key", "task-state"],
        ),
        "Values": st.lists(
            st.sampled_from([*KEYS, *TEXTS, "*", "?ame", "export-*"]),
            min_size=1,
            max_size=2,
        ),
    }
)
tag_listings = st.fixed_dictionaries(
    {},
    optional={
        "DryRun": dry_runs,
        "Filters": st.lists(tag_filters, min_size=1, max_size=2),
        "MaxResults": mostly([5, 1000], [4, 1001]),
    },
)


def requests(ids: list[str]) -> dict[str, st.SearchStrategy[Any]]:
    """Return the requests of each operation, in an account that holds *ids*."""
    listing = st.one_of(
        worlds.requests,
        st.fixed_dictionaries({"ExportImageTaskIds": st.lists(named(ids))}),
    )
    return {
        "DescribeExportImageTasks": listing,
        "ExportImage": exports,
        "CancelExportTask": cancels(ids),
        "CreateTags": taggings(ids),
        "DeleteTags": untaggings(ids),
        "DescribeTags": tag_listings,
    }


# --- whatever JSON can say ----------------------------------------------------------

members = st.sampled_from(
    sorted(
        {name for row in shapes.OPERATIONS.values() for name in row.input.members}
        | {"Key", "Value", "Values", "Name", "S3Bucket", "ResourceType", "Bogus"}
    )
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 1200),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from([*worlds.IDS[:2], *IMAGES, "VMDK", "export-image-task", "\x00"]),
)
json: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(members, inner, max_size=4)
    ),
    max_leaves=10,
)
