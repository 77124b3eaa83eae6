"""What waits on this computer for a store: a recording's folder, whose complete files are put there.

Why: DECISIONS.md, "A store gets whole files, and never a journal".
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import put_whole
from mxgw_notebook.history.caches import cache_folder, free_slots, take_slot
from mxgw_notebook.history.facts import BY_RUN
from mxgw_notebook.history.folder import MARK, Segment, plant_of, prepare
from mxgw_notebook.history.journal import SUFFIX
from mxgw_notebook.history.rolling import roll_left
from mxgw_notebook.history.store import Store, StoreDays, folder_of, settled_days
from mxgw_notebook.history.tidying import Keep

# Where it is kept instead, e.g. on a disk with more room.
VARIABLE: Final = "MXGW_SPOOL"
# Who listened when is told last: before that a reader takes the time for one of which nothing is known.
ORDER: Final[Mapping[str, int]] = {"galaxy": 0, "samples": 1, "heads": 2, "gaps": 3, "runs": 4}
# What the next segment of a run is made with.
LASTING: Final = (*BY_RUN, "heads")
JOURNALS: Final = "journal"
OWNED: Final = "runs.txt"


class Spool:
    """One recorder's place for what waits for a store. All but `close` is for one thread.

    `unsent` is how many files wait, `sent` how many bytes were put.

    Raises:
        ConfigurationError: The store's URL has no reader here, or this computer has no room for a spool.
    """

    def __init__(self, url: str, plant: str) -> None:
        self.store = Store(url)
        self.unsent = self.sent = 0
        self._place = Path(os.environ.get(VARIABLE) or cache_folder() / "spool") / folder_of(url)
        self._plant = plant
        try:
            self.folder, self._hold = take_slot(self._place)
        except OSError as error:
            reason = reason_of(error)
            message = f"{self._place} cannot be written: {reason}"
            raise ConfigurationError(message, hint=f"{VARIABLE} names another folder.") from None
        prepare(self.folder, plant)
        self._stamps: dict[Path, int] = {}
        self._joined_days = 0

    def send(self, run: str, *, is_last: bool) -> str:
        """Puts all that is complete to the store; answers why not all of it could be. Raises nothing.

        Of a run that goes on some files are needed for its next segment: these stay, and go with its last.
        """
        try:
            self.store.begin(self.folder / MARK)
            self._own({*self._owned(), run})
            self._send_left()
            self._send(self.folder, "" if is_last else run)
        except Exception as error:  # of a store that we do not know: it is told, and tried again
            self.unsent = sum(map(self._is_new, complete(self.folder)))
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            return f"{self.unsent} files wait for {self.store.name}: {reason}"
        self.unsent = 0
        return ""

    def tidy(self, run: str, keep: Keep, now_ns: int) -> None:
        """Removes what is too old or too much there, and joins small files of days that are over.

        Raises whatever the store raises.
        """
        self.store.tidy(self._plant, keep, now_ns)
        days = settled_days(now_ns)
        if days > self._joined_days and not self.unsent:
            left = StoreDays(self.store, self._plant, self._owned(), self.folder).join(keep, now_ns)
            self._own({*left, run})
            self._joined_days = days

    def _owned(self) -> set[str]:
        return owned_by(self.folder)

    def _inherit(self, folder: Path) -> None:
        """Takes over what recorders own that are no more; first from them, so that never two own it."""
        if left := owned_by(folder):
            (folder / OWNED).unlink()
            self._own({*self._owned(), *left})

    def _own(self, runs: set[str]) -> None:
        if runs != self._owned():
            put_whole(self.folder / OWNED, "\n".join(sorted(runs)).encode())

    def close(self) -> None:
        """Lets go of its place; what still waits there is put by the next recorder to this store."""
        self._hold.release()

    def _send_left(self) -> None:
        """Does the same for recorders to this store that are no more."""
        for folder, hold in free_slots(self._place):
            try:
                for place in (folder / JOURNALS).glob("plant=*"):
                    roll_left(folder, plant_of(place.name))
                self._send(folder, "")
                self._inherit(folder)
            finally:
                hold.release()

    def _send(self, folder: Path, run: str) -> None:
        """Puts files, the last word last; all but what a run still needs go from here then."""
        waiting = [path for path in complete(folder) if self._is_new(path)]
        going_on = {run, *(Segment.of(path.name).run for path in journals_in(folder))}
        for path in sorted(waiting, key=lambda path: order_of(folder, path)):
            told = path.stat()
            name = path.relative_to(folder).as_posix()
            self.store.put(path, name)
            self.sent += told.st_size
            if name.partition("/")[0] in LASTING and run_of(path) in going_on:
                self._stamps[path] = told.st_mtime_ns
            else:
                path.unlink()
        self._forget(folder, going_on)

    def _forget(self, folder: Path, going_on: Collection[str]) -> None:
        """Removes what was put, and that no run needs any more: heads of all but the newest segment."""
        stamped = [path for path in self._stamps if path.is_relative_to(folder)]
        newest: dict[str, Segment] = {}
        for path in filter(is_segments, stamped):
            newest[run_of(path)] = max(newest.get(run_of(path), Segment("", 0)), Segment.of(path.name))
        for path in stamped:
            is_newest = not is_segments(path) or Segment.of(path.name) == newest[run_of(path)]
            if run_of(path) not in going_on or not is_newest:
                path.unlink(missing_ok=True)
                del self._stamps[path]

    def _is_new(self, path: Path) -> bool:
        return self._stamps.get(path) != path.stat().st_mtime_ns


def owned_by(folder: Path) -> set[str]:
    """The runs whose files in the store are a place's own: whoever has the place has them alone.

    Also those of recorders that had it before.
    """
    path = folder / OWNED
    return set(path.read_text("utf-8").split()) if path.exists() else set()


def complete(folder: Path) -> list[Path]:
    """The files of a spool that nobody writes to any more; what waits for its segment's journal is none."""
    journals = {path.name.removesuffix(SUFFIX) for path in journals_in(folder)}
    return [
        path
        for path in sorted(folder.glob("*/plant=*/**/*"))
        if path.is_file()
        and not path.name.startswith(".")
        and not path.name.endswith(SUFFIX)
        and ".".join(path.name.split(".")[:2]) not in journals
    ]


def journals_in(folder: Path) -> list[Path]:
    """The journals that stand in a spool."""
    return sorted((folder / JOURNALS).glob(f"plant=*/*{SUFFIX}"))


def run_of(path: Path) -> str:
    """The run that a file's name begins with."""
    return path.name.partition(".")[0]


def order_of(folder: Path, path: Path) -> tuple[int, str]:
    """By what a reader needs first."""
    table = path.relative_to(folder).parts[0]
    return ORDER.get(table, ORDER["heads"]), path.as_posix()


def is_segments(path: Path) -> bool:
    """Whether a file is of one segment, and not of all of its run."""
    return path.name.count(".") > 1
