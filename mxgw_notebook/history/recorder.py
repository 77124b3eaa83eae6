"""Writes what comes of watched tags to a folder, until it is stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mxgw_notebook.client import backoff_seconds
from mxgw_notebook.history.computer import new_run
from mxgw_notebook.history.facts import Feed
from mxgw_notebook.history.feeds import gap_feed
from mxgw_notebook.history.folder import prepare
from mxgw_notebook.history.intake import Intake, Key, Resumed, events_in, joined, key_of, newest_time, rows_of
from mxgw_notebook.history.progress import Progress, Rates
from mxgw_notebook.history.room import LEAST_FREE, MEGABYTE, check_room, free_bytes, fullness
from mxgw_notebook.history.segments import Segments
from mxgw_notebook.history.spool import Spool
from mxgw_notebook.history.store import HINT, folder_named, is_url, place_given
from mxgw_notebook.history.tidying import Keep
from mxgw_notebook.live import Hub, Standing, Subscription
from mxgw_notebook.words import Phase

log = logging.getLogger(__name__)

TURN_SECONDS = 0.1
ALIVE_SECONDS = 1.0
LONGEST_WAIT = 5.0
# Events of the last moment may be on their way while a clock is looked at.
SETTLED_NS = 1_000_000_000
# A segment is sorted in memory when it is complete.
MOST_ROWS = 2_000_000
# A disk that answers no more keeps nobody from ending for longer.
ENDING_SECONDS = 60.0
GALAXY_SECONDS = 2.0
MOST_NOTES = 10_000


class Recorder:
    """Records watched tags and other facts to a folder. Call `start` on the loop thread.

    A full or failing disk does not end it. Values that could not be written are a gap; recording continues
    when there is room. `least_free` megabytes of the disk stay free for others.

    Args:
        hub: The source of events.
        folder: The recording's folder, made if it does not exist; or the URL of a store that fsspec knows.
        plant: The plant's name in the folder.
        chosen: Returns the subscriptions to record; called again and again.
        feeds: Each returns the new facts since its last call; called on the recorder's thread.
        keep: How long, and how much.
    """

    def __init__(
        self,
        hub: Hub,
        folder: Path | str,
        *,
        plant: str,
        chosen: Callable[[], Sequence[Subscription]],
        feeds: Sequence[Feed] = (),
        keep: Keep | None = None,
        least_free: int = LEAST_FREE,
        most_rows: int = MOST_ROWS,
    ) -> None:
        folder = place_given(folder, HINT)
        spool = Spool(folder, plant) if is_url(folder) else None
        self.folder = folder_named(folder) if spool is None else spool.folder  # on this computer
        prepare(self.folder, plant)
        self.to = folder if spool is None else spool.store.name  # what was asked for
        self.plant, self.keep = plant, keep or Keep()
        self.run = new_run(self.folder)
        self.standing = Standing(Phase.IDLE)
        self.acknowledged = 0  # samples that stand in a journal, or in what was made of one
        # Displays it in the present cell, and what is called once when it has ended; by whoever made it.
        self.show_by: Callable[[], None] | None = None
        self.when_stopped: list[Callable[[], None]] = []
        # Whoever records its galaxy clears it until that is done: the end waits a moment for it.
        self.has_galaxy = threading.Event()
        self.has_galaxy.set()
        self.begun_ns = 0
        self._hub, self._chosen, self._feeds = hub, chosen, [gap_feed(hub), *feeds]
        self.least_free, self._most_rows = least_free * MEGABYTE, most_rows
        self._free = free_bytes(self.folder)
        self._intake = Intake(chosen, lambda: hub.gateway_now)
        self._untap: Callable[[], None] = lambda: None
        self._segments = Segments(self.folder, plant, self.run, self.keep, spool)
        self._keys: set[Key] = set()
        self._seen: set[Key] = set()
        self._notes: deque[dict[str, Any]] = deque(maxlen=MOST_NOTES)
        self._owed: list[dict[str, Any]] = []  # facts that could not be written yet
        self._in_hand = 0  # events that are neither written nor given up
        self._lost_count = 0
        self._trouble = ""  # beside the recording, which goes on
        self._until_ns = 0
        self._told = self._synced = self._looked = time.monotonic()
        self._rates = Rates()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def __repr__(self) -> str:
        told = self.progress()
        lost = f", {told.dropped:,} lost" if told.dropped else ""
        size = f"{told.written / MEGABYTE:,.1f} MB"
        return f"<Recorder to {self.to}: {told.samples:,} samples, {size}{lost}: {self.status}>"

    @property
    def stopped(self) -> bool:
        """Whether the recording has ended."""
        return self.standing.phase is Phase.STOPPED

    @property
    def status(self) -> str:
        """In words: live, or why nothing is written, or why no values come to be written."""
        return self._hub.status if self.standing.is_live else str(self.standing)

    @property
    def tags(self) -> int:
        """How many are recorded at present."""
        return len({tag for tag, _ in self._keys})

    @property
    def until_ns(self) -> int:
        """To when all is recorded, by the gateway's clock, nanoseconds since 1970 UTC; 0 before it began."""
        return self._until_ns

    def progress(self) -> Progress:
        """As of now; of the room on the disk, as it was found last. Waits for no disk."""
        journal = self._segments.journal
        return Progress(
            samples=self.acknowledged,
            samples_per_second=self._rates.per_second(self.acknowledged),
            written=self._segments.written + (journal.size if journal is not None else 0),
            waiting=self._intake.waiting,
            dropped=self._intake.dropped,
            free=self._free,
            segments=self._segments.begun,
            unsent=self._segments.unsent,
        )

    def start(self) -> None:
        """Begins to record new values, on its own thread."""
        self._keys = {key_of(found) for found in self._chosen() if not found.failure}
        begun = self._intake.begin()
        self._seen = set(self._keys)
        self.begun_ns = begun.at_ns
        self._untap = self._hub.tap(self._intake.offer)
        self._thread = threading.Thread(target=self._record, args=(begun,), name="mxgw recorder", daemon=True)
        self._segments.start()
        self._thread.start()

    def stop(self) -> None:
        """Ends the recording when every received value is written. A second call does nothing."""
        self._untap()
        self.has_galaxy.wait(GALAXY_SECONDS)
        self._ending.set()
        thread, reason = self._thread, ""
        if thread is not None:
            thread.join(ENDING_SECONDS)
            if thread.is_alive() or not self._segments.close(ENDING_SECONDS):
                reason = f"{self.to} does not answer: the last moment may be missing"
            elif self._segments.unsent:
                reason = f"{self._segments.trouble}. They stay in {self.folder} for the next recorder to it"
            elif self._segments.trouble:
                log.warning("%s: %s", self.to, self._segments.trouble)
        self._enter(Phase.STOPPED, reason)
        while self.when_stopped:
            self.when_stopped.pop()()

    def note(self, text: str, by: str) -> None:
        """Puts a note beside the values, at this time; `Gateway.note` gives one to every recorder."""
        told = {"time_ns": self._hub.gateway_now, "text": text, "by": by, "tags": ""}
        self._notes.append({"table": "notes", **told})

    # -------------------------------------------------------------- the thread

    def _record(self, begun: Resumed) -> None:
        """Writes until it is ended. Whatever fails is told in the standing, and tried again."""
        waits = backoff_seconds()
        resumed: Resumed | None = begun
        self._until_ns = begun.at_ns
        while True:
            is_last = self._ending.is_set()
            try:
                self._turn(resumed)
                resumed, waits, pause = None, backoff_seconds(), TURN_SECONDS
                self._enter(Phase.INCOMPLETE if self._trouble else Phase.LIVE, self._trouble)
            except Exception as error:  # whatever it is, the recording must not end by it unnoticed
                self._give_up_turn(error)
                pause = min(next(waits), LONGEST_WAIT)
            if is_last:
                break
            self._ending.wait(pause)
        self._finish()

    def _turn(self, begun: Resumed | None) -> None:
        """Writes what waits, and what the feeds have."""
        self._make_sure()
        self._ask_feeds()
        now = self._hub.gateway_now  # before what waits is taken: all of before this moment is among it
        items = [*([begun] if begun is not None else []), *self._intake.drain()]
        self._in_hand = sum(map(events_in, items))
        if self._owed or items or time.monotonic() - self._told >= ALIVE_SECONDS:
            self._write(items, now)
        self._in_hand = 0
        self._keep_up(now)

    def _make_sure(self) -> None:
        """There is a journal, and room. Raises OSError otherwise."""
        self._free = free_bytes(self.folder)
        check_room(self._free, self.least_free)
        if self._segments.journal is not None and self._segments.journal.is_taken:
            self._segments.end()
        journal = self._segments.journal
        if journal is None:
            self._segments.begin(self._until_ns, {tag for tag, _ in self._keys})
        elif self.standing.phase is Phase.FAILING:
            journal.append(None, [{"table": "tried"}])
        self._intake.open()

    def _ask_feeds(self) -> None:
        """Takes the facts that are new; one that fails keeps nothing else from being written."""
        self._trouble = self._intake.failure
        for feed in self._feeds:
            try:
                self._owed += feed()
            except Exception as error:
                self._trouble = f"not all is recorded: {type(error).__name__}: {error}"
        self._owed += [self._notes.popleft() for _ in range(len(self._notes))]
        self._trouble = self._trouble or self._segments.trouble

    def _write(self, items: Sequence[Any], now: int) -> None:
        """One append for all of it: either everything stands in the journal then, or nothing."""
        journal = self._segments.journal
        assert journal is not None
        self._owed += self._changed_tags(now)
        batches, own = [], []
        for item in items:
            if isinstance(item, Resumed):
                self._lost_count += item.at_ns > item.since_ns
                own += [item.lost_fact(-self._lost_count)] if item.at_ns > item.since_ns else []
                batches.append(item.present)
            else:
                batches.append(rows_of(item, self._keys, self._seen, self._hub))
        table = joined([batch for batch in batches if batch is not None])
        # While events are not taken nothing is known of the time that passes.
        heard = self._intake.shut_ns or now - SETTLED_NS
        until_ns = max(self._until_ns, heard, 0 if table is None else newest_time(table, now))
        journal.append(table, [*self._owed, *own, {"table": "alive", "until_ns": until_ns}])
        self._owed, self._until_ns = [], until_ns
        self.acknowledged += 0 if table is None else table.num_rows
        self._told = time.monotonic()
        self._rates.add(self.acknowledged)

    def _keep_up(self, now: int) -> None:
        """What is to be done now and then: the disk itself, and the end of the hour."""
        passed, journal = time.monotonic(), self._segments.journal
        assert journal is not None
        if passed - self._synced >= ALIVE_SECONDS:
            journal.sync()
            self._synced = passed
        if journal.rows >= self._most_rows or self._segments.is_over(now):
            self._segments.end()

    def _changed_tags(self, now: int) -> list[dict[str, Any]]:
        """A fact where other tags are recorded than before."""
        # Of 50,000 tags it would be a third of the work, ten times a second.
        if time.monotonic() - self._looked < ALIVE_SECONDS:
            return []
        self._looked = time.monotonic()
        keys = {key_of(found) for found in self._chosen() if not found.failure}
        if keys == self._keys:
            return []
        self._keys = keys
        return [{"table": "tags", "begin_ns": now, "tags": sorted({tag for tag, _ in keys})}]

    def _give_up_turn(self, error: Exception) -> None:
        """What could not be written is lost, counted, and a gap from the last moment that is known."""
        reason = fullness(error)
        self._intake.shut(self._until_ns, reason or f"it could not be written: {error}", self._in_hand)
        self._in_hand = 0
        journal = self._segments.journal
        if journal is not None and not journal.is_open:
            self._segments.end()
        self._enter(Phase.FAILING, reason or f"{type(error).__name__}: {error}", None if reason else error)

    def _finish(self) -> None:
        """The last word of a run that was ended, and its Parquet."""
        try:
            if (journal := self._segments.journal) is not None:
                journal.append(None, [{"table": "end", "until_ns": self._until_ns}])
                journal.sync()
        except OSError as error:
            log.warning("the end of a recording could not be written: %s", error)
        self._segments.end()

    def _ipython_display_(self) -> None:
        if self.show_by is None:
            raise NotImplementedError  # IPython takes the repr then
        self.show_by()

    def _enter(self, phase: Phase, reason: str = "", error: Exception | None = None) -> None:
        entered = Standing(phase, reason)
        if entered != self.standing:
            self.standing = entered
            level = logging.WARNING if reason and phase is not Phase.INCOMPLETE else logging.INFO
            log.log(level, "recording to %s: %s", self.to, entered, exc_info=error)
