"""What travels around an answer: the HTTP headers that EC2 sends.

Rules: RSP-11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def http_date(at: datetime) -> str:
    """Return *at*, which is in UTC, as HTTP writes a date, whatever the locale is."""
    return (
        f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} "
        f"{at.hour:02}:{at.minute:02}:{at.second:02} GMT"
    )


def headers(request_id: str, date: str) -> dict[str, str]:
    """Return the headers of an answer, their names in lower case as botocore has them.

    Source: a real answer pasted in https://github.com/boto/boto3/issues/3850
    """
    return {
        "x-amzn-requestid": request_id,
        "cache-control": "no-cache, no-store",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "vary": "accept-encoding",
        "content-type": "text/xml;charset=UTF-8",
        "date": date,
        "server": "AmazonEC2",
    }
