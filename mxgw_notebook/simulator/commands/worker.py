"""Questions to the session's worker, and its end."""

from __future__ import annotations

import os

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.commands.invocation import ADMIN, EVENTS, METADATA, READ, Command, Invocation


def _ping(call: Invocation, command: wire.PingCommand) -> None:
    call.reply.diagnostic_message = command.message


def _state(call: Invocation, command: wire.GetSessionStateCommand) -> None:
    call.reply.session_state.state = call.session.state
    call.reply.diagnostic_message = call.session.fault


def _info(call: Invocation, command: wire.GetWorkerInfoCommand) -> None:
    info = call.reply.worker_info
    info.process_id = os.getpid()
    info.worker_version = "embedded"
    info.mxaccess_prog_id = "LMXProxy.LMXProxyServer.1"


def _drain(call: Invocation, command: wire.DrainEventsCommand) -> None:
    call.reply.drain_events.events.extend(call.session.events.take(command.max_events))


def _shutdown(call: Invocation, command: wire.ShutdownWorkerCommand) -> None:
    call.gateway.sessions.close(call.session, "The worker was shut down.")


COMMANDS = {
    "ping": Command(READ, _ping),
    "get_session_state": Command(METADATA, _state, any_state=True),
    "get_worker_info": Command(METADATA, _info, any_state=True),
    "drain_events": Command(EVENTS, _drain),
    "shutdown_worker": Command(ADMIN, _shutdown),
}
