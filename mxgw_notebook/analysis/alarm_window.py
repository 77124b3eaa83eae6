"""The stretch of time under review, and lengths of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.frames import utc

Moment = str | pd.Timestamp | None
EVENTS = ("raised", "acknowledged", "cleared")


@dataclass(frozen=True, slots=True)
class ReviewWindow:
    """From `start_ns` to `end_ns`, both included, nanoseconds since 1970 UTC.

    Where no event was seen and no time was told there is nothing to review: then it is not `known`. Where its
    beginning was `told`, it is reviewed from there, whether anything was raised or not.
    """

    start_ns: int
    end_ns: int
    known: bool = True
    told: bool = False

    def __format__(self, precision: str) -> str:
        """From when to when, to minutes unless the format of a time is given."""
        if not self.known:
            return "no event"
        times = precision or "%Y-%m-%d %H:%M"
        return f"{self.start:{times}} to {self.end:{times}} UTC"

    @property
    def start(self) -> pd.Timestamp:
        """The beginning, UTC."""
        return pd.Timestamp(self.start_ns, tz="UTC")

    @property
    def end(self) -> pd.Timestamp:
        """The end, UTC."""
        return pd.Timestamp(self.end_ns, tz="UTC")

    @property
    def length(self) -> pd.Timedelta:
        """From start to end."""
        return self.end - self.start


def review_window(episodes: pd.DataFrame, start: Moment = None, end: Moment = None) -> ReviewWindow:
    """The stretch to review; unless told, from the first raise that was seen to the last event of any kind.

    Alarms that stood already when the review began do not move its beginning to their raise, unless there
    are no others. Where no raise is known at all, it begins with the first event.
    """
    events = np.concatenate([known(episodes[name]) for name in EVENTS if name in episodes])
    begin = moment_ns(start) if start is not None else first_known(episodes, events)
    last = moment_ns(end) if end is not None else int(events.max()) if len(events) else None
    # Told one end of an empty log, the review is that moment: from 1970 it would have millions of intervals.
    start_ns, end_ns = (begin if begin is not None else last), (last if last is not None else begin)
    if start_ns is None or end_ns is None:
        return ReviewWindow(0, 0, known=False)
    return ReviewWindow(start_ns, max(end_ns, start_ns), told=start is not None)


def first_known(episodes: pd.DataFrame, events: NDArray[np.int64]) -> int | None:
    """The first raise that was seen, else that was told of, else the first event; None without any."""
    seen = episodes
    if "origin" in episodes:
        seen = episodes[episodes["origin"].astype("str") != "snapshot"]
    choices = (known(seen["raised"]), known(episodes["raised"]), events)
    return next((int(times.min()) for times in choices if len(times)), None)


def moment_ns(moment: str | pd.Timestamp) -> int:
    """A time as nanoseconds since 1970; one without a zone counts as UTC."""
    stamp = pd.Timestamp(moment)
    aware = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
    return int(aware.as_unit("ns").value)


def known(times: pd.Series[Any]) -> NDArray[np.int64]:
    """The times that are known, as nanoseconds."""
    found: NDArray[np.int64] = stamps(times)
    chosen: NDArray[np.int64] = found[found != UNKNOWN]
    return chosen


def span_ns(span: str | pd.Timedelta) -> int:
    """A length of time, such as 10min, as nanoseconds."""
    return int(pd.Timedelta(span).as_unit("ns").value)


def moments(stamps_ns: Any) -> pd.DatetimeIndex:
    """Nanoseconds as datetime64[ns, UTC]."""
    return utc(np.asarray(stamps_ns, dtype=np.int64))
