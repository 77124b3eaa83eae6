"""A reading process that starts while the gateway is still away, so that nobody waits for it afterwards."""

from __future__ import annotations

import asyncio
import logging

from mxgw_notebook.client import Launched, end_process, launch_reader

log = logging.getLogger(__name__)


class Standby:
    """At most one process, which has no orders yet. Whoever prepares it takes or dismisses it."""

    def __init__(self) -> None:
        self._launching: asyncio.Future[Launched] | None = None

    def prepare(self) -> None:
        """Begins to start one."""
        if self._launching is None:
            self._launching = asyncio.ensure_future(asyncio.to_thread(launch_reader))

    async def take(self) -> Launched | None:
        """The process, if there is one and it lives."""
        if self._launching is None:
            return None
        await asyncio.wait({self._launching})
        launching, self._launching = self._launching, None
        if launching.cancelled() or (failure := launching.exception()) is not None:
            why = "given up" if launching.cancelled() else failure
            log.warning("a reading process could not be started in advance: %s", why)
            return None
        launched = launching.result()
        if launched[1].poll() is None:
            return launched
        await asyncio.to_thread(end_launched, launched)
        return None

    async def dismiss(self) -> None:
        """Ends a process that nobody took. Harmless when there is none."""
        launched = await self.take()
        if launched is not None:
            await asyncio.to_thread(end_launched, launched)


def end_launched(launched: Launched) -> None:
    """Ends a process that has no orders."""
    ring, child = launched
    end_process(child)
    if child.stdout is not None:
        child.stdout.close()
    ring.close()
