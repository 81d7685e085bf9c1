"""Random accounts and requests; small spaces, so that values collide."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ec2_export_sim.core.operations import OPERATIONS


def mostly(right: list[Any], wrong: list[Any]) -> st.SearchStrategy[Any]:
    """Draw from *right*, and now and then also from *wrong*."""
    return st.one_of(*[st.sampled_from(right)] * 7, st.sampled_from([*right, *wrong]))


# --- accounts -----------------------------------------------------------------------

STATES = ["active", "completed", "deleting", "deleted"]
IDS = [
    *(f"export-ami-{n:017x}" for n in range(6)),
    "export-ami-0000000000000000t",
    "export-ami-ffo2siec",
]
KEYS = ["Name", "name", "a:b", "*", "", "é"]
TEXTS = ["", "a", "A", "ab", "aab", "a*", "?", "\\", "naïve", "x\ny", "prod", "<&>"]

recorded_tags = st.lists(
    st.fixed_dictionaries(
        {"Key": st.sampled_from(KEYS)}, optional={"Value": st.sampled_from(TEXTS)}
    ),
    max_size=3,
    unique_by=lambda tag: tag["Key"],
)
records = st.fixed_dictionaries(
    {"ExportImageTaskId": st.sampled_from(IDS), "Status": st.sampled_from(STATES)},
    optional={
        "Description": st.sampled_from(TEXTS),
        "ImageId": st.sampled_from(["ami-0", "ami-1"]),
        "Progress": st.sampled_from(["0", "85", "soon"]),
        "S3ExportLocation": st.fixed_dictionaries(
            {}, optional={"S3Bucket": st.just("b"), "S3Prefix": st.sampled_from(TEXTS)}
        ),
        "StatusMessage": st.sampled_from(TEXTS),
        "Tags": recorded_tags,
    },
)
accounts = st.lists(
    records, max_size=8, unique_by=lambda r: str(r["ExportImageTaskId"])
)

# --- describing ---------------------------------------------------------------------

pieces = st.sampled_from(["a", "b", "A", "*", "?", "\\*", "\\?", "\\\\", "\\", "prod"])
patterns = st.lists(pieces, max_size=5).map("".join)
names = st.sampled_from(
    [
        *["task-state"] * 4,
        *("tag:Name", "tag:a:b", "tag:*", "tag:", "tag-key", "Task-State"),
        *("tag:name", "TAG:Name", "export-image-task-id", "", "tag"),
    ]
)
values = st.one_of(
    st.sampled_from([*STATES, "Active", "failed", "act*", "*ed", "*", "delete?"]),
    st.sampled_from([*TEXTS, *KEYS, "x" * 255, "x" * 256]),
    patterns,
)
filters = st.one_of(
    st.fixed_dictionaries(
        {"Name": names, "Values": st.lists(values, min_size=1, max_size=3)}
    ),
    st.fixed_dictionaries(
        {}, optional={"Name": names, "Values": st.lists(values, max_size=2)}
    ),
    st.just({"Name": "task-state", "Values": ["*"] * 201}),
)
valid_filters = st.fixed_dictionaries(
    {
        "Name": st.sampled_from(["task-state", "task-state", "tag:Name", "tag-key"]),
        "Values": st.lists(
            st.sampled_from([*STATES, "*", "a*", "*ed", "Name"]), min_size=1, max_size=3
        ),
    }
)
dry_runs = st.sampled_from([False, False, False, True])
describe_requests = st.fixed_dictionaries(
    {},
    optional={
        "DryRun": dry_runs,
        "Filters": st.one_of(
            st.lists(valid_filters, max_size=2), st.lists(filters, max_size=3)
        ),
        "ExportImageTaskIds": st.lists(
            st.one_of(
                st.sampled_from(IDS),
                st.sampled_from(["", "export-ami-XYZ", "ami-0", f"{IDS[0]}\n"]),
            ),
            max_size=3,
        ),
        "MaxResults": st.one_of(st.integers(1, 4), st.sampled_from([500, 501, 1000])),
    },
)

# --- exporting ----------------------------------------------------------------------

KINDS = {
    "ami-0123456789abcdef0": "own",
    "ami-00000001": "own",
    "ami-00000002": "own",
    "ami-00000003": "marketplace",
    "ami-00000004": "encrypted",
}
IMAGES = [image_id for image_id, kind in KINDS.items() if kind == "own"]

valid_tags = st.dictionaries(
    st.sampled_from(["Name", "name", "a"]),
    st.sampled_from(["", "1", "naïve <&>\r\n"]),
    min_size=1,
    max_size=3,
).map(lambda drawn: [{"Key": key, "Value": value} for key, value in drawn.items()])
tags = st.one_of(
    valid_tags,
    valid_tags,
    st.lists(
        st.fixed_dictionaries(
            {"Key": mostly(["Name", "a"], ["aws:x", "", "k" * 127, "k" * 128])},
            optional={"Value": mostly(["", "1"], ["v" * 256, "v" * 257])},
        ),
        min_size=1,
        max_size=3,
    ),
)
tag_specifications = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"ResourceType": mostly(["export-image-task"], ["image"]), "Tags": tags}
        ),
        st.just({"ResourceType": "export-image-task"}),
    ),
    min_size=1,
    max_size=2,
)
export_requests = st.fixed_dictionaries(
    {
        "ImageId": mostly(
            IMAGES, ["ami-00000003", "ami-00000004", "ami-abcd1234", "ami-0", ""]
        ),
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
        "TagSpecifications": tag_specifications,
    },
)

# --- every operation ----------------------------------------------------------------

tag_filters = st.fixed_dictionaries(
    {
        "Name": mostly(
            ["key", "value", "resource-id", "resource-type", "tag:Name", "tag:a"],
            ["tag-key", "Key", "task-state"],
        ),
        "Values": st.lists(
            st.sampled_from(["Name", "a", "", "1", "*", "?ame", "export-*"]),
            min_size=1,
            max_size=2,
        ),
    }
)


WRONG_IDS = ["", "ami-0", "export-i-XYZ", "export-ami-XYZ", IDS[0]]


def requests(
    ids: list[str], wrong_ids: list[str] = WRONG_IDS
) -> dict[str, st.SearchStrategy[Any]]:
    """Return the requests of each operation, for an account that has *ids*."""
    task_id = mostly(ids or IDS, wrong_ids)
    resources = {"Resources": st.lists(task_id, min_size=1, max_size=3)}
    by_id = st.fixed_dictionaries({"ExportImageTaskIds": st.lists(task_id)})
    return {
        "DescribeExportImageTasks": st.one_of(describe_requests, by_id),
        "ExportImage": export_requests,
        "CancelExportTask": st.fixed_dictionaries({"ExportTaskId": task_id}),
        "CreateTags": st.fixed_dictionaries(
            {**resources, "Tags": tags}, optional={"DryRun": dry_runs}
        ),
        "DeleteTags": st.fixed_dictionaries(
            resources, optional={"DryRun": dry_runs, "Tags": tags}
        ),
        "DescribeTags": st.fixed_dictionaries(
            {},
            optional={
                "DryRun": dry_runs,
                "Filters": st.lists(tag_filters, min_size=1, max_size=2),
                "MaxResults": mostly([5, 1000], [4, 1001]),
            },
        ),
    }


# --- whatever JSON can say ----------------------------------------------------------

NESTED = ["Key", "Value", "Values", "Name", "S3Bucket", "S3Prefix", "ResourceType"]
members = st.sampled_from(
    sorted(
        {name for row in OPERATIONS.values() for name in row.input.members}
        | {*NESTED, "Bogus"}
    )
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 1200),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from([*IDS[:2], *IMAGES, "VMDK", "export-image-task", "\x00"]),
)
json: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(members, inner, max_size=4)
    ),
    max_leaves=10,
)
