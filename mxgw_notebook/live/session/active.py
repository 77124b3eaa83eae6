"""A session in use: who uses it, whether it lives, and how it is let go."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Protocol

from mxgw_notebook.client import ServerHandle, Session
from mxgw_notebook.errors import GatewayError, NotFoundError, PreconditionError, ReplyError
from mxgw_notebook.live.session.reading import Reader

# A session that answers so has ended, or will not serve any more.
GONE = (NotFoundError, PreconditionError, ReplyError)
PING_SECONDS = 5.0


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

    def lost(self, opened: ActiveSession) -> None:
        """The stream has ended; what its reader still has can be taken."""

    def resumed(self, opened: ActiveSession) -> None:
        """The same session's stream is read again, after `last_sequence`."""

    async def reopened(self, opened: ActiveSession) -> None:
        """A new session stands in for the old one: everything has to be advised again."""


def check_stream(opened: ActiveSession) -> None:
    """Raises when the event stream has ended already; nobody would hear of it later."""
    if opened.reader.finished:
        raise opened.reader.failure or GatewayError("The gateway closed the event stream")


async def lives(session: Session) -> bool:
    """Whether a session can be gone on with. Raises GatewayError when the gateway cannot be asked."""
    try:
        async with asyncio.timeout(PING_SECONDS):
            await session.ping()
    except GONE:
        return False
    except TimeoutError:
        raise GatewayError("the gateway does not answer") from None
    return True


async def dispose(opened: ActiveSession) -> None:
    """Ends a session and its stream, whether or not the gateway is still there to be told."""
    try:
        await asyncio.to_thread(opened.reader.stop)
    except RuntimeError:  # the interpreter is ending: there are no threads to be had any more
        opened.reader.stop()
    await end(opened.session)


async def end(session: Session) -> None:
    """Closes a session, if the gateway is there to be told; one that does not answer is not waited for."""
    with contextlib.suppress(GatewayError, TimeoutError):
        async with asyncio.timeout(PING_SECONDS):
            await session.close()
