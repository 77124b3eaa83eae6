"""From what a reader took to the histories: in order, once each, and with what is missing noted."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client import BOOLEAN, Event, EventColumns, GatewayClock
from mxgw_notebook.live.broken import BrokenMessages
from mxgw_notebook.live.samples.continuity import Continuity, Missing
from mxgw_notebook.live.samples.gaps import Gaps
from mxgw_notebook.live.samples.health import StreamStatistics
from mxgw_notebook.live.samples.history import History
from mxgw_notebook.live.samples.subscription import Subscription

log = logging.getLogger(__name__)

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Events that went into histories: those of each part, a subscription's, from one row up to another.

    `late` tells which rows came by a replay; None where none did. Nothing of it changes any more.
    """

    columns: EventColumns
    parts: Sequence[tuple[Subscription, int, int]]
    late: Flags | None


class Stage(Enum):
    """What is known of the stream's next events."""

    FLOWING = "they follow on those of before"
    RESUMED = "the first of them tells whether the replay is complete"
    REPLAYING = "they may be of the outage"
    RENEWED = "the first of them ends the outage"


class EventIngest:
    """Stores batches of events. All of it runs on the loop thread; its counters can be read from any."""

    def __init__(self, clock: GatewayClock | None = None) -> None:
        self.unread = BrokenMessages("event")
        self.other_events: Counter[str] = Counter()
        self.gaps = Gaps()
        self.pulse = StreamStatistics(clock)
        self.continuity = Continuity()
        self.by_handle: dict[int, Subscription] = {}
        # Called with whatever was taken in; each returns at once, and raises nothing.
        self.taps: list[Callable[[Taken], None]] = []
        self._stage = Stage.FLOWING
        self._resumed_ns = 0  # when, while events of before may come
        # The present values of a thousand tags come before the reply that says which handle is whose: dropped
        # here, a tag that never changes would stay without a value.
        self._unclaimed: list[EventColumns] | None = None  # a list while items are being advised

    # -------------------------------------------------------------- the stream's ups and downs

    def on_lost(self, silence_ns: int) -> None:
        """The stream is gone. It may have been for `silence_ns` before anybody could notice."""
        # The gap begins with the last event, not with the notice: what was on its way then is lost, too.
        now = self.pulse.gateway_now()
        self.gaps.begin_outage(min(now, max(self.pulse.gateway_ns, now - silence_ns)))

    def on_resumed(self) -> None:
        """The same session's events follow, those of the meantime first."""
        if self.continuity.last == 0:
            # A stream that was lost before its first event cannot be resumed after one: what it had brought
            # by then is gone, and no number of a later event shows that.
            self.on_advised_again()
            return
        self.pulse.begin()
        # By the gateway's clock, as the events' own times are: by ours, a skew of a minute would make a
        # minute of live values look replayed.
        self._resumed_ns = self.pulse.gateway_now()
        self._stage = Stage.RESUMED
        self.gaps.end_outage(self._resumed_ns, replay=True)

    def begin_session(self) -> None:
        """The handles and sequences of before mean nothing any more."""
        # Each session numbers handles anew: an old one would put one tag's values into another's history.
        self.continuity.begin()
        # With the handles: a sequence of the new session is low again, and would be taken for one seen.
        self.by_handle.clear()
        self._stage = Stage.FLOWING

    def on_advised_again(self) -> None:
        """A new session's events follow; nothing brings back those of the meantime."""
        self.pulse.begin()
        self.gaps.end_outage(self.pulse.gateway_now(), replay=False)
        # Our idea of the gateway's clock lags by the time an event takes: the next events know better.
        self._stage = Stage.RENEWED

    # -------------------------------------------------------------- handles

    def expect(self) -> None:
        """Items are being advised: events may come before it is known whose they are."""
        self._unclaimed = []

    def claim(self) -> None:
        """It is known now; stores what came before."""
        # Set first: what is nobody's after the reply is of a tag that was let go of, and must not wait.
        unclaimed, self._unclaimed = self._unclaimed or [], None
        for columns in unclaimed:
            self._append(columns, None)

    # -------------------------------------------------------------- storing

    def store(self, columns: EventColumns, written: Callable[[Event], None]) -> None:
        """Takes a batch in; `written` is called with each ON_WRITE_COMPLETE of it."""
        # Before this batch moves it: events that were dropped lie between the last one seen and this batch.
        before_ns = self.pulse.gateway_ns
        if columns.broken and self.unread.add(columns.broken):
            log.warning("an event could not be read; logging at level DEBUG shows why")
        self.pulse.note_arrival(columns.arrival)
        # From here on each event is seen once, whatever a replay or a change of readers brings again.
        fresh, missing = self.continuity.follow(columns)
        for event in fresh.others:
            self._take_other(event, written)
        for gap in missing:
            self._note_missing(gap, before_ns, columns)
        # In this order: whether these rows are a replay depends on what the first of them has just told.
        self._advance(fresh, columns)
        self._append(fresh, self._find_replayed(fresh))
        self.pulse.beat(len(columns.seen) + columns.broken)

    def lose_unread(self, events: int) -> None:
        """A batch could not be read: it is counted as broken, and what may be missing of it is a gap."""
        self.unread.add(events)
        self._note_lost(self.pulse.gateway_ns, events)

    def lose(self, columns: EventColumns) -> None:
        """A batch could not be stored: what may be missing of it is a gap."""
        times = columns.time_ns[columns.time_ns > 0]
        self._note_lost(int(times.min()) if len(times) else 0, len(columns.seen))
        # These events are spent: to ask a resumed stream for them would bring the same mistake again.
        self.continuity.last = max(self.continuity.last, int(columns.seen.max(initial=0)))

    def _note_lost(self, since_ns: int, events: int) -> None:
        """What came and is spent: from then until now there may be no value of it; 0 where nobody knows."""
        now = self.pulse.gateway_now()
        # As a time, 0 would have the gap begin in 1970; after now, it would end before it begins.
        self.gaps.note_dropped(min(since_ns or now, now), now, events)

    def _take_other(self, event: Event, written: Callable[[Event], None]) -> None:
        # The gateway's word about itself, not an event of the plant.
        if event.replay_gap is None:
            self.other_events[event.family] += 1
        if event.family == "ON_WRITE_COMPLETE":
            written(event)

    def _note_missing(self, gap: Missing, before_ns: int, columns: EventColumns) -> None:
        # Right after a resumption missing numbers are what the outage took: a second gap beside the outage
        # would count one loss twice.
        if self._stage is Stage.RESUMED or gap.replay_gap:
            self.gaps.note_replay_gap(gap.events)
            self._stage = Stage.REPLAYING if self._stage is Stage.RESUMED else self._stage
        else:
            # A batch has one arrival; where it could not be read the newest source time is the next best.
            now = max(self.pulse.gateway_ns, int(columns.time_ns.max(initial=0)))
            self.gaps.note_dropped(before_ns or now, now or self.pulse.gateway_now(), gap.events)

    def _advance(self, fresh: EventColumns, columns: EventColumns) -> None:
        """The first events after a resumption or in a new session tell what the outage cost."""
        # The first number follows on the last one seen, or `_note_missing` had been called and moved the
        # stage on: so nothing is missing, and the outage cost no value.
        if self._stage is Stage.RESUMED and len(fresh.seen):
            self._stage = Stage.REPLAYING
            self.gaps.note_filled()
        # Only what is fresh ends it: the present values that come after advising anew were valid before, too.
        elif self._stage is Stage.RENEWED and columns.arrival is not None and len(fresh):
            self._stage = Stage.FLOWING
            self.gaps.extend_last(max(self.pulse.gateway_ns, int(fresh.time_ns.max())))

    def _find_replayed(self, columns: EventColumns) -> Flags | None:
        """Which rows are of before the stream was resumed; the replay ends with the first batch of after."""
        if self._stage is not Stage.REPLAYING or not len(columns):
            return None
        # By source time, row by row: a batch at the seam has both, and no event says that it is replayed.
        late = columns.time_ns < self._resumed_ns
        # The arrival is that of the batch's last event: when that one is new, everything after it is.
        if columns.arrival is None or columns.arrival.gateway_ns >= self._resumed_ns:
            self._stage = Stage.FLOWING
        return late if late.any() else None

    def _append(self, columns: EventColumns, replayed: Flags | None) -> None:
        """Each tag's part goes into its history, in order."""
        if not len(columns):
            return
        # Stable: within a tag the order of arrival is that of truth, also where times are equal or go back.
        order = np.argsort(columns.item_handle, kind="stable")
        whole = columns.take(order)
        late = None if replayed is None else replayed[order]
        unclaimed: list[int] = []
        parts: list[tuple[Subscription, int, int]] = []
        for handle, start, end, has_boolean in slices(whole):
            subscription = self.by_handle.get(handle)
            if subscription is None:
                unclaimed += range(start, end)
                continue
            # Never taken back: a switch that now and then sends a number is drawn in words all the same.
            if has_boolean:
                subscription.history.boolean = True
            first = start + 1 if subscription.renewed and is_repeated(subscription, whole, start) else start
            keep(subscription.history, whole, first, end, late)
            if self.taps and first < end:
                parts.append((subscription, first, end))
        for tap in list(self.taps) if parts else ():
            tap(Taken(whole, parts, late))
        # Otherwise nobody asks for it any more: the rest of a tag that was just let go of.
        if unclaimed and self._unclaimed is not None:
            self._unclaimed.append(whole.take(np.array(unclaimed)))


def with_booleans(whole: EventColumns, starts: list[int]) -> list[bool]:
    """Whether there are booleans among the rows from each start to the next."""
    if not len(whole.kind):
        return [False] * len(starts)
    found: list[bool] = np.logical_or.reduceat(whole.kind == BOOLEAN, starts).tolist()
    return found


def slices(whole: EventColumns) -> Iterator[tuple[int, int, int, bool]]:
    """Each item's handle, its rows' start and end, and whether a boolean is among them; of sorted columns.

    Sorted once, then cut: a mask for each of 10,000 tags would look at every row 10,000 times.
    """
    cuts = [0, *(np.flatnonzero(np.diff(whole.item_handle)) + 1).tolist(), len(whole)]
    handles = whole.item_handle[cuts[:-1]].tolist()
    return zip(handles, cuts[:-1], cuts[1:], with_booleans(whole, cuts[:-1]), strict=True)


def is_repeated(subscription: Subscription, whole: EventColumns, row: int) -> bool:
    """Whether the first sample since advising anew is the one that is known: the gateway pushes it again.

    It is no further sample, or counting changes would count connections. The first alone can be it: from the
    second on equal values are what the plant sent.
    """
    subscription.renewed = False
    return subscription.is_known(whole, row)


def keep(history: History, whole: EventColumns, start: int, end: int, late: Flags | None) -> None:
    """Appends some of a batch's rows, those of one tag: of many tags, mostly one each."""
    # With ten thousand tags at one event each this is the cost of a batch; slices cost three times as much.
    if end - start == 1:
        history.add(
            whole.time_ns[start],
            whole.number[start],
            whole.quality[start],
            whole.objects.get(start) if whole.objects else None,
            replayed=late is not None and late[start],
        )
    elif end > start:
        rows = range(start, end) if whole.objects else ()
        history.append(
            whole.time_ns[start:end],
            whole.number[start:end],
            whole.quality[start:end],
            {row - start: whole.objects[row] for row in rows if row in whole.objects},
            replayed=None if late is None else late[start:end],
        )
