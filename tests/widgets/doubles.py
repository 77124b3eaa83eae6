"""Sources, a ticker and a comm written to their protocols: widgets run on them without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import comm
import numpy as np
import pandas as pd
from comm.base_comm import BaseComm

from mxgw_notebook.analysis import QualityAccessor
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.widgets import (
    AlarmDelta,
    AlarmRow,
    EarlierPeriod,
    ServiceFound,
    TagSamples,
    TrendDelta,
    TrendTag,
    ValueRow,
    ValueSnapshot,
)
from mxgw_notebook.words import Phase

Outage = tuple[float, float | None]


class HandTicker:
    """A ticker that ticks when told to."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []
        self.seconds: list[float] = []

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        self.calls.append(call)
        self.seconds.append(seconds)
        return lambda: self.calls.remove(call) if call in self.calls else None

    def tick(self) -> None:
        for call in list(self.calls):
            call()


class ListedTrend:
    """A trend source whose samples are put in by hand; the cursor counts what was put in."""

    def __init__(self, tags: Sequence[TrendTag]) -> None:
        self.tags: Sequence[TrendTag] = tags
        self.kept: list[TagSamples] = []
        self.outages: list[Outage] = []
        self.markers: list[tuple[float, str]] = []
        self.limits: list[tuple[int, float, str]] = []
        self.replays: list[tuple[float, float]] = []
        self.notes: list[tuple[int, str]] = []
        self.levels: list[tuple[int, str, list[tuple[float, float]]]] = []
        self.noted: list[tuple[float, str, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.refusal: str | None = None
        self.as_of_ms: float | None = None
        self.now_ms: float | None = None
        self.shift_ms = 0.0
        self.before: list[TagSamples] = []  # of the earlier period, as they are laid on
        self.status = "live"
        self.phase = Phase.LIVE

    def put(
        self, index: int, time_ms: Sequence[float], value: Sequence[float], quality: Sequence[int] | int = 192
    ) -> None:
        times = np.asarray(time_ms, dtype=np.float64)
        qualities = np.broadcast_to(np.asarray(quality, dtype=np.uint8), times.shape).copy()
        self.kept.append(TagSamples(index, times, np.asarray(value, dtype=np.float64), qualities))

    def since(self, cursor: int) -> TrendDelta:
        return TrendDelta(
            len(self.kept),
            self.kept[cursor:],
            list(self.outages),
            self.status,
            list(self.markers),
            list(self.limits),
            list(self.replays),
            phase=self.phase,
            notes=list(self.notes),
            now_ms=self.now_ms,
            levels=list(self.levels),
            as_of_ms=self.as_of_ms,
            noted=list(self.noted),
            shift_ms=self.shift_ms,
        )

    def earlier(self, start_ms: float, end_ms: float) -> EarlierPeriod:
        return EarlierPeriod(self.shift_ms, end_ms, list(self.before))

    def between(self, start_ms: float, end_ms: float) -> list[TagSamples]:
        found = []
        for index in range(len(self.tags)):
            parts = [part for part in self.kept if part.index == index]
            if not parts:
                continue
            times = np.concatenate([part.time_ms for part in parts])
            inside = (times >= start_ms) & (times <= end_ms)
            values = np.concatenate([part.value for part in parts])[inside]
            qualities = np.concatenate([part.quality for part in parts])[inside]
            found.append(TagSamples(index, times[inside], values, qualities))
        return found

    def add(self, tag: str, done: Callable[[str | None], None]) -> None:
        self.asked.append(("add", tag))
        if self.refusal is None:
            self.tags = [*self.tags, TrendTag(tag)]
        done(self.refusal)

    def remove(self, tag: str) -> None:
        self.asked.append(("remove", tag))

    def lay(self, by: str) -> None:
        self.asked.append(("lay", by))

    def show_xy(self, x: str, y: str) -> None:
        if self.refusal is not None:
            raise ConfigurationError(self.refusal)
        self.asked.append((x, y))

    def note(self, text: str, at_ms: float) -> None:
        if self.refusal is not None:
            raise ConfigurationError(self.refusal)
        self.noted.append((at_ms, text, "me"))

    def frame(self, start_ms: float, end_ms: float) -> pd.DataFrame:
        rows = [
            (self.tags[part.index].tag, time, value)
            for part in self.between(start_ms, end_ms)
            for time, value in zip(part.time_ms.tolist(), part.value.tolist(), strict=True)
        ]
        return pd.DataFrame(rows, columns=["tag", "time", "value"])

    def measured(self, start_ms: float, end_ms: float) -> pd.DataFrame:
        frame = self.frame(0.0, end_ms).assign(quality="good")
        frame["timestamp"] = pd.to_datetime(frame.pop("time"), unit="ms", utc=True)
        frame.attrs["gaps"] = []
        start, end = (pd.Timestamp(ms, unit="ms", tz="UTC") for ms in (start_ms, end_ms))
        return QualityAccessor(frame).between(start, end)


class ListedAlarms:
    """An alarm source of given rows; an acknowledge is noted and answered by `answer`."""

    def __init__(self, rows: Sequence[AlarmRow] = ()) -> None:
        self.rows: dict[str, AlarmRow] = {row.reference: row for row in rows}
        self.changes: list[AlarmRow | str] = []
        self.status = "live"
        self.phase = Phase.LIVE
        self.provider = "ALARMMGR"
        self.degraded = ""
        self.as_of_ms: float | None = None
        self.asked: list[tuple[list[str], str]] = []
        self.refusals: dict[str, str] = {}
        self.service = ServiceFound()

    def put(self, row: AlarmRow) -> None:
        self.rows[row.reference] = row
        self.changes.append(row)

    def drop(self, reference: str) -> None:
        del self.rows[reference]
        self.changes.append(reference)

    def transit(self, reference: str, **changes: Any) -> None:
        self.put(replace(self.rows[reference], **changes))

    def since(self, cursor: int) -> AlarmDelta:
        delta = self._since(cursor)
        delta = replace(delta, provider=self.provider, degraded=self.degraded)
        return replace(delta, phase=self.phase, status=self.status, as_of_ms=self.as_of_ms)

    def _since(self, cursor: int) -> AlarmDelta:
        now = len(self.changes) + 1
        if cursor == 0:
            return AlarmDelta(now, reset=True, upsert=list(self.rows.values()))
        new = self.changes[cursor - 1 :]
        last = {change.reference if isinstance(change, AlarmRow) else change: change for change in new}
        upsert = [change for change in last.values() if isinstance(change, AlarmRow)]
        return AlarmDelta(now, upsert=upsert, removed=[name for name in last if name not in self.rows])

    def acknowledge(
        self, references: Sequence[str], comment: str, done: Callable[[str, str | None], None]
    ) -> None:
        self.asked.append((list(references), comment))
        for reference in references:
            done(reference, self.refusals.get(reference))

    def look_for_service(self, done: Callable[[ServiceFound], None]) -> None:
        done(self.service)


class ListedValues:
    """A value source whose rows are put in by hand; the cursor counts what was put in."""

    def __init__(self) -> None:
        self.kept: list[ValueRow] = []

    def since(self, cursor: int) -> ValueSnapshot:
        return ValueSnapshot(len(self.kept), cursor == 0, self.kept[cursor:])


@dataclass
class Sent:
    """One message that left a widget."""

    kind: str
    content: dict[str, Any]
    buffers: list[bytes]


class RecordingComm(BaseComm):
    """A comm whose other end is a list."""

    sent: list[Sent]

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: list[bytes] | None = None,
        **keys: Any,
    ) -> None:
        # The base class opens its peer while it is being made.
        self.__dict__.setdefault("sent", []).append(
            Sent(msg_type, dict(data or {}), [bytes(buffer) for buffer in buffers or []])
        )

    def custom(self) -> list[Sent]:
        """The custom messages so far, their content unwrapped."""
        return [
            Sent("custom", message.content["content"], message.buffers)
            for message in self.sent
            if message.content.get("method") == "custom"
        ]

    def say(self, content: object) -> None:
        """Pass a custom message from the browser to the widget, the way a kernel does."""
        self.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def comm_of(widget: Any) -> RecordingComm:
    """The recording comm of a widget made while `create_comm` made such."""
    found = widget.comm
    assert isinstance(found, RecordingComm)
    return found


def record_comms(set_attribute: Callable[[object, str, object], None]) -> None:
    """Let ipywidgets make recording comms, by pytest's `monkeypatch.setattr`."""
    set_attribute(comm, "create_comm", RecordingComm)
