"""The link: a gateway session with its event stream, opened when needed and again when lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from mxgw_notebook.client import GatewayClient, ServerHandle, Session, backoff
from mxgw_notebook.errors import (
    AuthenticationError,
    CallError,
    GatewayError,
    PermissionDeniedError,
    SessionClosedError,
)
from mxgw_notebook.live.session.active import ActiveSession, Owner, check_stream, dispose, end, lives
from mxgw_notebook.live.session.reading import Reader, ReaderKind, start_reader
from mxgw_notebook.live.session.standby import Standby

log = logging.getLogger(__name__)

LIVE = "live"
IDLE = "idle"
STOPPED = "stopped"
# Trying again does not help against these.
FINAL = (AuthenticationError, PermissionDeniedError)
# A stream that is refused so often is not resumed again: the session's old subscriber may never leave.
RESUMES = 3


class SessionLink:
    """Keeps one session with an open event stream. Everything of it runs on the loop thread."""

    def __init__(
        self, client: GatewayClient, name: str, owner: Owner, *, reader: ReaderKind = "auto"
    ) -> None:
        self.status = IDLE
        self.reader_kind: ReaderKind = reader
        self._client, self._name, self._owner = client, name, owner
        self._opened: ActiveSession | None = None
        self._opening = asyncio.Lock()
        self._recovery: asyncio.Task[None] | None = None
        self._failure: GatewayError | None = None
        self._leaving: Reader | None = None
        self._lost: ActiveSession | None = None
        self._resumes = 0
        self._standby = Standby()

    @property
    def opened(self) -> ActiveSession | None:
        """The session in use, if there is one."""
        return self._opened

    async def current(self) -> ActiveSession:
        """The session in use, opened now if there is none.

        Raises:
            GatewayError: It is lost and not yet back, or cannot be opened.
        """
        async with self._opening:
            if self._opened is not None:
                return self._opened
            self._check_open()
            if self._recovery is not None:
                raise self._failure or GatewayError("The gateway is away", hint="Wait for it to come back.")
            opened = await self._open()
            if self.status == STOPPED:  # closed in the meantime, and nobody else knows of this one
                await dispose(opened)
                self._check_open()
            self._opened, self.status = opened, LIVE
            return opened

    def flows(self) -> None:
        """Events have come: a resumed stream holds."""
        self._resumes = 0

    def abandon(self, reason: str) -> None:
        """Takes the present stream for lost, whatever the connection says."""
        if self._opened is not None:
            self._ended(self._opened.reader, GatewayError(reason))

    async def read_by(self, kind: ReaderKind) -> None:
        """Goes on in the same session with another kind of reader; nothing is lost in between."""
        async with self._opening:
            opened, self.reader_kind = self._opened, kind
            if opened is None or self.status == STOPPED or kind in ("auto", opened.reader.kind):
                return
            self._leaving = opened.reader
            await asyncio.to_thread(opened.reader.stop)
            self._owner.lost(opened)
            reader = await self._read(opened.session, self._owner.last_sequence)
            if self._opened is not opened:  # closed in the meantime
                await asyncio.to_thread(reader.stop)
                return
            self._opened = ActiveSession(opened.session, opened.server_handle, reader)
            self._owner.resumed(self._opened)
            self._look_at(reader)

    async def close(self) -> None:
        """Ends recovery, stream and session. Harmless the second time."""
        self.status = STOPPED
        recovery, self._recovery = self._recovery, None
        if recovery is not None:
            recovery.cancel()
            await asyncio.wait({recovery})
        await self._let_go()
        await self._standby.dismiss()
        opened, self._opened = self._opened, None
        if opened is not None:
            await dispose(opened)

    # -------------------------------------------------------------- beneath

    def _check_open(self) -> None:
        if self.status == STOPPED:
            raise SessionClosedError(f"The link to {self._client.options.target} is closed")

    async def _open(self) -> ActiveSession:
        """A new session, registered, its events read from now on: the stream comes before any advise."""
        session = await self._client.open_session(self._name)
        session.hand_over_events()
        try:
            reader = await self._read(session, 0)
        except BaseException:
            await end(session)
            raise
        try:
            opened = ActiveSession(session, await session.register(self._name), reader)
            check_stream(opened)
        except BaseException:
            await dispose(ActiveSession(session, ServerHandle(0), reader))
            raise
        return opened

    async def _read(self, session: Session, after: int) -> Reader:
        loop = asyncio.get_running_loop()
        made: list[Reader] = []

        def told(error: CallError | None) -> None:
            if made:  # taken out: a reader that is done with must not live on in what it calls
                self._ended(made.pop(), error)

        def ended(error: CallError | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone, and with it everybody who cares
                loop.call_soon_threadsafe(told, error)

        reader = await start_reader(
            self.reader_kind,
            self._client.options,
            session.session_id,
            after=after,
            ended=ended,
            launched=await self._standby.take() if self.reader_kind == "process" else None,
        )
        made.append(reader)
        return reader

    def _ended(self, reader: Reader, error: GatewayError | None) -> None:
        """The stream of a session has ended, by a failure or by the gateway's own will."""
        opened = self._opened
        if opened is None or opened.reader is not reader or reader is self._leaving or self.status == STOPPED:
            return
        log.warning("event stream of %s ended: %s", opened.session.session_id, error or "by the gateway")
        self._opened, self._failure, self._lost = None, error, opened
        self.status = f"reconnecting: {error.reason if error else 'the gateway closed the event stream'}"
        self._owner.lost(opened)
        self._recovery = asyncio.get_running_loop().create_task(self._come_back(opened, error))

    def _look_at(self, reader: Reader) -> None:
        """A stream may have ended before anybody listened."""
        if reader.finished:
            self._ended(reader, reader.failure)

    async def _come_back(self, lost: ActiveSession, cause: GatewayError | None) -> None:
        """Recovers, and leaves no process that nobody reads by."""
        try:
            await self._recover(lost, cause)
        finally:
            await self._standby.dismiss()

    async def _let_go(self) -> None:
        """Stops the reader of the stream that was lost."""
        if self._lost is not None:
            await asyncio.to_thread(self._lost.reader.stop)
            self._lost = None

    async def _recover(self, lost: ActiveSession | None, cause: GatewayError | None) -> None:
        """Tries until events come again: from the same session where it lives, else from a new one."""
        waits = backoff()
        await self._let_go()
        while not isinstance(cause, FINAL):
            if self.reader_kind == "process":
                self._standby.prepare()
            await asyncio.sleep(next(waits))
            try:
                if lost is not None and not (self._resumes < RESUMES and await lives(lost.session)):
                    await end(lost.session)
                    lost = None
                opened = await (self._resume(lost) if lost else self._open_again())
            except GatewayError as error:
                self._failure = cause = error
                self.status = f"reconnecting: {error.reason}"
            else:
                self._opened, self._recovery, self.status = opened, None, LIVE
                self._look_at(opened.reader)
                return
        if lost is not None:
            await end(lost.session)
        self.status = f"refused: {cause.reason}"

    async def _resume(self, lost: ActiveSession) -> ActiveSession:
        """The same session, read on after the last event seen."""
        self._resumes += 1
        reader = await self._read(lost.session, self._owner.last_sequence)
        opened = ActiveSession(lost.session, lost.server_handle, reader)
        self._owner.resumed(opened)
        return opened

    async def _open_again(self) -> ActiveSession:
        """A new session in which everything is advised that was advised in the old one."""
        self._resumes = 0
        opened = await self._open()
        try:
            await self._owner.reopened(opened)
            check_stream(opened)
        except BaseException:
            await dispose(opened)
            raise
        return opened
