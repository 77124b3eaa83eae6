"""Hears of deploys while tags are watched: those that failed may exist now, and others have other units.

Why: DECISIONS.md, "Deploys are followed while tags are watched".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.live import Deploy, DeployFeed


class DeployFollower:
    """Follows the galaxy's deploys from `begin` to `end`; `deployed` is awaited after each.

    A key that may not read the galaxy is refused once, and nothing is followed. Lives on the loop thread.
    """

    def __init__(self, client: GalaxyRepositoryClient, deployed: Callable[[], Awaitable[None]]) -> None:
        self._feed = DeployFeed(client, self._hear)
        self._deployed = deployed
        self._following: asyncio.Task[None] | None = None

    @property
    def status(self) -> str:
        """live once the present state is known, or in words why deploys are not heard of."""
        return self._feed.status if self._following is not None else "not followed: no tag was watched yet"

    @property
    def missed(self) -> int:
        """Deploys that the gateway dropped because we were too slow."""
        return self._feed.missed

    @property
    def deploys(self) -> list[Deploy]:
        """Those that were heard of, the oldest first; that one was the last there was when it began."""
        return list(self._feed.deploys)

    def begin(self) -> None:
        """Follows, if it does not yet."""
        if self._following is None:
            self._following = asyncio.create_task(self._feed.follow())

    async def end(self) -> None:
        """Follows no more. Harmless without a beginning."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def _hear(self, deploy: Deploy) -> None:
        del deploy
        if len(self._feed.deploys) > 1:  # the first is the state that was found
            await self._deployed()
