"""Transitions to occurrences: one row from the moment an alarm was raised to the moment it was over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import checked_log, stamps
from mxgw_notebook.frames import utc
from mxgw_notebook.words import ACKNOWLEDGED, ALARM_STATES, CLEARED, UNACKNOWLEDGED

UNKNOWN = np.iinfo(np.int64).min  # as NaT is stored
OTHER, RAISE, RETRIGGER, CLEAR, ACKNOWLEDGE = range(5)
KINDS = {"raise": RAISE, "retrigger": RETRIGGER, "clear": CLEAR, "acknowledge": ACKNOWLEDGE}
OVER, CLEAR_NOT_SEEN = "over", "clear not seen"
STATES = [*ALARM_STATES, OVER, CLEAR_NOT_SEEN]
EPISODE_STATE = pd.CategoricalDtype(STATES)
TAKEN = ("reference", "tag", "area", "description", "severity", "alarm_type", "value", "limit", "origin")

Ints = NDArray[Any]


def alarm_episodes(history: pd.DataFrame) -> pd.DataFrame:
    """One row an occurrence of an alarm, in the order in which they began.

    `reference`, `tag`, `area`, `description`, `severity` (at its beginning, 1 to 999, 1 the most urgent),
    `alarm_type`, `raised`, `acknowledged`, `cleared` (datetime64[ns, UTC]; NaT where it has not happened or
    the time is not known), `time_to_acknowledge` and `duration` (timedelta64[ns], both from the raise),
    `operator` and `comment` (of the first acknowledgement), `value`, `limit` (at its beginning), `peak`
    (the value farthest to the limit's wrong side among its transitions), `retriggers`, `transitions`,
    `origin` (of its first row) and `state`: unacknowledged, acknowledged, cleared unacknowledged, over, or
    "clear not seen" for one that was followed by another raise.

    `history` has a row a transition in the order in which they came; that order counts, not their times,
    for a plant's clock may be set back. A duration that would be negative is NaT. A raise always begins an
    occurrence; so does a retrigger or a clear after a clear, whose raise was not seen. A retrigger of an
    alarm that still stands belongs to the occurrence. Without a raise, the time of the raise is the one
    that the gateway tells with the first transition seen, else NaT. Transitions of other kinds are left
    out.
    """
    log = checked_log(history)
    codes, kind, rows = ordered_by_alarm(log)
    starts = beginnings(codes, kind)
    first = np.flatnonzero(starts)
    episode = np.cumsum(starts) - 1
    count = len(first)
    begun = np.argsort(rows[first], kind="stable")

    time = stamps(log["time"])[rows]
    raised = raise_times(time, stamps(log["raised"])[rows], kind, first)
    acknowledged_at = first_places(kind == ACKNOWLEDGE, episode, count)
    cleared_at = first_places(kind == CLEAR, episode, count)
    acknowledged, cleared = times_at(time, acknowledged_at), times_at(time, cleared_at)
    said_by = np.where(acknowledged_at >= 0, rows[acknowledged_at], rows[first]) if count else rows

    frame = log[list(TAKEN)].take(rows[first][begun]).reset_index(drop=True)
    frame.insert(6, "raised", utc_or_nat(raised[begun]))
    frame.insert(7, "acknowledged", utc_or_nat(acknowledged[begun]))
    frame.insert(8, "cleared", utc_or_nat(cleared[begun]))
    frame.insert(9, "time_to_acknowledge", lapse(raised, acknowledged)[begun])
    frame.insert(10, "duration", lapse(raised, cleared)[begun])
    for place, name in enumerate(("operator", "comment"), start=11):
        words = log[name].take(said_by[begun]).reset_index(drop=True)
        frame.insert(place, name, words.where(acknowledged_at[begun] >= 0, ""))
    frame.insert(15, "peak", peaks(log, rows, first)[begun])
    frame.insert(16, "retriggers", retriggers(kind, episode, starts, count)[begun])
    frame.insert(17, "transitions", np.diff(np.append(first, len(rows))).astype("int32")[begun])
    state = states(codes, kind, episode, first, acknowledged_at, cleared_at)[begun]
    frame["state"] = pd.Categorical.from_codes(state, dtype=EPISODE_STATE)
    return frame


def ordered_by_alarm(log: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    """The alarm's number, the kind and the row in the log of each known transition, alarm after alarm."""
    kinds = log["transition"].astype("category").array
    numbers = [KINDS.get(str(name).lower(), OTHER) for name in kinds.categories]
    kind = np.array([*numbers, OTHER], dtype=np.int8)[kinds.codes]
    codes, names = pd.factorize(log["reference"])
    # numpy sorts 16 bits by radix, ten times as fast.
    order = np.argsort(codes.astype(np.uint16 if len(names) < 2**16 else np.int64), kind="stable")
    order = order[kind[order] != OTHER]
    return codes[order], kind[order], order


def beginnings(codes: Ints, kind: Ints) -> NDArray[np.bool_]:
    """Where an occurrence begins."""
    if not len(codes):
        return np.zeros(0, dtype=bool)
    new_alarm = np.append(True, codes[1:] != codes[:-1])
    place = np.arange(len(codes))
    # The latest row before each that was no acknowledgement says whether the alarm stood.
    latest = np.maximum.accumulate(np.where(kind != ACKNOWLEDGE, place, -1))
    before = np.append(-1, latest[:-1])
    alarm_start = np.maximum.accumulate(np.where(new_alarm, place, 0))
    was_cleared = (before >= alarm_start) & (kind[before] == CLEAR)
    begins: NDArray[np.bool_] = new_alarm | (kind == RAISE)
    begins |= was_cleared & ((kind == RETRIGGER) | (kind == CLEAR))
    return begins


def raise_times(time: Ints, told: Ints, kind: Ints, first: Ints) -> Ints:
    """When each occurrence was raised: its own time if it begins with a raise, else as the gateway tells."""
    seen = np.isin(kind[first], (RAISE, RETRIGGER))
    own = np.where(seen, time[first], UNKNOWN)
    return np.where(own != UNKNOWN, own, told[first])


def first_places(chosen: NDArray[np.bool_], episode: Ints, count: int) -> Ints:
    """The place of the first chosen row of each occurrence, -1 where there is none."""
    places = np.flatnonzero(chosen)
    found = np.full(count, -1, dtype=np.int64)
    found[episode[places][::-1]] = places[::-1]
    return found


def times_at(time: Ints, places: Ints) -> Ints:
    """The times at some places, unknown at -1."""
    return np.where(places >= 0, np.append(time, UNKNOWN)[places], UNKNOWN)


def lapse(start: Ints, end: Ints) -> NDArray[Any]:
    """From one time to the other; NaT where either is unknown, or the clock went backwards between them."""
    known = (start != UNKNOWN) & (end != UNKNOWN) & (end >= start)
    return np.where(known, end - np.where(known, start, 0), UNKNOWN).view("timedelta64[ns]")


def peaks(log: pd.DataFrame, rows: Ints, first: Ints) -> NDArray[np.float64]:
    """The highest value of each occurrence, the lowest where it began below its limit; NaN without
    numbers."""
    if not len(first):
        return np.empty(0)
    values = numbers(log["value"])[rows]
    limits = numbers(log["limit"].take(rows[first]))
    highest, lowest = np.fmax.reduceat(values, first), np.fmin.reduceat(values, first)
    result: NDArray[np.float64] = np.where(values[first] < limits, lowest, highest)
    return result


def numbers(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Values as float64, booleans 0 and 1, NaN for what is no number."""
    column: Any = values
    try:
        return np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)
    except TypeError:  # an array among them
        return np.array([value if isinstance(value, int | float) else np.nan for value in column], np.float64)


def retriggers(kind: Ints, episode: Ints, starts: NDArray[np.bool_], count: int) -> Ints:
    """How often each occurrence was raised again while it stood."""
    return np.bincount(episode[(kind == RETRIGGER) & ~starts], minlength=count).astype("int32")


def states(
    codes: Ints, kind: Ints, episode: Ints, first: Ints, acknowledged_at: Ints, cleared_at: Ints
) -> Ints:
    """How each occurrence stood at the end of the log, as places in STATES."""
    count = len(first)
    last_ack, last_retrigger = (
        last_places(kind == chosen, episode, count) for chosen in (ACKNOWLEDGE, RETRIGGER)
    )
    acknowledged = (acknowledged_at >= 0) & (last_ack > last_retrigger)
    cleared = cleared_at >= 0
    followed = np.append(codes[first][1:] == codes[first][:-1], False) if count else cleared
    return np.select(
        [followed & ~cleared, acknowledged & cleared, acknowledged, cleared],
        [STATES.index(name) for name in (CLEAR_NOT_SEEN, OVER, ACKNOWLEDGED, CLEARED)],
        STATES.index(UNACKNOWLEDGED),
    )


def last_places(chosen: NDArray[np.bool_], episode: Ints, count: int) -> Ints:
    """The place of the last chosen row of each occurrence, -1 where there is none."""
    places = np.flatnonzero(chosen)
    found = np.full(count, -1, dtype=np.int64)
    found[episode[places]] = places
    return found


def utc_or_nat(stamps_ns: Ints) -> pd.DatetimeIndex:
    """datetime64[ns, UTC] of nanoseconds in which NaT is itself; 1970 to the nanosecond counts as unknown."""
    return utc(np.where(stamps_ns == UNKNOWN, 0, stamps_ns))
