"""The two cursors on a trend's picture, and beneath what each tag did between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

import numpy as np

from mxgw_notebook.analysis import MEASURES
from mxgw_notebook.svg import BLUE, WIDTH, Scale, Svg, path, upright, words_at
from mxgw_notebook.widgets.local_time import local
from mxgw_notebook.widgets.snapshot_marks import PLOT_BOTTOM, PLOT_TOP
from mxgw_notebook.widgets.sources import TrendTag
from mxgw_notebook.words import figures

if TYPE_CHECKING:
    import pandas as pd

# The words of the page's own table, in the order of the measures.
HEADS = ("At 1", "At 2", "Difference", "Mean", "Min", "Max", "Slope a second", "Good")
LINE = 20
# How far from the right end each measure stands, from the last to the first: a slope's head is long.
OFFSETS = (12, 68, 168, 246, 324, 402, 480, 558)
LETTERS = 32  # of a tag's name
UNKNOWN = "\u2013"
Row = tuple[str, list[float | None]]


@dataclass(frozen=True)
class CursorMeasures:
    """Two times in epoch milliseconds, the earlier first, and what each tag did between them."""

    start_ms: float
    end_ms: float
    rows: Sequence[Row]


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Tags and their measures in the order of MEASURES; None is not known, for JSON has no number for it."""
    columns = [[told(value) for value in table[name]] for name in MEASURES]
    return [(str(tag), list(measures)) for tag, *measures in zip(table["tag"], *columns, strict=True)]


def told(value: float) -> float | None:
    """A number, None for one that is not known."""
    return float(value) if np.isfinite(value) else None


def drawn_cursors(measured: CursorMeasures | None, time: Scale) -> Iterator[Svg]:
    """A line for each that is on view, with its number."""
    ends = () if measured is None else (measured.start_ms, measured.end_ms)
    for number, at in enumerate(ends, 1):
        if time.low <= at <= time.high:
            x = time.at(at)
            yield path(upright(x, PLOT_TOP, PLOT_BOTTOM), BLUE, width=1.2)
            yield words_at(x + 3, PLOT_TOP + 12, f"{number}", "start", weight=600)


def listed_measures(
    measured: CursorMeasures | None, tags: Sequence[TrendTag], top: float, zone: tzinfo | None = None
) -> Iterator[Svg]:
    """Between which times, and a row a tag."""
    if measured is None:
        return
    ends = [local(ms, zone) for ms in (measured.start_ms, measured.end_ms)]
    yield words_at(12, top, f"From {ends[0]:%H:%M:%S} to {ends[1]:%H:%M:%S}", "start", weight=600)
    yield from table_row("Tag", HEADS, top + LINE)
    units = {tag.tag: tag.units for tag in tags}
    for place, (tag, measures) in enumerate(measured.rows, 2):
        name = tag if len(tag) <= LETTERS else f"{tag[: LETTERS - 1]}…"
        name = f"{name} ({units[tag]})" if units.get(tag) else name
        yield from table_row(name, written(measures), top + place * LINE)


def table_row(name: str, texts: Sequence[str], y: float) -> Iterator[Svg]:
    """One line of the table."""
    yield words_at(12, y, name, "start")
    for offset, text in zip(OFFSETS, reversed(texts), strict=True):
        yield words_at(WIDTH - offset, y, text, "end")


def written(measures: Sequence[float | None]) -> list[str]:
    """As the page writes them: a dash is what is not known."""
    *numbers, good = measures
    texts = [UNKNOWN if value is None else figures(value) for value in numbers]
    # Never 100 % of what was not wholly good.
    return [*texts, UNKNOWN if good is None else f"{math.floor(good * 10 + 1e-6) / 10:g} %"]


def lines_of(measured: CursorMeasures | None) -> int:
    """How many lines they take."""
    return 0 if measured is None else 2 + len(measured.rows)
