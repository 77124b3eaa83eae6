"""mxgw-py open-session, close-session, session-state, ping: a session outlives its command."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import click
import grpc

from mxgw_notebook.cli.added_items import AddedItems
from mxgw_notebook.cli.command import CommandCall, gateway_command, session_option
from mxgw_notebook.cli.failures import as_data
from mxgw_notebook.cli.inherited import Inherited
from mxgw_notebook.client import close_each, enum_name, raise_for_status, request
from mxgw_notebook.errors import CallError, GatewayUnavailableError, ReplyError
from mxgw_notebook.live import connect_clients

SHORTEST_PROBE = 0.2


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
@click.option("--session-id", help="Ask this session's worker. Default: ask the gateway.")
@click.option("--message", default="ping", show_default=True, help="The worker sends it back.")
async def ping(call: CommandCall, session_id: str | None, message: str) -> None:
    """Ask the gateway, or a session's worker, for an answer. It ends within --timeout.

    A gateway that refuses the command counts as present; one that refuses the key does not. Use the exit
    code as the probe of a container.
    """
    if session_id is None:
        await probe(call)
        return
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


async def probe(call: CommandCall) -> None:
    """Tells whether the gateway is there and takes the key. Raises GatewayUnavailableError in time."""
    begun = time.monotonic()
    seconds = max(SHORTEST_PROBE, call.options.timeout - age_of_process())
    # An endpoint that swallows what it is sent is waited for twice: for a connection, then for an answer.
    options = replace(call.options, connect_timeout=seconds / len(call.options.targets) / 2)
    try:
        async with asyncio.timeout(seconds):
            client, galaxy = await connect_clients(options)
            answered = time.monotonic() - begun
            target = client.options.target
            await close_each(client.close, galaxy.close)
    except TimeoutError:
        raise GatewayUnavailableError(
            f"no gateway answered within {call.options.timeout:g} s",
            call="ping",
            endpoint=", ".join(call.options.targets),
            code=grpc.StatusCode.DEADLINE_EXCEEDED,
        ) from None
    facts = {"answered": True, "endpoint": target, "seconds": round(answered, 3)}
    call.output.show_facts(facts, {"gateway": target, "answered in": f"{answered * 1000:.0f} ms"})


def age_of_process() -> float:
    """Seconds since this process began, where that is known: whoever limits a probe counts from there.

    The lines of a batch begin when they are read.
    """
    if sys.platform == "win32" or isinstance(click.get_current_context().obj, Inherited):
        return 0.0
    try:
        begun = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        now = float(Path("/proc/uptime").read_text().split()[0])
        return max(0.0, now - begun / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError):
        return 0.0


def refuses_kind(error: CallError | ReplyError) -> bool:
    """Whether the gateway has answered, and does not know or allow this kind of command."""
    code = error.protocol_code if isinstance(error, ReplyError) else error.code.name
    return code in ("PERMISSION_DENIED", "UNIMPLEMENTED", "INVALID_ARGUMENT", "INTERNAL", "INVALID_REQUEST")
