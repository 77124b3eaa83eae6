"""Times as people and databases write them: ISO 8601, German, American, with or without a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.other_logs.layout import CLOCK
from mxgw_notebook.analysis.other_logs.tables import Origin
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import in_reason

Times = NDArray[Any]  # datetime64[us]
Zone = str | tzinfo | None
TWO_COLUMNS = 'columns={"time": ["Datum", "Uhrzeit"], ...}'
EXPECTED = "2026-05-04 06:00:00, 04.05.2026 06:00:00 or 5/4/2026 6:00:00 AM, with or without a zone"
NEVER = np.datetime64("NaT", "us")
WRITTEN = re.compile(
    r"(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})[-/.](?P<y2>\d{4}|(?<=\.)\d{2}(?=\D|$)))"
    r"(?:,?[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,:](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?|Uhr)?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
)
FALLS_BACK = np.timedelta64(1, "m")  # less is how exactly a log is in order


@dataclass(frozen=True, slots=True)
class WrittenTimes:
    """Times as they were written: without the zone, and by how much each was ahead of UTC (NaT: not said)."""

    local: Times
    ahead: NDArray[Any]

    def turned(self) -> WrittenTimes:
        """The last one first."""
        return WrittenTimes(self.local[::-1], self.ahead[::-1])


def written_times(column: pd.Series[Any], origin: Origin, dates: str | None = None) -> WrittenTimes:
    """What stands in a column of times; NaT where nothing does, and for a time out of reason.

    `dates` is "day first" or "month first" for dates such as 5/4/2026; unless told, the column itself has
    to settle it: by a number above 12, by AM and PM (month first), or by which of the two is in order.

    Raises ConfigurationError that names the row for what is not a time, and for dates that may be either.
    """
    found = as_written_times(column, origin, dates)
    return replace(found, local=reasonable(found.local))


def reasonable(local: Times) -> Times:
    """The times without those that only look like one: years 1, 1601, 9999 stand for never."""
    within = (local > np.datetime64("1700-01-01")) & (local < np.datetime64("2262-01-01"))
    stamps = np.where(within, local, NEVER).astype("datetime64[ns]").view(np.int64)
    return in_reason(stamps).view("datetime64[ns]").astype("datetime64[us]")


def as_written_times(column: pd.Series[Any], origin: Origin, dates: str | None) -> WrittenTimes:
    """Times of any kind, as they stand there."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        moments = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]")
        return WrittenTimes(moments, np.zeros(len(moments), "timedelta64[m]"))
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return WrittenTimes(column.to_numpy("datetime64[us]"), never(len(column)))
    texts = [as_written(value) for value in column.to_numpy(dtype=object)]
    days = [text for text in texts if text]
    if len(days) > 1 and not any(":" in text for text in days) and all(map(WRITTEN.fullmatch, days)):
        message = f"{origin.row(0)}: {days[0]!r} in the column {column.name} has no time of the day"
        raise ConfigurationError(message, hint=f"Name both columns: {TWO_COLUMNS}.")
    kinds = {text: WRITTEN.fullmatch(text) for text in set(texts) if text}
    bad = next((place for place, text in enumerate(texts) if text and kinds[text] is None), None)
    if bad is not None:
        raise no_time(column, texts[bad], origin.row(bad))
    return parsed(pd.Series(texts, dtype="str"), origin, dates)


def no_time(column: pd.Series[Any], text: str, where: str) -> ConfigurationError:
    """What is said of a text that is not a time."""
    message = f"{where}: {text!r} in the column {column.name} is not a time"
    if re.fullmatch(r"\d+([.,]\d+)?", text):
        message += ", and nobody says in which unit it counts"
    hint = f"A time is written as {EXPECTED}."
    if CLOCK.fullmatch(text):
        message, hint = f"{message}: its day is missing", f"Name both columns: {TWO_COLUMNS}."
    return ConfigurationError(message, hint=hint)


def as_written(value: Any) -> str:
    """One cell as text; nothing for one that is empty."""
    if isinstance(value, str):
        return "" if value.strip().upper() == "NULL" else value.strip()
    if value is None or value is pd.NaT or value != value:
        return ""
    return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)


def parsed(texts: pd.Series[Any], origin: Origin, dates: str | None) -> WrittenTimes:
    """Texts of the right form as times."""
    parts = texts.str.extract(WRITTEN)
    filled = (texts != "").to_numpy()
    year, month, day = (whole(parts[name]) for name in ("y", "m", "d"))
    other = parts["y2"].notna().to_numpy()
    first, second = whole(parts["a"]), whole(parts["b"])
    clock = clock_of(parts)
    # Where dates have dots the day comes first; a slash stands in either order.
    dotted = (parts["mark"] == ".").to_numpy()
    undecided = other & ~dotted
    day_first = dotted | (undecided & day_comes_first(first, second, undecided, parts, clock, origin, dates))
    written = whole(parts["y2"])
    year = np.where(other, np.where(written < 100, written + 2000, written), year)
    day = np.where(other, np.where(day_first, first, second), day)
    month = np.where(other, np.where(day_first, second, first), month)
    local = calendar(year, month, day)
    if (wrong := filled & (np.isnat(local) | (clock < 0))).any():
        place = int(wrong.argmax())
        message = f"{origin.row(place)}: {texts.iloc[place]!r} is not a date and time of the calendar"
        raise ConfigurationError(message, hint=f"A time is written as {EXPECTED}.")
    return WrittenTimes(
        np.where(filled, local + clock.astype("timedelta64[us]"), NEVER), offsets(parts["zone"])
    )


def day_comes_first(
    first: Any, second: Any, asked: NDArray[np.bool_], parts: pd.DataFrame, clock: Any, origin: Origin,
    dates: str | None,
) -> bool:  # fmt: skip
    """Whether dates such as 5/4/2026 begin with the day."""
    if dates is not None:
        return dates == "day first"
    if not asked.any():
        return False
    # Beyond 12 there is no month: one such date tells it of all.
    days, months = (first[asked] > 12).any(), (second[asked] > 12).any()
    if days != months or not days:
        if days or months:
            return bool(days)
        # Who writes a.m. and p.m. puts the month first.
        if parts["half"].str.lower().str.startswith(("a", "p")).any():
            return False
    # Neither says it, or both: a log is in the order of time by one of the two readings alone.
    year = whole(parts["y2"])[asked]
    ordered = [
        in_order(calendar(year, *pair) + clock[asked].astype("timedelta64[us]"))
        for pair in ((second[asked], first[asked]), (first[asked], second[asked]))
    ]
    if ordered[0] == ordered[1]:
        place = int(asked.argmax())
        message = f"{origin.row(place)}: the date may begin with its day or with its month"
        raise ConfigurationError(message, hint='Say dates="day first" or dates="month first".')
    return ordered[0]


def in_order(times: Times) -> bool:
    """Whether times only go one way, and all of them are times."""
    steps = np.diff(times)
    zero = np.timedelta64(0, "us")
    return not np.isnat(times).any() and bool((steps >= zero).all() or (steps <= zero).all())


def whole(column: pd.Series[Any]) -> NDArray[np.int64]:
    """Digits as numbers; 0 for none."""
    found: NDArray[np.int64] = pd.to_numeric(column).fillna(0).to_numpy(dtype=np.int64)
    return found


def clock_of(parts: pd.DataFrame) -> NDArray[np.int64]:
    """Microseconds since midnight; -1 for no time of the day."""
    hour, minute, second = (whole(parts[name]) for name in "HMS")
    half = parts["half"].fillna("").str.lower().str[:1].replace("u", "").to_numpy()
    wrong = (hour > 23) | (minute > 59) | (second > 59) | ((half != "") & ((hour > 12) | (hour == 0)))
    # Twelve is midnight with a.m., and noon with p.m.
    hour = np.where((half == "a") & (hour == 12), 0, hour) + np.where((half == "p") & (hour < 12), 12, 0)
    # Seven digits are SQL Server's; what is below a microsecond is cut off.
    fraction = whole(parts["f"].str.slice(0, 6).str.ljust(6, "0"))
    return np.where(wrong, -1, ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction)


def calendar(year: Any, month: Any, day: Any) -> Times:
    """The day's midnight; NaT for one that no calendar has."""
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    days = months.astype("datetime64[D]") + (day - 1)
    # A day beyond its month's end has run over into the next one.
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return np.where(fits, days.astype("datetime64[us]"), NEVER)


def offsets(zones: pd.Series[Any]) -> NDArray[Any]:
    """By how much each text says that it is ahead of UTC; NaT where it says nothing."""
    ahead = never(len(zones))
    for zone in zones.dropna().unique():
        digits = zone.replace(":", "")
        minutes = (
            0 if zone in ("Z", "UTC") else int(digits[0] + "1") * (int(digits[1:3]) * 60 + int(digits[3:]))
        )
        ahead[(zones == zone).to_numpy()] = np.timedelta64(minutes, "m")
    return ahead


def never(count: int) -> NDArray[Any]:
    """So many lengths of time that are not known."""
    return np.full(count, np.timedelta64("NaT", "m"))


def to_utc(written: WrittenTimes, tz: Zone, origin: Origin) -> tuple[pd.DatetimeIndex, int]:
    """The times in UTC, and how many were read twice in the night in which clocks are set back.

    Times without a zone are of `tz`, unless told of UTC. In that night an hour comes twice; which one is
    meant shows by the order of the rows: after the log's clock went back it is the second.
    """
    local = pd.DatetimeIndex(written.local)
    known = local - pd.TimedeltaIndex(written.ahead)
    open_ones = np.isnat(written.ahead) & ~np.isnat(written.local)
    if tz is None or not open_ones.any():
        return known.where(~open_ones, local).tz_localize("UTC"), 0
    zone = zone_of(tz)
    plain = pd.DatetimeIndex(np.where(open_ones, written.local, NEVER))
    # An hour that comes twice has no time at first: by that it is known which rows are to be judged.
    once = plain.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward")
    asked = np.asarray(plain.notna())
    twice = np.flatnonzero(asked & np.asarray(once.isna()))
    summer, doubtful = first_of_two(written.local, twice)
    found = plain.tz_localize(zone, ambiguous=summer, nonexistent="NaT")
    if (skipped := np.flatnonzero(asked & np.asarray(found.isna()))).size:
        message = f"{origin.row(skipped[0])}: {plain[skipped[0]]} is a time that {zone} leaves out"
        raise ConfigurationError(
            message, hint="The clocks went forward in that night: is tz= the time zone of the log?"
        )
    return known.tz_localize("UTC").where(~open_ones, found.tz_convert("UTC")), doubtful


def first_of_two(local: Times, twice: NDArray[np.int64]) -> tuple[NDArray[np.bool_], int]:
    """Of which rows the first of the two hours is meant, and of how many nothing tells."""
    summer = np.ones(len(local), np.bool_)
    doubtful = 0
    for night in np.unique(local[twice].astype("datetime64[D]")):
        rows = twice[local[twice].astype("datetime64[D]") == night]
        steps = np.diff(local[rows])
        # The farthest step back is where the clock was set: what stands behind it is of the second hour.
        if len(steps) and steps.min() <= -FALLS_BACK:
            summer[rows[steps.argmin() + 1 :]] = False
        else:
            doubtful += len(rows)
    return summer, doubtful


def zone_of(tz: str | tzinfo) -> tzinfo:
    """A time zone by its name."""
    if isinstance(tz, tzinfo):
        return tz
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError, TypeError):
        message = f"{tz!r} is not a time zone"
        raise ConfigurationError(
            message, hint='One is "Europe/Berlin", "America/Chicago" or "UTC".'
        ) from None
