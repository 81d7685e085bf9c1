"""The tasks that the command describes if no list is given.

The first two tasks are AWS's own published samples (awscli/examples/ec2/
describe-export-image-tasks.rst), the second with another id.
"""

from typing import Any

SAMPLE_TASKS: list[dict[str, Any]] = [
    {
        "ExportImageTaskId": "export-ami-1234567890abcdef0",
        "Progress": "21",
        "S3ExportLocation": {"S3Bucket": "my-export-bucket", "S3Prefix": "exports/"},
        "Status": "active",
        "StatusMessage": "updating",
        "Tags": [],
    },
    {
        "ExportImageTaskId": "export-ami-1234567890abcdef1",
        "S3ExportLocation": {"S3Bucket": "my-export-bucket", "S3Prefix": "exports/"},
        "Status": "completed",
        "Tags": [],
    },
    {
        "Description": "nightly build",
        "ExportImageTaskId": "export-ami-9dadaf55b2b57810t",
        "ImageId": "ami-0abcdef1234567890",
        "Progress": "80",
        "S3ExportLocation": {"S3Bucket": "my-export-bucket"},
        "Status": "active",
        "StatusMessage": "converting",
        "Tags": [{"Key": "stage", "Value": "nightly"}],
    },
    {
        "ExportImageTaskId": "export-ami-1234567890abcdef3",
        "ImageId": "ami-0abcdef1234567891",
        "S3ExportLocation": {"S3Bucket": "my-export-bucket"},
        "Status": "deleted",
        "StatusMessage": "ClientError: Disk validation failed",
        "Tags": [{"Key": "stage", "Value": "release"}],
    },
]
