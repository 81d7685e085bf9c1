"""The neck: one call in, the modelled members or one ServiceError out.

What stands here is true of every operation; its own checks stand in its own file.

Rules: specs/order.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import errors, shapes
from .operations import OPERATIONS
from .parameters import check, examine
from .state import Call

if TYPE_CHECKING:
    from typing import TypeAlias

    from .context import Context
    from .parameters import Examined

    # The modelled members of an answer, its request id, and its date for HTTP.
    Answer: TypeAlias = tuple[dict[str, Any], str, str]


def serve(
    context: Context,
    operation: str,
    parameters: object,
    examined: Examined | None = None,
) -> Answer:
    """Answer one call; *examined* spares the walk where the caller has made it.

    Raises ServiceError and, apart from the clock, the call log and a pending fault, has
    then changed nothing.

    Rules: ORD-01, ORD-02, ORD-10, LIF-26.
    """
    account = context.account
    try:
        with account.lock:
            request_id = account.next_request_id()
            try:
                if examined is None:
                    examined = _examined(operation, parameters)  # ORD-01
                understood, mistakes = examined
                if mistakes:
                    check(mistakes)  # ORD-02
                members = _perform(context, operation, understood)
            except errors.ServiceError as error:
                error.request_id = request_id
                raise
            return members, request_id, account.date()
    finally:
        if account.unannounced:
            account.announce()


def _examined(operation: str, parameters: object) -> Examined:
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise errors.INVALID_ACTION(action=operation, emulated=", ".join(OPERATIONS))
    return examine(shapes.OPERATIONS[operation].input, parameters)


def _perform(
    context: Context, operation: str, parameters: dict[str, Any]
) -> dict[str, Any]:
    account = context.account
    span = account.settings.call_span
    if span:  # in most accounts a call takes no time
        span = min(span, account.time_left())
    account.advance(span)  # ORD-09
    code = None
    try:
        if account.state.faults:
            account.meet_fault(operation)  # ORD-03
        return OPERATIONS[operation](context, parameters)  # ORD-04 to ORD-08
    except errors.ServiceError as error:
        code = error.code
        raise
    finally:
        region, principal, now = context.region, context.principal, account.state.now
        account.log(Call(operation, parameters, principal, region, now, code))
