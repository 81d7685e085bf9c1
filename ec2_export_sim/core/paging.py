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
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from . import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from .shapes import Scalar

_SIGNATURE_BYTES = 16
_PLACE_BYTES = 8
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")  # base64 of both, without padding


class Placed(Protocol):
    """What has a place among others; the numbers rise in the order of an answer."""

    @property
    def number(self) -> int: ...  # noqa: D102 - the class says it


_Item = TypeVar("_Item", bound=Placed)

if TYPE_CHECKING:
    # The ids and the filters of a call, in which alone a token of its answer is one.
    Query: TypeAlias = tuple[Sequence[str], Sequence[dict[str, Any]]]


class TokenCodec:
    """Turns places into opaque tokens and back, for one account and region.

    A place is the number of the last item given, 0 before the first. Its token is a
    signature of place and query, then the place enciphered with a stream made of that
    signature: it tells nothing, and cannot be made without the key.

    Rules: PAG-07 to PAG-15.
    """

    __slots__ = ("_key",)

    def __init__(self, secret: str) -> None:
        self._key = blake2b(secret.encode()).digest()

    def encode(self, place: int, query: Query) -> str:
        """Return the token of *place* among what *query* asks for."""
        signed = blake2b(key=self._key, digest_size=_SIGNATURE_BYTES)
        signed.update(place.to_bytes(_PLACE_BYTES, "big") + _written(query))
        signature = signed.digest()
        enciphered = place ^ self._stream(signature)
        raw = signature + enciphered.to_bytes(_PLACE_BYTES, "big")
        return urlsafe_b64encode(raw).decode()

    def decode(self, token: str | None, query: Query) -> int:
        """Return the place that *token* names; without one, the place before the first.

        Raises InvalidNextToken for whatever `encode` has not given for this query.

        Rules: PAG-11.
        """
        if token is None:
            return 0
        if _TOKEN.fullmatch(token):
            raw = urlsafe_b64decode(token)
            signature, enciphered = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
            place = int.from_bytes(enciphered, "big") ^ self._stream(signature)
            if compare_digest(self.encode(place, query), token):
                return place
        raise errors.INVALID_NEXT_TOKEN(token=token)

    def _stream(self, signature: bytes) -> int:
        stream = blake2b(signature, key=self._key, digest_size=_PLACE_BYTES)
        return int.from_bytes(stream.digest(), "big")


def _written(query: Query) -> bytes:
    """Return *query* in a form that equal queries share, and no others.

    Ids, filters and values count as sets (PAG-09).
    """
    ids, filters = query
    named = {(f["Name"], tuple(sorted(set(f.get("Values", ()))))) for f in filters}
    return repr((sorted(ids), sorted(named))).encode()


def check_max_results(value: int | None, bounds: Scalar) -> int | None:
    """Return *value*, or raise InvalidParameterValue where it is out of *bounds*.

    Rules: PAG-02, PAG-18.
    """
    if value is None:
        return None
    minimum, maximum = bounds.minimum, bounds.maximum
    if minimum is not None and value < minimum:
        refusal = errors.MAX_RESULTS_TOO_SMALL
    elif maximum is not None and value > maximum:
        refusal = errors.MAX_RESULTS_TOO_LARGE
    else:
        return value
    raise refusal(value=value, minimum=minimum, maximum=maximum)


def cut(
    items: Iterable[_Item], max_results: int | None
) -> tuple[list[_Item], int | None]:
    """Return the first page of *items*, and its last place where there are more.

    Rules: IDS-11, PAG-01, PAG-03, PAG-05, PAG-06.
    """
    if max_results is None:
        return list(items), None
    page = list(islice(items, max_results + 1))
    if len(page) <= max_results:
        return page, None
    page.pop()
    return page, page[-1].number
