"""The neck: one call in, the modelled members or one ServiceError out.

What stands here is true of every operation; its own checks stand in its own file.

Rules: specs/order.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import errors, shapes
from .account import Call
from .operations import OPERATIONS
from .parameters import check, examine

if TYPE_CHECKING:
    from datetime import datetime

    from .account import Account
    from .parameters import Examined
    from .permissions import Policy


class Caller(NamedTuple):
    """Who calls, from where, and what they may do; no policy allows everything."""

    region: str
    policy: Policy | None
    principal: str


class Answer(NamedTuple):
    """The modelled members of an answer, its request id, and when it was given."""

    members: dict[str, Any]
    request_id: str
    at: datetime


def serve(
    account: Account,
    caller: Caller,
    operation: str,
    parameters: object,
    examined: Examined | None = None,
) -> Answer:
    """Answer one call; *examined* spares the walk where the caller has made it.

    Raises ServiceError and, apart from the clock, the call log and a pending fault, has
    then changed nothing.

    Rules: ORD-01, ORD-02, ORD-10.
    """
    with account.lock:
        request_id = account.next_request_id()
        try:
            if not isinstance(operation, str) or operation not in OPERATIONS:  # ORD-01
                known = ", ".join(OPERATIONS)
                raise errors.INVALID_ACTION(action=operation, emulated=known)
            if examined is None:
                shape = shapes.OPERATIONS[operation].input
                examined = examine(shape, parameters)
            check(examined.mistakes)  # ORD-02
            members = _perform(account, caller, operation, examined.parameters)
        except errors.ServiceError as error:
            error.request_id = request_id
            raise
        return Answer(members, request_id, account.state.now)


def _perform(
    account: Account, caller: Caller, operation: str, parameters: dict[str, Any]
) -> dict[str, Any]:
    region, policy, principal = caller
    account.advance(account.settings.call_span)  # ORD-09
    code = None
    try:
        account.meet_fault(operation)  # ORD-03
        context = account.context(region, policy, principal)
        return OPERATIONS[operation](context, parameters)  # ORD-04 to ORD-07
    except errors.ServiceError as error:
        code = error.code
        raise
    finally:
        now = account.state.now
        account.log(Call(operation, parameters, principal, region, now, code))
