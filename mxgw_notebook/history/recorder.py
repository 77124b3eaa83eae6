"""Writes what comes of watched tags to a folder, until it is stopped."""

from __future__ import annotations

import errno
import logging
import os
import platform
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from mxgw_notebook.client import backoff_seconds
from mxgw_notebook.history.facts import Feed
from mxgw_notebook.history.feeds import gap_feed
from mxgw_notebook.history.folder import Hold, Segment, hour_of, left_behind, plant_folder, prepare
from mxgw_notebook.history.intake import Intake, Key, Resumed, key_of, rows_of
from mxgw_notebook.history.journal import SUFFIX, Journal
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.tidying import Keep, tidy
from mxgw_notebook.live import Hub, Standing, Subscription
from mxgw_notebook.words import NOT_RECORDED, Phase

log = logging.getLogger(__name__)

LEAST_FREE: Final = 200
TURN_SECONDS = 0.1
ALIVE_SECONDS = 1.0
LONGEST_WAIT = 5.0
# Events of the last moment may be on their way while a clock is looked at.
SETTLED_NS = 1_000_000_000
# A segment is sorted in memory when it is complete.
MOST_ROWS = 2_000_000
# Just behind the hour: the last events of the one before have come by then.
BEHIND_HOUR_NS = 2_000_000_000
TIDY_SECONDS = 300.0
MOST_NOTES = 10_000
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How a recorder fares: what it wrote, how fast, what it lost, and what room is left. Sizes are bytes."""

    samples: int
    samples_per_second: float
    written: int
    waiting: int
    dropped: int
    free: int
    segments: int


class Recorder:
    """Records watched tags, and what else it is given to ask, to a folder. `start` it on the loop thread.

    A full disk, or one that fails, ends nothing: what could not be written is a gap that is told, and it goes
    on when there is room. `least_free` megabytes are left to others.

    Args:
        hub: Where the events come from.
        folder: Where they are recorded; made where it is not there.
        plant: Its name in the folder.
        chosen: The subscriptions to be recorded, asked again and again.
        feeds: Each gives the facts that are new since it was asked last, on the recorder's thread.
        keep: How long, and how much.
    """

    def __init__(
        self,
        hub: Hub,
        folder: Path,
        *,
        plant: str,
        chosen: Callable[[], Sequence[Subscription]],
        feeds: Sequence[Feed] = (),
        keep: Keep | None = None,
        least_free: int = LEAST_FREE,
        most_rows: int = MOST_ROWS,
    ) -> None:
        prepare(folder, plant)
        self.folder, self.plant, self.keep = folder, plant, keep or Keep()
        self.run = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{host_name()}-{secrets.token_hex(3)}"
        self.standing = Standing(Phase.IDLE)
        self.acknowledged = 0  # samples that stand in a journal, or in what was made of one
        self.written = self.segments = 0
        self._hub, self._chosen, self._feeds = hub, chosen, [gap_feed(hub), *feeds]
        self._least_free, self._most_rows = least_free * MEGABYTE, most_rows
        self._intake = Intake(chosen, lambda: hub.gateway_now)
        self._untap: Callable[[], None] = lambda: None
        self._journal: Journal | None = None
        self._hold: Hold | None = None
        self._segment = Segment(self.run, 0)
        self._keys: set[Key] = set()
        self._seen: set[Key] = set()
        self._notes: deque[dict[str, Any]] = deque(maxlen=MOST_NOTES)
        self._owed: list[dict[str, Any]] = []  # facts that could not be written yet
        self._in_hand = 0  # events that are neither written nor given up
        self._lost_count = 0
        self._unrolled = ""  # why a journal could not be made Parquet of
        self._trouble = ""  # beside the recording, which goes on
        self._hour = self._until_ns = 0
        self._told = self._synced = self._tidied = self._looked = time.monotonic()
        self._rates: list[tuple[float, int]] = []
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._rolls = ThreadPoolExecutor(1, thread_name_prefix="mxgw rolling")
        self._rolling: list[Future[None]] = []

    def __repr__(self) -> str:
        told = self.progress()
        lost = f", {told.dropped:,} lost" if told.dropped else ""
        size = f"{told.written / MEGABYTE:,.1f} MB"
        return f"<Recorder to {self.folder}: {told.samples:,} samples, {size}{lost}: {self.standing}>"

    @property
    def stopped(self) -> bool:
        """Whether the recording has ended."""
        return self.standing.phase is Phase.STOPPED

    def progress(self) -> Progress:
        """As of now."""
        now = time.monotonic()
        since = next(((at, count) for at, count in self._rates if now - at <= 10.0), (now, self.acknowledged))
        passed = now - since[0]
        return Progress(
            samples=self.acknowledged,
            samples_per_second=(self.acknowledged - since[1]) / passed if passed > 0.5 else 0.0,
            written=self.written + (self._journal.size if self._journal is not None else 0),
            waiting=self._intake.waiting,
            dropped=self._intake.dropped,
            free=free_bytes(self.folder),
            segments=self.segments,
        )

    def start(self) -> None:
        """Begins to record what comes, on a thread of its own."""
        self._keys = {key_of(found) for found in self._chosen() if not found.failure}
        begun = self._intake.begin()
        self._seen = set(self._keys)
        self._untap = self._hub.tap(self._intake.offer)
        self._thread = threading.Thread(target=self._record, args=(begun,), name="mxgw recorder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the recording, when everything that came is written. Harmless the second time."""
        self._untap()
        self._ending.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._rolls.shutdown()
        if not self.stopped:
            self.standing = Standing(Phase.STOPPED)

    def note(self, text: str, by: str) -> None:
        """Puts a note beside the values, at this time."""
        self._notes.append({"table": "notes", "time_ns": self._hub.gateway_now, "text": text, "by": by})

    # -------------------------------------------------------------- the thread

    def _record(self, begun: Resumed) -> None:
        """Writes until it is ended. Whatever fails is told in the standing, and tried again."""
        waits = backoff_seconds()
        resumed: Resumed | None = begun
        self._until_ns = begun.at_ns
        self._rolling.append(self._rolls.submit(self._roll_others))
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
        if free_bytes(self.folder) < self._least_free:
            raise OSError(errno.ENOSPC, f"less than {self._least_free // MEGABYTE} MB are free")
        if self._journal is None:
            self._begin_segment(self._until_ns)
        elif self.standing.phase is Phase.FAILING:
            self._journal.append(None, [{"table": "tried"}])
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
        self._trouble = self._trouble or self._unrolled

    def _write(self, items: Sequence[Any], now: int) -> None:
        """One append for all of it: either everything stands in the journal then, or nothing."""
        journal = self._journal
        assert journal is not None
        self._owed += self._changed_tags(now)
        batches, own = [], []
        for item in items:
            if isinstance(item, Resumed):
                own += [self._lost_fact(item)] if item.at_ns > item.since_ns else []
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
        self._rates = [*self._rates[-100:], (self._told, self.acknowledged)]

    def _keep_up(self, now: int) -> None:
        """What is to be done now and then: the disk itself, the hour's end, old files."""
        passed = time.monotonic()
        journal = self._journal
        if journal is not None and passed - self._synced >= ALIVE_SECONDS:
            journal.sync()
            self._synced = passed
        if journal is not None and (
            journal.rows >= self._most_rows or hour_of(now - BEHIND_HOUR_NS) > self._hour
        ):
            self._end_segment()
        if passed - self._tidied >= TIDY_SECONDS:
            self._tidied = passed
            self._rolling.append(self._rolls.submit(self._roll_others))
        for rolling in [rolling for rolling in self._rolling if rolling.done()]:
            self._rolling.remove(rolling)
            failure = rolling.exception()
            self._unrolled = "" if failure is None else f"a journal stays as it is: {failure}"

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

    def _lost_fact(self, resumed: Resumed) -> dict[str, Any]:
        """The gap that ends with a resumption."""
        self._lost_count += 1
        return {
            "table": "gaps", "number": -self._lost_count, "start_ns": resumed.since_ns,
            "end_ns": resumed.at_ns, "cause": NOT_RECORDED, "events": resumed.lost, "filled": False,
            "why": resumed.why,
        }  # fmt: skip

    # -------------------------------------------------------------- segments

    def _begin_segment(self, begin_ns: int) -> None:
        """A new journal, held for this process, with who writes it and which tags."""
        place = self.folder / "journal" / plant_folder(self.plant)
        place.mkdir(parents=True, exist_ok=True)
        while True:
            segment = Segment(self.run, self.segments)
            self.segments += 1
            journal = Journal(place / f"{segment}{SUFFIX}")
            try:
                hold = Hold(journal.path)
                break
            except OSError:  # somebody took it for one that was left behind
                journal.close()
        begin = {
            "table": "begin", "run": self.run, "plant": self.plant, "begin_ns": begin_ns,
            "host": host_name(), "pid": os.getpid(), "tags": sorted({tag for tag, _ in self._keys}),
        }  # fmt: skip
        try:
            journal.append(None, [begin])
        except BaseException:
            journal.close()
            hold.release()
            journal.path.unlink(missing_ok=True)
            raise
        self._journal, self._hold, self._segment, self._hour = journal, hold, segment, hour_of(begin_ns)

    def _end_segment(self) -> None:
        """The journal is complete: Parquet is made of it beside the recording."""
        journal, hold, self._journal, self._hold = self._journal, self._hold, None, None
        if journal is None or hold is None:
            return
        journal.close()
        self.written += journal.size
        self._rolling.append(self._rolls.submit(self._roll_one, journal.path, hold))

    def _roll_one(self, path: Path, hold: Hold) -> None:
        try:
            roll(self.folder, path)
        finally:
            hold.release()

    def _roll_others(self) -> None:
        """Makes Parquet of what recorders left that are no more, and keeps the folder in its bounds."""
        for path, hold in left_behind(self.folder, self.plant):
            self._roll_one(path, hold)
        tidy(self.folder, self.plant, self.keep, time.time_ns())

    def _give_up_turn(self, error: Exception) -> None:
        """What could not be written is lost, counted, and a gap from the last moment that is known."""
        is_full = isinstance(error, OSError) and error.errno in FULL
        reason = f"the disk is full: {error.strerror}" if is_full and isinstance(error, OSError) else ""
        self._intake.shut(self._until_ns, reason or f"it could not be written: {error}", self._in_hand)
        self._in_hand = 0
        if self._journal is not None and not self._journal.is_open:
            self._end_segment()
        self._enter(Phase.FAILING, reason or f"{type(error).__name__}: {error}", None if is_full else error)

    def _finish(self) -> None:
        """The last word of a run that was ended, and its Parquet."""
        try:
            if self._journal is not None:
                self._journal.append(None, [{"table": "end", "until_ns": self._until_ns}])
                self._journal.sync()
        except OSError as error:
            log.warning("the end of a recording could not be written: %s", error)
        self._end_segment()
        for rolling in self._rolling:
            if (failure := rolling.exception()) is not None:  # it can be read all the same
                log.warning("a journal in %s stays as it is: %s", self.folder, failure)
        self._enter(Phase.STOPPED)

    def _enter(self, phase: Phase, reason: str = "", error: Exception | None = None) -> None:
        entered = Standing(phase, reason)
        if entered != self.standing:
            self.standing = entered
            level = logging.WARNING if phase is Phase.FAILING else logging.INFO
            log.log(level, "recording to %s: %s", self.folder, entered, exc_info=error)


def joined(batches: Sequence[Any]) -> Any:
    """Several batches as one; None for none."""
    if not batches:
        return None
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def newest_time(batch: Any, now: int) -> int:
    """The newest time of samples, as far as the gateway's clock has come."""
    newest = pc.max(batch["timestamp"].cast(pa.int64())).as_py() or 0
    return min(newest, now)


def events_in(item: Any) -> int:
    """How many events are lost where it cannot be written."""
    return item.lost if isinstance(item, Resumed) else sum(end - start for _, start, end in item.parts)


def free_bytes(folder: Path) -> int:
    """The room that is left where a folder is."""
    return shutil.disk_usage(folder).free


def host_name() -> str:
    """This machine's name, as a file's name may have it."""
    kept = "".join(one if one.isalnum() else "-" for one in platform.node())
    return kept[:40] or "host"
