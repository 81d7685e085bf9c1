"""The paginator of `Client`, with botocore's behaviour and its encoding of tokens.

Source: botocore/paginate.py; the configuration is that of the operations in
botocore/data/ec2/2016-11-15/paginators-1.json.

Rules: PAG-16.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True

_Page = TypeVar("_Page")

_TRUNCATED = "boto_truncate_amount"


class Paginator(Generic[_Page]):
    """Makes the pages of an operation, one after the other."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in ("_method", "_result_key"):
            raise AttributeError(
                f"this paginator does not use {name!r}; a real boto3 client does, with "
                "ec2_export_sim.botocore.intercept"
            )
        super().__setattr__(name, value)

    def __init__(self, method: Callable[..., _Page], result_key: str) -> None:
        self._method = method
        self._result_key = result_key

    def paginate(self, **kwargs: Any) -> PageIterator[_Page]:
        """Return the pages of the call with these parameters.

        Args:
            PaginationConfig (dict): MaxItems for all pages, PageSize for each call, and
                StartingToken, the `resume_token` of an earlier walk.
            kwargs: The operation's parameters.
        """
        config = kwargs.pop("PaginationConfig", {})
        max_items, page_size = config.get("MaxItems"), config.get("PageSize")
        if page_size is not None:
            kwargs["MaxResults"] = int(page_size)
        return PageIterator(
            self._method,
            self._result_key,
            kwargs,
            None if max_items is None else int(max_items),
            config.get("StartingToken"),
        )


class PageIterator(Generic[_Page]):
    """The pages of one call; every iteration makes the calls again.

    `resume_token` is the position at which a walk stopped, None if it reached the end.
    """

    def __init__(
        self,
        method: Callable[..., _Page],
        result_key: str,
        parameters: dict[str, Any],
        max_items: int | None,
        starting_token: str | None,
    ) -> None:
        self._method = method
        self._result_key = result_key
        self._parameters = parameters
        self._max_items = max_items
        self._starting_token = starting_token
        self.resume_token: str | None = None

    def __iter__(self) -> Iterator[_Page]:
        token, skipped = _parse_starting_token(self._starting_token)
        taken = 0
        while True:
            page: Any = self._method(**self._parameters, **_token_parameter(token))
            items = page[self._result_key][skipped:]
            page[self._result_key] = items
            if self._max_items is not None and taken + len(items) > self._max_items:
                del items[self._max_items - taken :]
                self._stop_at(token, skipped + len(items))
                yield page
                return
            yield page
            taken += len(items)
            skipped, token = 0, page.get("NextToken")
            if not token:
                return
            if taken == self._max_items:
                self._stop_at(token, None)
                return

    def search(self, expression: str) -> Iterator[Any]:
        """Yield what a JMESPath *expression* finds in each page; needs jmespath."""
        try:
            import jmespath  # noqa: PLC0415 - boto3's dependency, not ours
        except ModuleNotFoundError as problem:
            raise ModuleNotFoundError(
                "search needs jmespath: pip install 'ec2-export-sim[boto3]'",
                name=problem.name,
            ) from None

        compiled = jmespath.compile(expression)
        for page in self:
            found = compiled.search(page)
            if isinstance(found, list):
                yield from found
            else:
                yield found

    def build_full_result(self) -> dict[str, Any]:
        """Return all pages as one, with a NextToken if the walk stopped early."""
        items: list[Any] = []
        page: Any
        for page in self:
            items.extend(page[self._result_key])
        result: dict[str, Any] = {self._result_key: items}
        if self.resume_token is not None:
            result["NextToken"] = self.resume_token
        return result

    def _stop_at(self, token: str | None, truncated: int | None) -> None:
        import json  # noqa: PLC0415 - most walks go to their end

        position: dict[str, Any] = {"NextToken": token}
        if truncated is not None:
            position[_TRUNCATED] = truncated
        self.resume_token = b64encode(json.dumps(position).encode()).decode()


def _token_parameter(token: str | None) -> dict[str, str]:
    return {} if token is None or token == "None" else {"NextToken": token}


def _parse_starting_token(starting_token: str | None) -> tuple[str | None, int]:
    """Return the service's token and the number of items to skip."""
    if starting_token is None:
        return None, 0
    import json  # noqa: PLC0415 - few walks begin in the middle

    try:
        position = json.loads(b64decode(starting_token))
        return position.get("NextToken"), position.get(_TRUNCATED, 0)
    except (ValueError, TypeError, LookupError, AttributeError):
        return _parse_old_token(starting_token)


def _parse_old_token(starting_token: str) -> tuple[str | None, int]:
    """Read a token in botocore's former format: `TOKEN` or `TOKEN___SKIPPED`.

    Raises ValueError for one that has more parts.
    """
    token, *rest = starting_token.split("___")
    if len(rest) > 1:
        raise ValueError(f"Bad starting token: {starting_token}")
    skipped = 0
    if rest:
        try:
            skipped = int(rest[0])
        except ValueError:  # a token of the service's
            token = starting_token
    return (None if token == "None" else token), skipped
