"""The link: a gateway session with its event stream, opened when needed and again when lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mxgw_notebook.client import GatewayClient, ServerHandle
from mxgw_notebook.client.backoff import backoff
from mxgw_notebook.client.reader import EventReader
from mxgw_notebook.client.session import Session
from mxgw_notebook.errors import (
    AuthenticationError,
    CallError,
    GatewayError,
    PermissionDeniedError,
    SessionClosedError,
)

log = logging.getLogger(__name__)

LIVE = "live"
IDLE = "idle"
STOPPED = "stopped"
# Trying again does not help against these.
FINAL = (AuthenticationError, PermissionDeniedError)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that is ready, with its server handle and the reader of its events."""

    session: Session
    server_handle: ServerHandle
    reader: EventReader


@dataclass(slots=True)
class Outage:
    """An interval without values, nanoseconds since 1970 UTC; `end_ns` is None while it lasts."""

    start_ns: int
    end_ns: int | None = None


class Link:
    """Keeps one session with an open event stream. Everything of it runs on the loop thread.

    `reopened` is called with each new session after the first, before anybody else gets it; it advises again
    what was advised. `lost` is called when a stream has ended.
    """

    def __init__(
        self,
        client: GatewayClient,
        name: str,
        *,
        reopened: Callable[[Opened], Awaitable[None]],
        lost: Callable[[Opened], None],
    ) -> None:
        self.status = IDLE
        self.outages: list[Outage] = []
        self._client, self._name = client, name
        self._reopened, self._lost_hook = reopened, lost
        self._opened: Opened | None = None
        self._opening = asyncio.Lock()
        self._recovery: asyncio.Task[None] | None = None
        self._failure: GatewayError | None = None

    @property
    def opened(self) -> Opened | None:
        """The session in use, if there is one."""
        return self._opened

    async def current(self) -> Opened:
        """The session in use, opened now if there is none.

        Raises:
            GatewayError: It is lost and not yet back, or cannot be opened.
        """
        async with self._opening:
            if self._opened is not None:
                return self._opened
            if self.status == STOPPED:
                raise SessionClosedError(f"The link to {self._client.options.target} is closed")
            if self._recovery is not None:
                raise self._failure or GatewayError("The gateway is away", hint="Wait for it to come back.")
            opened = await self._open()
            if self.status == STOPPED:  # closed in the meantime, and nobody else knows of this one
                await dispose(opened)
                raise SessionClosedError(f"The link to {self._client.options.target} is closed")
            self._opened, self.status = opened, LIVE
            return opened

    async def close(self) -> None:
        """Ends recovery, stream and session. Harmless the second time."""
        self.status = STOPPED
        if self._recovery is not None:
            self._recovery.cancel()
            await asyncio.gather(self._recovery, return_exceptions=True)
        opened, self._opened = self._opened, None
        if opened is not None:
            await dispose(opened)

    async def _open(self) -> Opened:
        """A new session, registered, its events read from now on: the stream comes before any advise."""
        session = await self._client.open_session(self._name)
        loop = asyncio.get_running_loop()

        def ended(error: CallError | None) -> None:
            loop.call_soon_threadsafe(self._ended, session, error)

        reader = EventReader(self._client.options, session.session_id, ended=ended)
        reader.start()
        try:
            opened = Opened(session, await session.register(self._name), reader)
            check_stream(opened)
        except BaseException:
            await dispose(Opened(session, ServerHandle(0), reader))
            raise
        return opened

    def _ended(self, session: Session, error: CallError | None) -> None:
        """The stream of a session has ended, by a failure or by the gateway's own will."""
        opened = self._opened
        if opened is None or opened.session is not session or self.status == STOPPED:
            return
        log.warning("event stream of %s ended: %s", session.session_id, error or "closed by the gateway")
        self._opened, self._failure = None, error
        self.status = f"reconnecting: {error.details if error else 'the gateway closed the event stream'}"
        self.outages.append(Outage(time.time_ns()))
        self._lost_hook(opened)
        self._recovery = asyncio.get_running_loop().create_task(self._recover(opened, error))

    async def _recover(self, lost: Opened, cause: GatewayError | None) -> None:
        """Disposes of the lost session, then tries until a new one is advised as the old one was."""
        await dispose(lost)
        waits = backoff()
        while not isinstance(cause, FINAL):
            await asyncio.sleep(next(waits))
            try:
                opened = await self._open_again()
            except GatewayError as error:
                self._failure = cause = error
                self.status = f"reconnecting: {error.reason}"
            else:
                self._opened, self._recovery, self.status = opened, None, LIVE
                self.outages[-1].end_ns = time.time_ns()
                return
        self.status = f"refused: {cause.reason}"

    async def _open_again(self) -> Opened:
        """A new session in which everything is advised that was advised in the old one."""
        opened = await self._open()
        try:
            await self._reopened(opened)
            check_stream(opened)
        except BaseException:
            await dispose(opened)
            raise
        return opened


def check_stream(opened: Opened) -> None:
    """Raises when the event stream has ended already; nobody would hear of it later."""
    if opened.reader.finished:
        raise opened.reader.failure or GatewayError("The gateway closed the event stream")


async def dispose(opened: Opened) -> None:
    """Ends a session and its stream, whether or not the gateway is still there to be told."""
    opened.reader.stop()
    with contextlib.suppress(GatewayError):
        await opened.session.close()
