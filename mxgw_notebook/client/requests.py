"""Requests built by the names they have in the contract, for callers that know no messages."""

from __future__ import annotations

from typing import Any

from google.protobuf.message_factory import GetMessageClass

from mxgw_notebook.client.contract import wire
from mxgw_notebook.errors import ConfigurationError


def request(call: str, **fields: Any) -> Any:
    """The request message of a call of the gateway: `request("CloseSession", session_id=...)`.

    Raises ConfigurationError for a value that its field cannot hold.
    """
    service = wire.DESCRIPTOR.services_by_name["MxAccessGateway"]
    message: Any = GetMessageClass(service.methods_by_name[call].input_type)
    return filled(message, fields)


def command(session_id: str, payload: str, **fields: Any) -> wire.MxCommandRequest:
    """One command of a session, by its payload field: `command(id, "advise", server_handle=1, ...)`.

    A submessage may be given as a dict of its fields. Raises ConfigurationError for a value that its field
    cannot hold.
    """
    kind = f"MX_COMMAND_KIND_{payload.removesuffix('_command').upper()}"
    body = {"kind": kind, payload: fields}
    built: wire.MxCommandRequest = filled(wire.MxCommandRequest, {"session_id": session_id, "command": body})
    return built


def filled(message: Any, fields: dict[str, Any]) -> Any:
    """A message of these fields."""
    try:
        return message(**fields)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{message.DESCRIPTOR.name}: {error}") from None
