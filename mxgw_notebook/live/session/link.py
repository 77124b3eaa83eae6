"""The link: a gateway session with its event stream, opened when needed and again when lost.

Why: DECISIONS.md, "One session for each gateway, not for each purpose".
"""

from __future__ import annotations

import asyncio
from functools import partial

from mxgw_notebook.client import GatewayClient, close_each
from mxgw_notebook.errors import GatewayError, NotFoundError, PreconditionError, SessionClosedError
from mxgw_notebook.live.follow import Follower, Standing, is_final
from mxgw_notebook.live.session.active import (
    ActiveSession,
    Owner,
    ask_by_ping,
    check_stream,
    dispose,
    end,
    is_gone,
    open_active,
    stop_reading,
    wait_taken_up,
)
from mxgw_notebook.live.session.reading import Reader, ReaderKind, Readers
from mxgw_notebook.words import Phase

# A stream that is refused so often is not resumed again: the session's old subscriber may never leave.
RESUMES = 3


class SessionLink:
    """Keeps one session with an open event stream. Everything of it runs on the loop thread.

    `ensure_open` opens the first one; from then on a follower keeps it, each of its attempts one stream's
    life.
    """

    def __init__(
        self, client: GatewayClient, name: str, owner: Owner, *, reader: ReaderKind = "auto"
    ) -> None:
        self._client, self._name, self._owner = client, name, owner
        self._opened: ActiveSession | None = None
        self._opening = asyncio.Lock()
        self._follower = Follower(f"event stream of {name}", self._keep)
        self._closed = False
        self._ending: asyncio.Future[Exception] | None = None  # of the stream in use
        self._cause: GatewayError | None = None  # what ended the last stream
        self._leaving: Reader | None = None
        self._lost: ActiveSession | None = None  # it may live on, and be resumed
        self._resumes = 0
        self._readers = Readers(client, reader, self._note_end)

    @property
    def standing(self) -> Standing:
        """How the stream stands; IDLE before it was first needed."""
        if self._closed:
            return Standing(Phase.STOPPED)
        standing = self._follower.standing
        if standing.is_live and self._opened is None:  # the follower has yet to wake to it
            return Standing(Phase.RECONNECTING, self._cause.reason if self._cause else "")
        return standing

    @property
    def refusal(self) -> GatewayError | None:
        """What it was refused by for good; None where it was not."""
        return self._follower.refusal

    @property
    def opened(self) -> ActiveSession | None:
        """The session in use, if there is one."""
        return self._opened

    @property
    def reader_kind(self) -> ReaderKind:
        """Who reads: from the next stream on, where it is set."""
        return self._readers.kind

    @reader_kind.setter
    def reader_kind(self, kind: ReaderKind) -> None:
        self._readers.kind = kind

    async def ensure_open(self) -> ActiveSession:
        """The session in use, opened now if there is none.

        Raises:
            GatewayError: It is lost and not yet back, or cannot be opened.
        """
        # One opens at a time: two at once would make two sessions, each a worker process at the gateway.
        async with self._opening:
            if self._opened is not None:
                return self._opened
            self._check_open()
            if self._follower.standing.phase is not Phase.IDLE:
                raise (
                    self._follower.failure
                    or self._cause
                    or GatewayError("The gateway is away", hint="Wait for it to come back.")
                )
            opened = await open_active(self._client, self._name, self._readers)
            if self._closed:  # in the meantime, and nobody else knows of this one
                await dispose(opened)
                self._check_open()
            self._use(opened)
            self._follower.start()
            return opened

    def on_flow(self) -> None:
        """Events have come: a resumed stream holds."""
        if self._opened is not None:
            self._resumes = 0

    def abandon(self, reason: str, *, is_over: bool = False) -> None:
        """Takes the present stream for lost, whatever the connection says; its session where that is over."""
        if self._opened is not None:
            if is_over:
                self._resumes = RESUMES
            self._note_end(self._opened.reader, GatewayError(reason))

    async def read_by(self, kind: ReaderKind) -> None:
        """Goes on in the same session with another kind of reader; nothing is lost in between."""
        async with self._opening:
            opened, self._readers.kind = self._opened, kind
            if opened is None or self._closed or kind in ("auto", opened.reader.kind):
                return
            # The old reader ends before the new one begins: a gateway refuses a second subscriber. What came
            # in between is replayed. Its end is ours, and must not be taken for a lost stream.
            self._leaving = opened.reader
            try:
                await self._change_reader(opened)
            except BaseException as error:
                # Nobody reads any more, and nobody would hear of it: that end was taken for ours.
                self._leaving = None
                given_up = GatewayError("the change of readers was given up")
                self._note_end(opened.reader, error if isinstance(error, Exception) else given_up)
                raise

    async def _change_reader(self, opened: ActiveSession) -> None:
        await stop_reading(opened.reader)
        self._owner.on_lost(opened)
        reader = await self._readers.start(opened.session, self._owner.last_sequence)
        # While the old reader ended and the new one began the lock did not keep `close` away: it must not
        # leave a reader behind.
        if self._opened is not opened:  # closed in the meantime
            await stop_reading(reader)
            return
        changed = ActiveSession(opened.session, opened.server_handle, reader)
        await self._tell_resumed(changed)
        self._opened = changed
        self._look_at(reader)

    async def close(self) -> None:
        """Ends recovery, stream and session. Harmless the second time."""
        self._closed = True
        await close_each(self._follower.close, self._readers.dismiss, self._dispose_all)

    async def _dispose_all(self) -> None:
        # The lost one may live on at the gateway, which is there again or was never away.
        left = [session for session in (self._opened, self._lost) if session is not None]
        self._opened = self._lost = None
        await close_each(*(partial(dispose, session) for session in left))

    # -------------------------------------------------------------- beneath

    def _check_open(self) -> None:
        if self._closed:
            raise SessionClosedError(f"The link to {self._client.options.target} is closed")

    def _use(self, opened: ActiveSession) -> None:
        """From now on it is the session in use."""
        self._opened, self._ending = opened, asyncio.get_running_loop().create_future()
        self._follower.mark_live()
        self._look_at(opened.reader)

    def _look_at(self, reader: Reader) -> None:
        """A stream may have ended before anybody listened."""
        if reader.finished:
            self._note_end(reader, reader.failure)

    def _note_end(self, reader: Reader, error: Exception | None) -> None:
        """The stream of the session in use has ended, by a failure or by the gateway's own will.

        At once nobody uses that session any more; the rest is for the follower, which waits for this.
        """
        opened, ending = self._opened, self._ending
        if opened is None or ending is None or self._closed:
            return
        # Old readers still report their end after they were replaced; the stream in use is not theirs.
        if opened.reader is not reader or reader is self._leaving:
            return
        self._opened, self._lost = None, opened
        why = error or GatewayError("the gateway closed the event stream")
        self._cause = why if isinstance(why, GatewayError) else GatewayError(f"The stream fails: {why}")
        # The follower wakes on the loop's next turn, never in the middle of this one.
        ending.set_result(why)

    # -------------------------------------------------------------- what the follower does

    async def _keep(self) -> None:
        """One life: the stream in use, or one that takes its place, until it ends."""
        try:
            if self._ending is None:
                await self._recover()
            self._follower.mark_live()
            await self._wait_for_loss()
        except Exception as error:
            if is_final(error):
                await self._give_up()
                raise
            self._readers.prepare()
            raise

    async def _wait_for_loss(self) -> None:
        """Waits for the end of the stream in use, and raises what ended it."""
        assert self._ending is not None
        error = await self._ending
        # The owner takes what the reader still has before it stops: a session's last events are no less true.
        self._ending = None
        try:
            if self._lost is not None:
                self._owner.on_lost(self._lost)
        finally:
            if self._lost is not None:
                await stop_reading(self._lost.reader)
        raise error

    async def _recover(self) -> None:
        """Events come again: from the same session where it lives, else from a new one."""
        lost = self._lost
        # Only so often: a session that can be resumed and breaks each time, as one whose queue is full, would
        # otherwise be tried for ever.
        opened = await self._resume(lost) if lost is not None and self._resumes < RESUMES else None
        if opened is None:
            if lost is not None:
                await end(lost.session)
                self._lost = None
            opened = await self._open_again()
        self._lost = None
        self._use(opened)  # whatever fails from here on, it is in use, and is closed with the link
        await self._readers.dismiss()  # one that nobody took

    async def _resume(self, lost: ActiveSession) -> ActiveSession | None:
        """The same session, read on after the last event seen; None where it has ended.

        Whether it can be resumed only its stream tells: Ping may be refused although all is well.
        """
        refusal = await ask_by_ping(lost.session)
        if is_gone(refusal) and not isinstance(refusal, PreconditionError):
            return None
        self._resumes += 1
        # After the last event that was stored, not the last read: what lies between comes again, once.
        reader = await self._readers.start(lost.session, self._owner.last_sequence)
        try:
            if refusal is not None:
                await wait_taken_up(reader)
        except BaseException as error:
            await stop_reading(reader)
            # A stream alone is refused so too while the session's old subscriber is still there.
            if isinstance(error, NotFoundError) or (
                is_gone(refusal) and isinstance(error, PreconditionError)
            ):
                return None
            raise
        opened = ActiveSession(lost.session, lost.server_handle, reader)
        await self._tell_resumed(opened)
        return opened

    async def _tell_resumed(self, opened: ActiveSession) -> None:
        try:
            self._owner.on_resumed(opened)
        except BaseException:  # its reader would hold the session's only place, unseen
            await stop_reading(opened.reader)
            raise

    async def _open_again(self) -> ActiveSession:
        """A new session in which everything is advised that was advised in the old one."""
        self._resumes = 0  # a new session may be resumed as often as the one before
        opened = await open_active(self._client, self._name, self._readers)
        try:
            # Before it is in use: a read or a write in between would find handles of the session before.
            await self._owner.on_reopened(opened)
            check_stream(opened)
        except BaseException:
            await dispose(opened)
            raise
        return opened

    async def _give_up(self) -> None:
        """It is refused for good: nothing of ours stays at the gateway or on this machine."""
        await close_each(self._readers.dismiss, self._dispose_all)
