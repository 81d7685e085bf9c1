"""Random accounts and requests: small spaces, so that things collide."""

from __future__ import annotations

from hypothesis import strategies as st

STATES = ["active", "completed", "deleting", "deleted"]
IDS = [
    *(f"export-ami-{n:017x}" for n in range(6)),
    "export-ami-0000000000000000t",
    "export-ami-ffo2siec",
]
KEYS = ["Name", "name", "a:b", "*", "", "é"]
TEXTS = ["", "a", "A", "ab", "aab", "a*", "?", "\\", "naïve", "x\ny", "prod"]

tags = st.lists(
    st.fixed_dictionaries(
        {"Key": st.sampled_from(KEYS), "Value": st.sampled_from(TEXTS)}
    ),
    max_size=3,
    unique_by=lambda tag: tag["Key"],
)
partial_tags = st.lists(
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
        "Tags": partial_tags,
    },
)
accounts = st.lists(
    records, max_size=8, unique_by=lambda r: str(r["ExportImageTaskId"])
)

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
good_filters = st.fixed_dictionaries(
    {
        "Name": st.sampled_from(["task-state", "task-state", "tag:Name", "tag-key"]),
        "Values": st.lists(
            st.sampled_from([*STATES, "*", "a*", "*ed", "Name"]), min_size=1, max_size=3
        ),
    }
)
requests = st.fixed_dictionaries(
    {},
    optional={
        "DryRun": st.sampled_from([False, False, True]),
        "Filters": st.one_of(
            st.lists(good_filters, max_size=2), st.lists(filters, max_size=3)
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
