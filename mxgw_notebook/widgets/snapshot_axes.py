"""The axes of a trend's picture: time in a zone that is named, and a value axis for each unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from mxgw_notebook.svg import INK, Anchor, Scale, Svg, across, grid_line, path, upright, words_at
from mxgw_notebook.widgets.local_time import local, zone_words
from mxgw_notebook.widgets.snapshot_marks import PLOT_BOTTOM, PLOT_TOP

NO_UNITS = "no units"
AXIS = 62  # is so wide


def time_axis(time: Scale, zone: tzinfo | None) -> Iterator[Svg]:
    """Times of day with the day and the zone; without a zone that of this machine, as nobody told another."""
    first, last = local(time.low, zone), local(time.high, zone)
    for step in range(6):
        at = first + (last - first) * step / 5
        x = time.at(at.timestamp() * 1000)
        yield grid_line(upright(x, PLOT_TOP, PLOT_BOTTOM))
        yield words_at(x, PLOT_BOTTOM + 18, f"{at:%H:%M:%S}", "middle")
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    words = f"{days}, local time, {zone_words(first)}"
    yield words_at((time.start + time.end) / 2, PLOT_BOTTOM + 36, words, "middle")


def value_axis(place: int, units: str, scale: Scale, time: Scale) -> Iterator[Svg]:
    """The numbers and the units, left and right in turns."""
    offset = (place // 2) * AXIS
    on_left = place % 2 == 0
    x = time.start - offset if on_left else time.end + offset
    anchor: Anchor = "end" if on_left else "start"
    sign = -1 if on_left else 1
    yield words_at(x + sign * 8, PLOT_TOP - 11, units or NO_UNITS, anchor, weight=600)
    for value in scale.ticks(5):
        y = scale.at(value)
        # The grid is of the first axis alone: the lines of a second would fall between its own.
        if place == 0:
            yield grid_line(across(y, time.start, time.end))
        yield words_at(x + sign * 8, y + 4, f"{value:.12g}", anchor)
    yield path(upright(x, PLOT_TOP, PLOT_BOTTOM), INK, opacity=0.5)
