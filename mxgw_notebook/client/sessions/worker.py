"""Commands on the session's worker process itself."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.events import Event, event_from_wire
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions.invoking import Invoking


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """The worker process of a session, on the gateway's computer."""

    process_id: int
    version: str
    prog_id: str
    clsid: str


@checks_all_arguments
class WorkerCommands(Invoking):
    """Asking and ending the worker. What only asks is repeated while the gateway is away."""

    async def ping(self, message: str = "ping") -> str:
        """Sends a message to the session's worker and returns the message that comes back."""
        reply = await self._invoke("ping", filled(wire.PingCommand, message=message), safe=True)
        return str(reply.diagnostic_message)

    async def get_session_state(self) -> str:
        """The session's state without prefix: CREATING ... READY, CLOSING, CLOSED, FAULTED."""
        reply = await self._invoke("get_session_state", wire.GetSessionStateCommand(), safe=True)
        return enum_name(reply.session_state, "state")

    async def get_worker_info(self) -> WorkerInfo:
        """Which process serves this session."""
        reply = await self._invoke("get_worker_info", wire.GetWorkerInfoCommand(), safe=True)
        info = reply.worker_info
        return WorkerInfo(info.process_id, info.worker_version, info.mxaccess_prog_id, info.mxaccess_clsid)

    async def drain_events(self, max_events: int = 0) -> list[Event]:
        """Returns waiting events that no stream has received, the oldest first; 0 takes all.

        Events that were read and kept here come before those in the worker's queue. Events on the way between
        the two come with the next call.
        """
        self._check()
        waiting = self._feed.take_unread(max_events)
        if not max_events or len(waiting) < max_events:
            most = max_events - len(waiting) if max_events else 0
            reply = await self._invoke("drain_events", filled(wire.DrainEventsCommand, max_events=most))
            waiting += reply.drain_events.events
        return [event_from_wire(event, self._rpc.clock) for event in waiting]

    async def shutdown_worker(self) -> None:
        """Ends the worker process; the session cannot be used afterwards. Needs the scope admin."""
        await self._invoke("shutdown_worker", wire.ShutdownWorkerCommand())
