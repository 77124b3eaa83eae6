"""The tags of a service that runs for months, and the galaxy that they are of."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AsyncExitStack

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import GalaxyModel, GalaxyQuery, RepositorySource, record_galaxy
from mxgw_notebook.history import Recorder
from mxgw_notebook.live import Deploy, DeployFeed, Hub, Subscription


class RecordedTags:
    """Subscriptions that follow deploys: what the query means then is subscribed too, and nothing let go.

    With each deploy the galaxy is put beside the values, once `follow` has been called. Lives on the loop.
    """

    def __init__(self, hub: Hub, galaxy: GalaxyRepositoryClient, query: GalaxyQuery | None) -> None:
        self.subscriptions: list[Subscription] = []
        self._hub, self._query = hub, query
        self._model = GalaxyModel(RepositorySource(galaxy))
        self._feed = DeployFeed(galaxy, self._look_up)
        self._recorders: list[Recorder] = []

    @property
    def status(self) -> str:
        """live, or in words why deploys are not heard of."""
        return self._feed.status

    async def begin(self, tags: Sequence[str]) -> None:
        """Subscribes these tags and what the query means.

        Raises:
            ConfigurationError: No tag matches the query.
            GatewayError: The galaxy of a query cannot be asked.
        """
        await self._subscribe([*tags, *await self._queried()])

    def follow(self, recorder: Recorder, ending: AsyncExitStack) -> None:
        """Follows deploys until the end; the first that is told is the present state."""
        self._recorders.append(recorder)
        following = asyncio.create_task(self._feed.follow())

        async def end() -> None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

        ending.push_async_callback(end)

    async def _look_up(self, deploy: Deploy) -> None:
        """What the query means since a deploy. One that means nothing any more takes no tag away."""
        self._hub.on_deployed()
        # By a time that is not known no cache can tell that it is old.
        await self._model.load(again=deploy.deployed is None and not deploy.never)
        with contextlib.suppress(ConfigurationError):
            await self._subscribe(await self._queried())
        await record_galaxy(self._model, self._recorders)

    async def _queried(self) -> Sequence[str]:
        return await self._query.tags(self._model) if self._query is not None else []

    async def _subscribe(self, tags: Sequence[str]) -> None:
        known = {found.tag for found in self.subscriptions}
        wanted = [tag for tag in dict.fromkeys(tags) if tag not in known]
        if wanted:
            self.subscriptions = [*self.subscriptions, *await self._hub.subscribe(wanted)]
