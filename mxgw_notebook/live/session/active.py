"""A session in use: how it is opened, who uses it, whether it lives, and how it is let go."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from mxgw_notebook.client import GatewayClient, ServerHandle, Session, close_each
from mxgw_notebook.errors import GatewayError, NotFoundError, PreconditionError, ReplyError
from mxgw_notebook.live.session.reading import Reader, Readers

# A session whose commands are answered so has ended, or will not serve any more.
OVER = ("SESSION_NOT_FOUND", "SESSION_NOT_READY", "WORKER_UNAVAILABLE")
PING_SECONDS = 5.0
# A refusal of a stream comes within a round trip; one that is not refused is silent until there are events.
REFUSED_SECONDS = 1.0
REFUSED_LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """A session that is ready, with its server handle and the reader of its events."""

    session: Session
    server_handle: ServerHandle
    reader: Reader


class Owner(Protocol):
    """Who uses a link, and is told on the loop thread what becomes of it."""

    @property
    def last_sequence(self) -> int:
        """The newest event seen of the present session; 0 for none."""

    def on_lost(self, opened: ActiveSession) -> None:
        """The stream has ended; what its reader still has can be taken. Told again when no other follows."""

    def on_resumed(self, opened: ActiveSession) -> None:
        """The same session's stream is read again, after `last_sequence`."""

    async def on_reopened(self, opened: ActiveSession) -> None:
        """A new session stands in for the old one: everything has to be advised again."""


async def open_active(client: GatewayClient, name: str, readers: Readers) -> ActiveSession:
    """A new session, registered, its events read from now on: the stream comes before any advise."""
    session = await client.open_session(name)
    session.hand_over_events()
    # Whatever fails from here on, also a cancellation, must not leave a session behind: there are 64 of them.
    try:
        reader = await readers.start(session, 0)
    except BaseException:
        await end(session)
        raise
    try:
        opened = ActiveSession(session, await session.register(name), reader)
        check_stream(opened)
    except BaseException:
        await dispose(ActiveSession(session, ServerHandle(0), reader))
        raise
    return opened


def check_stream(opened: ActiveSession) -> None:
    """Raises when the event stream has ended already; nobody would hear of it later."""
    if opened.reader.finished:
        raise opened.reader.failure or GatewayError("The gateway closed the event stream")


async def ask_by_ping(session: Session) -> GatewayError | None:
    """What the gateway answers to a Ping of this session where it refuses it; None where it does not.

    That it answers at all proves it alive: it may number Ping otherwise than we do. Raises GatewayError where
    nobody answers.
    """
    try:
        async with asyncio.timeout(PING_SECONDS):
            await session.ping()
    except TimeoutError:
        raise GatewayError("the gateway does not answer") from None
    except GatewayError as error:
        if not error.is_answer:
            raise
        return error
    return None


def is_gone(error: GatewayError | None) -> bool:
    """Whether this answer to a command says that its session has ended, or will serve no more."""
    if isinstance(error, ReplyError):
        return error.protocol_code in OVER
    return isinstance(error, NotFoundError | PreconditionError)


async def wait_taken_up(reader: Reader) -> None:
    """Waits until a stream brings something, or has not been refused for a while. Raises what it ended by."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REFUSED_SECONDS):
            # It reads in a thread or a process, which tell of a refusal by a flag.
            while not reader.received and not reader.finished:  # noqa: ASYNC110
                await asyncio.sleep(REFUSED_LOOK_SECONDS)
    if reader.finished:
        raise reader.failure or GatewayError("The gateway closed the event stream")


async def dispose(opened: ActiveSession) -> None:
    """Ends a session and its stream, whether or not the gateway is still there to be told."""
    await close_each(partial(stop_reading, opened.reader), partial(end, opened.session))


async def stop_reading(reader: Reader) -> None:
    """Ends a stream without holding up the loop."""
    try:
        await asyncio.to_thread(reader.stop)
    except RuntimeError:  # the interpreter is ending: there are no threads to be had any more
        reader.stop()


async def end(session: Session) -> None:
    """Closes a session, if the gateway is there to be told; one that does not answer is not waited for."""
    with contextlib.suppress(GatewayError, TimeoutError):
        async with asyncio.timeout(PING_SECONDS):
            await session.close()
