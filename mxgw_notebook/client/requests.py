"""Requests built by the names they have in the contract, for callers that know no messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from google.protobuf.message_factory import GetMessageClass

from mxgw_notebook.client.arguments import not_sendable
from mxgw_notebook.client.contract import wire
from mxgw_notebook.errors import ConfigurationError

P = ParamSpec("P")
M = TypeVar("M")


def request(call: str, **fields: Any) -> Any:
    """The request message of a call of the gateway: `request("CloseSession", session_id=...)`.

    Raises ConfigurationError for a value that its field cannot hold.
    """
    service = wire.DESCRIPTOR.services_by_name["MxAccessGateway"]
    message: Any = GetMessageClass(service.methods_by_name[call].input_type)
    return filled(message, **fields)


def command(session_id: str, payload: str, **fields: Any) -> wire.MxCommandRequest:
    """One command of a session, by its payload field: `command(id, "advise", server_handle=1, ...)`.

    A submessage may be given as a dict of its fields. Raises ConfigurationError for a value that its field
    cannot hold.
    """
    kind = f"MX_COMMAND_KIND_{payload.removesuffix('_command').upper()}"
    body = {"kind": kind, payload: fields}
    message: Any = wire.MxCommandRequest  # takes its submessages as dicts, which its types do not know
    built: wire.MxCommandRequest = filled(message, session_id=session_id, command=body)
    return built


def filled(message: Callable[P, M], /, *unnamed: P.args, **fields: P.kwargs) -> M:
    """A message of these fields: every request with something in it that a caller gave is made here.

    Raises ConfigurationError for a value that its field cannot hold.
    """
    try:
        return message(*unnamed, **fields)
    except UnicodeEncodeError as error:
        raise not_sendable(error) from None
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{message.__name__}: {error}") from None
