"""The user's cache, where programs may write for themselves, and places in it for one process each."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from mxgw_notebook.history.folder import Hold

LOCK: Final = "slot.lock"
MOST_SLOTS: Final = 16


def cache_folder() -> Path:
    """This package's folder in the user's cache."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "mxgw_notebook"
    caches = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or caches) / "mxgw_notebook"


def take_slot(place: Path) -> tuple[Path, Hold]:
    """The first numbered folder that no other process holds, held now. Raises OSError where there is none."""
    for number in range(1, MOST_SLOTS + 1):
        slot = place / str(number)
        slot.mkdir(parents=True, exist_ok=True)
        (slot / LOCK).touch()
        try:
            hold = Hold(slot / LOCK)
        except BlockingIOError:
            continue
        if not hold.is_sure:
            hold.release()
            raise OSError(f"the file system of {place} has no locks")
        return slot, hold
    raise OSError(f"{MOST_SLOTS} processes have a place in {place} already")


def free_slots(place: Path) -> list[tuple[Path, Hold]]:
    """The numbered folders that were left by processes that are no more, each held for the caller."""
    found = []
    for lock in sorted(place.glob(f"*/{LOCK}")):
        try:
            hold = Hold(lock)
        except OSError:
            continue
        if hold.is_sure:
            found.append((lock.parent, hold))
        else:
            hold.release()
    return found
