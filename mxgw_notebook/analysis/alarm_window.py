"""The stretch of time under review, and lengths of time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import REVIEWED, UNKNOWN, stamps
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import as_pandas, moment_ns, utc

Moment = str | pd.Timestamp | None
# What the measures look at; those that look at less are refused a part of it as well, in the same words.
OCCURRENCE = (
    "reference", "tag", "area", "severity", "raised", "acknowledged", "cleared", "time_to_acknowledge",
    "duration", "operator", "comment", "state",
)  # fmt: skip
DAY = 86_400_000_000_000
EVENTS = ("raised", "acknowledged", "cleared")
SNAPSHOT = "snapshot"  # the origin of an alarm that stood before anybody looked


@dataclass(frozen=True, slots=True)
class ReviewWindow:
    """From `start_ns` to `end_ns`, nanoseconds since 1970 UTC.

    The end itself is outside, so that a day has 24 hours and no moment belongs to two of them; unless the
    end is that of the last event, which `end_included` says. `end_given` is whether the log or the caller
    said when the review ended; else nobody knows how long it was quiet after the last event.
    """

    start_ns: int
    end_ns: int
    end_included: bool = True
    end_given: bool = False

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

    @property
    def last_ns(self) -> int:
        """The last moment inside."""
        return self.end_ns if self.end_included else max(self.end_ns - 1, self.start_ns)

    @property
    def known(self) -> bool:
        """Whether there was anything to tell the window by; of an empty log nobody knows."""
        return self.end_ns != 0


def review_window(episodes: pd.DataFrame, start: Moment = None, end: Moment = None) -> ReviewWindow:
    """The stretch to review: what was asked for, else what the log says that it covers.

    A log that does not say is taken from the first event that was seen to the last of any kind. Alarms that
    stood already when it began do not move its beginning to their raise.

    Raises:
        ConfigurationError: The table is not one of occurrences, the end lies before the start, or one of
            them is not a time.
    """
    if "transition" in episodes or not any(name in episodes for name in EVENTS):
        columns = ", ".join(map(str, episodes.columns)) or "none"
        hint = f"Its columns are {columns}; alarm_episodes(history) makes them of a log."
        raise ConfigurationError("This is not a table of occurrences of alarms", hint=hint)
    check_columns(episodes, OCCURRENCE, "This is no whole table of occurrences", "alarm_episodes makes it.")
    events = np.concatenate([known(episodes[name]) for name in EVENTS if name in episodes])
    first, last = covered(episodes)
    start_ns = moment_ns(start) if start is not None else first or first_known(episodes, events)
    if not start_ns:
        return ReviewWindow(0, 0)  # nobody knows since when: an end alone makes no stretch of time
    if end is not None:
        end_ns = moment_ns(end)
        if end_ns < start_ns and start is not None:
            message = f"The review ends at {end}, before it begins at {start}"
            raise ConfigurationError(message, hint="Give start= and end= in the order of time.")
        return ReviewWindow(start_ns, max(end_ns, start_ns), end_included=end_ns <= start_ns, end_given=True)
    newest = int(events.max()) if len(events) else 0
    # An event after what the log covers came by a clock that is ahead of the one that closed it.
    end_ns = max(last, newest, start_ns)
    return ReviewWindow(start_ns, end_ns, end_included=end_ns != last, end_given=bool(last))


def covered(episodes: pd.DataFrame) -> tuple[int, int]:
    """What the log says that it covers, from and to; 0 where it does not."""
    span = episodes.attrs.get(REVIEWED)
    return (moment_ns(span[0]), moment_ns(span[1])) if span else (0, 0)


def borne_out(events: NDArray[np.int64], start_ns: int, end_ns: int) -> tuple[int, int]:
    """From when to when a log speaks of a stretch of time, by its events alone: of all of it, unless ...

    A stretch before the first event or after the last that is longer than a day, and more than twice as long
    as the longest between two of them, is not a quiet one, for all that the log says: it may as well not have
    been recorded.
    """
    if not len(events):
        return (start_ns, end_ns) if end_ns - start_ns <= DAY else (end_ns, end_ns)
    times = np.sort(events)
    quiet = max(2 * int(np.diff(times).max(initial=0)), DAY)
    first, last = int(times[0]), int(times[-1])
    return start_ns if first - start_ns <= quiet else first, end_ns if end_ns - last <= quiet else last


def first_known(episodes: pd.DataFrame, events: NDArray[np.int64]) -> int:
    """The first event that was seen, else the last that was told of; 0 without any.

    Where only alarms are told of that stood before, nothing was seen at all: their raises lie outside.
    """
    seen = episodes
    if "origin" in episodes:
        seen = episodes[episodes["origin"].astype("str") != SNAPSHOT]
    raises = known(seen["raised"])
    if len(raises):
        return int(raises.min())
    others = np.concatenate([known(seen[name]) for name in EVENTS[1:] if name in seen])
    return int(others.min()) if len(others) else int(events.max()) if len(events) else 0


def known(times: pd.Series[Any]) -> NDArray[np.int64]:
    """The times that are known, as nanoseconds."""
    found: NDArray[np.int64] = stamps(times)
    chosen: NDArray[np.int64] = found[found != UNKNOWN]
    return chosen


def span_ns(span: Any) -> int:
    """A length of time above nothing, such as 10min, as nanoseconds."""
    try:
        # Of digits alone pandas makes nanoseconds.
        bare = isinstance(span, str) and span.strip().isdecimal()
        told = as_pandas(span) if isinstance(span, str) else span
        length = 0 if bare else int(pd.Timedelta(told).as_unit("ns").value)
    except (ValueError, TypeError, OverflowError):
        length = 0
    if length <= 0:
        raise ConfigurationError(
            f"{span!r} is not a length of time", hint='One is written as "10min" or "24h".'
        )
    return length


def lapse_ns(span: Any) -> int:
    """The same from nothing up: 0s, 0min, or a 0 alone."""
    with suppress(ValueError, TypeError):
        if pd.Timedelta(span) == pd.Timedelta(0):
            return 0
    return span_ns(span)


def checked_count(count: int, name: str, least: int = 1) -> int:
    """How many. Raises ConfigurationError for fewer than there can be."""
    if count < least:
        raise ConfigurationError(
            f"{name}={count} is not a number from {least} up", hint="Leave it out, or give more."
        )
    return count


def moments(stamps_ns: Any) -> pd.DatetimeIndex:
    """Nanoseconds as datetime64[ns, UTC]."""
    return utc(np.asarray(stamps_ns, dtype=np.int64))


def stretches(edges: NDArray[np.int64]) -> pd.DataFrame:
    """Stretches of time as `start`, `end` (datetime64[ns, UTC]) and `duration`."""
    lasted = (edges[:, 1] - edges[:, 0]).view("timedelta64[ns]")
    return pd.DataFrame({"start": moments(edges[:, 0]), "end": moments(edges[:, 1]), "duration": lasted})
