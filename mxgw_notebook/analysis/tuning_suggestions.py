"""Settings for the alarms that chatter, each with what it would have cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_episodes import sides
from mxgw_notebook.analysis.alarm_nuisance import chattering_alarms
from mxgw_notebook.analysis.alarm_tuning import Delay, tune_alarm
from mxgw_notebook.analysis.held import NEEDED
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.analysis.sample_columns import numbers
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table
from mxgw_notebook.words import Quality, counted

DEADBANDS = (0.0, 0.005, 0.01, 0.02, 0.05)
DELAYS: tuple[Delay, ...] = ("0s", "5s", "15s", "30s", "60s")
FEWEST_SHOWN = 0.2  # of an alarm's raises: fewer that its values show say nothing of it
TYPES = {
    "reference": "str", "tag": "str", "limit": "float64", "alarms": "int64", "deadband": "float64",
    "on_delay": "timedelta64[ns]", "off_delay": "timedelta64[ns]", "alarms_now": "Int64",
    "alarms_then": "Int64", "excursions": "Int64", "missed": "Int64", "longest_delay": "timedelta64[ns]",
    "note": "str",
}  # fmt: skip


class LimitAlarm(NamedTuple):
    """A chattering alarm with the tag that it watches, its limit and its side (1 above, -1 below)."""

    reference: str
    tag: str
    limit: float
    side: int
    alarms: int


@checks_arguments
@gives_table
def suggest(
    episodes: pd.DataFrame,
    samples: pd.DataFrame,
    *,
    deadbands: Sequence[float] = DEADBANDS,
    delays: Sequence[Delay] = DELAYS,
    excursion: Delay = "1min",
    least: Quality = "good",
) -> pd.DataFrame:
    """One row per chattering alarm, the worst first: the gentlest settings that would have made it quiet.

    Columns: `reference`, `tag` (the one whose values were replayed), `limit`, `alarms` (raises in the log),
    `deadband`, `on_delay`, `off_delay`, `alarms_now` (replayed without deadband and delays), `alarms_then`
    (with them), `excursions`, `missed`, `longest_delay` (the largest delay that the settings add to the alarm
    of a true excursion), `note`.

    An alarm is quiet if no more alarms came than there were excursions, or than a tenth of those now. The
    gentlest settings miss no excursion and add the least delay; of equal ones, the smallest deadband. If no
    settings make it quiet, the best are shown and `note` says so. If nothing can be replayed, `note` says why
    and the settings are missing. An alarm of a switch has no limit: its true and false are replayed with
    delays alone.

    Suggestions come from recorded values. Only the process can tell if the delay leaves time to act.

    Args:
        episodes: The table from `alarm_episodes`.
        samples: Values of the tags in the long form, with the gaps in `attrs`.
        deadbands: Which to try, as parts of the limit (of the values' range if the limit is 0).
        delays: Which to try, on and off.
        excursion: As in `tune_alarm`.
        least: The lowest quality that counts.
    """
    check_columns(samples, NEEDED, "These are not samples", "watch.frame() gives some.")
    there = set(samples["tag"].astype("str"))
    settings = {"deadbands": deadbands, "delays": delays, "excursion": excursion, "least": least}
    rows = [suggestion(alarm, samples, there, settings) for alarm in limit_alarms(episodes, there)]
    # Column by column: a column of nothing but NaT would be one of times.
    columns = {name: [row.get(name, pd.NA) for row in rows] for name in TYPES}
    return pd.DataFrame({name: as_type(cells, TYPES[name]) for name, cells in columns.items()})


def as_type(cells: list[Any], dtype: Any) -> pd.Series[Any]:
    """Cells of a type, of which some may be missing."""
    missing: Any = {"float64": np.nan, "str": ""}.get(dtype, pd.NA)
    filled: list[Any] = [missing if cell is pd.NA or cell is pd.NaT else cell for cell in cells]
    if dtype == "timedelta64[ns]":
        filled = [np.timedelta64("NaT", "ns") if cell is pd.NA else pd.Timedelta(cell) for cell in filled]
        return pd.Series(np.array(filled, dtype))
    found: pd.Series[Any] = pd.Series(np.array(filled, object), dtype=object).astype(dtype)
    return found


def limit_alarms(episodes: pd.DataFrame, there: set[str]) -> list[LimitAlarm]:
    """The alarms that chatter, the worst first, with what they watch; no tag where none is there."""
    found = chattering_alarms(episodes)
    firsts = episodes.drop_duplicates("reference", keep="last").set_index("reference").loc[found["reference"]]
    references = pd.Series(firsts.index, dtype="str")
    kinds = sides(firsts["alarm_type"].reset_index(drop=True), references)
    limits = numbers(firsts["limit"].reset_index(drop=True))
    tags = [watched(str(tag), there) for tag in firsts["tag"]]
    columns = (references, tags, limits.tolist(), kinds.tolist(), found["alarms"].tolist(), firsts["value"])
    return [limit_alarm(*row) for row in zip(*columns, strict=True)]


def limit_alarm(reference: str, tag: str, limit: float, side: int, alarms: int, value: Any) -> LimitAlarm:
    """An alarm; a switch's lies between false and true, on the side of the value that raised it."""
    if isinstance(value, bool | np.bool_) and np.isnan(limit):
        return LimitAlarm(reference, tag, 0.5, 1 if value else -1, alarms)
    return LimitAlarm(reference, tag, limit, side, alarms)


def watched(alarm_tag: str, there: set[str]) -> str:
    """The tag whose value raised an alarm: the longest beginning of its own of which there are samples."""
    parts = alarm_tag.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((name for name in names if name in there), "")


def suggestion(
    alarm: LimitAlarm, samples: pd.DataFrame, there: set[str], settings: dict[str, Any]
) -> dict[str, Any]:
    """One alarm's row."""
    row = {"reference": alarm.reference, "tag": alarm.tag, "limit": alarm.limit, "alarms": alarm.alarms}
    if why := not_replayed(alarm):
        return {**row, "note": why}
    own = samples[samples["tag"].astype("str") == alarm.tag]
    own.attrs = samples.attrs
    values = numbers(own["value"])
    finite = values[np.isfinite(values)]
    if not len(finite):
        return {**row, "note": f"{alarm.tag} has no numbers"}
    kind = "hi" if alarm.side > 0 else "lo"
    scale = abs(alarm.limit) or float(np.ptp(finite)) or 1.0
    tried = tune_alarm(
        own,
        alarm.limit,
        kind,
        deadband=[part * scale for part in settings["deadbands"]],
        on_delay=settings["delays"],
        off_delay=settings["delays"],
        excursion=settings["excursion"],
        least=settings["least"],
    )
    now = tune_alarm(own, alarm.limit, kind, excursion=settings["excursion"], least=settings["least"])
    replayed = int(now["alarms"].iloc[0])
    if replayed < FEWEST_SHOWN * alarm.alarms:
        # Of values that do not chatter every setting is quiet, which says nothing of the alarm.
        seen = (
            f"its values show {replayed:,} of its {counted(alarm.alarms, 'alarm')}: another time, or too few"
        )
        return {**row, "alarms_now": replayed, "note": seen}
    return {**row, **gentlest(tried, replayed)}


def not_replayed(alarm: LimitAlarm) -> str:
    """Why an alarm cannot be replayed; nothing where it can."""
    if not alarm.tag:
        return "no samples of its tag"
    if not np.isfinite(alarm.limit):
        return "its limit is not known"
    return "" if alarm.side else "whether it is above or below its limit is not known"


def gentlest(tried: pd.DataFrame, now: int) -> dict[str, Any]:
    """The settings that quiet an alarm and delay it least, else those that leave the fewest alarms."""
    safe = tried[tried["missed"] == 0]
    safe = safe if len(safe) else tried
    enough = np.maximum(safe["excursions"], now // 10)
    quiet = safe[safe["alarms"] <= enough]
    order = ["longest_delay", "deadband", "off_delay", "on_delay"]
    first = ["missed", "alarms", *order] if quiet.empty else order
    best = (safe if quiet.empty else quiet).sort_values(first, kind="stable", na_position="first").iloc[0]
    names = ("deadband", "on_delay", "off_delay", "excursions", "missed", "longest_delay")
    return {
        **{name: best[name] for name in names},
        "alarms_now": now,
        "alarms_then": best["alarms"],
        "note": "no setting tried quiets it" if quiet.empty else "",
    }
