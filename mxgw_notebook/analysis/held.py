"""How long each sample of a long frame held: until its tag's next, but not into a recorded gap.

What happened in a gap nobody knows. After an outage the gateway was asked for every present value, and one
that had not changed is no new sample: so a value goes on at the outage's end. Where events were lost without
that, it is unknown until the tag's next sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import in_reason, known_ns, moment_ns

OUTAGE, DROPPED = "outage", "dropped"
FOR_EVER = np.iinfo(np.int64).max
NANOSECONDS_A_SECOND = 1e9
Times = NDArray[np.int64]


class Gaps(NamedTuple):
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


def gaps_of(frame: pd.DataFrame) -> Gaps:
    """The gaps that a frame's `attrs` tell of."""
    joined: list[list[Any]] = []
    # Joined where they touch: a time then lies in one gap at most, and a search among their starts finds it.
    for gap in sorted(frame.attrs.get("gaps") or [], key=lambda gap: moment_ns(gap["start"])):
        start, end = moment_ns(gap["start"]), moment_ns(gap["end"]) if gap["end"] else FOR_EVER
        resumes, within = gap["cause"] == OUTAGE and end != FOR_EVER, gap["cause"] == DROPPED
        if joined and start <= joined[-1][1]:
            last = joined[-1]
            # Of two that overlap values go on at the end only if they do for both; if either loses some
            # inside, the whole does.
            joined[-1] = [last[0], max(last[1], end), last[2] and resumes, last[3] or within]
        else:
            joined.append([start, end, resumes, within])
    columns: Any = zip(*joined, strict=True) if joined else ([], [], [], [])
    return Gaps(*(np.array(column, dtype) for column, dtype in zip(columns, "qq??", strict=True)))


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


def spans(frame: pd.DataFrame, until_ns: int | None) -> pd.DataFrame:
    """Each stretch of time for which a sample is known to have held, by tag and time.

    `row` (the sample's place in the frame), `begin`, `end`, `next` (ns; the tag's next sample, or `until_ns`,
    by default the newest time of all), `seconds` from begin to end, and `whole`, those to the next sample, in
    the sample's first stretch alone. A sample without a time has none.
    """
    times, tags = times_of(frame), pd.factorize(frame["tag"])[0]
    timed = np.flatnonzero((times != pd.NaT.value) & (tags >= 0))
    # By the place in the frame last: of equal times the later row is the one that held.
    rows = timed[np.lexsort((timed, times[timed], tags[timed]))]
    begin = times[rows]
    last = int(begin.max(initial=0)) if until_ns is None else until_ns
    # The tags lie one after another: a sample is followed where the next row is of the same tag.
    follows = np.append(tags[rows][1:] == tags[rows][:-1], False)[: len(rows)]
    following = np.where(follows, np.minimum(np.append(begin[1:], 0)[: len(rows)], last), last)
    # A sample after `until` has held for no time yet, not for a negative one.
    following = np.maximum(following, begin)
    begins, ends, places = pieces(begin, following, gaps_of(frame))
    made = pd.DataFrame({"row": rows[places], "begin": begins, "end": ends, "next": following[places]})
    # In the first stretch alone, so that a sum over the frame counts each sample's time once.
    whole = np.where(made["row"].duplicated(), 0, made["next"] - made["begin"])
    return made.assign(seconds=(ends - begins) / NANOSECONDS_A_SECOND, whole=whole / NANOSECONDS_A_SECOND)


@checks_arguments
def left_open(frame: pd.DataFrame, times: Mapping[str, Times]) -> pd.DataFrame:
    """A wide frame with nothing where its values were held into the gaps that its `attrs` tell of.

    `times` are those of each column's samples, in nanoseconds; 0 is none. Changes the frame.
    """
    gaps = gaps_of(frame)
    moments = pd.DatetimeIndex(frame.index).as_unit("ns").asi8
    for tag, own in times.items() if len(gaps.start) else ():
        known = known_at(moments, np.unique(own[own != 0]), gaps)
        if not known.all():
            frame[tag] = frame[tag].where(known)
    return frame


def known_at(moments: Times, times: Times, gaps: Gaps) -> NDArray[np.bool_]:
    """Whether it is known at each moment what a tag read that has samples at these ascending times."""
    if not len(times):
        return np.zeros(len(moments), np.bool_)
    begins, ends, _ = pieces(times, np.append(times[1:], FOR_EVER), gaps)
    places = np.searchsorted(begins, moments, side="right") - 1
    # A stretch of no length is known at its own moment all the same: the sample was seen.
    known: NDArray[np.bool_] = (moments < ends[places]) | (moments == begins[places])
    return known & (places >= 0)


def pieces(begin: Times, following: Times, gaps: Gaps) -> tuple[Times, Times, NDArray[np.int64]]:
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
