"""How a time is said, and in which form values over time are wanted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import kinds_apart, kinds_joined, moment_ns, stretch

How = Literal["raw", "held", "mean", "min", "max", "first", "last", "count", "percent_good"]
TIME_HINT = 'Write "2026-05-04 06:00" (UTC if it has no zone), -2h for as long ago, or now.'
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
STEP_HINT = 'Say how often, as every="1min".'


def instant_ns(moment: Any, now_ns: int) -> int:
    """A time, nanoseconds since 1970 UTC: as a person writes it, or as Python and pandas have it.

    `now`, and `-2h`, `-90s` or a negative timedelta for as long before it. Without a zone it is UTC.

    Raises:
        ConfigurationError: It is not a time.
    """
    if isinstance(moment, timedelta) and not pd.isna(moment):
        return now_ns + pd.Timedelta(moment).as_unit("ns").value
    if isinstance(moment, str) and moment.strip().lower() == "now":
        return now_ns
    if isinstance(moment, str) and moment.strip()[:1] == "-":
        return now_ns - stretch(moment.strip()[1:]).as_unit("ns").value
    if isinstance(moment, bool | int | float | np.number):  # seconds, or nanoseconds, or ago: nobody can tell
        raise ConfigurationError(f"{moment!r} is not a time", hint=TIME_HINT)
    found = moment_ns(moment)
    if found == pd.NaT.value:
        raise ConfigurationError(f"{moment!r} is not a time", hint=TIME_HINT)
    return found


def span_ns(start: Any, end: Any, now_ns: int) -> tuple[int, int]:
    """A stretch of time; without a start from the beginning of all, without an end until now.

    Raises:
        ConfigurationError: One of them is not a time, or it ends before it begins.
    """
    start_ns = 0 if start is None else instant_ns(start, now_ns)
    end_ns = now_ns if end is None else instant_ns(end, now_ns)
    if end_ns < start_ns:
        message = f"{shown(end, end_ns)} is before {shown(start, start_ns)}"
        raise ConfigurationError(message, hint="Give the start first.")
    return start_ns, end_ns


def clock_span_ns(start: Any, end: Any, now_ns: int) -> tuple[int, int]:
    """As `span_ns`; a time of the day alone, `03:05` or `03:05:30` (UTC), is the newest that is over.

    The start's is the newest before the end.
    """
    until = of_the_day(end, now_ns)
    end_ns = now_ns if until is None else instant_ns(until, now_ns)
    return span_ns(of_the_day(start, end_ns), until, now_ns)


def of_the_day(moment: Any, before_ns: int) -> Any:
    """The newest such time by a moment, where it is one of the day alone; else what was given."""
    if not isinstance(moment, str) or not CLOCK.fullmatch(moment.strip()):
        return moment
    before = pd.Timestamp(before_ns, tz="UTC")
    hours, minutes, *seconds = (int(part) for part in moment.strip().split(":"))
    lapse = pd.Timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    found = before.floor("D") + lapse
    return found if found <= before else found - pd.Timedelta(days=1)


def shown(said: Any, time_ns: int) -> str:
    """A time as it was said, and as it was understood."""
    return f"{'now' if said is None else said} ({pd.Timestamp(time_ns, tz='UTC'):%Y-%m-%d %H:%M:%S} UTC)"


def in_form(frame: pd.DataFrame, how: str, every: str | float | None) -> pd.DataFrame:
    """A long frame of samples in the form that is wanted; see `Gateway.history`.

    Raises:
        ConfigurationError: The form needs a step, or has none; or the step is not a length of time.
    """
    if how == "raw":
        if every is not None:
            hint = 'For values in steps say how: how="held", or "mean", "min", "max" ...'
            raise ConfigurationError("Raw values have no steps", hint=hint)
        return frame
    if every is None:
        raise ConfigurationError(f"{how} is of steps", hint=STEP_HINT)
    kept = frame.attrs
    made = stepwise(frame, how, every)
    made = kinds_apart(made, value="text")
    made.attrs = kept
    return made


def stepwise(frame: pd.DataFrame, how: str, every: str | float) -> pd.DataFrame:
    """One row a tag and step: `tag`, `timestamp` (the step's begin; UTC), and what is wanted of it."""
    # The accessor is registered when this is imported; a script that never asks does without.
    from mxgw_notebook.analysis import QualityAccessor

    quality = QualityAccessor(frame)
    if how in ("mean", "percent_good"):
        found = quality.resample(every)
        return found if how == "mean" else found.drop(columns="value").rename(columns={how: "value"})
    if how == "held":
        return melted(quality.align(every))
    good = kinds_joined(quality.good(), value="text")
    good = good[good["timestamp"].notna()]
    steps = good["timestamp"].dt.floor(stretch(every))
    if how in ("min", "max"):
        # What a tag read when a step began counts in it, also where nothing came within.
        held = melted(quality.align(every, "good")).dropna(subset="value")
        good = pd.concat([held, good.assign(timestamp=steps)[["tag", "timestamp", "value"]]])
        steps = good["timestamp"]
    grouped = good.groupby([good["tag"], steps], observed=True, sort=True)["value"]
    return grouped.agg(how).rename("value").reset_index()


def melted(wide: pd.DataFrame) -> pd.DataFrame:
    """A wide frame as one row a tag and time."""
    long = wide.rename_axis("timestamp").reset_index().melt("timestamp", var_name="tag", value_name="value")
    long["tag"] = pd.Categorical(long["tag"], categories=list(wide.columns))
    return long[["tag", "timestamp", "value"]]
