"""The alarm board: what is active now, and every transition since it began."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from mxgw_notebook.client import (
    AlarmMessage,
    AlarmRecord,
    GatewayClient,
    ProviderStatus,
    SnapshotComplete,
    text_given,
)
from mxgw_notebook.errors import GatewayError
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
from mxgw_notebook.live.alarms.alarm_follower import AlarmFollower
from mxgw_notebook.live.alarms.doubts import Doubts, Enquiry
from mxgw_notebook.live.alarms.transition_log import TransitionLog
from mxgw_notebook.live.follow import Standing
from mxgw_notebook.words import UNKNOWN_STATE

log = logging.getLogger(__name__)

# Transitions whose meaning for an alarm is known. Any other one stands in the history as UNKNOWN.
KNOWN = ("RAISE", "RETRIGGER", "ACKNOWLEDGE", "CLEAR")
TRANSITIONS_KEPT = 100_000


class AlarmBoard:
    """Follows the alarm feed, survives its loss, keeps the active set and a bounded list of transitions.

    What happened while the feed was away is concluded from the next snapshot: such transitions have the
    origin "reconciled", and the time 0 where it is not known. `follow` runs on the loop thread; the rest can
    be asked from any.

    A transition of an unknown kind stands in the history as UNKNOWN. What it made of its alarm is asked of
    the gateway's own list: the board never shows an alarm that this does not have.
    """

    def __init__(self, client: GatewayClient, prefix: str = "", *, kept: int = TRANSITIONS_KEPT) -> None:
        self.provider: ProviderStatus | None = None
        # A request that cannot be made would be made again and again in the background.
        self.prefix = text_given(prefix, "An alarm prefix", "Give the beginning of a reference.")
        self._lock = threading.Lock()
        self._active = ActiveSet()
        self._snapshot: dict[str, ActiveAlarm] | None = {}
        self._log = TransitionLog(kept)
        self._complete = asyncio.Event()
        self._doubts = Doubts()
        self._enquiry = Enquiry(client, prefix, self._doubts, self._lock, self._believe)
        self._unknown = 0
        self._feed = AlarmFollower(
            client, prefix, begin=self._begin_snapshot, take=self.take, beside=self._enquiry.run
        )

    # -------------------------------------------------------------- asking

    @property
    def count(self) -> int:
        """How many alarms are active or wait for their acknowledgement."""
        return self._active.count

    @property
    def transitions(self) -> deque[AlarmRecord]:
        """Those kept, in the order they came, as they grow; `log` gives a copy."""
        return self._log.records

    @property
    def seen(self) -> int:
        """How many transitions there were, those that were forgotten since included."""
        return self._log.seen

    @property
    def standing(self) -> Standing:
        """How the feed stands; LIVE once a snapshot is complete, INCOMPLETE where some could not be read.

        Neither is it live where the list cannot be had that tells of the alarms in doubt.
        """
        standing = self._feed.standing
        return (self._enquiry.standing or standing) if standing.is_live else standing

    @property
    def refusal(self) -> GatewayError | None:
        """What the feed was refused by for good; None where it was not."""
        return self._feed.refusal

    @property
    def listed(self) -> bool:
        """Whether the last snapshot that came was complete: then what is not on the board was not active."""
        return self._feed.is_listed

    @property
    def heard_ns(self) -> int:
        """When the last message came, by the gateway's clock, nanoseconds since 1970 UTC; 0 before one."""
        return self._feed.heard_ns

    @property
    def gaps(self) -> list[tuple[int, int | None]]:
        """When no list stood that changes were told to, by the gateway's clock; a last one may still last."""
        return [(gap.start_ns, gap.end_ns) for gap in self._feed.gaps.all()]

    @property
    def broken(self) -> int:
        """Messages that could not be read, or not whole."""
        return self._feed.unread.count

    @property
    def unknown(self) -> int:
        """Messages, states and transitions of kinds that this version does not know."""
        return self._unknown + self._feed.unknown

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
            return list(self._log.records)

    def news(self, seen: int) -> tuple[int, list[AlarmRecord]]:
        """How many were seen by now, and those kept of the ones after the first `seen`."""
        with self._lock:
            return self._log.news(seen)

    def account(self) -> list[AlarmRecord]:
        """The same, and before them how the alarms came to be that stood when the board began.

        Those are concluded from the first snapshot (origin "snapshot"). Once transitions were forgotten, from
        the active set instead, for alarms of which none is kept.
        """
        with self._lock:
            return self._log.account(self._active.all())

    def since(self, version: int) -> BoardChanges:
        """What changed after a version; 0, or one too old to tell, gives everything."""
        with self._lock:
            return self._active.since(version)

    # -------------------------------------------------------------- following

    def ask_of(self, references: Sequence[str]) -> None:
        """Has the gateway's list asked how some alarms stand. Call it on the loop thread."""
        with self._lock:
            for reference in references:
                self._doubts.add(reference, self.seen)

    async def first_snapshot(self) -> None:
        """Returns once the board has seen every active alarm."""
        await self._complete.wait()

    async def follow(self) -> None:
        """Follows the feed until cancelled or refused for good."""
        await self._feed.follow()

    def _begin_snapshot(self) -> None:
        with self._lock:
            self._snapshot = {}

    def _believe(self, reference: str, record: AlarmRecord | None) -> None:
        """Takes the list's word for an alarm, and puts into the history what must have happened to it."""
        before, after = self._active.find(reference), from_snapshot(record) if record else None
        self._log.note(concluded(before, after, RECONCILED))
        self._active.show(reference, after)

    def take(self, message: AlarmMessage) -> None:
        """Takes in one message of the feed."""
        with self._lock:
            if isinstance(message, ProviderStatus):
                self.provider = message
            elif isinstance(message, SnapshotComplete):
                self._adopt()
            elif message.kind:
                self._change(message)
            # An alarm that stands is told within a snapshot; anywhere else it is no news.
            elif self._snapshot is not None:
                alarm = self._snapshot[message.reference] = from_snapshot(message)
                self._unknown += alarm.state == UNKNOWN_STATE

    def _adopt(self) -> None:
        """A snapshot is complete: it is the truth, whatever was missed while the feed was away."""
        snapshot, self._snapshot = self._snapshot or {}, None
        known = {alarm.record.reference: alarm for alarm in self._active.all()}
        # A snapshot is younger than any doubt.
        settled = self._doubts.all() if self._feed.is_whole else self._doubts.all().keys() & snapshot.keys()
        for reference in settled:
            self._doubts.settle(reference)
        if not self._feed.is_whole:
            # One that is missing may be the one that could not be read: it is not over for that.
            snapshot = known | snapshot
        self._active.replace(snapshot)
        self._conclude(known, snapshot)
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
            self._log.begin(missed)
        else:
            self._log.note(missed)

    def _change(self, record: AlarmRecord) -> None:
        """Applies one transition, where it says enough to know what it makes of its alarm."""
        known = self._active.find(record.reference)
        is_known = record.kind in KNOWN
        if not is_known:
            self._unknown += 1
            log.info("a transition of an unknown kind, %s, of %s", record.kind, record.reference)
        self._log.note([record if is_known else replace(record, kind=UNKNOWN)])
        # An acknowledgement of an alarm that is not on the board may be the end of one that cleared before:
        # what is left of it only the gateway knows. So it is with one that stands in an unknown state.
        if not is_known or leaves_open(known, record.kind):
            self._doubts.add(record.reference, self.seen)
            return
        self._doubts.note_change(record.reference, self.seen)
        self._active.show(record.reference, changed(known, record))


def leaves_open(known: ActiveAlarm | None, kind: str) -> bool:
    """Whether a transition does not say what it makes of its alarm, for want of what was before."""
    if known is None:
        return kind == "ACKNOWLEDGE"
    return known.state == UNKNOWN_STATE and kind in ("ACKNOWLEDGE", "CLEAR")
