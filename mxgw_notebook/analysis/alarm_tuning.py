"""The alarm tuning bench: what an alarm would have done with other settings, over values that were recorded.

An alarm is raised when its value has been at or beyond the limit for the on-delay without a break, and
clears when it has been back, by more than the deadband, for the off-delay without a break. While the value
lies within the deadband neither delay runs. What was of lesser quality or in a gap is not known: an alarm
that stood goes on after it, but that time is not a time in alarm, and a delay that was running begins anew.

An excursion is what the alarm is for: a stretch of time at or beyond the limit, together with returns that
are shorter than `excursion`; one that lasts at least `excursion` in all is a true one. An alarm that comes
after the excursion has ended has missed it.

Why: DECISIONS.md, "In a replay an alarm keeps its state over a gap".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_episodes import SIDES
from mxgw_notebook.analysis.alarm_values import (
    NONE,
    HeldValues,
    KnownValues,
    Times,
    held_values,
    known_values,
)
from mxgw_notebook.analysis.alarm_window import Moment, lapse_ns
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_table, moment_ns
from mxgw_notebook.words import Quality

Delay = str | float | pd.Timedelta
DAY = 86_400e9
COLUMNS = {
    "deadband": "float64", "on_delay": "timedelta64[ns]", "off_delay": "timedelta64[ns]", "alarms": "int64",
    "alarms_a_day": "float64", "time_in_alarm": "timedelta64[ns]", "share": "float64", "excursions": "int64",
    "missed": "int64", "median_delay": "timedelta64[ns]", "longest_delay": "timedelta64[ns]",
}  # fmt: skip


@checks_arguments
@gives_table
def tune_alarm(
    samples: pd.DataFrame,
    limit: float,
    kind: str = "hi",
    *,
    deadband: Sequence[float] | float = (0.0,),
    on_delay: Sequence[Delay] | Delay = (0.0,),
    off_delay: Sequence[Delay] | Delay = (0.0,),
    excursion: Delay = "1min",
    least: Quality = "good",
    until: Moment = None,
) -> pd.DataFrame:
    """One row per combination of settings: what an alarm would have done over a tag's recorded values.

    Columns: `deadband` (in the value's units), `on_delay`, `off_delay` (timedelta64[ns]), `alarms`,
    `alarms_a_day` (over the time with known values; NaN if there is none), `time_in_alarm` (timedelta64[ns]),
    `share` (of the known time, 0 to 1), `excursions` (the true ones), `missed` (excursions without an alarm),
    `median_delay` and `longest_delay` (from the start of an excursion to its alarm; NaT if there is none, 0
    if the alarm stood already). The rows are in the order of the given settings; the off-delay changes
    fastest.

    A condition that is true when the record begins counts as one alarm. `tuning_chart` draws the table.
    `suggest` finds settings by itself.

    Args:
        samples: The values of one tag in the long form (`tag`, `timestamp`, `value`, `quality`) with the gaps
            in `attrs`, as from `watch.frame()` or a file.
        limit: In the value's units.
        kind: hi, hihi, lo or lolo: the side of the limit on which the alarm is raised.
        deadband: One or several.
        on_delay: Seconds, or text such as "30s"; one or several.
        off_delay: The same.
        excursion: The shortest true excursion, and the shortest return that ends one.
        least: The lowest quality that counts.
        until: When the record ends. Default: at its newest value.

    Raises:
        ConfigurationError: The frame does not have the samples of one tag, or a setting is not valid.
    """
    held = held_values(samples, least, None if until is None else moment_ns(until))
    settings = settings_of(deadband, on_delay, off_delay)
    tags = samples["tag"].astype("str").unique()
    return tuned(held, limit, kind, settings, excursion, str(tags[0]) if len(tags) else "")


def tuned(
    held: HeldValues,
    limit: float,
    kind: str,
    settings: Sequence[tuple[float, int, int]],
    excursion: Delay,
    tag: str,
) -> pd.DataFrame:
    """The table of some settings over what was held."""
    side = side_of(kind)
    threshold = side * checked(limit, "limit", negative=True)
    known = known_values(held, side)
    true = true_excursions(known, threshold, delay_ns(excursion, "excursion"))
    rows = [replayed(known, threshold, true, *setting) for setting in settings]
    found = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    found.attrs = {"tag": tag, "limit": float(limit), "kind": kind}
    return found


def settings_of(deadband: Any, on_delay: Any, off_delay: Any) -> list[tuple[float, int, int]]:
    """Every combination of settings; delays in nanoseconds."""
    return list(
        product(
            [checked(one, "deadband") for one in several(deadband)],
            [delay_ns(one, "on_delay") for one in several(on_delay)],
            [delay_ns(one, "off_delay") for one in several(off_delay)],
        )
    )


def side_of(kind: str) -> int:
    """1 for an alarm above its limit, -1 for one below."""
    side = SIDES.get(str(kind).strip().lower().replace("_", ""))
    if side is None:
        raise ConfigurationError(
            f"{kind!r} is not a kind of a limit alarm", hint="It is hi, hihi, lo or lolo."
        )
    return side


def several(settings: Any) -> list[Any]:
    """One setting or several as a list. Raises ConfigurationError for none."""
    single = isinstance(settings, str | int | float | timedelta | np.generic)
    found = [settings] if single else list(settings)
    if not found:
        raise ConfigurationError("A list of settings is empty", hint="Give at least one, as deadband=[0, 1].")
    return found


def checked(number: Any, name: str, *, negative: bool = False) -> float:
    """A finite number, not below 0 unless that is allowed."""
    try:
        found = float(number)
    except (TypeError, ValueError):
        found = np.nan
    if not np.isfinite(found) or (found < 0 and not negative):
        message = f"{name}={number!r} is not a number" + ("" if negative else " from 0 up")
        raise ConfigurationError(message, hint="It is in the units of the tag's values.")
    return found


def delay_ns(delay: Any, name: str) -> int:
    """A delay from 0 up: seconds, or a length of time such as 30s."""
    if isinstance(delay, str | timedelta | np.timedelta64):
        return lapse_ns(delay)
    return round(checked(delay, name) * 1e9)


def true_excursions(known: KnownValues, limit: float, least: int) -> tuple[Times, Times]:
    """Begin and end of each stretch beyond the limit, short returns included, that lasts long enough."""
    begin, end = known.runs(known.numbers >= limit)
    if not len(begin):
        return NONE, NONE
    apart = begin[1:] - end[:-1] >= max(least, 1)
    begin, end = begin[np.append(True, apart)], end[np.append(apart, True)]
    long = end - begin >= least
    return begin[long], end[long]


def replayed(
    known: KnownValues,
    limit: float,
    true: tuple[Times, Times],
    deadband: float,
    on_delay: int,
    off_delay: int,
) -> tuple[Any, ...]:
    """What one combination of settings makes of it: a row of the table."""
    raised, cleared = alarms_of(known, limit, deadband, on_delay, off_delay)
    standing = int((known.before(cleared) - known.before(raised)).sum())
    delays = delays_of(true, raised, cleared)
    length = known.length
    a_day = len(raised) * DAY / length if length else np.nan
    came = delays[delays >= 0]
    return (
        deadband, lapse(on_delay), lapse(off_delay), len(raised), a_day,
        lapse(standing), standing / length if length else np.nan, len(delays), len(delays) - len(came),
        lapse(int(np.median(came)) if len(came) else None), lapse(int(came.max()) if len(came) else None),
    )  # fmt: skip


def alarms_of(
    known: KnownValues, limit: float, deadband: float, on_delay: int, off_delay: int
) -> tuple[Times, Times]:
    """When each alarm was raised and cleared; one that stands at the end of the record clears there."""
    on = served(known, known.numbers >= limit, on_delay)
    off = served(known, known.numbers < limit - deadband, off_delay)
    # Whoever is back cannot be beyond: the moments of the two kinds only have to be put in order, and of each
    # unbroken row of one kind the first one counts.
    times = np.concatenate([on, off])
    raises = np.append(np.ones(len(on), np.bool_), np.zeros(len(off), np.bool_))
    order = np.argsort(times, kind="stable")
    times, raises = times[order], raises[order]
    first = np.append(True, raises[1:] != raises[:-1])[: len(raises)]
    raised, cleared = times[raises & first], times[~raises & first]
    if len(cleared) and (not len(raised) or cleared[0] < raised[0]):
        cleared = cleared[1:]
    if len(cleared) < len(raised):
        cleared = np.append(cleared, known.until)
    return raised, cleared


def served(known: KnownValues, chosen: NDArray[np.bool_], delay: int) -> Times:
    """The moments at which something has held for the delay without a break."""
    begin, end = known.runs(chosen)
    due = begin + delay
    in_time = due < end
    if len(due) and known.to_the_end and chosen[-1]:
        in_time[-1] = due[-1] <= end[-1]
    found: Times = due[in_time]
    return found


def delays_of(true: tuple[Times, Times], raised: Times, cleared: Times) -> Times:
    """From the begin of each excursion to its alarm: 0 where it stood already, -1 where none came in time."""
    begin, end = true
    place: Times = np.searchsorted(raised, begin, side="right")
    stood = (place > 0) & (np.append(cleared, 0)[place - 1] > begin)
    coming = np.append(raised, np.iinfo(np.int64).max)[np.searchsorted(raised, begin, side="left")]
    found: Times = np.where(stood, 0, np.where(coming <= end, coming - begin, -1))
    return found


def lapse(nanoseconds: int | None) -> np.timedelta64:
    """A length of time; NaT for none."""
    return np.timedelta64("NaT" if nanoseconds is None else nanoseconds, "ns")
