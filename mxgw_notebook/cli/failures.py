"""Errors as a command line tells them: one line or one JSON object, and an exit code.

Why: DECISIONS.md, "A bulk command with a bad entry prints everything and ends with 8".
"""

from __future__ import annotations

import io
from typing import Any

import click

from mxgw_notebook import errors
from mxgw_notebook.next_steps import Place

FAILED, SOME_FAILED, INTERRUPTED = 1, 8, 130
# The first that an error is counts.
EXIT_CODES: dict[type[errors.GatewayError], int] = {
    errors.AuthenticationError: 3,
    errors.PermissionDeniedError: 3,
    errors.GatewayUnavailableError: 4,
    errors.CallTimeoutError: 5,
    errors.OutcomeUnknownError: 5,
    errors.NotArmedError: 2,
    errors.PlanError: 2,
    errors.NotFoundError: 6,
    errors.InvalidRequestError: 7,
    errors.PreconditionError: 7,
    errors.LimitExceededError: 7,
    errors.ReplyError: 7,
    errors.WriteError: 7,
    errors.TagError: SOME_FAILED,
}
MEANINGS = {
    0: "done",
    FAILED: "failed otherwise",
    2: "wrong usage: an option, a value, a certificate file",
    3: "the key is not accepted, or lacks a scope",
    4: "no gateway answers",
    5: "timed out or cut off; the command may still be running, or have been done",
    6: "no such session, object or alarm",
    7: "the gateway or MXAccess refused the command",
    SOME_FAILED: "some entries of a bulk command, or lines of a batch, failed; all were printed",
    INTERRUPTED: "interrupted",
}


def exit_code(error: click.ClickException | errors.GatewayError) -> int:
    """What the process ends with."""
    if isinstance(error, click.ClickException):
        return error.exit_code
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), FAILED)


def as_line(error: click.ClickException | errors.GatewayError) -> str:
    """The error for a person; wrong usage with the usage."""
    if isinstance(error, errors.GatewayError):
        return f"Error: {error.line_in(Place.COMMAND_LINE)}"
    shown = io.StringIO()
    error.show(shown)
    return shown.getvalue().rstrip()


def as_data(error: click.ClickException | errors.GatewayError) -> dict[str, Any]:
    """The error for a program, always with the same fields; null where an error has nothing to say."""
    if isinstance(error, click.ClickException):
        kind, message, hint = "UsageError", error.format_message(), ""
    else:
        kind, message, hint = type(error).__name__, error.message, error.hint_in(Place.COMMAND_LINE)
    hresult = getattr(error, "hresult", None)
    code = getattr(error, "code", None)
    return {
        "type": kind,
        "message": message,
        "hint": hint or None,
        "exitCode": exit_code(error),
        "call": getattr(error, "call", None),
        "endpoint": getattr(error, "endpoint", None),
        "code": None if code is None else code.name,
        "protocolCode": getattr(error, "protocol_code", None),
        "hresult": hresult,
        "hresultHex": None if hresult is None else getattr(error, "hresult_hex", None),
        "statuses": [status_data(status) for status in getattr(error, "statuses", ())],
        "failures": getattr(error, "failures", {}),
        "reply": reply_of(error),
    }


def status_data(status: errors.Status) -> dict[str, Any]:
    """One MXAccess status by the names that it has in the contract's JSON."""
    return {
        "success": status.success,
        "category": status.category,
        "detectedBy": status.detected_by,
        "detail": status.detail,
        "rawCategory": status.raw_category,
        "rawDetectedBy": status.raw_detected_by,
        "diagnosticText": status.text,
    }


def reply_of(error: Exception) -> dict[str, Any] | None:
    """The raw reply that an error keeps."""
    from mxgw_notebook.client import json_form

    reply = getattr(error, "reply", None)
    return None if reply is None else json_form(reply)
