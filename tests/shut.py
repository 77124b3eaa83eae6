"""Closes a server of a test's own so that no connection to it is forgotten."""

from __future__ import annotations

import asyncio


async def shut(server: asyncio.Server) -> None:
    """Lets nobody in any more. What was let in is the test's to end; then it may wait for `wait_closed`.

    asyncio forgets the socket of a connection that it has just accepted where its server is closed then, and
    the socket is found, unclosed, during some later test. So those that were accepted are first let begin.
    """
    for listening in server.sockets:
        asyncio.get_running_loop().remove_reader(listening.fileno())
    for _ in range(3):
        await asyncio.sleep(0)
    server.close()
