"""A plant's one feed of deploys, for whoever wants to hear of them, and for tags that come with one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakSet

from mxgw_notebook.client import GalaxyRepositoryClient, Inbox
from mxgw_notebook.live.deploys import Deploy, DeployFeed
from mxgw_notebook.live.follow import Standing


class DeployNews:
    """Follows the galaxy's deploys from when they are first needed until `close`.

    `deployed` is called after each. A key that may not read the galaxy is refused once, and nothing is
    followed: only who reads is told.
    """

    def __init__(self, client: GalaxyRepositoryClient, deployed: Callable[[], None]) -> None:
        self.feed = DeployFeed(client, self._hear)
        self._deployed = deployed
        self._readers: WeakSet[Inbox[Deploy]] = WeakSet()
        self._following: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def standing(self) -> Standing:
        """How the feed stands; IDLE before anybody needed it."""
        return self.feed.standing

    def begin(self) -> None:
        """Follows, if it does not yet."""
        if self._following is None and not self._closed:
            self._following = asyncio.create_task(self._follow(), name="mxgw deploy news")

    def read(self) -> Inbox[Deploy]:
        """The present state as soon as it is known, then each deploy."""
        self.begin()
        reader: Inbox[Deploy] = Inbox(self._readers.discard)
        if self.feed.deploys:
            reader.add(self.feed.deploys[-1])
        self._readers.add(reader)
        if self._following is None or self._following.done():
            reader.end(self.feed.refusal)
        return reader

    async def close(self) -> None:
        """Follows no more; who reads comes to the end. Harmless the second time."""
        self._closed = True
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait({self._following})

    async def _follow(self) -> None:
        try:
            await self.feed.follow()
        finally:
            for reader in list(self._readers):
                reader.end(self.feed.refusal)

    async def _hear(self, deploy: Deploy) -> None:
        for reader in list(self._readers):
            reader.add(deploy)
        if len(self.feed.deploys) > 1:  # the first is the state that was found
            self._deployed()
