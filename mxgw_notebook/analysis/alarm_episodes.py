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
from mxgw_notebook.frames import gives_table, kinds_apart, utc
from mxgw_notebook.words import UNKNOWN_STATE

EPISODE_STATE = pd.CategoricalDtype(STATES)
TAKEN = ["reference", "tag", "area", "description", "severity", "alarm_type", "value", "limit", "origin"]
NUMERIC = ("floating", "integer", "mixed-integer-float", "boolean")
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
@gives_table
def alarm_episodes(history: pd.DataFrame) -> pd.DataFrame:
    """One row per occurrence of an alarm, in the order in which they began.

    Columns: `reference`, `tag`, `area`, `description`, `severity` (at the beginning; 1 to 999, 1 is the most
    urgent), `alarm_type`, `raised`, `acknowledged`, `cleared` (datetime64[ns, UTC]; NaT if it has not
    happened or the time is not known), `time_to_acknowledge` and `duration` (timedelta64[ns], both from the
    raise), `operator` and `comment` (of the first acknowledgement), `value`, `limit` (at the beginning),
    `peak` (the value farthest beyond the limit; the alarm's type gives the direction), `retriggers`,
    `transitions`, `origin` (of the first row) and `state`. The states are unacknowledged, acknowledged,
    cleared unacknowledged, over, "clear not seen" (another raise followed), and "state unknown" (the gateway
    listed a state of a later contract).

    `history` has one row per transition, in the order in which they came. This order counts, not the times: a
    plant's clock may be set back. A duration that would be negative is NaT. A raise always begins an
    occurrence. A retrigger or a clear after a clear begins one too: its raise was not seen. A retrigger of a
    standing alarm belongs to the occurrence. If the raise was not seen, its time is the one that the gateway
    sent with the first transition, else NaT. Transitions of a kind that the gateway cannot name are left out
    and counted in `attrs["left_out"]`. Words of other systems are refused. A log with the newest row first is
    reversed.
    """
    return kinds_apart(begun_in(checked_log(history))[0])


def begun_in(log: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """The occurrences of a checked log, values of all kinds in one column, and the row each begins with."""
    found = occurrences_of(log)
    begun = found.in_order_of_rows(len(log))
    # Each column is put in order once: taking texts is what costs the most here.
    counted = {
        **times_of(log, found),
        "peak": peaks(log, found),
        "retriggers": found.retriggers().astype("int32"),
        "transitions": found.lengths.astype("int32"),
        "state": states_of(log, found),
    }
    frame = log[TAKEN].take(found.first_rows[begun]).reset_index(drop=True)
    frame = frame.assign(**{name: column[begun] for name, column in counted.items()})
    frame = frame.assign(**answers_of(log, found, begun))[COLUMNS]
    frame.attrs = {name: log.attrs[name] for name in KEPT if name in log.attrs}
    return frame, found.first_rows[begun]


def states_of(log: pd.DataFrame, found: Occurrences) -> pd.Categorical[Any]:
    """How each occurrence stood at the end of the log."""
    unknown = left_unknown(log, found)
    codes = np.where(unknown, STATES.index(UNKNOWN_STATE), found.states())
    return pd.Categorical.from_codes(codes, dtype=EPISODE_STATE)


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


def answers_of(log: pd.DataFrame, found: Occurrences, order: Ints) -> dict[str, pd.Series[Any]]:
    """Who acknowledged each occurrence first, and with which words; empty where nobody did."""
    answered = found.acknowledged[order] >= 0
    places = np.where(answered, found.acknowledged[order], found.first[order])
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
    by_name = side_each(found.names)[found.codes[first]]
    by_type = side_each_text(log["alarm_type"].take(found.first_rows))
    kinds = np.where(by_type != 0, by_type, by_name)
    result: NDArray[np.float64] = np.where(np.where(kinds == 0, below, kinds < 0), lowest, highest)
    return result


def sides(types: pd.Series[Any], references: pd.Series[Any]) -> NDArray[np.int8]:
    """-1 for alarms of a low limit, 1 of a high one, 0 where neither their type nor their name says."""
    by_type, by_name = side_each_text(types), side_each_text(references)
    return np.where(by_type != 0, by_type, by_name)


def side_each_text(texts: pd.Series[Any]) -> NDArray[np.int8]:
    """The side that each text says, each different one looked at once."""
    codes, different = pd.factorize(texts)
    return side_each(different)[codes]


def side_each(texts: Any) -> NDArray[np.int8]:
    """The side by each text's last part; and a 0 more, which -1, the code of a missing text, finds."""
    found = [SIDES.get(str(text).rpartition(".")[2].strip().lower(), 0) for text in texts]
    return np.array([*found, 0], dtype=np.int8)


def numbers(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Values as float64, booleans 0 and 1, NaN for what is not a number."""
    column: Any = values
    try:
        if pd.api.types.infer_dtype(column) in NUMERIC:  # a third of what asking each what it is would take
            return np.asarray(column, dtype=np.float64)  # None becomes NaN
        return np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)
    except TypeError:  # an array among them
        return np.array([value if isinstance(value, int | float) else np.nan for value in column], np.float64)


def utc_or_nat(stamps_ns: Ints) -> pd.DatetimeIndex:
    """datetime64[ns, UTC] of nanoseconds in which NaT is itself; 1970 to the nanosecond counts as unknown."""
    return utc(np.where(stamps_ns == UNKNOWN, 0, stamps_ns))
