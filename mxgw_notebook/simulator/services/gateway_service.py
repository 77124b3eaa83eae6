"""The rpcs of MxAccessGateway."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Coroutine, Sequence
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import later, statuses
from mxgw_notebook.simulator.commands import invoke
from mxgw_notebook.simulator.faults import LATER_CODE, LATER_KIND, LOSSES, REFUSALS, Faults, Settings
from mxgw_notebook.simulator.gateway import Gateway
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.options import Overflow
from mxgw_notebook.simulator.refusal import RefusedError
from mxgw_notebook.simulator.sessions import Session

CAPABILITIES = ("unary-acknowledge-alarm", "server-stream-active-alarms")
_PREFIX = "MX_COMMAND_KIND_"


class GatewayService:
    """Sessions, commands, events and alarms."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def open_session(self, request: wire.OpenSessionRequest, key: Key) -> wire.OpenSessionReply:
        """A new session, ready at once."""
        asked = request.command_timeout
        timeout = asked.seconds + asked.nanos / 1e9 or self._gateway.options.command_timeout
        session = self._gateway.sessions.open(request.client_session_name, timeout)
        return wire.OpenSessionReply(
            session_id=session.id,
            backend_name=request.requested_backend or "embedded",
            worker_process_id=os.getpid(),
            worker_protocol_version=1,
            capabilities=CAPABILITIES,
            default_command_timeout=Duration(seconds=int(timeout), nanos=int(timeout % 1.0 * 1e9)),
            protocol_status=statuses.protocol_ok(),
            gateway_protocol_version=3,
        )

    async def close_session(self, request: wire.CloseSessionRequest, key: Key) -> wire.CloseSessionReply:
        """Ends a session; again is harmless."""
        session = self._gateway.sessions.get(request.session_id)
        self._gateway.sessions.close(session, "The client closed it.")
        return wire.CloseSessionReply(
            session_id=session.id, final_state=session.state, protocol_status=statuses.protocol_ok()
        )

    async def invoke(self, request: wire.MxCommandRequest, key: Key) -> wire.MxCommandReply:
        """One command."""
        work = invoke(self._gateway, request, key)
        return await answer(self._gateway.faults, request.command.kind, work)

    async def stream_events(
        self, request: wire.StreamEventsRequest, key: Key
    ) -> AsyncGenerator[wire.MxEvent, None]:
        """The session's events for its one subscriber."""
        session = self._gateway.sessions.get(request.session_id)
        if not session.is_ready:
            raise RefusedError(
                grpc.StatusCode.FAILED_PRECONDITION, f"The session is not ready. {session.fault}"
            )
        if session.events.subscribed:
            raise RefusedError(
                grpc.StatusCode.FAILED_PRECONDITION, "The session has an event subscriber already."
            )
        # Nothing is awaited between the look and this: of two calls at once one finds the place taken.
        session.events.subscribed = True
        try:
            async for event in session.events.stream(session.id, request.after_worker_sequence):
                yield event
            self._check_end(session)
        finally:
            self._note_left(session)

    def _note_left(self, session: Session) -> None:
        # The grace begins, and the lease anew: a client that reconnects has the whole of both.
        session.events.subscribed = False
        session.left = session.used = self._gateway.clock.elapsed()

    def _check_end(self, session: Session) -> None:
        """Raises RefusedError when the stream did not end because the client closed the session."""
        self._gateway.check_running()
        if session.events.overflowed:
            if self._gateway.options.overflow is Overflow.DISCONNECT:
                session.events.recover()
            raise RefusedError(grpc.StatusCode.RESOURCE_EXHAUSTED, "The subscriber reads too slowly.")
        if session.state == wire.SESSION_STATE_FAULTED:
            raise RefusedError(grpc.StatusCode.FAILED_PRECONDITION, f"The session faulted. {session.fault}")

    async def acknowledge_alarm(
        self, request: wire.AcknowledgeAlarmRequest, key: Key
    ) -> wire.AcknowledgeAlarmReply:
        """Acknowledges an alarm by its reference; again is harmless."""
        alarm = self._gateway.plant.board.alarms.get(request.alarm_full_reference)
        if alarm is None or not key.allows(alarm.owner, alarm.listing):
            text = f"No alarm is called {request.alarm_full_reference!r}."
            raise RefusedError(grpc.StatusCode.NOT_FOUND, text)
        degraded = self._gateway.faults.find("degraded")
        if degraded and degraded["acknowledge"] == "fails":
            text = "The alarm's sub-attributes cannot be written."
            raise RefusedError(grpc.StatusCode.FAILED_PRECONDITION, text)
        done = alarm.acknowledge(request.comment, request.operator_user, self._gateway.plant.now)
        self._gateway.publish()
        return wire.AcknowledgeAlarmReply(
            correlation_id=request.client_correlation_id,
            protocol_status=statuses.protocol_ok(),
            hresult=0,
            diagnostic_message="Acknowledged." if done else "There was nothing to acknowledge.",
        )

    async def stream_alarms(
        self, request: wire.StreamAlarmsRequest, key: Key
    ) -> AsyncGenerator[wire.AlarmFeedMessage, None]:
        """What stands, then each transition."""
        mailbox = self._gateway.alarms.subscribe(request.alarm_filter_prefix, key)
        try:
            async for message in mailbox.read():
                yield message
            self._gateway.check_running()
            if mailbox.lost:
                raise RefusedError(
                    grpc.StatusCode.RESOURCE_EXHAUSTED, "The alarm subscriber reads too slowly."
                )
        finally:
            self._gateway.alarms.unsubscribe(mailbox)

    async def query_active_alarms(
        self, request: wire.QueryActiveAlarmsRequest, key: Key
    ) -> AsyncGenerator[wire.ActiveAlarmSnapshot, None]:
        """What stands now."""
        for snapshot in self._gateway.alarms.present(request.alarm_filter_prefix, key):
            yield snapshot


def name_of(kind: wire.MxCommandKind) -> str:
    """What a kind of command is called in a fault: the contract's name, in lower case."""
    known = kind in wire.MxCommandKind.values()
    return wire.MxCommandKind.Name(kind).removeprefix(_PREFIX).lower() if known else str(int(kind))


async def answer(
    faults: Faults, kind: wire.MxCommandKind, work: Coroutine[Any, Any, wire.MxCommandReply]
) -> wire.MxCommandReply:
    """What a command's work answers, as far as the faults let it through. Raises RefusedError."""
    command = name_of(kind)
    if (refused := faults.find("refuse-command", command=command)) is not None:
        # A coroutine that is never awaited would be complained of.
        work.close()
        raise _refused(_turn(refused, REFUSALS, faults.happened["refuse-command"]))
    # First: what is late or lost is the answer alone, the command has had its effect.
    reply = await work
    if (late := faults.find("delay-command", command=command)) is not None:
        await asyncio.sleep(float(late["seconds"]))
    if (lost := faults.find("lose-reply", command=command)) is not None:
        return _lost(reply, _turn(lost, LOSSES, faults.happened["lose-reply"]))
    return reply


def _turn(fault: Settings, codes: Sequence[str], happened: int) -> str:
    """The code that a fault names; of `any` each in its turn."""
    return codes[happened % len(codes)] if fault["code"] == "any" else str(fault["code"])


def _lost(reply: wire.MxCommandReply, code: str) -> wire.MxCommandReply:
    """A reply that tells nothing. Raises RefusedError where none comes."""
    if code == LATER_CODE:
        return later.reply_of_code(reply)
    if code == LATER_KIND:
        return later.reply_of_kind(reply)
    raise _refused(code)


def _refused(code: str) -> RefusedError:
    return RefusedError(grpc.StatusCode[code], "Refused, as the fault switch says.")
