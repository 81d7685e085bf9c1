"""The conditions of a statement: the operators as a table, and how one is evaluated.

Rules: AUT-14 to AUT-22.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .text import safe_repr
from .variables import Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .variables import Keys

_T = TypeVar("_T")

# AWS accepts no longer policy, so no text in a policy can be longer.
LONGEST_TEXT = 10_240

# --- the operators ------------------------------------------------------------------


class Operator(NamedTuple):
    """How an operator compares the request's value with one of the policy's.

    *read* takes the policy's text and whether variables are allowed in it, and returns
    the value that *matches* takes; it raises ValueError for another text.
    """

    read: Callable[[str, bool], Any]
    matches: Callable[[str, Any, Keys], bool]
    negated: bool = False


def _template(text: str, variables: bool) -> Template:
    return Template.parse(text, variables=variables)


def _text_operator(equal: Callable[[str, str], bool]) -> Operator:
    """Return the operator that compares texts after it has replaced the variables."""

    def matches(text: str, wanted: Template, keys: Keys) -> bool:
        filled = wanted.text(keys)
        return filled is not None and equal(text, filled)

    return Operator(_template, matches)


def _value_operator(
    read: Callable[[str], _T], compare: Callable[[_T, _T], bool]
) -> Operator:
    """Return the operator that compares values; other text matches nothing."""

    def matches(text: str, wanted: _T, _keys: Keys) -> bool:
        try:
            return compare(read(text), wanted)
        except ValueError:
            return False

    return Operator(lambda text, _variables: read(text), matches)


def _negated(positive: Operator) -> Operator:
    return positive._replace(negated=True)


def _equal_ignoring_case(text: str, other: str) -> bool:
    return text.casefold() == other.casefold()


def _boolean(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(f"{text!r} is neither 'true' nor 'false'")
    return text.lower() == "true"


_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    return Decimal(text)


def _seconds(text: str) -> Decimal | float:
    """Return a date, in ISO 8601 or in seconds since 1970, in seconds since 1970."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    try:
        date = datetime.fromisoformat(
            f"{text}-01" if _MONTH.fullmatch(text) else text.upper()
        )
    except ValueError:
        raise ValueError(f"{text!r} is no date") from None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no IP address or range") from None


def _is_within(address: Any, network: Any) -> bool:
    return address.version == network.version and bool(address.subnet_of(network))


_EQUAL = _text_operator(operator.eq)
_EQUAL_IGNORING_CASE = _text_operator(_equal_ignoring_case)
_LIKE = Operator(_template, lambda text, wanted, keys: wanted.matches(text, keys))
_ARN_LIKE = Operator(
    _template, lambda text, wanted, keys: wanted.matches_arn(text, keys)
)
_NUMBER_EQUAL = _value_operator(_number, operator.eq)
_DATE_EQUAL = _value_operator(_seconds, operator.eq)
_BOOLEAN_EQUAL = _value_operator(_boolean, operator.eq)
_WITHIN = _value_operator(_network, _is_within)

OPERATORS: Mapping[str, Operator] = {
    "StringEquals": _EQUAL,
    "StringNotEquals": _negated(_EQUAL),
    "StringEqualsIgnoreCase": _EQUAL_IGNORING_CASE,
    "StringNotEqualsIgnoreCase": _negated(_EQUAL_IGNORING_CASE),
    "StringLike": _LIKE,
    "StringNotLike": _negated(_LIKE),
    "NumericEquals": _NUMBER_EQUAL,
    "NumericNotEquals": _negated(_NUMBER_EQUAL),
    "NumericLessThan": _value_operator(_number, operator.lt),
    "NumericLessThanEquals": _value_operator(_number, operator.le),
    "NumericGreaterThan": _value_operator(_number, operator.gt),
    "NumericGreaterThanEquals": _value_operator(_number, operator.ge),
    "DateEquals": _DATE_EQUAL,
    "DateNotEquals": _negated(_DATE_EQUAL),
    "DateLessThan": _value_operator(_seconds, operator.lt),
    "DateLessThanEquals": _value_operator(_seconds, operator.le),
    "DateGreaterThan": _value_operator(_seconds, operator.gt),
    "DateGreaterThanEquals": _value_operator(_seconds, operator.ge),
    "Bool": _BOOLEAN_EQUAL,
    "IpAddress": _WITHIN,
    "NotIpAddress": _negated(_WITHIN),
    "ArnEquals": _ARN_LIKE,
    "ArnNotEquals": _negated(_ARN_LIKE),
    "ArnLike": _ARN_LIKE,
    "ArnNotLike": _negated(_ARN_LIKE),
    "Null": _BOOLEAN_EQUAL,
}

FOR_ALL, FOR_ANY = "ForAllValues", "ForAnyValue"


class OperatorName(NamedTuple):
    """The name of an operator, in its parts."""

    quantifier: str
    base: str
    if_exists: bool


def _names() -> Iterator[tuple[str, OperatorName]]:
    for base in OPERATORS:
        for quantifier in ("", FOR_ALL, FOR_ANY):
            name = f"{quantifier}:{base}" if quantifier else base
            yield name, OperatorName(quantifier, base, if_exists=False)
            if base != "Null":
                yield f"{name}IfExists", OperatorName(quantifier, base, if_exists=True)


# Every name of an operator, with and without a quantifier and the suffix.
OPERATOR_NAMES: Mapping[str, OperatorName] = dict(_names())

# --- one condition ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """An operator, a key, and the policy's values: their texts, and what `read` made.

    Rules: AUT-14 to AUT-22.
    """

    operator: str
    key: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it reads: its own, and those of the variables in its values."""
        templates = (value for value in self.values if isinstance(value, Template))
        return (self.key, *(key for template in templates for key in template.keys))

    def holds(self, keys: Keys) -> bool:
        """Return whether a request with *keys* meets the condition."""
        quantifier, base, if_exists = OPERATOR_NAMES[self.operator]
        value = keys.get(self.key.lower(), ())
        is_absent = value == ()
        if base == "Null":
            return is_absent in self.values
        negated = OPERATORS[base].negated
        if is_absent:
            return if_exists or quantifier == FOR_ALL or (negated and not quantifier)
        if not quantifier:
            return isinstance(value, str) and self._matches(value, keys) is not negated
        listed = (value,) if isinstance(value, str) else value
        outcomes = (self._matches(text, keys) is not negated for text in listed)
        return all(outcomes) if quantifier == FOR_ALL else any(outcomes)

    def _matches(self, text: str, keys: Keys) -> bool:
        matches = OPERATORS[OPERATOR_NAMES[self.operator].base].matches
        return any(matches(text, wanted, keys) for wanted in self.values)

    def explain(self, keys: Keys) -> str:
        """Return what the request has for the key, shortened for a note."""
        value = keys.get(self.key.lower(), ())
        if value == ():
            return f"{_short(self.key)} is absent"
        found = _listed((value,) if isinstance(value, str) else value)
        return f"{_short(self.key)} is {found} ({self.operator} {_listed(self.texts)})"


def _listed(texts: Sequence[str]) -> str:
    listed = ", ".join(repr(_short(text)) for text in texts[:2])
    return f"{listed} and {len(texts) - 2} more" if len(texts) > 2 else listed


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


# --- reading the element Condition --------------------------------------------------


def parse_conditions(
    element: object, place: str, *, variables: bool, form_only: bool
) -> tuple[Condition, ...]:
    """Return the conditions in the element Condition; none if only its form matters.

    Without *variables*, `${` is plain text. Raises ValueError, with the place, for a
    wrong form, an unknown operator and a value that the operator cannot read.

    Rules: SIM-14, AUT-19, AUT-23, AUT-35.
    """
    conditions = []
    for name, block in _members(element, place):
        for key, value in _members(block, f"{place}.{name}"):
            inside = f"{place}.{name}[{safe_repr(key)}]"
            texts = scalar_texts(value, inside)
            if not form_only:
                values = _values(name, texts, inside, variables=variables)
                conditions.append(Condition(name, key, texts, values))
    return tuple(conditions)


def _values(
    name: str, texts: tuple[str, ...], place: str, *, variables: bool
) -> tuple[Any, ...]:
    if name not in OPERATOR_NAMES:
        meant = did_you_mean(name, OPERATOR_NAMES)
        raise ValueError(f"{place}: this operator is not emulated{meant}")
    read = OPERATORS[OPERATOR_NAMES[name].base].read
    try:
        return tuple(read(text, variables) for text in texts)
    except ValueError as problem:
        raise ValueError(f"{place}: {problem}") from None


def scalar_texts(value: object, place: str) -> tuple[str, ...]:
    """Return a JSON scalar or a list of them as texts.

    Raises ValueError, with the place, for null, an object, and what is too long.
    """
    listed: list[Any] = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | int | float) for each in listed):
        raise ValueError(
            f"{place} must be a string, boolean or number or a list of them, "
            f"not {safe_repr(value)}"
        )
    try:
        texts = tuple(map(scalar_text, listed))
    except ValueError as problem:  # Python writes no int of very many digits
        raise ValueError(f"{place}: {problem}") from None
    check_length(texts, place)
    return texts


def scalar_text(value: str | float) -> str:
    """Return a scalar as IAM compares it; a boolean is `true` or `false`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_length(texts: Iterable[str], place: str) -> None:
    """Raise ValueError, with the place, for a text that is longer than any policy."""
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise ValueError(f"{place} has a text of more than {LONGEST_TEXT} characters")


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return a question if *word* is a known word in another case, else ''."""
    for each in known:
        if isinstance(word, str) and each.lower() == word.lower():
            return f"; did you mean {each!r}?"
    return ""


def _members(element: object, place: str) -> Iterable[tuple[str, object]]:
    if not isinstance(element, Mapping):
        raise ValueError(f"{place} must be an object, not {type(element).__name__}")
    for name in element:
        if not isinstance(name, str):
            raise ValueError(f"{place} has {safe_repr(name)}, which is not a string")
    return element.items()
