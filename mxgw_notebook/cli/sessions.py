"""mxgw-py open-session, close-session, session-state, ping: a session outlives the command that opened it."""

from __future__ import annotations

import click

from mxgw_notebook.cli.added_items import AddedItems
from mxgw_notebook.cli.command import CommandCall, gateway_command, session_option
from mxgw_notebook.cli.failures import as_data
from mxgw_notebook.client import enum_name, raise_for_status, request
from mxgw_notebook.errors import CallError, ReplyError


@gateway_command("open-session")
@click.option(
    "--client-session-name", default="mxgw-py", show_default=True, help="The name that the gateway shows."
)
async def open_session(call: CommandCall, client_session_name: str) -> None:
    """Open a session; other commands name it by its id. It stays until close-session or its lease ends."""
    asked = request("OpenSession", client_session_name=client_session_name)
    async with await call.gateway() as client:
        reply = raise_for_status(await client.open_session_raw(asked), "OpenSession")
    AddedItems(call.options.target, reply.session_id).forget()
    call.output.show_facts(
        reply, {"session": reply.session_id, "backend": reply.backend_name, "worker": reply.worker_process_id}
    )


@gateway_command("close-session")
@session_option
async def close_session(call: CommandCall, session_id: str) -> None:
    """Close a session. Closing again is harmless while the gateway knows it."""
    async with await call.gateway() as client:
        reply = await client.close_session_raw(request("CloseSession", session_id=session_id))
    raise_for_status(reply, "CloseSession")
    AddedItems(call.options.target, session_id).forget()
    call.output.show_facts(reply, {"session": reply.session_id, "state": enum_name(reply, "final_state")})


@gateway_command("session-state")
@session_option
async def session_state(call: CommandCall, session_id: str) -> None:
    """Show the state of a session: READY accepts commands, FAULTED must be closed."""
    reply = await call.invoke(session_id, "get_session_state")
    call.output.show_facts(reply, {"state": enum_name(reply.session_state, "state")})


@gateway_command("ping")
@session_option
@click.option("--message", default="ping", show_default=True, help="The worker sends it back.")
async def ping(call: CommandCall, session_id: str, message: str) -> None:
    """Ask a session's worker for an answer. A gateway that refuses the command is there all the same."""
    try:
        reply = await call.invoke(session_id, "ping", message=message)
    except (CallError, ReplyError) as error:
        if not refuses_kind(error):
            raise
        call.output.show_facts(
            {"answered": False, "refusal": as_data(error)}, {"answer": f"none: {error.reason}"}
        )
    else:
        call.output.show_facts(reply, {"answer": reply.diagnostic_message})


def refuses_kind(error: CallError | ReplyError) -> bool:
    """Whether the gateway has answered, and does not know or allow this kind of command."""
    code = error.protocol_code if isinstance(error, ReplyError) else error.code.name
    return code in ("PERMISSION_DENIED", "UNIMPLEMENTED", "INVALID_ARGUMENT", "INTERNAL", "INVALID_REQUEST")
