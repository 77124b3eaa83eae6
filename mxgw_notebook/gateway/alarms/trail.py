"""The record of acknowledgements: who, when, what, in which words, and what came of it."""

from __future__ import annotations

import csv
import logging
import threading
import time
from collections import deque
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

import pandas as pd

from mxgw_notebook.frames import utc

log = logging.getLogger(__name__)

ENTRIES_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One acknowledge, entered when its outcome was known; `asked_by` is call or table."""

    time_ns: int
    reference: str
    operator: str
    comment: str
    acknowledged: bool
    result: str
    asked_by: str


class AuditTrail:
    """Keeps every acknowledge of one gateway, and appends it to a file where there is one."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self._entries: deque[AuditEntry] = deque(maxlen=ENTRIES_KEPT)
        self._lock = threading.Lock()

    def note(self, reference: str, operator: str, comment: str, reason: str | None, asked_by: str) -> None:
        """Enters an outcome; `reason` says why not, None that it was accepted."""
        entry = AuditEntry(
            time_ns=time.time_ns(),
            reference=reference,
            operator=operator,
            comment=comment,
            acknowledged=reason is None,
            result=reason or "acknowledged",
            asked_by=asked_by,
        )
        with self._lock:
            self._entries.append(entry)
            if self.file is not None:
                append(self.file, entry)

    def frame(self) -> pd.DataFrame:
        """One row an acknowledge, in the order of their outcomes; see `Gateway.audit`."""
        with self._lock:
            entries = list(self._entries)
        columns = {
            field.name: [getattr(entry, field.name) for entry in entries] for field in fields(AuditEntry)
        }
        times = utc(columns.pop("time_ns"))
        typed = {
            name: pd.Series(values, dtype="bool" if name == "acknowledged" else "str")
            for name, values in columns.items()
        }
        return pd.DataFrame({"time": times, **typed})

    def write_to(self, path: str | Path) -> None:
        """Appends to a CSV file from now on; raises OSError at once where it cannot be written."""
        target = Path(path)
        with target.open("a", encoding="utf-8"):
            self.file = target


def append(file: Path, entry: AuditEntry) -> None:
    """Adds a line, and before the first one the columns' names. A full disk stops no acknowledge."""
    try:
        with file.open("a", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            if out.tell() == 0:
                writer.writerow(["time", *list(asdict(entry))[1:]])
            writer.writerow([pd.Timestamp(entry.time_ns, tz="UTC").isoformat(), *astuple(entry)[1:]])
    except OSError as error:
        log.error("an acknowledge of %s was not written to %s: %s", entry.reference, file, error)
