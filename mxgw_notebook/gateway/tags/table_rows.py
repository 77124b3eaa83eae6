"""Watched tags as a table of values wants them, and how each of them fares."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.frames import MILLISECOND_NS, Samples, quality_words, utc
from mxgw_notebook.gateway.tags.state_words import shown
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.widgets import ValueRow, ValueSnapshot
from mxgw_notebook.words import quality_word

NANOSECONDS_A_SECOND = 1e9
# What a rate and a sparkline are formed of.
RECENT = 60
MOST_LAG_SECONDS = 60.0
SPARKS = 40
# A row takes 50 us until it is sent, on the thread that takes values in, four times a second.
MOST_ROWS = 1_000


class TableRows:
    """A value table's source: the newest of each watched tag. A cursor counts the looks at it."""

    def __init__(self, watched: WatchedSet) -> None:
        self._watched = watched
        self._totals: dict[str, int] = {}
        self._failures: dict[str, str] = {}
        self._cursor = 0
        self._first = 0  # whose turn it is when there are too many

    def since(self, cursor: int) -> ValueSnapshot:
        """Rows that changed since the last look, the others at the next ones; after 0, all there are."""
        entries, refused = self._watched.everything, self._watched.refused
        entries += self._watched.calculated.look()
        totals = {entry.tag: entry.subscription.history.total for entry in entries}
        failures = {entry.tag: entry.subscription.failure for entry in refused}
        # A cursor that is not the last one given belongs to a message that was lost: what it brought has to
        # be sent again, and everything is the one way to be sure.
        reset = cursor == 0 or cursor != self._cursor or totals.keys() != self._totals.keys()
        wanted = entries if reset else self._take_turn(entries, self._changed(totals, failures))
        if reset:
            self._totals, self._failures = totals, failures
        # Only of those sent: the others count as changed until their turn has come.
        for entry in wanted:
            self._totals[entry.tag] = totals[entry.tag]
            self._failures[entry.tag] = failures.get(entry.tag, "")
        self._cursor += 1
        rows, standing = [row_of(entry) for entry in wanted], self._watched.standing
        heard_ns = self._watched.heard_ns
        return ValueSnapshot(
            self._cursor,
            reset,
            rows,
            status=str(standing),
            phase=standing.phase,
            now_ms=self._watched.now_ns / MILLISECOND_NS,
            as_of_ms=heard_ns / MILLISECOND_NS if heard_ns else None,
        )

    def _changed(self, totals: dict[str, int], failures: dict[str, str]) -> list[int]:
        """The places of tags that are not as they were sent."""
        tags, sent = enumerate(totals), self._failures
        return [
            place
            for place, tag in tags
            if totals[tag] != self._totals[tag] or failures.get(tag, "") != sent.get(tag, "")
        ]

    def _take_turn(self, entries: Sequence[WatchedTag], changed: list[int]) -> list[WatchedTag]:
        """As many of the changed as a look may send, beginning after the last one sent."""
        # In turn, so that with 50,000 tags that all change the last one is shown as often as the first.
        if len(changed) > MOST_ROWS:
            start = bisect_left(changed, self._first)
            changed = [*changed[start:], *changed[:start]][:MOST_ROWS]
            self._first = changed[-1] + 1
        return [entries[place] for place in changed]


def row_of(entry: WatchedTag) -> ValueRow:
    """One tag's newest value in a row."""
    recent = entry.subscription.history.newest(RECENT)
    described = entry.description.tag
    if not len(recent):
        return ValueRow(
            entry.tag, described.description, "", described.units, failure=entry.subscription.failure
        )
    numbers = recent.number[np.isfinite(recent.number)][-SPARKS:]
    return ValueRow(
        tag=entry.tag,
        description=described.description,
        value=words(recent),
        units=described.units,
        quality=quality_word(int(recent.quality[-1])),
        time_ms=float(recent.time_ns[-1]) / MILLISECOND_NS if recent.time_ns[-1] else None,
        interval=interval(recent),
        spark=tuple(numbers.tolist()) if len(numbers) > 1 else (),
        failure=entry.subscription.failure,
    )


def words(recent: Samples) -> str:
    """The newest value as a person reads it."""
    value = recent.value(len(recent) - 1)
    return "" if value is None else shown(value)


def interval(recent: Samples) -> float | None:
    """Seconds between two changes as a rule; None of fewer than two."""
    # 0 is not a time, and would make an interval of fifty years.
    times = recent.time_ns[recent.time_ns > 0]
    if len(times) < 2 or times[-1] <= times[0]:
        return None
    return float(times[-1] - times[0]) / NANOSECONDS_A_SECOND / (len(times) - 1)


def ages_at(now_ns: int, times: NDArray[np.int64]) -> NDArray[np.float64]:
    """Seconds since each time by the gateway's clock, never below 0; NaN where that is not known.

    What we know of that clock lags a little; a time farther ahead is of a clock that is wrong.
    """
    ages = (now_ns - times) / NANOSECONDS_A_SECOND
    return np.where((times > 0) & (ages > -MOST_LAG_SECONDS), np.maximum(ages, 0.0), np.nan)


def tag_health(entries: Sequence[WatchedTag], now_ns: int) -> pd.DataFrame:
    """One row a tag as of a moment of the gateway's clock; see `Watch.health`."""
    newest = [entry.subscription.history.newest(RECENT) for entry in entries]
    times = np.array([int(part.time_ns[-1]) if len(part) else 0 for part in newest], np.int64)
    ages = ages_at(now_ns, times)
    values = [words(part) if len(part) else "" for part in newest]
    histories = [entry.subscription.history for entry in entries]
    quality = quality_words([int(part.quality[-1]) if len(part) else 0 for part in newest])
    quality[np.array([len(part) == 0 for part in newest], bool)] = None
    return pd.DataFrame(
        {
            "tag": pd.Series([entry.tag for entry in entries], dtype="str"),
            "value": pd.Series(values, dtype="str"),
            "units": pd.Series([entry.description.tag.units for entry in entries], dtype="str"),
            "quality": quality,
            "timestamp": utc(times),
            "age": np.round(ages, 3),
            "interval": pd.Series([interval(part) for part in newest], dtype="float64").round(3),
            "samples": [history.total for history in histories],
            "forgotten": [history.forgotten for history in histories],
            "failure": pd.Series([entry.subscription.failure for entry in entries], dtype="str"),
        }
    )
