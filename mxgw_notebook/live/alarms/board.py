"""The alarm board: what is active now, and every transition since it began."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from dataclasses import replace
from itertools import islice

from mxgw_notebook.client import (
    AlarmMessage,
    AlarmRecord,
    GatewayClient,
    ProviderStatus,
    SnapshotComplete,
    text_given,
)
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.absence import NOTEWORTHY_SECONDS
from mxgw_notebook.live.alarms.active_alarm import (
    RECONCILED,
    SNAPSHOT,
    UNKNOWN,
    ActiveAlarm,
    changed,
    concluded,
    from_snapshot,
)
from mxgw_notebook.live.alarms.active_set import ActiveSet, BoardChanges
from mxgw_notebook.live.alarms.doubts import Doubts, Enquiry
from mxgw_notebook.live.broken import BrokenMessages
from mxgw_notebook.live.follow import Follower, Standing
from mxgw_notebook.live.samples import Gaps
from mxgw_notebook.words import UNKNOWN_STATE, Phase

log = logging.getLogger(__name__)

# Transitions whose meaning for an alarm is known. Any other one stands in the history as UNKNOWN.
KNOWN = ("RAISE", "RETRIGGER", "ACKNOWLEDGE", "CLEAR")
# gRPC waits so long for the answer to a keep-alive ping before it takes the connection for dead.
KEEPALIVE_ANSWER_SECONDS = 20.0
# How long a list goes on after a message of it that could not be read.
LIST_END_SECONDS = 10.0
# A list that was not read whole is asked for again after so long: rarely, for each time the feed is left.
RELIST_SECONDS = 300.0
TRANSITIONS_KEPT = 100_000


class AlarmBoard:
    """Follows the alarm feed, survives its loss, keeps the active set and a bounded list of transitions.

    What happened while the feed was away is concluded from the next snapshot: such transitions have the
    origin "reconciled", and the time 0 where it is not known. `seen` counts all transitions, also those that
    were forgotten since. `follow` runs on the loop thread; the rest can be asked from any.

    A transition of an unknown kind stands in the history as UNKNOWN. What it made of its alarm is asked of
    the gateway's own list: the board never shows an alarm that this does not have.
    """

    def __init__(self, client: GatewayClient, prefix: str = "", *, kept: int = TRANSITIONS_KEPT) -> None:
        self.provider: ProviderStatus | None = None
        self.transitions: deque[AlarmRecord] = deque(maxlen=kept)
        self.seen = 0
        # A request that cannot be made would be made again and again in the background.
        self.prefix = text_given(prefix, "An alarm prefix", "Give the beginning of a reference.")
        self._client = client
        self._lock = threading.Lock()
        self._active = ActiveSet()
        self._snapshot: dict[str, ActiveAlarm] | None = {}
        self._opening: list[AlarmRecord] = []
        self._complete = asyncio.Event()
        self._doubts = Doubts()
        self._enquiry = Enquiry(client, prefix, self._doubts, self._lock, self._believe)
        self._unread = BrokenMessages("alarm message")
        self._unlisted: Standing | None = None  # while alarms of the last snapshot are not known
        self._patience: asyncio.Timeout | None = None  # while a list comes
        self._listed = False
        self._heard_ns = self._heard_at = 0
        self._gaps = Gaps()
        self._unknown = 0
        self._follower = Follower("alarm feed", self._read, ended="the gateway closed the alarm stream")

    # -------------------------------------------------------------- asking

    @property
    def count(self) -> int:
        """How many alarms are active or wait for their acknowledgement."""
        return self._active.count

    @property
    def standing(self) -> Standing:
        """How the feed stands; LIVE once a snapshot is complete, INCOMPLETE where some could not be read."""
        standing = self._follower.standing
        if standing.is_live:
            return self._unlisted or self._unread.standing or standing
        waits = standing.phase in (Phase.IDLE, Phase.CONNECTING)
        return replace(standing, words="waiting for the first snapshot") if waits else standing

    @property
    def listed(self) -> bool:
        """Whether the last snapshot that came was complete: then what is not on the board was not active."""
        return self._listed

    @property
    def heard_ns(self) -> int:
        """When the last message came, by the gateway's clock, nanoseconds since 1970 UTC; 0 before one."""
        return self._heard_ns

    @property
    def gaps(self) -> list[tuple[int, int | None]]:
        """When no list stood that changes were told to, by the gateway's clock; a last one may still last."""
        return [(gap.start_ns, gap.end_ns) for gap in self._gaps.all()]

    @property
    def broken(self) -> int:
        """Messages that could not be read, or not whole."""
        return self._unread.count

    @property
    def unknown(self) -> int:
        """Messages, states and transitions of kinds that this version does not know."""
        return self._unknown

    @property
    def status(self) -> str:
        """live, or in words why the alarms do not come."""
        return str(self.standing)

    @property
    def in_doubt(self) -> list[str]:
        """The alarms that had a transition of an unknown kind, and of which the gateway is asked."""
        with self._lock:
            return list(self._doubts.all())

    def active(self) -> list[ActiveAlarm]:
        """The alarms now, those that changed last at the end."""
        with self._lock:
            return self._active.all()

    def find(self, reference: str) -> ActiveAlarm | None:
        """One alarm by its reference; None when it is not on the board."""
        with self._lock:
            return self._active.find(reference)

    def log(self) -> list[AlarmRecord]:
        """The transitions kept, in the order they came."""
        with self._lock:
            return list(self.transitions)

    def news(self, seen: int) -> tuple[int, list[AlarmRecord]]:
        """How many were seen by now, and those kept of the ones after the first `seen`."""
        with self._lock:
            # Those forgotten in between cannot be given; the caller sees it by the count.
            count = min(self.seen - seen, len(self.transitions))
            return self.seen, list(islice(reversed(self.transitions), count))[::-1]

    def account(self) -> list[AlarmRecord]:
        """The same, and before them how the alarms came to be that stood when the board began.

        Those are concluded from the first snapshot (origin "snapshot"). Once transitions were forgotten, from
        the active set instead, for alarms of which none is kept.
        """
        with self._lock:
            kept = list(self.transitions)
            if self.seen == len(kept):
                return [*self._opening, *kept]
            named = {record.reference for record in kept}
            alarms = [alarm for alarm in self._active.all() if alarm.record.reference not in named]
        return [record for alarm in alarms for record in concluded(None, alarm, SNAPSHOT)] + kept

    def since(self, version: int) -> BoardChanges:
        """What changed after a version; 0, or one too old to tell, gives everything."""
        with self._lock:
            return self._active.since(version)

    # -------------------------------------------------------------- following

    async def first_snapshot(self) -> None:
        """Returns once the board has seen every active alarm."""
        await self._complete.wait()

    async def follow(self) -> None:
        """Follows the feed until cancelled or refused for good."""
        await self._follower.run()

    async def _read(self) -> None:
        """Follows the feed until it ends."""
        with self._lock:
            self._snapshot = {}
        self._unlisted = None
        if not self._gaps.interruptions:  # until the first list has come nothing is known
            self._gaps.begin_outage(self._client.clock.now_ns)
        async with self._client.watch_alarms(self.prefix) as feed:
            feed.when_broken, feed.when_unknown = self._miss, self._count_unknown
            asking = asyncio.create_task(self._enquiry.run(), name="mxgw alarm list")
            try:
                async with asyncio.timeout(None) as self._patience:
                    async for message in feed:
                        self._heard_ns, self._heard_at = self._client.clock.now_ns, time.monotonic_ns()
                        was_coming = self._snapshot is not None
                        self.take(message)
                        if was_coming and self._snapshot is None:
                            self._gaps.end_outage(self._heard_ns, replay=False)
                            again = asyncio.get_running_loop().time() + RELIST_SECONDS
                            self._patience.reschedule(again if self._unlisted else None)
            except TimeoutError:
                raise GatewayError(
                    "the gateway's list could not be read whole, and is asked for anew"
                ) from None
            finally:
                self._lose()
                asking.cancel()
                await asyncio.wait({asking})

    def _lose(self) -> None:
        """The feed has ended. It may have been dead before, for as long as nobody could notice."""
        if self._snapshot is not None:
            return  # it never told of changes, so there already is a gap
        now_ns = self._client.clock.now_ns
        # Asleep, a machine's monotonic clock stands still; of that time nobody can vouch for anything.
        awake_ns = time.monotonic_ns() - self._heard_at
        slept = now_ns - self._heard_ns - awake_ns > NOTEWORTHY_SECONDS * 2e9
        silence_ns = int((self._client.options.keepalive + KEEPALIVE_ANSWER_SECONDS) * 1e9)
        self._gaps.begin_outage(self._heard_ns if slept else max(self._heard_ns, now_ns - silence_ns))

    def _believe(self, reference: str, record: AlarmRecord | None) -> None:
        """Takes the list's word for an alarm, and puts into the history what must have happened to it."""
        before, after = self._active.find(reference), from_snapshot(record) if record else None
        self._note(concluded(before, after, RECONCILED))
        self._active.show(reference, after)

    def _miss(self, error: Exception) -> None:
        """A message could not be read: what it was, only the gateway's list can tell."""
        self._unread.count += 1
        if self._snapshot is None:
            raise GatewayError(f"a transition could not be read: {error!r}") from error
        # It may have been the list's end, which comes once: without it the board would wait for ever.
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time() + LIST_END_SECONDS)
        # The next list would hold it as well: asking again would never end.
        if self._unlisted is None:
            log.warning("an alarm of the gateway's list could not be read: %r", error)
        self._unlisted = Standing(Phase.INCOMPLETE, "an alarm of the gateway's list could not be read")

    def _count_unknown(self) -> None:
        """A message is of a kind that this version does not know; what it told, nobody here can tell."""
        self._unknown += 1

    def take(self, message: AlarmMessage) -> None:
        """Takes in one message of the feed."""
        if isinstance(message, AlarmRecord) and message.unreadable and self._unread.add():
            log.warning("the value of alarm %s could not be read", message.reference)
        with self._lock:
            if isinstance(message, ProviderStatus):
                self.provider = message
            elif isinstance(message, SnapshotComplete):
                self._adopt()
            elif message.kind:
                self._change(message)
            # An alarm that stands is told between the beginning and the end of a snapshot; anywhere else it
            # is no news.
            elif self._snapshot is not None:
                alarm = self._snapshot[message.reference] = from_snapshot(message)
                self._unknown += alarm.state == UNKNOWN_STATE

    def _adopt(self) -> None:
        """A snapshot is complete: it is the truth, whatever was missed while the feed was away."""
        snapshot, self._snapshot = self._snapshot or {}, None
        # A snapshot is younger than any doubt.
        self._doubts.clear()
        self._follower.mark_live()
        known = {alarm.record.reference: alarm for alarm in self._active.all()}
        self._active.replace(snapshot)
        self._conclude(known, snapshot)
        self._listed = self._unlisted is None
        self._complete.set()

    def _conclude(self, known: dict[str, ActiveAlarm], snapshot: dict[str, ActiveAlarm]) -> None:
        """Puts into the history what the snapshot shows to have happened."""
        first = not self._complete.is_set()
        origin = SNAPSHOT if first else RECONCILED
        missed = [
            record
            for reference in dict.fromkeys([*known, *snapshot])
            for record in concluded(known.get(reference), snapshot.get(reference), origin)
        ]
        if first:
            self._opening = missed
        else:
            self._note(missed)

    def _change(self, record: AlarmRecord) -> None:
        """Applies one transition, where it says enough to know what it makes of its alarm."""
        self.seen += 1
        known = self._active.find(record.reference)
        is_known = record.kind in KNOWN
        if not is_known:
            self._unknown += 1
            log.info("a transition of an unknown kind, %s, of %s", record.kind, record.reference)
        self.transitions.append(record if is_known else replace(record, kind=UNKNOWN))
        # An acknowledgement of an alarm that is not on the board may be the end of one that cleared before:
        # what is left of it only the gateway knows. So it is with one that stands in an unknown state.
        if not is_known or leaves_open(known, record.kind):
            self._doubts.add(record.reference, self.seen)
            return
        self._doubts.note_change(record.reference, self.seen)
        self._active.show(record.reference, changed(known, record))

    def _note(self, records: list[AlarmRecord]) -> None:
        self.seen += len(records)
        self.transitions.extend(records)


def leaves_open(known: ActiveAlarm | None, kind: str) -> bool:
    """Whether a transition does not say what it makes of its alarm, for want of what was before."""
    if known is None:
        return kind == "ACKNOWLEDGE"
    return known.state == UNKNOWN_STATE and kind in ("ACKNOWLEDGE", "CLEAR")
