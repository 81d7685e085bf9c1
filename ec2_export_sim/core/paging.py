"""Pages: how much of a listing a call returns, and the token that says where it ended.

A position is the sort key of the last item on a page. A token contains the enciphered
position. Its key binds it to the account and the region, its signature to the listing.
So it stays valid when tasks change, and it is valid for nothing else.

Rules: specs/paging.md.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b, shake_256
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from . import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from .shapes import Scalar

    # The sort key of an item.
    Position: TypeAlias = int | list[str]
    # What a call lists: the operation, the ids and the filters. A token is valid only
    # for the listing that it was issued for.
    Listing: TypeAlias = tuple[str, Sequence[str], Sequence[dict[str, Any]]]

_Item = TypeVar("_Item")

# The first byte of a token makes it begin with a letter. A shell would take a hyphen
# for an option.
_VERSION = b"\x01"
_SIGNATURE_BYTES = 14
# Positions are padded to whole blocks, so that the length of a token reveals little.
# Version, signature and blocks are multiples of three bytes: base64 needs no padding.
_BLOCK_BYTES = 24
_HEAD_BYTES = len(_VERSION) + _SIGNATURE_BYTES


class TokenCodec:
    """Turns positions into opaque tokens and back, for one account and region.

    Rules: PAG-07 to PAG-15.
    """

    __slots__ = ("_key",)

    def __init__(self, secret: str) -> None:
        self._key = blake2b(secret.encode()).digest()

    def encode(self, position: Position, listing: Listing) -> str:
        """Return the token of *position* in *listing*."""
        text = json.dumps(position).encode()
        text = text.ljust(-(-len(text) // _BLOCK_BYTES) * _BLOCK_BYTES)
        signed = blake2b(text, key=self._key, digest_size=_SIGNATURE_BYTES)
        signed.update(_canonical_bytes(listing))
        signature = signed.digest()
        raw = _VERSION + signature + self._encipher(text, signature)
        return urlsafe_b64encode(raw).decode()

    def decode(self, token: str | None, listing: Listing) -> Any:
        """Return the position of *token*, None without a token.

        Raises InvalidParameterValue for a token that `encode` does not return for this
        listing.

        Rules: PAG-11.
        """
        if token is None:
            return None
        try:
            raw = urlsafe_b64decode(token)
            signature = raw[len(_VERSION) : _HEAD_BYTES]
            position = json.loads(self._encipher(raw[_HEAD_BYTES:], signature))
            if self.encode(position, listing) == token:
                return position
        except (ValueError, RecursionError):  # no base64 or no position
            pass
        raise errors.INVALID_NEXT_TOKEN.error(token=token)

    def _encipher(self, text: bytes, signature: bytes) -> bytes:
        """Encipher or decipher *text* with a stream that *signature* determines."""
        stream = shake_256(self._key + signature).digest(len(text))
        mixed = int.from_bytes(text) ^ int.from_bytes(stream)
        return mixed.to_bytes(len(text))


def _canonical_bytes(listing: Listing) -> bytes:
    """Return bytes that are equal only for equal listings.

    Ids, filters and values are compared as sets (PAG-09).
    """
    operation, ids, filters = listing
    named = {(f["Name"], *sorted(set(f.get("Values", ())))) for f in filters}
    return repr((operation, sorted(ids), sorted(named))).encode()


def check_max_results(value: int | None, bounds: Scalar) -> int | None:
    """Return *value*, or raise InvalidParameterValue if it is out of *bounds*.

    Rules: PAG-02, PAG-18.
    """
    if value is None:
        return None
    minimum, maximum = bounds.minimum, bounds.maximum
    if minimum is not None and value < minimum:
        template = errors.MAX_RESULTS_TOO_SMALL
    elif maximum is not None and value > maximum:
        template = errors.MAX_RESULTS_TOO_LARGE
    else:
        return value
    raise template.error(value=value, minimum=minimum, maximum=maximum)


def take_page(items: Iterable[_Item], size: int | None) -> tuple[list[_Item], bool]:
    """Return the first *size* items, all if it is None, and whether there are more.

    Rules: IDS-11, PAG-01, PAG-03, PAG-05, PAG-06.
    """
    if size is None:
        return list(items), False
    page = list(islice(items, size + 1))
    has_more = len(page) > size
    if has_more:
        page.pop()
    return page, has_more
