"""Another system's table as a log of ours: columns by name, times in order, words as transitions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_log import KINDS, NOTED, NOTES, OPTIONAL, SOURCE, TIMES
from mxgw_notebook.analysis.other_logs.aveva import ALARM_DATABASE, EVENTS
from mxgw_notebook.analysis.other_logs.ignition import JOURNAL
from mxgw_notebook.analysis.other_logs.layout import Layout, Theirs, texts_of
from mxgw_notebook.analysis.other_logs.tables import Origin
from mxgw_notebook.analysis.other_logs.text_times import WrittenTimes, Zone, to_utc, written_times
from mxgw_notebook.analysis.other_logs.transitions import Words, spelled, transitions
from mxgw_notebook.errors import ConfigurationError

OURS = (*OPTIONAL, "reference", "time", "transition", "raised")
# What columns are called in logs that nobody named them of, the surest first; days and times of the day may
# stand apart, and milliseconds as well.
CLOCKS = tuple(
    f"{day} + {clock}" for day, clock in (("Datum", "Uhrzeit"), ("Datum", "Zeit"), ("Date", "Time"))
)
FRACTIONS = ("Millisekunden", "Milliseconds", "ms")
AS_WELL = {"time": (*(f"{both} + {fraction}" for both in CLOCKS for fraction in FRACTIONS), *CLOCKS)}
ELSEWHERE = {
    "time": ("timestamp", "Zeitstempel", "Zeit", "Datum"),
    "transition": ("Ereignis", "Zustand", "Status", "Event", "State"),
    "reference": ("Meldungsnummer", "Meldenummer", "Nummer", "Alarm", "Meldung", "Objekt", "Meldetext"),
    "description": ("Meldetext", "Text", "Beschreibung"),
    "tag": ("Variable",),
    "area": ("Bereich",),
    "value": ("Wert",),
    "limit": ("Grenzwert",),
    "operator": ("Benutzer", "User"),
    "comment": ("Kommentar",),
}
PLAIN = Layout(
    name="plain",
    columns={name: (*AS_WELL.get(name, ()), name, *ELSEWHERE.get(name, ())) for name in OURS},
    events={
        **dict.fromkeys(
            (
                "RAISE",
                "RAISED",
                "ALARM",
                "ALM",
                "SET",
                "ON",
                "COMES",
                "CAME",
                "INCOMING",
                "KOMMT",
                "KOMMEND",
                "GEKOMMEN",
                "K",
            ),
            "raise",
        ),
        **dict.fromkeys(
            (
                "CLEAR",
                "CLEARED",
                "RTN",
                "RETURN",
                "RETURNED",
                "OFF",
                "GOES",
                "GONE",
                "OUTGOING",
                "GEHT",
                "GEHEND",
                "GEGANGEN",
                "G",
            ),
            "clear",
        ),
        **dict.fromkeys(("ACK", "ACKNOWLEDGE", "ACKNOWLEDGED", "QUITTIERT", "Q"), "acknowledge"),
        **{spelled(word): word for word in (*KINDS, *NOTED)},
    },
)
LAYOUTS = {layout.name: layout for layout in (ALARM_DATABASE, EVENTS, JOURNAL, PLAIN)}
ALIASES = {"wwalmdb": "a2almdb", "intouch": "a2almdb", "events": "historian"}
ORDER = (
    "reference", "tag", "area", "description", "severity", "time", "transition", "raised", "alarm_type",
    "value", "limit", "operator", "comment", "origin",
)  # fmt: skip
SAME = ["reference", "time", "transition", "alarm_type", "value", "operator", "comment"]
CONTENTS = ("reference", "tag", "area", "description", "alarm_type", "operator", "comment")
SAME_TIME, CLOCKS_SET = np.timedelta64(0, "us"), np.timedelta64(1, "h")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def layout_named(name: str) -> Layout:
    """A layout by its name. Raises ConfigurationError for none."""
    known = LAYOUTS.get(ALIASES.get(name.lower(), name.lower())) if isinstance(name, str) else None
    if known is None:
        raise ConfigurationError(f"{name!r} is not a layout of a log", hint=f"One is {', '.join(LAYOUTS)}.")
    return known


def layout_of(theirs: Theirs) -> Layout | None:
    """The layout that a table's columns tell by themselves."""
    return next((layout for layout in LAYOUTS.values() if layout.fits(theirs)), None)


def log_of(
    table: pd.DataFrame, layout: Layout, origin: Origin, *, columns: Mapping[str, Any], words: Words,
    tz: Zone, dates: str | None,
) -> pd.DataFrame:  # fmt: skip
    """The log in our columns, the oldest row first; `attrs["notes"]` says what was done to it.

    Raises ConfigurationError for missing columns, for a text that is not a time, and for unknown words.
    """
    table = table.reset_index(drop=True)
    theirs, named = Theirs(table), by_our_names(columns)
    chosen = chosen_columns(theirs, layout, named, origin)
    written = {
        name: written_times(theirs.moments(chosen[name]), origin, dates) for name in TIMES if name in chosen
    }
    notes = taken_by_name(chosen, named) if layout is PLAIN else []
    places = np.arange(len(table))
    if newest_first(written["time"].local):
        # Before the zone is looked at: which of two equal hours is meant shows by the order alone.
        theirs, places = Theirs(table.iloc[::-1]), places[::-1]
        written = {name: times.turned() for name, times in written.items()}
        notes.append("The log had its newest row first and was turned round.")
    origin = origin.in_order(places)
    log = contents(theirs, chosen)
    for name, times in written.items():
        zone = "UTC" if chosen[name] in layout.in_utc else tz
        log[name], said = in_utc(times, zone, origin)
        notes += said if name == "time" else []
    log["time"] = with_fractions(log["time"], theirs, layout)
    log = layout.finish(log, theirs) if layout.finish is not None else log
    # What the caller named counts before what the layout makes of it.
    log = log.assign(**{name: theirs.texts(*names) for name, names in named.items() if name in CONTENTS})
    return put_in_words(sort_by_time(log, origin, notes), layout, words, notes)


def by_our_names(columns: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What was said of columns, by our names; said the other way round it is understood as well.

    Raises ConfigurationError where neither side has our names.
    """
    columns = {"time" if name == "timestamp" else name: theirs for name, theirs in columns.items()}
    turned = not set(columns) <= set(OURS)
    if turned and not {str(name) for name in columns.values()} <= set(OURS):
        strange = next(name for name in columns if name not in OURS)
        message = f"columns= names {strange!r}, which is not a column of a log"
        raise ConfigurationError(message, hint=f"Ours are {', '.join(sorted(OURS))}.")
    pairs = [(ours, theirs) if not turned else (theirs, ours) for ours, theirs in columns.items()]
    return {str(ours): (theirs if isinstance(theirs, str) else " + ".join(theirs),) for ours, theirs in pairs}


def chosen_columns(
    theirs: Theirs, layout: Layout, named: Mapping[str, Sequence[str]], origin: Origin
) -> dict[str, str]:
    """Which of theirs is which of ours. Raises ConfigurationError for one that is needed and not there."""
    chosen: dict[str, str] = {}
    for ours in OURS:
        names = named.get(ours) or layout.columns.get(ours, ())
        found = next((name for name in names if name in theirs), None)
        if found is not None:
            chosen[ours] = found
        elif ours in named or ours in ("time", "transition"):
            raise no_column(ours, names, theirs, layout, origin)
    if not {"reference", "tag"} & set(chosen) and layout.columns["reference"]:
        raise no_column("reference", layout.columns["reference"], theirs, layout, origin)
    return chosen


def taken_by_name(chosen: Mapping[str, str], named: Mapping[str, Sequence[str]]) -> list[str]:
    """Which columns stand for which of ours though neither we nor the caller call them so."""
    said = [
        f"{name} is taken for {ours}"
        for ours, name in chosen.items()
        if ours not in named and name.lower() != ours
    ]
    return [f"{'; '.join(said)}."] if said else []


def contents(theirs: Theirs, chosen: Mapping[str, str]) -> pd.DataFrame:
    """Our columns with the cells of theirs, without times; an alarm without a name has its tag's."""
    log = pd.DataFrame(index=theirs.table.index)
    for ours, name in chosen.items():
        if ours not in TIMES:
            cells = theirs.cells(name)
            log[ours] = cells if ours in ("value", "limit") else texts_of(cells)
    log = log.assign(**{name: value for name, value in OPTIONAL.items() if name not in log})
    return log if "reference" in log else log.assign(reference=log["tag"])


def no_column(
    ours: str, names: Sequence[str], theirs: Theirs, layout: Layout, origin: Origin
) -> ConfigurationError:
    """What is said where a column is not there."""
    expected = " or ".join(repr(name) for name in names)
    message = f"{origin.name} has no column {expected} for {ours} (layout {layout.name})"
    listed = ", ".join(map(str, theirs.table.columns)) or "none"
    hint = f"Its columns are {listed}; name the right one: columns={{{ours!r}: ...}}.{origin.others}"
    return ConfigurationError(message, hint=hint)


def newest_first(local: Any) -> bool:
    """Whether rows go back in time, but for the hour by which clocks were set."""
    known = local[~np.isnat(local)]
    steps = np.diff(known)
    ahead, back = steps[steps > SAME_TIME], steps[steps < SAME_TIME]
    turned = len(ahead) < len(back) and known[0] > known[-1]
    return bool(turned and (ahead <= CLOCKS_SET).all())


def in_utc(written: WrittenTimes, zone: Zone, origin: Origin) -> tuple[pd.DatetimeIndex, list[str]]:
    """Times in UTC, and what of them nobody knows."""
    times, doubtful = to_utc(written, zone, origin)
    said = []
    if zone is None and (np.isnat(written.ahead) & ~np.isnat(written.local)).any():
        said.append("Its times have no zone; they are taken for UTC (tz= says otherwise).")
    if unknown := int(np.count_nonzero(times.isna())):
        said.append(f"{unknown:,} of its rows have no time.")
    if doubtful:
        said.append(f"{doubtful:,} of its rows are of the hour that came twice; the first is taken.")
    return times, said


def with_fractions(times: pd.Series[Any], theirs: Theirs, layout: Layout) -> pd.Series[Any]:
    """The times with the fraction of a second that stands apart, unless they have fractions themselves."""
    if layout.tenths_of_ms not in theirs or (times.dropna().dt.microsecond != 0).any():
        return times
    tenths = pd.to_numeric(theirs.texts(layout.tenths_of_ms), errors="coerce").fillna(0).clip(0, 9999)
    return times + pd.to_timedelta(tenths * 100, unit="us")


def sort_by_time(log: pd.DataFrame, origin: Origin, notes: list[str]) -> tuple[pd.DataFrame, Origin]:
    """The rows by time, without those that are there twice; one without a time stays behind its neighbour."""
    order = np.arange(len(log))
    times = log["time"].ffill().bfill()
    if not times.is_monotonic_increasing:
        order = np.argsort(times.to_numpy("datetime64[ns]"), kind="stable")
        notes.append("The log was not in the order of time and was sorted.")
    log = log.iloc[order]
    again = (log.duplicated(SAME) & log["time"].notna()).to_numpy()
    if again.any():
        notes.append(f"{int(again.sum()):,} rows that were there twice were left out.")
    return log[~again].reset_index(drop=True), origin.in_order(order[~again])


def put_in_words(
    found: tuple[pd.DataFrame, Origin], layout: Layout, words: Words, notes: list[str]
) -> pd.DataFrame:
    """The rows with our words; those that are about no alarm are left out, and counted."""
    rows, origin = found
    first, second = transitions(
        rows["transition"], layout, words, rows["reference"], rows["alarm_type"], origin
    )
    if unsaid := int((first == "").sum()):
        notes.append(f"{unsaid:,} of its rows are about no alarm that was shown, and were left out.")
    more = rows[second != ""].assign(transition=second[second != ""])
    log: pd.DataFrame = pd.concat([rows.assign(transition=first), more]).sort_index(kind="stable")
    log = log[log["transition"] != ""].reset_index(drop=True)
    log = log.assign(**{name: values_of(log[name]) for name in ("value", "limit")})
    if "raised" not in log:
        log["raised"] = pd.Series(pd.NaT, log.index, dtype="datetime64[ns, UTC]")
    log = log.loc[:, list(ORDER)]
    log.attrs = {NOTES: notes, SOURCE: origin.name}
    return log


def values_of(column: pd.Series[Any]) -> pd.Series[Any]:
    """Values and limits, in which a comma may stand for the decimal point."""
    cells = column.to_numpy(dtype=object)
    return pd.Series([value_of(value) for value in cells], column.index, dtype=object)


def value_of(value: Any) -> Any:
    """One of them; None where there is nothing."""
    if isinstance(value, str):
        text = value.strip()
        return text.replace(",", ".") if DECIMAL_COMMA.fullmatch(text) else "" if text == "NULL" else text
    return None if value is None or value is pd.NaT or value != value else value
