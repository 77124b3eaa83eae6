"""A log of transitions cut into occurrences: where each one begins, and how it stood at the end.

Why: DECISIONS.md, "An occurrence follows the order of arrival, not the time".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import KINDS, kind_word, unnamed
from mxgw_notebook.words import ACKNOWLEDGED, ALARM_STATES, CLEARED, UNACKNOWLEDGED

OTHER, RAISE, RETRIGGER, CLEAR, ACKNOWLEDGE = range(5)
NUMBERS = dict(zip(KINDS, (RAISE, RETRIGGER, CLEAR, ACKNOWLEDGE), strict=True))
OVER, CLEAR_NOT_SEEN = "over", "clear not seen"
CONCLUDED = ("snapshot", "reconciled")  # the origins of what the gateway's list told
STATES = [*ALARM_STATES, OVER, CLEAR_NOT_SEEN]

Ints = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The known transitions of a log, alarm after alarm, and the occurrences they make up.

    `names` are the alarms' references by number. Of each transition: the alarm's number (`codes`), its
    `kind`, its row in the log, and the number of its occurrence (`episode`). Of each occurrence: the places
    among them of its first one, of its first acknowledgement and of its first clear; -1 where there is none.
    """

    names: pd.Index[Any]
    codes: Ints
    kind: Ints
    rows: Ints
    episode: Ints
    first: Ints
    acknowledged: Ints
    cleared: Ints

    @property
    def first_rows(self) -> Ints:
        """The row in the log with which each occurrence begins."""
        return self.rows[self.first]

    def in_order_of_rows(self, log_length: int) -> Ints:
        """The numbers of the occurrences, the one first that begins first in the log."""
        # Each row is there once, so that they need no sort, which takes several times as long.
        numbers = np.full(log_length, -1)
        numbers[self.first_rows] = np.arange(len(self.first))
        return numbers[numbers >= 0]

    @property
    def lengths(self) -> Ints:
        """How many transitions each occurrence has."""
        return np.diff(np.append(self.first, len(self.rows)))

    def retriggers(self) -> Ints:
        """How often each occurrence was raised again while it stood."""
        again = self.kind == RETRIGGER
        again[self.first] = False
        return np.bincount(self.episode[again], minlength=len(self.first))

    def states(self) -> Ints:
        """How each occurrence stood at the end of the log, as places in STATES."""
        count = len(self.first)
        last_retrigger = last_places(self.kind == RETRIGGER, self.episode, count)
        # An acknowledge is of the alarm: one that came and went before it does not wait any more either.
        alarms = self.codes.max(initial=-1) + 1
        last_ack = last_places(self.kind == ACKNOWLEDGE, self.codes, alarms)[self.codes[self.first]]
        acknowledged = (last_ack >= self.first) & (last_ack > last_retrigger)
        cleared = self.cleared >= 0
        alarm = self.codes[self.first]
        followed = np.append(alarm[1:] == alarm[:-1], False) if count else cleared
        return np.select(
            [followed & ~cleared, acknowledged & cleared, acknowledged, cleared],
            [STATES.index(name) for name in (CLEAR_NOT_SEEN, OVER, ACKNOWLEDGED, CLEARED)],
            STATES.index(UNACKNOWLEDGED),
        )


def occurrences_of(log: pd.DataFrame) -> Occurrences:
    """The occurrences in a checked log."""
    names, codes, kind, rows = ordered_by_alarm(log)
    starts = beginnings(codes, kind)
    first = np.flatnonzero(starts)
    episode = np.cumsum(starts) - 1
    acknowledged, cleared = (
        first_places(kind == chosen, episode, len(first)) for chosen in (ACKNOWLEDGE, CLEAR)
    )
    return Occurrences(names, codes, kind, rows, episode, first, acknowledged, cleared)


def left_unknown(log: pd.DataFrame, found: Occurrences) -> NDArray[np.bool_]:
    """Which occurrences the gateway's list showed at last in a state that nobody here knows."""
    count = len(found.first)
    words = [word for word in log["transition"].unique() if unnamed(kind_word(word))]
    if not count or not words:
        return np.zeros(count, dtype=bool)
    told = np.flatnonzero(log["transition"].isin(words) & log["origin"].isin(CONCLUDED))
    newest = pd.Series(told, index=log["reference"].take(told)).groupby(level=0).max()
    told_at = log["reference"].take(found.first_rows).map(newest).to_numpy(dtype=float, na_value=-1.0)
    ends = found.rows[np.append(found.first[1:], len(found.rows)) - 1]
    alarm = found.codes[found.first]
    is_last = np.append(alarm[1:] != alarm[:-1], True)
    unknown: NDArray[np.bool_] = is_last & (told_at > ends)
    return unknown


def ordered_by_alarm(log: pd.DataFrame) -> tuple[pd.Index[Any], Ints, Ints, Ints]:
    """The alarms' references; of each known transition, alarm after alarm, their number, its kind and row."""
    kinds = log["transition"].astype("category").array
    numbers = [NUMBERS.get(kind_word(name), OTHER) for name in kinds.categories]
    kind = np.array([*numbers, OTHER], dtype=np.int8)[kinds.codes]
    codes, names = pd.factorize(log["reference"])
    # numpy sorts 16 bits by radix, ten times as fast.
    order = np.argsort(codes.astype(np.uint16 if len(names) < 2**16 else np.int64), kind="stable")
    order = order[kind[order] != OTHER]
    return pd.Index(names), codes[order], kind[order], order


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


def first_places(chosen: NDArray[np.bool_], episode: Ints, count: int) -> Ints:
    """The place of the first chosen row of each occurrence, -1 where there is none."""
    places = np.flatnonzero(chosen)
    found = np.full(count, -1, dtype=np.int64)
    # numpy keeps the last of several assignments to one element; backwards that is the first.
    found[episode[places][::-1]] = places[::-1]
    return found


def last_places(chosen: NDArray[np.bool_], episode: Ints, count: int) -> Ints:
    """The place of the last chosen row of each occurrence, -1 where there is none."""
    places = np.flatnonzero(chosen)
    found = np.full(count, -1, dtype=np.int64)
    found[episode[places]] = places
    return found
