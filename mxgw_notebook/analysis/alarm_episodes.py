"""Transitions to occurrences: one row from the moment an alarm was raised to the moment it was over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import KEPT, UNKNOWN, checked_log, stamps
from mxgw_notebook.analysis.alarm_occurrences import (
    RAISE,
    RETRIGGER,
    STATES,
    Occurrences,
    left_unknown,
    occurrences_of,
)
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import utc
from mxgw_notebook.words import UNKNOWN_STATE

EPISODE_STATE = pd.CategoricalDtype(STATES)
TAKEN = ["reference", "tag", "area", "description", "severity", "alarm_type", "value", "limit", "origin"]
ANSWERS = ["operator", "comment"]
COLUMNS = [
    *("reference", "tag", "area", "description", "severity", "alarm_type"),
    *("raised", "acknowledged", "cleared", "time_to_acknowledge", "duration", "operator", "comment"),
    *("value", "limit", "peak", "retriggers", "transitions", "origin", "state"),
]

# On which side of its limit an alarm lies, by how System Platform and others name limit alarms.
SIDES = {
    "lo": -1,
    "lolo": -1,
    "low": -1,
    "lowlow": -1,
    "ll": -1,
    "hi": 1,
    "hihi": 1,
    "high": 1,
    "highhigh": 1,
    "hh": 1,
}

Ints = NDArray[Any]


@checks_arguments
def alarm_episodes(history: pd.DataFrame) -> pd.DataFrame:
    """One row an occurrence of an alarm, in the order in which they began.

    `reference`, `tag`, `area`, `description`, `severity` (at its beginning, 1 to 999, 1 the most urgent),
    `alarm_type`, `raised`, `acknowledged`, `cleared` (datetime64[ns, UTC]; NaT where it has not happened or
    the time is not known), `time_to_acknowledge` and `duration` (timedelta64[ns], both from the raise),
    `operator` and `comment` (of the first acknowledgement), `value`, `limit` (at its beginning), `peak`
    (the value farthest to the limit's wrong side among its transitions; the alarm's type says which side
    that is), `retriggers`, `transitions`,
    `origin` (of its first row) and `state`: unacknowledged, acknowledged, cleared unacknowledged, over,
    "clear not seen" for one that was followed by another raise, or "state unknown" where the gateway last
    listed it in a state of a later contract.

    `history` has a row a transition in the order in which they came; that order counts, not their times,
    for a plant's clock may be set back. A duration that would be negative is NaT. A raise always begins an
    occurrence; so does a retrigger or a clear after a clear, whose raise was not seen. A retrigger of an
    alarm that still stands belongs to the occurrence. Without a raise, the time of the raise is the one
    that the gateway tells with the first transition seen, else NaT. Transitions of kinds that the gateway
    itself has no name for are left out and counted (`attrs["left_out"]`); words of other systems are
    refused, and a log with the newest row first is turned round.
    """
    log = checked_log(history)
    found = occurrences_of(log)
    frame = log[TAKEN].take(found.first_rows).reset_index(drop=True)
    frame = frame.assign(
        **times_of(log, found),
        **answers_of(log, found),
        peak=peaks(log, found),
        retriggers=found.retriggers().astype("int32"),
        transitions=found.lengths.astype("int32"),
        state=pd.Categorical.from_codes(
            np.where(left_unknown(log, found), STATES.index(UNKNOWN_STATE), found.states()),
            dtype=EPISODE_STATE,
        ),
    )
    begun = np.argsort(found.first_rows, kind="stable")
    frame = frame[COLUMNS].take(begun).reset_index(drop=True)
    frame.attrs = {name: log.attrs[name] for name in KEPT if name in log.attrs}
    return frame


def times_of(log: pd.DataFrame, found: Occurrences) -> dict[str, Any]:
    """When each occurrence was raised, acknowledged and cleared, and the time from the one to the others."""
    time = stamps(log["time"])[found.rows]
    raised = raise_times(log, found, time)
    acknowledged, cleared = times_at(time, found.acknowledged), times_at(time, found.cleared)
    return {
        "raised": utc_or_nat(raised),
        "acknowledged": utc_or_nat(acknowledged),
        "cleared": utc_or_nat(cleared),
        "time_to_acknowledge": lapse(raised, acknowledged),
        "duration": lapse(raised, cleared),
    }


def answers_of(log: pd.DataFrame, found: Occurrences) -> dict[str, pd.Series[Any]]:
    """Who acknowledged each occurrence first, and with which words; empty where nobody did."""
    answered = found.acknowledged >= 0
    places = np.where(answered, found.acknowledged, found.first)
    said = log[ANSWERS].take(found.rows[places]).reset_index(drop=True)
    return {name: said[name].where(answered, "") for name in ANSWERS}


def raise_times(log: pd.DataFrame, found: Occurrences, time: Ints) -> Ints:
    """When each occurrence was raised: its own time if it begins with a raise, else as the gateway tells."""
    seen = np.isin(found.kind[found.first], (RAISE, RETRIGGER))
    own = np.where(seen, time[found.first], UNKNOWN)
    return np.where(own != UNKNOWN, own, stamps(log["raised"])[found.first_rows])


def times_at(time: Ints, places: Ints) -> Ints:
    """The times at some places, unknown at -1."""
    # Also where there are no times at all: then the one appended is what -1 finds.
    return np.where(places >= 0, np.append(time, UNKNOWN)[places], UNKNOWN)


def lapse(start: Ints, end: Ints) -> NDArray[Any]:
    """From one time to the other; NaT where either is unknown, or the clock went backwards between them."""
    known = (start != UNKNOWN) & (end != UNKNOWN) & (end >= start)
    return np.where(known, end - np.where(known, start, 0), UNKNOWN).view("timedelta64[ns]")


def peaks(log: pd.DataFrame, found: Occurrences) -> NDArray[np.float64]:
    """The lowest value of each occurrence of a low alarm, the highest of any other; NaN without numbers.

    Where neither the alarm's type nor its name tells, one that began below its limit is low; one that began
    at it has its peak at the value farthest from it.
    """
    first = found.first
    if not len(first):
        return np.empty(0)
    values = numbers(log["value"])[found.rows]
    limits = numbers(log["limit"].take(found.first_rows))
    highest, lowest = np.fmax.reduceat(values, first), np.fmin.reduceat(values, first)
    begun = values[first]
    below = (begun < limits) | ((begun == limits) & (limits - lowest > highest - limits))
    kinds = sides(log["alarm_type"].take(found.first_rows), log["reference"].take(found.first_rows))
    result: NDArray[np.float64] = np.where(np.where(kinds == 0, below, kinds < 0), lowest, highest)
    return result


def sides(types: pd.Series[Any], references: pd.Series[Any]) -> NDArray[np.int8]:
    """-1 for alarms of a low limit, 1 of a high one, 0 where neither their type nor their name says."""
    by_type, by_name = (each_side(texts) for texts in (types, references))
    return np.where(by_type != 0, by_type, by_name)


def each_side(texts: pd.Series[Any]) -> NDArray[np.int8]:
    """The same of each text's last part, each different text looked at once."""
    codes, names = pd.factorize(texts)
    found = [SIDES.get(str(name).rpartition(".")[2].strip().lower(), 0) for name in names]
    # A missing text has the code -1, which finds the 0 at the end.
    return np.array([*found, 0], dtype=np.int8)[codes]


def numbers(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Values as float64, booleans 0 and 1, NaN for what is no number."""
    column: Any = values
    try:
        return np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)
    except TypeError:  # an array among them
        return np.array([value if isinstance(value, int | float) else np.nan for value in column], np.float64)


def utc_or_nat(stamps_ns: Ints) -> pd.DatetimeIndex:
    """datetime64[ns, UTC] of nanoseconds in which NaT is itself; 1970 to the nanosecond counts as unknown."""
    return utc(np.where(stamps_ns == UNKNOWN, 0, stamps_ns))
