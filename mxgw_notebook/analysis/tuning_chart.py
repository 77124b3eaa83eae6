"""The tuning bench as a picture: for each combination of settings how many alarms are left, and how late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.svg import BLUE, VERMILION, WIDTH, Svg, bar, drawing, words_at
from mxgw_notebook.words import counted, figures, lapse_words

LEFT, TOP, ROW, HEAD = 120, 26, 44, 46
MOST_CELL = 190


class Picture(str):
    """A drawing as SVG; in a notebook it is shown. `save` is a file's `write_text`."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


@checks_arguments
def tuning_chart(tuned: pd.DataFrame) -> Picture:
    """The result of `tune_alarm` as a picture: a table per off-delay, deadbands down, on-delays across.

    Each cell shows the alarms a day, the longest delay of a true excursion's alarm, and the number of missed
    excursions. A cell is fuller the more alarms are left, and vermilion if an excursion was missed.
    """
    parts: list[Svg] = []
    if missing := [name for name in ("off_delay", "deadband", "alarms_a_day") if name not in tuned]:
        hint = "Give what tune_alarm gives."
        raise ConfigurationError(f"tuned has no column {' and no '.join(missing)}", hint=hint)
    height = 0.0
    most = max(float(tuned["alarms_a_day"].max()), 1e-9) if len(tuned) else 1.0
    for off_delay, part in tuned.groupby("off_delay", sort=True):
        parts += table(part, f"off-delay {words_of(off_delay)}", most, height)
        height += HEAD + TOP + ROW * part["deadband"].nunique()
    about = tuned.attrs
    label = f"Alarms a day of {about.get('tag') or 'the tag'} with other settings"
    return Picture(drawing(max(height, ROW), label, parts))


def table(part: pd.DataFrame, heading: str, most: float, top: float) -> Iterator[Svg]:
    """The combinations of one off-delay."""
    deadbands = sorted(part["deadband"].unique())
    delays = sorted(part["on_delay"].unique())
    width = min((WIDTH - LEFT) / len(delays), MOST_CELL)
    yield words_at(0, top + 18, heading, "start", weight=600)
    for column, delay in enumerate(delays):
        yield words_at(LEFT + (column + 0.5) * width, top + HEAD, f"on-delay {words_of(delay)}", "middle")
    for line, deadband in enumerate(deadbands):
        yield words_at(LEFT - 10, top + HEAD + TOP + (line + 0.2) * ROW, f"deadband {deadband:g}", "end")
    for row in part.itertuples(index=False):
        place = delays.index(row.on_delay), deadbands.index(row.deadband)
        yield from cell(row, LEFT + place[0] * width, top + HEAD + 8 + place[1] * ROW, width, most)


def cell(row: Any, left: float, top: float, width: float, most: float) -> Iterator[Svg]:
    """One combination: alarms a day, and below it the delay and what was missed."""
    share = 0.0 if pd.isna(row.alarms_a_day) else row.alarms_a_day / most
    colour = VERMILION if row.missed else BLUE
    late = "no excursion" if pd.isna(row.longest_delay) else f"late {words_of(row.longest_delay)}"
    missed = f", {row.missed} missed" if row.missed else ""
    a_day = "unknown" if pd.isna(row.alarms_a_day) else f"{figures(row.alarms_a_day, 3)} a day"
    told = f"{counted(row.alarms, 'alarm')}, {a_day}; {counted(row.excursions, 'excursion')}{missed}, {late}"
    yield bar(left + 2, top, width - 4, ROW - 4, colour, opacity=0.08 + 0.5 * share, title=told)
    yield words_at(left + width / 2, top + 16, a_day, "middle", weight=600)
    yield words_at(left + width / 2, top + 33, f"{late}{missed}", "middle")


def words_of(length: Any) -> str:
    """A length of time in words."""
    words = lapse_words(pd.Timedelta(length).total_seconds())
    return words.removesuffix(" 0 s").removesuffix(" 0 min")
