"""Answers one call: what is true of every operation; the rest is the operation's.

Rules: specs/order.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .context import CallContext
from .errors import ServiceError
from .model import Call
from .operations import OPERATIONS
from .response import Response

if TYPE_CHECKING:
    from .context import Caller
    from .request import Request


def dispatch(caller: Caller, request: Request) -> Response:
    """Answer *request* of *caller*.

    Raises ServiceError; then only the clock, the call log and the injected errors have
    changed.

    Rules: ORD-01, ORD-02, ORD-10, SIM-09.
    """
    account = caller.account
    try:
        with account.lock:
            request_id = account.next_request_id()
            try:
                request.raise_first_error()
                members = _perform(caller, request)
            except ServiceError as error:
                error.request_id = request_id
                raise
            return Response(members, request_id, account.state.now)
    finally:
        account.notify_completed()


def _perform(caller: Caller, request: Request) -> dict[str, Any]:
    """Let the call's time pass, perform the operation, and log the call (SIM-17)."""
    account, operation = caller.account, request.operation
    if duration := account.settings.call_duration:
        account.advance(min(duration, account.time_left()))
    context = CallContext.of(caller, request)
    error_code = None
    try:
        account.raise_injected_error(operation)  # SIM-16
        return OPERATIONS[operation].function(context, request.parameters)
    except ServiceError as error:
        error_code = error.code
        raise
    finally:
        account.state.calls.append(
            Call(
                operation,
                request.parameters,
                context.principal,
                context.region,
                context.now,
                error_code,
            )
        )
