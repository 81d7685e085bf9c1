"""Pages: how much of an answer a call returns, and the token that names where it ended.

A token holds the place of the last task given, in the order of creation. It is bound to
account and region by its key, and to ids and filters by its signature; so it outlives
whatever happens to the tasks, and is good for nothing else.

Rules: specs/paging.md.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from hmac import compare_digest
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from . import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .shapes import Scalar

_SIGNATURE_BYTES = 16
_PLACE_BYTES = 8
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")  # base64 of both, without padding


class Cursor(NamedTuple):
    """What a token stands for: a place, and the query in which it is one.

    *after* is the number of the last item given, 0 before the first. Ids, filters and
    values count as sets (PAG-09).
    """

    after: int
    ids: Sequence[str]
    filters: Sequence[dict[str, Any]]

    def query(self) -> bytes:
        """Return ids and filters in a form that equal queries share, and no others."""
        named = {
            (f["Name"], tuple(sorted(set(f.get("Values", ()))))) for f in self.filters
        }
        return repr((sorted(self.ids), sorted(named))).encode()


class Placed(Protocol):
    """What has a place among others; the numbers rise in the order of an answer."""

    @property
    def number(self) -> int: ...  # noqa: D102 - the class says it


_Item = TypeVar("_Item", bound=Placed)


class Page(NamedTuple, Generic[_Item]):
    """The items of one page, and where the next begins if there is one."""

    items: list[_Item]
    following: Cursor | None


class TokenCodec:
    """Turns cursors into opaque tokens and back, for one account and region.

    A token is a signature of the cursor, then the place enciphered with a stream that
    hangs on that signature: it tells nothing, and cannot be made without the key.

    Rules: PAG-07 to PAG-15.
    """

    __slots__ = ("_key",)

    def __init__(self, secret: str) -> None:
        self._key = blake2b(secret.encode()).digest()

    def encode(self, cursor: Cursor) -> str:
        """Return the token of *cursor*."""
        place = cursor.after.to_bytes(_PLACE_BYTES, "big")
        signed = blake2b(place, key=self._key, digest_size=_SIGNATURE_BYTES)
        signed.update(cursor.query())
        signature = signed.digest()
        return urlsafe_b64encode(
            signature + self._enciphered(place, signature)
        ).decode()

    def decode(self, token: str | None, start: Cursor) -> Cursor:
        """Return the cursor of *token* in the query of *start*; no token means *start*.

        Raises InvalidNextToken for whatever `encode` has not given for this query.

        Rules: PAG-11.
        """
        if token is None:
            return start
        if _TOKEN.fullmatch(token):
            raw = urlsafe_b64decode(token)
            signature, place = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
            after = int.from_bytes(self._enciphered(place, signature), "big")
            cursor = start._replace(after=after)
            if compare_digest(self.encode(cursor), token):
                return cursor
        raise errors.INVALID_NEXT_TOKEN(token=token)

    def _enciphered(self, place: bytes, signature: bytes) -> bytes:
        stream = blake2b(signature, key=self._key, digest_size=_PLACE_BYTES).digest()
        return bytes(a ^ b for a, b in zip(place, stream, strict=False))


def check_max_results(value: int | None, bounds: Scalar) -> int | None:
    """Return *value*, or raise InvalidParameterValue where it is out of *bounds*.

    Rules: PAG-02, PAG-18.
    """
    minimum, maximum = bounds.minimum, bounds.maximum
    if value is not None:
        if minimum is not None and value < minimum:
            raise errors.MAX_RESULTS_TOO_SMALL(value=value, bound=minimum)
        if maximum is not None and value > maximum:
            raise errors.MAX_RESULTS_TOO_LARGE(value=value, bound=maximum)
    return value


def cut(items: Iterable[_Item], max_results: int | None, cursor: Cursor) -> Page[_Item]:
    """Return the first page of *items*, all of which lie behind *cursor*.

    Rules: IDS-11, PAG-01, PAG-03, PAG-05, PAG-06.
    """
    if max_results is None:
        return Page(list(items), None)
    page = list(islice(items, max_results + 1))
    if len(page) <= max_results:
        return Page(page, None)
    del page[max_results:]
    return Page(page, cursor._replace(after=page[-1].number))
