"""The gateway's feed of alarms: read until it is refused, with what is known of the times when it was not."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from mxgw_notebook.client import AlarmMessage, AlarmRecord, GatewayClient, SnapshotComplete
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.absence import NOTEWORTHY_SECONDS, unnoticed_ns
from mxgw_notebook.live.broken import BrokenMessages
from mxgw_notebook.live.follow import Follower, Standing
from mxgw_notebook.live.samples import Gaps
from mxgw_notebook.words import Phase

log = logging.getLogger(__name__)

# How long a list goes on after a message of it that could not be read.
LIST_END_SECONDS = 10.0
# A list that was not read whole is asked for again after so long: rarely, for each time the feed is left.
RELIST_SECONDS = 300.0


class AlarmFollower:
    """Hands on what the feed brings: first a list of what stands, then each transition, until it breaks.

    It is LIVE once a list has come whole: before, nobody knows of what the transitions are.

    Args:
        client: The gateway.
        prefix: Of the references that are followed.
        begin: Called before each list.
        take: Called with each message of it, and of what follows.
        beside: What has to go on for as long as the feed is read.
    """

    def __init__(
        self,
        client: GatewayClient,
        prefix: str,
        *,
        begin: Callable[[], None],
        take: Callable[[AlarmMessage], None],
        beside: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self.heard_ns = 0
        self.gaps = Gaps()
        self.unread = BrokenMessages("alarm message")
        self.unknown = 0
        self.is_listed = False  # whether the last list that came was whole
        self._client, self._prefix = client, prefix
        self._begin, self._take, self._beside = begin, take, beside
        self._lists = True  # while a list comes
        self._incomplete: Standing | None = None  # while alarms of the last list are not known
        self._patience: asyncio.Timeout | None = None  # with a list that may have no end
        self._heard_at = 0
        self._follower = Follower("alarm feed", self._read, ended="the gateway closed the alarm stream")

    @property
    def refusal(self) -> GatewayError | None:
        """What the feed was refused by for good; None where it was not."""
        return self._follower.refusal

    @property
    def standing(self) -> Standing:
        """LIVE once a list is complete, INCOMPLETE where something could not be read."""
        standing = self._follower.standing
        if standing.is_live:
            return self._incomplete or self.unread.standing or standing
        waits = standing.phase in (Phase.IDLE, Phase.CONNECTING)
        return replace(standing, words="waiting for the first snapshot") if waits else standing

    @property
    def is_whole(self) -> bool:
        """Whether all of the list that comes, or came last, could be read so far."""
        return self._incomplete is None

    async def follow(self) -> None:
        """Reads until cancelled or refused for good."""
        await self._follower.run()

    async def _read(self) -> None:
        """One life of the feed, from its list to its end."""
        self._lists, self._incomplete = True, None
        self._begin()
        if not self.gaps.interruptions:  # until the first list has come nothing is known
            self.gaps.begin_outage(self._client.clock.now_ns)
        async with self._client.alarm_bursts(self._prefix) as feed:
            feed.when_broken, feed.when_unknown = self._miss, self._count_unknown
            beside = asyncio.create_task(self._beside(), name="mxgw alarm list")
            ends = False
            try:
                async with asyncio.timeout(None) as self._patience:
                    await feed.hand_to(self._hear)
            except TimeoutError:
                raise GatewayError(
                    "the gateway's list could not be read completely, and is asked for again"
                ) from None
            except asyncio.CancelledError:
                ends = True
                raise
            finally:
                try:
                    self._lose(on_purpose=ends)
                finally:
                    beside.cancel()
                    await asyncio.wait({beside})

    def _hear(self, message: AlarmMessage) -> None:
        self.heard_ns, self._heard_at = self._client.clock.now_ns, time.monotonic_ns()
        if isinstance(message, AlarmRecord) and not message.reference:
            self._miss(ValueError("it has no reference"))  # by which alone it is told from others
            return
        if isinstance(message, AlarmRecord) and message.unreadable and self.unread.add():
            log.warning("the value of alarm %s could not be read", message.reference)
        self._take(message)
        # Afterwards: "live" says that what the list brought is on the board.
        if self._lists and isinstance(message, SnapshotComplete):
            self._end_list()

    def _end_list(self) -> None:
        """From here on transitions come, until the feed breaks."""
        self._lists, self.is_listed = False, self._incomplete is None
        self.gaps.end_outage(self.heard_ns, replay=False)
        self._follower.mark_live()
        if self._patience is not None:
            again = asyncio.get_running_loop().time() + RELIST_SECONDS
            self._patience.reschedule(None if self.is_listed else again)

    def _lose(self, *, on_purpose: bool) -> None:
        """The feed has ended. It may have been dead before, for as long as nobody could notice.

        One that is left on purpose counts as heard to its end, as one that goes on does up to now.
        """
        if self._lists:
            return  # it never told of changes, so there already is a gap
        now_ns = self._client.clock.now_ns
        # Asleep, a machine's monotonic clock stands still; of that time nobody can vouch for anything.
        awake_ns = time.monotonic_ns() - self._heard_at
        slept = now_ns - self.heard_ns - awake_ns > NOTEWORTHY_SECONDS * 2e9
        unnoticed = now_ns - (0 if on_purpose else unnoticed_ns(self._client.options.keepalive))
        self.gaps.begin_outage(self.heard_ns if slept else max(self.heard_ns, unnoticed))

    def _miss(self, error: Exception) -> None:
        """A message could not be read: what it was, only the gateway's list can tell."""
        self.unread.count += 1
        if not self._lists:
            raise GatewayError(f"a transition could not be read: {error!r}") from error
        # It may have been the list's end, which comes once: without it the board would wait for ever.
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time() + LIST_END_SECONDS)
        # The next list would hold it as well: asking again would never end.
        if self._incomplete is None:
            log.warning("an alarm of the gateway's list could not be read: %r", error)
        self._incomplete = Standing(Phase.INCOMPLETE, "an alarm of the gateway's list could not be read")

    def _count_unknown(self) -> None:
        """A message is of a kind that this version does not know; what it told, nobody here can tell."""
        self.unknown += 1
