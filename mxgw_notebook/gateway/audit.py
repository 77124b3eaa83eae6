"""The audit: whatever was done to a plant from here, or was to be, in memory and in a file of JSON lines.

A deed has a line before it is sent, for a process may be killed meanwhile, and one with what came of it.
"""

from __future__ import annotations

import itertools
import os
import platform
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pandas as pd

from mxgw_notebook.client import ClientOptions, Gate
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway.audit_file import AuditFile
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.trail import Trail, timestamp

DEEDS_KEPT = 100_000
UNDER_WAY, DONE, REFUSED, UNKNOWN = "under way", "done", "refused", "unknown"
# Where a notebook's server says which notebook a kernel belongs to.
NOTEBOOK_VARIABLE = "JPY_SESSION_NAME"
NUMBERS = itertools.count(1)


@dataclass(slots=True)
class Deed:
    """One line of the audit; `number` is the same in the line of its begin and in that of its outcome."""

    time_ns: int
    deed: str
    plant: str
    what: str
    value: Any = None
    why: str = ""
    outcome: str = UNDER_WAY
    told: str = ""
    operator: str = ""
    key: str = ""
    host: str = ""
    process: int = 0
    notebook: str = ""
    number: int = field(default_factory=lambda: next(NUMBERS))


class Audit:
    """The audit of one connection; safe on any thread."""

    def __init__(self, options: ClientOptions, gate: Gate) -> None:
        self._gate = gate
        self._trail = Trail(Deed, DEEDS_KEPT)
        self._file: AuditFile | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._where: dict[str, Any] = {
            "plant": gate.plant,
            "key": options.key_id,
            "host": platform.node(),
            "process": os.getpid(),
            "notebook": os.environ.get(NOTEBOOK_VARIABLE, ""),
        }

    def begin(self, deed: str, what: str, value: Any = None, **more: str) -> Deed:
        """Something begins: it is on record before it is sent."""
        return self._add(self._made(deed, what, value, **more))

    def end(self, entry: Deed, outcome: str, told: str = "", value: Any = None) -> None:
        """What came of it."""
        entry.outcome, entry.told = outcome, told
        entry.value = entry.value if value is None else value
        self._write(entry)

    def note(self, deed: str, what: str, outcome: str = DONE, told: str = "", **more: Any) -> None:
        """Something that is over as it begins: one line."""
        self._add(replace(self._made(deed, what, **more), outcome=outcome, told=told))

    @contextmanager
    def doing(self, deed: str, what: str, value: Any = None, **more: str) -> Iterator[Deed]:
        """Around something that is on record however it ends; the caller may say more in the entry."""
        entry = self.begin(deed, what, value, **more)
        try:
            yield entry
        except BaseException as error:
            certain = isinstance(error, GatewayError) and not error.may_be_done
            self.end(entry, REFUSED if certain else UNKNOWN, str(error) or type(error).__name__)
            raise
        self.end(entry, entry.outcome if entry.outcome != UNDER_WAY else DONE, entry.told)

    def refuse(self, deed: str, wanted: Mapping[str, Any] | Iterable[str], error: GatewayError) -> None:
        """What was asked for, with the values that were wanted, and not sent."""
        values = wanted if isinstance(wanted, Mapping) else {}
        for name in wanted:
            self.note(deed, name, REFUSED, str(error), value=values.get(name))

    def write_to(self, file: AuditFile) -> None:
        """Appends every further line to this file, which was taken for it."""
        with self._lock:
            before, self._file = self._file, file
        if before is not None:
            before.leave()

    def close(self) -> None:
        """Lets go of the file; what is yet told is written all the same. A second call does nothing."""
        with self._lock:
            file, self._closed = (None if self._closed else self._file), True
        if file is not None:
            file.leave()

    def frame(self) -> pd.DataFrame:
        """One row a deed, in the order in which they began."""
        return self._trail.frame()

    def _made(self, deed: str, what: str, value: Any = None, **more: str) -> Deed:
        arming = self._gate.arming
        said = {"operator": operator_name(), "why": arming.reason if arming else "", **more}
        return Deed(time_ns=time.time_ns(), deed=deed, what=what, value=value, **{**self._where, **said})

    def _add(self, entry: Deed) -> Deed:
        self._trail.add(entry)
        self._write(entry)
        return entry

    def _write(self, entry: Deed) -> None:
        told = {**asdict(entry), "time": timestamp(entry.time_ns), "written": timestamp(time.time_ns())}
        del told["time_ns"]
        with self._lock:
            if self._file is not None:
                self._file.append(told)
