"""A run's segments: one is appended to; of those before it Parquet is made beside the recording."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from mxgw_notebook.client import backoff_seconds
from mxgw_notebook.history.computer import host_name
from mxgw_notebook.history.folder import Hold, Segment, hour_of, plant_folder, prepare
from mxgw_notebook.history.journal import SUFFIX, Journal
from mxgw_notebook.history.rolling import roll_left
from mxgw_notebook.history.spool import Spool
from mxgw_notebook.history.tidying import Keep, tidy

TIDY_SECONDS: Final = 300.0
# A store that is back again is noticed so soon.
LONGEST_WAIT: Final = 5.0
# Just behind the hour: the last events of the one before have come by then.
BEHIND_HOUR_NS: Final = 2_000_000_000


class Segments:
    """The journals of one run. All but `close` is for the recorder's thread.

    What makes Parquet of them is a daemon thread: a disk that answers no more keeps no process from ending.
    """

    def __init__(self, root: Path, plant: str, run: str, keep: Keep, spool: Spool | None = None) -> None:
        self.journal: Journal | None = None
        self.begun = self.written = 0  # how many there were, and the bytes of those that have ended
        self.trouble = ""  # why Parquet could not be made of a journal; it can be read all the same
        self._root, self._plant, self._run, self._keep, self._spool = root, plant, run, keep, spool
        self._hold: Hold | None = None
        self._ended: set[Path] = set()
        self._hour = 0
        self._wake, self._ending = threading.Event(), threading.Event()
        self._roller = threading.Thread(target=self._roll, name="mxgw rolling", daemon=True)

    @property
    def unsent(self) -> int:
        """How many files wait for a store."""
        return 0 if self._spool is None else self._spool.unsent

    def start(self) -> None:
        """Begins with what recorders left that are no more."""
        self._wake.set()
        self._roller.start()

    def begin(self, begin_ns: int, tags: Collection[str]) -> Journal:
        """A new journal, held for this process, with who writes it and which tags. Raises OSError."""
        place = self._root / "journal" / plant_folder(self._plant)
        prepare(self._root, self._plant)  # also where somebody has removed what was in it
        while True:
            path = place / f"{Segment(self._run, self.begun)}{SUFFIX}"
            self.begun += 1
            journal = Journal(path)
            try:
                hold = Hold(path)
                break
            # Somebody took it for one that was left behind, or has removed it by now.
            except (BlockingIOError, FileNotFoundError):
                journal.close()
            except BaseException:
                journal.close()
                path.unlink(missing_ok=True)
                raise
        begin = {
            "table": "begin", "run": self._run, "plant": self._plant, "begin_ns": begin_ns,
            "host": host_name(), "pid": os.getpid(), "tags": sorted(tags),
        }  # fmt: skip
        try:
            journal.append(None, [begin])
        except BaseException:
            journal.close()
            hold.release()
            path.unlink(missing_ok=True)
            raise
        self.journal, self._hold, self._hour = journal, hold, hour_of(begin_ns)
        return journal

    def is_over(self, now_ns: int) -> bool:
        """Whether the hour of the present one has passed."""
        return hour_of(now_ns - BEHIND_HOUR_NS) > self._hour

    def end(self) -> None:
        """The journal is complete. From here on it is one that was left behind, for whoever comes first."""
        journal, hold, self.journal, self._hold = self.journal, self._hold, None, None
        if journal is None or hold is None:
            return
        journal.close()
        self.written += journal.size
        self._ended.add(journal.path)
        hold.release()
        self._wake.set()

    def close(self, seconds: float) -> bool:
        """Waits until Parquet is made of all; False where that took longer than so many seconds."""
        self._ending.set()
        self._wake.set()
        if self._roller.is_alive():
            self._roller.join(seconds)
        return not self._roller.is_alive()

    def _roll(self) -> None:
        """Rolls what has ended, and keeps the folder in its bounds now and then."""
        tidied, waits = -TIDY_SECONDS, backoff_seconds()
        while True:
            self._wake.clear()  # first: whoever ends this says so, and wakes it then
            is_last = self._ending.is_set()
            is_due = time.monotonic() - tidied >= TIDY_SECONDS
            self.trouble = self._roll_all(is_due, is_last)
            tidied = time.monotonic() if is_due else tidied
            if is_last:
                break
            waits = waits if self.unsent else backoff_seconds()
            self._wake.wait(min(next(waits), LONGEST_WAIT) if self.unsent else TIDY_SECONDS)
        if self._spool is not None:
            self._spool.close()

    def _roll_all(self, tidies: bool, is_last: bool) -> str:
        """Why not all of it went well; one journal that cannot be rolled keeps no other from it."""
        ended = set(self._ended)
        trouble = roll_left(self._root, self._plant, ended=ended)
        self._ended -= {path for path in ended if not path.exists()}
        if self._spool is not None:
            trouble = self._spool.send(self._run, is_last=is_last) or trouble
        try:
            if tidies and self._spool is None:
                tidy(self._root, self._plant, self._keep, time.time_ns())
            elif tidies and self._spool is not None:
                self._spool.tidy(self._run, self._keep, time.time_ns())
        except Exception as error:
            trouble = trouble or f"the folder is not tidied: {type(error).__name__}: {error}"
        return trouble
