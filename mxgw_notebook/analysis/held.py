"""How long each sample of a long frame held: until its tag's next, but not into a recorded gap.

What happened in a gap nobody knows. After an outage the gateway was asked for every present value, and one
that had not changed is no new sample: so a value goes on at the outage's end. Where events were lost without
that, it is unknown until the tag's next sample.

Why: DECISIONS.md, "No value is continued into a gap".
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_table, in_reason, known_ns, moment_ns
from mxgw_notebook.words import RESUMING

DROPPED = "dropped"
FOR_EVER = np.iinfo(np.int64).max
NOT_A_TIME = pd.NaT.value
BLOCK_ROWS = 500_000
NANOSECONDS_A_SECOND = 1e9
Times = NDArray[np.int64]


NEEDED = ("tag", "timestamp", "value", "quality")
GAPS_LOST = (
    "This frame does not say where its gaps are (merge, concat and files lose attrs): values are "
    'held through them. Set frame.attrs["gaps"] as the frame had it, or to [] where there were none.'
)
OURS = ("mxgw_notebook", "functools")


class TimeGaps(NamedTuple):
    """Gaps that do not overlap, by time, in nanoseconds since 1970 UTC.

    `resumes`: values that did not change go on at the end. `within`: of those inside some are lost, too.
    """

    start: Times
    end: Times
    resumes: NDArray[np.bool_]
    within: NDArray[np.bool_]

    def before(self, times: Times) -> NDArray[np.int64]:
        """How many gaps began before each time."""
        return np.searchsorted(self.start, times, side="left")


def gaps_of(frame: pd.DataFrame) -> TimeGaps:
    """The gaps that a frame's `attrs` tell of."""
    joined: list[list[Any]] = []
    for gap in frame.attrs.get("gaps") or []:
        if not isinstance(gap, Mapping) or not {"start", "end", "cause"} <= set(gap):
            hint = 'watch.frame() gives them; each is {"start": ..., "end": ..., "cause": "outage"}.'
            raise ConfigurationError(f'attrs["gaps"] has {gap!r:.60}, which is not a gap', hint=hint)
    # Joined where they touch: a time then lies in one gap at most, and a search among their starts finds it.
    for gap in sorted(frame.attrs.get("gaps") or [], key=lambda gap: moment_ns(gap["start"])):
        start, end = moment_ns(gap["start"]), moment_ns(gap["end"]) if gap["end"] else FOR_EVER
        resumes, within = gap["cause"] in RESUMING and end != FOR_EVER, gap["cause"] == DROPPED
        if joined and start <= joined[-1][1]:
            last = joined[-1]
            # Of two that overlap values go on at the end only if they do for both; if either loses some
            # inside, the whole does.
            joined[-1] = [last[0], max(last[1], end), last[2] and resumes, last[3] or within]
        else:
            joined.append([start, end, resumes, within])
    columns: Any = zip(*joined, strict=True) if joined else ([], [], [], [])
    return TimeGaps(*(np.array(column, dtype) for column, dtype in zip(columns, "qq??", strict=True)))


def times_of(frame: pd.DataFrame) -> Times:
    """The column `timestamp` in nanoseconds, UTC where there is no zone. NaT is the least of all numbers.

    A time out of reason is none.

    Raises:
        ConfigurationError: It holds something else than times, or their texts by ISO 8601.
    """
    try:
        return in_reason(known_ns(frame["timestamp"]))
    except (ValueError, TypeError) as error:
        raise ConfigurationError(f"timestamp holds no times: {error}") from None


class Spans(NamedTuple):
    """Stretches of time for which samples are known to have held, by tag and time; a column each.

    `row` (the sample's place in the frame), `tag` (a code), `begin`, `end`, `next` (ns; the tag's next
    sample, or the end of the record), and `first`, whether it is its sample's first stretch.
    """

    row: NDArray[np.int64]
    tag: NDArray[np.int64]
    begin: Times
    end: Times
    next: Times
    first: NDArray[np.bool_]

    @property
    def seconds(self) -> NDArray[np.float64]:
        """From begin to end."""
        return (self.end - self.begin) / NANOSECONDS_A_SECOND

    @property
    def whole(self) -> NDArray[np.float64]:
        """Seconds to the next sample with gaps, in its first stretch; else 0, so that sums are right."""
        return np.where(self.first, self.next - self.begin, 0) / NANOSECONDS_A_SECOND

    def tags(self) -> list[tuple[int, slice]]:
        """Each tag's code, and where its stretches lie."""
        starts = run_starts(self.tag)
        ends = np.append(starts[1:], len(self.tag))
        return [(int(self.tag[a]), slice(a, b)) for a, b in zip(starts, ends, strict=True)]


def run_starts(keys: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run of equal keys begins."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])


def summed(keys: NDArray[np.int64], amounts: NDArray[np.float64], into: NDArray[np.float64]) -> None:
    """Adds to the place of each key the sum of its run of amounts."""
    if len(keys):
        starts = run_starts(keys)
        into[keys[starts]] += np.add.reduceat(amounts, starts)


def spans(frame: pd.DataFrame, until_ns: int | None) -> Spans:
    """All of a frame's spans, by tag and time."""
    found = list(span_blocks(frame, pd.factorize(frame["tag"])[0], until_ns))
    columns: Any = zip(*found, strict=True) if found else ([np.empty(0, np.int64)] for _ in Spans._fields)
    return Spans(*map(np.concatenate, columns))


def span_blocks(frame: pd.DataFrame, tags: NDArray[np.int64], until_ns: int | None) -> Iterator[Spans]:
    """Spans of some tags at a time, whole tags always; `tags` are the rows' codes, below 0 for none.

    A sample with a time holds until its tag's next; the last until `until_ns`, by default the newest of all.
    """
    times, gaps = times_of(frame), gaps_of(frame)
    known = np.where(times != NOT_A_TIME, tags, -1)
    last = int(times.max(initial=0, where=known >= 0)) if until_ns is None else until_ns
    rows = by_tag_and_time(times, known)
    edges = np.unique(np.cumsum(np.bincount(known + 1)))
    # Some tags at a time: what is worked out of a sample takes many times the sample's own memory.
    while len(edges) > 1:
        cut = max(1, int(np.searchsorted(edges, edges[0] + BLOCK_ROWS, side="right")) - 1)
        some = rows[edges[0] : edges[cut]]
        yield spans_of(some, tags[some], times[some], last, gaps)
        edges = edges[cut:]


def by_tag_and_time(times: Times, tags: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows by tag and time, those of no tag first; of equal times the later row, which held, is last."""
    # Small codes are sorted in one pass without comparing, and most frames are by time already.
    small = tags.astype(np.int16) if tags.max(initial=0) < np.iinfo(np.int16).max else tags
    ascending = (times[1:] >= times[:-1]).all()
    return np.argsort(small, kind="stable") if ascending else np.lexsort((times, small))


def spans_of(
    rows: NDArray[np.int64], tags: NDArray[np.int64], begin: Times, last: int, gaps: TimeGaps
) -> Spans:
    """The spans of some tags' samples, which lie by tag and time."""
    # A sample is followed where the next row is of the same tag.
    follows = np.append(tags[1:] == tags[:-1], False)
    following = np.where(follows, np.minimum(np.append(begin[1:], 0), last), last)
    # A sample after `until` has held for no time yet, not for a negative one.
    following = np.maximum(following, begin)
    if not len(gaps.start):
        return Spans(rows, tags, begin, following, following, np.ones(len(rows), np.bool_))
    begins, ends, places = pieces(begin, following, gaps)
    first = np.append(True, places[1:] != places[:-1])[: len(places)]
    return Spans(rows[places], tags[places], begins, ends, following[places], first)


@checks_arguments
@gives_table
def left_open(frame: pd.DataFrame, times: Mapping[str, Times]) -> pd.DataFrame:
    """A wide frame without the values that were held into the gaps of its `attrs`: they become missing.

    `times` are the times of each column's samples, in nanoseconds; 0 is none. Changes the frame in place.
    """
    gaps = gaps_of(frame)
    moments = pd.DatetimeIndex(frame.index).as_unit("ns").asi8
    for tag, own in times.items() if len(gaps.start) else ():
        known = known_at(moments, np.unique(own[own != 0]), gaps)
        if not known.all():
            frame[tag] = frame[tag].where(known)
    return frame


def known_at(moments: Times, times: Times, gaps: TimeGaps) -> NDArray[np.bool_]:
    """Whether it is known at each moment what a tag read that has samples at these ascending times."""
    if not len(times):
        return np.zeros(len(moments), np.bool_)
    begins, ends, _ = pieces(times, np.append(times[1:], FOR_EVER), gaps)
    places = np.searchsorted(begins, moments, side="right") - 1
    # A stretch of no length is known at its own moment all the same: the sample was seen.
    known: NDArray[np.bool_] = (moments < ends[places]) | (moments == begins[places])
    return known & (places >= 0)


def pieces(begin: Times, following: Times, gaps: TimeGaps) -> tuple[Times, Times, NDArray[np.int64]]:
    """The stretches from each begin to what follows that no gap takes, and whose they are."""
    places = np.arange(len(begin))
    parts: list[tuple[Times, Times, NDArray[np.int64]]] = []
    # One more gap at the end of time: a search behind the last one then finds it, and needs no case of its
    # own.
    start, end = np.append(gaps.start, FOR_EVER), np.append(gaps.end, FOR_EVER)
    resumes, within = np.append(gaps.resumes, False), np.append(gaps.within, False)
    # Each turn takes every stretch to its next gap, all of them at once, and goes on with those that resume
    # behind it: as many turns as gaps lie within one sample's time, not as there are samples.
    while len(places):
        gap = gaps.before(begin)
        # A sample that came within a gap of lost events: others beside it are lost, so it is known for its
        # own moment alone.
        inside = (gap > 0) & within[gap - 1] & (begin < end[gap - 1])
        gap = np.where(inside, gap - 1, gap)
        # At the earliest where it begins: a gap that began before takes all of the stretch, and no more.
        known = np.minimum(following[places], np.maximum(start[gap], begin))
        parts.append((begin, known, places))
        on = resumes[gap] & (end[gap] < following[places])
        begin, places = end[gap][on], places[on]
    if not parts:
        return begin, begin, places
    begins, ends, whose = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((begins, whose))
    return begins[order], ends[order], whose[order]


def check_long(frame: pd.DataFrame) -> None:
    """Raises ConfigurationError if columns of a long frame are missing; warns if it has lost its gaps.

    The warning is about the line of the person's that asks.
    """
    if missing := [name for name in NEEDED if name not in frame.columns]:
        message = f"This is not a long frame of samples: it has no {', '.join(missing)}"
        raise ConfigurationError(message, hint="Take watch.frame(), with one row a sample.")
    if "gaps" not in frame.attrs:
        warnings.warn(GAPS_LOST, UserWarning, stacklevel=levels_of_ours())


def levels_of_ours() -> int:
    """How far up the line of the person's is that a warning is about."""
    frame, levels = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(OURS):
        frame, levels = frame.f_back, levels + 1
    return levels
