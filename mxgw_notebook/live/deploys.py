"""The galaxy's deploys, followed as long as wanted, through lost connections."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from mxgw_notebook.client import DeployEvent, GalaxyRepositoryClient
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.follow import Follower, Standing

MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Deploy:
    """The galaxy after a deploy. Times are UTC; None if they are not known.

    `never` is True for a galaxy without any deploy; its `deployed` is None, too.
    """

    sequence: int
    observed: datetime | None
    deployed: datetime | None
    objects: int
    attributes: int
    never: bool = False


class DeployFeed:
    """Follows deploys; `changed` is awaited with each, the first of which is the present state.

    Where that fails the feed is not live, and it is awaited again after a wait. `missed` counts the deploys
    that the gateway dropped because we were too slow. Lives on the loop thread.
    """

    def __init__(self, client: GalaxyRepositoryClient, changed: Callable[[Deploy], Awaitable[None]]) -> None:
        self.missed = 0
        self.deploys: deque[Deploy] = deque(maxlen=MOST_KEPT)
        self._client, self._changed = client, changed
        self._undone = False  # what follows on the last deploy
        self._follower = Follower("deploy feed", self._read)

    @property
    def standing(self) -> Standing:
        """How the feed stands; LIVE once it has told the present state."""
        return self._follower.standing

    @property
    def refusal(self) -> GatewayError | None:
        """What the feed was refused by for good; None where it was not."""
        return self._follower.refusal

    @property
    def status(self) -> str:
        """The same in words for a person."""
        return str(self.standing)

    async def follow(self) -> None:
        """Follows until cancelled, or until the key is refused."""
        await self._follower.run()

    async def _read(self) -> None:
        """Follows the feed until it ends."""
        async with self._client.watch_deploy_events() as feed:
            feed.when_broken = miss
            async for event in feed:
                if not self._undone:
                    self._follower.mark_live()
                await self._take(deploy_of(event))
                self._follower.mark_live()

    async def _take(self, deploy: Deploy) -> None:
        """Keeps what is new: after a reconnection the present state comes once more."""
        last = self.deploys[-1] if self.deploys else None
        if last is None or not is_same(last, deploy):
            if last is not None and deploy.sequence > last.sequence + 1:
                self.missed += deploy.sequence - last.sequence - 1
            self.deploys.append(deploy)
        elif not self._undone:
            return
        # Until it is done: a galaxy that could not be loaded would else stay that of before, without a word.
        self._undone = True
        try:
            await self._changed(deploy)
        except GatewayError as error:  # whatever it is, the feed itself is not refused by it
            raise GatewayError(f"what follows on a deploy failed: {error.reason}") from error
        self._undone = False


def miss(error: Exception) -> None:
    """A deploy could not be read: a new stream tells the present state."""
    raise GatewayError(f"a deploy could not be read: {error!r}") from error


def is_same(last: Deploy, deploy: Deploy) -> bool:
    """Whether both are one deploy: its time tells, and where that is not known its number."""
    same = (last.deployed, last.never) == (deploy.deployed, deploy.never)
    return same and (deploy.deployed is not None or deploy.never or last.sequence == deploy.sequence)


def deploy_of(event: DeployEvent) -> Deploy:
    """A deploy as it is kept."""
    return Deploy(
        sequence=event.sequence,
        observed=known(event.observed_at),
        deployed=known(event.time_of_last_deploy) if event.time_of_last_deploy_present else None,
        objects=event.object_count,
        attributes=event.attribute_count,
        never=not event.time_of_last_deploy_present,
    )


def known(time: datetime) -> datetime | None:
    """A time of a record; None for 1970, which stands there for one that is not known."""
    return time if time.timestamp() else None
