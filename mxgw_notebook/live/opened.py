"""A session in use, and how it is let go."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from mxgw_notebook.client import ServerHandle, Session
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.reading import Reader


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that is ready, with its server handle and the reader of its events."""

    session: Session
    server_handle: ServerHandle
    reader: Reader


def check_stream(opened: Opened) -> None:
    """Raises when the event stream has ended already; nobody would hear of it later."""
    if opened.reader.finished:
        raise opened.reader.failure or GatewayError("The gateway closed the event stream")


async def dispose(opened: Opened) -> None:
    """Ends a session and its stream, whether or not the gateway is still there to be told."""
    try:
        await asyncio.to_thread(opened.reader.stop)
    except RuntimeError:  # the interpreter is ending: there are no threads to be had any more
        opened.reader.stop()
    await end(opened.session)


async def end(session: Session) -> None:
    """Closes a session, if the gateway is there to be told."""
    with contextlib.suppress(GatewayError):
        await session.close()
