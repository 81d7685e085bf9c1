"""Answers one call: the steps that all operations share.

Rules: specs/order.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .context import CallContext
from .errors import InjectedException, ServiceError, note
from .model import Call
from .operations import OPERATIONS
from .response import Response

if TYPE_CHECKING:
    from datetime import timedelta

    from .account import Account
    from .context import Caller
    from .request import Request

# pytest leaves the frames of this module out of its tracebacks.
__tracebackhide__ = True


def dispatch(caller: Caller, request: Request) -> Response:
    """Answer *request* of *caller*.

    Raises ServiceError or InjectedException; then only the clock, the call log and the
    injected errors have changed. If `on_completed` raises while the time of the call
    passes, that exception is raised and the call is not performed.

    Rules: ORD-01, ORD-02, ORD-10, SIM-17.
    """
    account = caller.account
    try:
        request.raise_first_error()
        if duration := account.settings.call_duration:
            _pass_time(account, duration)
        with account.lock:
            members = _perform(caller, request)
            return Response(members, account.next_request_id(), account.state.now)
    except ServiceError as error:
        with account.lock:
            error.request_id = account.next_request_id()
        raise


def _pass_time(account: Account, duration: timedelta) -> None:
    """Let the time of a call pass; an error of `on_completed` is not the call's."""
    try:
        account.advance(min(duration, account.time_left()))
    except ServiceError as error:
        raise InjectedException(error) from None


def _perform(caller: Caller, request: Request) -> dict[str, Any]:
    """Perform the operation and log the call (SIM-17)."""
    operation, parameters = request.operation, request.parameters
    context = CallContext.of(caller, operation, parameters)
    row = OPERATIONS[operation]
    members = code = rule = hint = None
    try:
        caller.account.raise_injected_error(operation)  # SIM-16
        members = row.function(context, parameters)
    except ServiceError as error:
        code, rule, hint = error.code, error.rule, error.__notes__[0]
        raise
    except InjectedException as injected:
        code, rule = type(injected.exception).__name__, "SIM-12"
        hint = note(rule, "the test asked for this exception with fail_next_call")
        raise
    except Exception as problem:  # a wrong entry of the caller's `images`
        code = type(problem).__name__
        raise
    else:
        if row.why_empty and row.result_key and not members[row.result_key]:
            rule, hint = row.why_empty(context, parameters)
        return members
    finally:
        principal, region, at = context.principal, context.region, context.now
        call = Call(operation, parameters, principal, region, at, code, rule, hint)
        caller.account.state.calls.append(call)
        caller.account.stuck_clock.observe(call, members, context.tasks)
