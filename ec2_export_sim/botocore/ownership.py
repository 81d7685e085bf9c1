"""Which clients are EC2's."""

from typing import Any


def is_ec2(service_id: Any) -> bool:
    """Return whether a client of the service of that id, text or like it, is EC2's."""
    return str(service_id) == "EC2"
