"""The gateway's sessions, events and alarms."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from weakref import WeakValueDictionary

from google.protobuf.duration_pb2 import Duration

from mxgw_notebook.client.alarms import AlarmMessage, AlarmRecord, message_from_wire, snapshot_from_wire
from mxgw_notebook.client.arguments import ACKNOWLEDGE_SECONDS, seconds_given
from mxgw_notebook.client.arming import Gate
from mxgw_notebook.client.bursts import BurstStream
from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.closing import BRIEF_SECONDS
from mxgw_notebook.client.connection import Connection
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.failures import being_read, judge_acknowledge, unreadable
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.replies import raise_for_status
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions import Session
from mxgw_notebook.client.stream import OpenStream, Stream, whole
from mxgw_notebook.errors import GatewayError


@checks_all_arguments
class GatewayClient(Connection):
    """An async client of one gateway: `async with await GatewayClient.connect(...) as client`."""

    def __init__(self, options: ClientOptions) -> None:
        super().__init__(options)
        self._sessions: WeakValueDictionary[str, Session] = WeakValueDictionary()

    def _known(self, session: Session) -> Session:
        """The session, found again by its id."""
        self._sessions[session.session_id] = session
        return session

    @property
    def gate(self) -> Gate:
        """Checks every change of tags or alarms by name; `gate.arm("why")` opens it for a limited time."""
        return self._rpc.gate

    async def open_session(
        self, client_session_name: str = "mxgw_notebook", *, command_timeout: float | None = None
    ) -> Session:
        """Opens a session for commands. It is not retried: every opened session costs a worker process.

        Args:
            client_session_name: The name that the gateway's own lists show.
            command_timeout: Seconds that one command may take in the worker. Default: the gateway decides.

        Raises:
            CallError: Wrong key, no scope, too many sessions, or no gateway.
            ReplyError: The gateway could not start the worker.
        """
        request = filled(wire.OpenSessionRequest, client_session_name=client_session_name)
        if command_timeout is not None:
            timeout = Duration()
            timeout.FromMilliseconds(int(command_timeout * 1000))
            request.command_timeout.CopyFrom(timeout)
        opening = asyncio.ensure_future(self.open_session_raw(request))
        try:
            reply = raise_for_status(await asyncio.shield(opening), "OpenSession")
        except asyncio.CancelledError:
            self._rpc.loose_ends.keep(asyncio.ensure_future(self._close_when_open(opening)), BRIEF_SECONDS)
            raise
        return self._known(Session(self._rpc, reply.session_id, opened_here=True))

    async def _close_when_open(self, opening: asyncio.Future[wire.OpenSessionReply]) -> None:
        """A session that nobody waits for any more would hold a worker until its lease ends."""
        with contextlib.suppress(GatewayError):
            await Session(self._rpc, (await opening).session_id).close()

    def session(self, session_id: str) -> Session:
        """A session that was opened before, by its id. Sends nothing to the gateway.

        If this client has the session open already, it is the same object.
        """
        known = self._sessions.get(session_id)
        return self._known(Session(self._rpc, session_id)) if known is None or known.closed else known

    async def open_session_raw(self, request: wire.OpenSessionRequest) -> wire.OpenSessionReply:
        """The contract's own reply; errors in it are not raised."""
        reply: wire.OpenSessionReply = await self._rpc.unary("OpenSession", request)
        return reply

    async def close_session_raw(self, request: wire.CloseSessionRequest) -> wire.CloseSessionReply:
        """The contract's own reply; errors in it are not raised. A second call does no harm."""
        reply: wire.CloseSessionReply = await self._rpc.unary("CloseSession", request)
        return reply

    async def invoke_raw(
        self, request: wire.MxCommandRequest, *, timeout: float | None = None
    ) -> wire.MxCommandReply:
        """The contract's own reply to one command; errors in it are not raised. `timeout` is in seconds.

        The default timeout is the client's. Import the requests for this and the other raw calls from
        `mxgw_notebook.client`; `command` and `request` there make them by name.
        """
        about = request.command.WhichOneof("payload") or ""
        reply: wire.MxCommandReply = await self._rpc.unary("Invoke", request, timeout=timeout, about=about)
        return reply

    def stream_events_raw(self, request: wire.StreamEventsRequest) -> OpenStream[wire.MxEvent]:
        """The contract's own events: an async iterator and context manager.

        If the session is open here, this is the session's own stream, because the gateway allows only one.
        """
        known = self._sessions.get(request.session_id)
        if known is not None and not known.closed:
            return known.stream_events_raw(after_worker_sequence=request.after_worker_sequence)
        return self._rpc.stream("StreamEvents", request, whole)

    # -------------------------------------------------------------- alarms

    async def query_active_alarms(self, alarm_filter_prefix: str = "") -> list[AlarmRecord]:
        """Every alarm that is active or waits for its acknowledgement, once.

        You get the complete list or an error: a missing alarm would look like one that is over. The client's
        timeout applies to the whole list.
        """
        request = filled(wire.QueryActiveAlarmsRequest, alarm_filter_prefix=alarm_filter_prefix)
        async with self._rpc.stream(
            "QueryActiveAlarms", request, whole, timeout=self.options.timeout
        ) as stream:
            stream.when_broken = self._refuse_list
            with being_read("QueryActiveAlarms", self.options):
                return [snapshot_from_wire(alarm, self.clock) async for alarm in stream]

    def _refuse_list(self, error: Exception) -> None:
        raise unreadable(error, "QueryActiveAlarms", self.options) from error

    def query_active_alarms_raw(self, alarm_filter_prefix: str = "") -> Stream[wire.ActiveAlarmSnapshot]:
        """The same as the contract's messages: an async iterator and context manager."""
        request = filled(wire.QueryActiveAlarmsRequest, alarm_filter_prefix=alarm_filter_prefix)
        return self._rpc.stream("QueryActiveAlarms", request, whole)

    def stream_alarms(self, alarm_filter_prefix: str = "") -> Stream[AlarmMessage]:
        """The alarm feed as records: the active alarms first, then every change.

        An async iterator and context manager of AlarmRecord (as from `query_active_alarms`), SnapshotComplete
        and ProviderStatus. Messages of a kind that this version does not know are left out.
        """
        request = filled(wire.StreamAlarmsRequest, alarm_filter_prefix=alarm_filter_prefix)
        return self._rpc.stream("StreamAlarms", request, partial(message_from_wire, clock=self.clock))

    def alarm_bursts(self, alarm_filter_prefix: str = "") -> BurstStream[AlarmMessage]:
        """The same for who only follows it: `hand_to` calls a function with each message.

        A thread reads, on a connection of its own. That is ten times as fast.
        """
        request = filled(wire.StreamAlarmsRequest, alarm_filter_prefix=alarm_filter_prefix)
        return self._rpc.bursts("StreamAlarms", request, partial(message_from_wire, clock=self.clock))

    def stream_alarms_raw(self, alarm_filter_prefix: str = "") -> Stream[wire.AlarmFeedMessage]:
        """The same as the contract's messages."""
        request = filled(wire.StreamAlarmsRequest, alarm_filter_prefix=alarm_filter_prefix)
        return self._rpc.stream("StreamAlarms", request, whole)

    watch_alarms = stream_alarms

    async def acknowledge_alarm(
        self,
        alarm_full_reference: str,
        *,
        comment: str = "",
        operator_user: str = "",
        timeout: float = ACKNOWLEDGE_SECONDS,
    ) -> wire.AcknowledgeAlarmReply:
        """Acknowledges one alarm within `timeout` seconds. Twice does no harm. The feed shows the result.

        Raises:
            NotFoundError: The gateway knows no such alarm.
            PermissionDeniedError: The key lacks the scope invoke:write.
            ReplyError: The gateway could not do it.
            OutcomeUnknownError: The alarm may be acknowledged: the answer was lost, or came too late.
        """
        seconds = seconds_given(timeout)
        request = filled(
            wire.AcknowledgeAlarmRequest,
            alarm_full_reference=alarm_full_reference,
            comment=comment,
            operator_user=operator_user,
        )
        with judge_acknowledge(alarm_full_reference):
            reply: wire.AcknowledgeAlarmReply = await self._rpc.unary(
                "AcknowledgeAlarm", request, timeout=seconds
            )
            return raise_for_status(reply, "AcknowledgeAlarm")
