"""Requests built by the names they have in the contract, for callers that know no messages."""

from __future__ import annotations

from typing import Any

from google.protobuf.message_factory import GetMessageClass

from mxgw_notebook.client.contract import gateway


def request(call: str, **fields: Any) -> Any:
    """The request message of a call of the gateway: `request("CloseSession", session_id=...)`."""
    service = gateway.DESCRIPTOR.services_by_name["MxAccessGateway"]
    message: Any = GetMessageClass(service.methods_by_name[call].input_type)
    return message(**fields)


def command(session_id: str, payload: str, **fields: Any) -> gateway.MxCommandRequest:
    """One command of a session, by its payload field: `command(id, "advise", server_handle=1, ...)`.

    A submessage may be given as a dict of its fields.
    """
    kind = f"MX_COMMAND_KIND_{payload.removesuffix('_command').upper()}"
    body: dict[str, Any] = {payload: fields}
    return gateway.MxCommandRequest(session_id=session_id, command=gateway.MxCommand(kind=kind, **body))
