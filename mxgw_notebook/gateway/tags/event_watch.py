"""A condition that is watched for: what a notebook holds after `gateway.when(...)`."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import DisplayHandle

from mxgw_notebook.client import Value, checks_all_arguments
from mxgw_notebook.frames import kinds_apart, long_frame, plant_table, stretch, utc
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.gateway.whole_table import span_words
from mxgw_notebook.live import ConditionEvent, ConditionMonitor, Hub
from mxgw_notebook.svg import as_written
from mxgw_notebook.widgets import STOPPED

if TYPE_CHECKING:
    from mxgw_notebook.gateway.tags.watch import Watch

LOOK_SECONDS = 0.1
COLUMNS = ("event", "start", "end", "seconds", "tag", "before", "first", "lowest", "highest", "last", "after")
TEXTS_KEPT, TEXTS_SHOWN = 1000, 20
Act = Callable[["EventWatch", ConditionEvent], None]


@dataclass(frozen=True, slots=True)
class Margins:
    """How much before and after an event belongs to it, in nanoseconds."""

    before_ns: int
    after_ns: int

    @classmethod
    def of(cls, before: str | float, after: str | float) -> Margins:
        """From text (`"10s"`) or seconds; 0 for none. Raises ConfigurationError."""
        lengths = [stretch(each).as_unit("ns").value if each else 0 for each in (before, after)]
        return cls(*lengths)


@names_its_plant
@checks_all_arguments
class EventWatch:
    """Collects the times at which a condition is true, until `stop()`. Displayed it is a live table.

    The table is that of `frame()`.
    """

    def __init__(
        self, watch: Watch, hub: Hub, monitor: ConditionMonitor, margins: Margins, act: Act | None
    ) -> None:
        self._outputs: deque[str] = deque(maxlen=TEXTS_KEPT)
        self._errors: deque[str] = deque(maxlen=TEXTS_KEPT)
        self._watch, self._hub, self._monitor = watch, hub, monitor
        self._margins, self._act = margins, act
        self._failure = ""  # of the last look
        self._handles: list[DisplayHandle] = []
        self._drawn: object = None
        self._cancel = watch.runner.every(LOOK_SECONDS, self._look)

    def __repr__(self) -> str:
        count = len(self._monitor.events)
        return f"<EventWatch {self.condition}: {count} event{'s' if count != 1 else ''}, {self.status}>"

    @property
    def plant(self) -> str:
        """The name of the tags' plant."""
        return self._hub.plant

    @property
    def status(self) -> str:
        """stopped, waiting, holds now, or in words why the condition is not known at present."""
        if self.stopped:
            return STOPPED
        if self._failure:
            return f"failing: {self._failure}"
        if not self._hub.standing.is_live:
            return f"not known now: {self._hub.status}"
        return "holds now" if self._monitor.holding else "waiting"

    @property
    def stopped(self) -> bool:
        """Whether the watch has ended."""
        return self._watch.stopped

    @property
    def failures(self) -> dict[str, str]:
        """Each tag of the condition that the gateway refuses at present, with the reason."""
        return self._watch.failures

    @property
    def condition(self) -> str:
        """The condition."""
        return self._monitor.condition.text

    @property
    def events(self) -> list[ConditionEvent]:
        """The events so far, the oldest first."""
        return list(self._monitor.events)

    @property
    def occasions(self) -> list[ConditionEvent]:
        """The same as `events`, which was called this before."""
        return self.events

    @property
    def outputs(self) -> list[str]:
        """What a cell's body printed, one text per run that printed anything; the newest 1,000."""
        return list(self._outputs)

    @property
    def errors(self) -> list[str]:
        """The traceback of each run of a cell's body that failed; the newest 1,000."""
        return list(self._errors)

    def frame(self) -> pd.DataFrame:
        """One row per event and tag: the values before, during and after.

        Columns: `event` (1, 2 ...), `start`, `end` (UTC; missing while it lasts), `seconds`, `tag`, `before`
        (the last value before the condition became true), `first`, `lowest`, `highest`, `last` (during),
        `after` (the value at the end of the time after it, missing until then). If values are of several
        kinds, texts are in further columns, such as `before_text`.
        """
        rows = [row for event in self.events for row in self._rows(event)]
        frame = kinds_apart(pd.DataFrame(rows, columns=list(COLUMNS)))
        frame["start"], frame["end"] = (
            utc(np.array([row[place] or 0 for row in rows], np.int64)) for place in (1, 2)
        )
        frame.attrs = {"condition": self.condition}
        return plant_table(frame.astype({"event": "int64", "seconds": "float64", "tag": "str"}))

    def samples(self, event: int) -> pd.DataFrame:
        """The samples of one event in the long form, with a column `phase`: before, during or after.

        Raises:
            IndexError: There is no such event.
        """
        if not 0 < event <= len(self.events):
            raise IndexError(f"Events so far: {len(self.events)}, counted from 1")
        found = self.events[event - 1]
        start, end = self._bounds(found)
        parts = {}
        for entry in self._watch.entries:
            kept = entry.subscription.history.all()
            parts[entry.tag] = kept.rows((kept.time_ns >= start) & (kept.time_ns <= end))
        frame = long_frame(parts)
        begins = frame["timestamp"] >= pd.Timestamp(found.start_ns, tz="UTC")
        over = found.end_ns is not None and (frame["timestamp"] >= pd.Timestamp(found.end_ns, tz="UTC"))
        phases = np.where(over, "after", np.where(begins, "during", "before"))
        frame["phase"] = pd.Categorical(phases, categories=["before", "during", "after"], ordered=True)
        return frame

    def keep_output(self, printed: str, failure: str) -> None:
        """Keeps the output and the error of one run of a cell's body; empty texts are not kept."""
        self._outputs.extend([printed] if printed else [])
        self._errors.extend([failure] if failure else [])

    def stop(self) -> None:
        """Ends the watch; the events stay. A second call does nothing."""
        self._cancel()
        self._watch.stop()
        self._redraw()

    def _look(self) -> None:
        if self.stopped:
            self._cancel()
            return
        try:
            with ExitStack() as acting:  # each act, whatever becomes of the others
                for event in reversed(self._monitor.look(self._hub.gateway_now)):
                    if self._act is not None:
                        acting.callback(self._act, self, event)
        except Exception as error:
            self._failure = f"{type(error).__name__}: {error}"
            raise  # whoever calls this logs it, and calls again
        self._failure = ""
        self._redraw()

    def _redraw(self) -> None:
        """Brings what is shown up to date, when something has changed that it shows."""
        shown = repr(self), [event.end_ns for event in self.events], self._over_count()
        if self._handles and shown != self._drawn:
            self._drawn = shown
            for handle in self._handles:
                handle.update(self._bundle(), raw=True)

    def _over_count(self) -> int:
        """How many events are over, what came after them as well."""
        latest = self._hub.gateway_now - self._margins.after_ns
        return sum(one.end_ns is not None and one.end_ns <= latest for one in self.events)

    def _bundle(self) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _ipython_display_(self) -> None:
        handle = DisplayHandle()
        handle.display(self._bundle(), raw=True)
        # On a terminal nothing is brought up to date: each change would be a further line.
        if hasattr(get_ipython(), "kernel"):
            self._handles.append(handle)

    def _bounds(self, event: ConditionEvent) -> tuple[int, int]:
        end = event.end_ns if event.end_ns is not None else self._hub.gateway_now
        return event.start_ns - self._margins.before_ns, end + self._margins.after_ns

    def _rows(self, event: ConditionEvent) -> list[tuple[Any, ...]]:
        now = self._hub.gateway_now
        end = event.end_ns if event.end_ns is not None else now
        over = event.end_ns is not None and now >= end + self._margins.after_ns
        after_ns = end + self._margins.after_ns if over else None
        return [
            (
                event.number,
                event.start_ns,
                event.end_ns,
                (end - event.start_ns) / 1e9,
                entry.tag,
                *around(entry, event.start_ns, end, after_ns),
            )
            for entry in self._watch.entries
        ]

    def _repr_html_(self) -> str:
        frame = self.frame()
        table: str = frame.to_html(index=False, formatters=span_words(frame)) if len(frame) else ""
        texts = "".join([*self.outputs[-TEXTS_SHOWN:], *self.errors[-TEXTS_SHOWN:]])
        below = f"<pre>{html.escape(texts)}</pre>" if texts else ""
        return as_written(f"<p>{html.escape(repr(self)[1:-1])}</p>{table}{below}")


def around(entry: WatchedTag, start_ns: int, end_ns: int, after_ns: int | None) -> list[Value]:
    """What one tag read before, at first, at least, at most and last during an event, and after it."""
    kept = entry.subscription.history.all()
    before = np.flatnonzero(kept.time_ns < start_ns)[-1:]
    during = np.flatnonzero((kept.time_ns >= start_ns) & (kept.time_ns < end_ns))
    later = np.flatnonzero(kept.time_ns <= (0 if after_ns is None else after_ns))
    # What it read before counts until its first sample of the event; one at the very start replaces it.
    at_once = len(during) > 0 and kept.time_ns[during[0]] == start_ns
    held = during if at_once else np.concatenate([before, during])
    by_size = held[np.argsort(kept.number[held], kind="stable")]
    # NaN stands last in any order, and would be called the highest.
    by_size = by_size[np.isfinite(kept.number[by_size])]
    rows = [before, held[:1], by_size[:1], by_size[-1:], held[-1:], later[-1:] if after_ns else later[:0]]
    return [kept.value(int(row[0])) if len(row) else None for row in rows]
