"""What Invoke can be asked: one module a family of commands, each with its table of handlers.

`invoke` leads from a command on the wire to its handler, and from what that raises to the reply.
"""

from __future__ import annotations

import grpc

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import statuses
from mxgw_notebook.simulator.commands import alarms, bulk, items, reads, users, worker, writes
from mxgw_notebook.simulator.commands.invocation import ADMIN, Command, Invocation
from mxgw_notebook.simulator.gateway import Gateway
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.refusal import InvalidRequestError, MxFailureError, RefusedError
from mxgw_notebook.simulator.service import require
from mxgw_notebook.simulator.sessions import Session

__all__ = ["invoke"]

_EASE = 2.0  # s for which a command waits for a subscriber that is behind
COMMANDS: dict[str, Command] = {
    **items.COMMANDS,
    **bulk.COMMANDS,
    **reads.COMMANDS,
    **writes.COMMANDS,
    **users.COMMANDS,
    **worker.COMMANDS,
    **alarms.COMMANDS,
}


def arm_of(kind: wire.MxCommandKind) -> str:
    """The payload field that belongs to a kind; empty for a kind that the contract does not know."""
    if kind not in wire.MxCommandKind.values():
        return ""
    name = wire.MxCommandKind.Name(kind).removeprefix("MX_COMMAND_KIND_").lower()
    fields = wire.MxCommand.DESCRIPTOR.fields_by_name
    return next((field for field in (name, f"{name}_command") if field in fields), "")


async def invoke(gateway: Gateway, request: wire.MxCommandRequest, key: Key) -> wire.MxCommandReply:
    """Answers one command. Raises RefusedError for what is no matter of MXAccess."""
    kind = request.command.kind
    arm = arm_of(kind)
    command = COMMANDS.get(arm)
    require(key, command.scope if command else ADMIN)
    session = gateway.sessions.get(request.session_id)
    reply = wire.MxCommandReply(
        session_id=session.id, correlation_id=request.client_correlation_id, kind=kind
    )
    if command is None or request.command.WhichOneof("payload") != arm:
        text = (
            f"A command of kind {kind} with payload {request.command.WhichOneof('payload')!r} is not valid."
        )
        reply.protocol_status.CopyFrom(statuses.protocol(wire.PROTOCOL_STATUS_CODE_INVALID_REQUEST, text))
        return reply
    if not command.any_state:
        _check_ready(session)
    limit = gateway.options.pending_commands
    if session.pending_commands >= limit:
        raise RefusedError(
            grpc.StatusCode.RESOURCE_EXHAUSTED, f"{limit} commands of the session wait already."
        )
    call = Invocation(gateway, session, key, reply)
    # Until its caller has the answer, or has gone: the work itself then goes on uncounted.
    session.pending_commands += 1
    try:
        return await gateway.run_on(_carry_out(command, call, getattr(request.command, arm)))
    finally:
        session.pending_commands -= 1


async def _carry_out(command: Command, call: Invocation, payload: object) -> wire.MxCommandReply:
    """The worker's part. It goes on when the caller has gone, who then does not know how it ended."""
    session = call.session
    await _wait_for_turn(call, command.wait(call, payload) if command.wait else 0.0)
    # Before the command is run, which may send a thousand present values at once.
    await session.events.ease(_EASE)
    if not command.any_state:
        _check_ready(session)
    _run(command, call, payload)
    session.settle()
    return call.reply


def _check_ready(session: Session) -> None:
    if not session.is_ready:
        state = wire.SessionState.Name(session.state).removeprefix("SESSION_STATE_")
        raise RefusedError(
            grpc.StatusCode.FAILED_PRECONDITION, f"The session is {state}. {session.fault}".strip()
        )


async def _wait_for_turn(call: Invocation, longer: float) -> None:
    """Waits for the worker, which runs one command at a time, and for as long as it takes over this one."""
    clock, timeout = call.gateway.clock, call.session.timeout
    delay = call.gateway.options.command_delay + longer
    if not delay and not call.session.turn.locked():
        return
    due = clock.elapsed() + timeout
    async with call.session.turn:
        left = due - clock.elapsed()
        await clock.sleep(max(0.0, min(delay, left)))
        if left < delay:
            text = f"The worker did not answer within {timeout:g} s."
            raise RefusedError(grpc.StatusCode.DEADLINE_EXCEEDED, text)


def _refuse(reply: wire.MxCommandReply, code: wire.ProtocolStatusCode, text: str) -> None:
    reply.protocol_status.CopyFrom(statuses.protocol(code, text))
    reply.diagnostic_message = text


def _run(command: Command, call: Invocation, payload: object) -> None:
    reply = call.reply
    try:
        command.handle(call, payload)
    except MxFailureError as failure:
        _refuse(reply, wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE, failure.text)
        reply.hresult = failure.hresult
        reply.statuses.append(failure.status)
    except InvalidRequestError as error:
        _refuse(reply, wire.PROTOCOL_STATUS_CODE_INVALID_REQUEST, str(error))
    else:
        reply.protocol_status.CopyFrom(statuses.protocol_ok())
        reply.hresult = 0
        if not reply.statuses:
            reply.statuses.append(statuses.ok())
