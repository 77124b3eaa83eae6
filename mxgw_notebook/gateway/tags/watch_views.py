"""Watched tags as a notebook shows them: a trend, or of many tags a table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import MILLISECOND_NS
from mxgw_notebook.gateway.display import MOST_DRAWN, check_drawn
from mxgw_notebook.gateway.shown_live import ShownLive
from mxgw_notebook.gateway.tags.table_rows import TableRows, tag_health
from mxgw_notebook.gateway.tags.trend_lines import TrendLines
from mxgw_notebook.gateway.tags.watch_list import ScaleLine, WatchList, XYLine
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_writes import WatchedWrites
from mxgw_notebook.gateway.tags.xy import XY
from mxgw_notebook.widgets import AUTOMATIC, ChosenScale

if TYPE_CHECKING:
    from mxgw_notebook.widgets import Trend, TrendPanel, ValueTable

# Rows on a terminal.
MOST_TOLD = 20
WINDOW_SECONDS = 120.0


class WatchViews:
    """The live trend and the live table of a watch, each made when it is wanted first.

    `words` say in one line how the watch stands; `as_table` has it shown as a table also where a trend could
    be drawn.
    """

    def __init__(self, watched: WatchedSet, words: Callable[[], str]) -> None:
        self._watched, self._words = watched, words
        self.lines, self._rows = TrendLines(watched), TableRows(watched)
        self.as_table = False
        self.window_seconds = WINDOW_SECONDS
        self.scales: dict[str, ChosenScale] = {}  # by unit; pages change it
        self.over: dict[XYLine, XY] = {}  # one tag over another, below the trend
        self.lines.xy_asked = self.show_xy
        self._listed = watched.asked.xy
        self._panel: TrendPanel | None = None
        self._trend = ShownLive(
            self._make_trend, watched.profile, self._in_words, words, lambda _: self.panel
        )
        self._table = ShownLive(self._make_table, watched.profile, self._in_words, words)

    @property
    def trend(self) -> Trend:
        """The trend; the same widget each time. Raises ConfigurationError for too many tags."""
        return self._trend.widget

    @property
    def table(self) -> ValueTable:
        """The table; the same widget each time."""
        return self._table.widget

    @property
    def panel(self) -> TrendPanel:
        """The trend as it is displayed, with the XY views of the watch list below it."""
        if self._panel is None:
            from mxgw_notebook.widgets import TrendPanel

            self._panel = TrendPanel(self.trend)
            for line in self._listed:
                with suppress(ConfigurationError):  # a tag that is refused, or has no number yet
                    self.show_xy(line.x, line.y)
        return self._panel

    def show_xy(self, x: str, y: str) -> None:
        """Puts one tag over another below the trend, and keeps it in the watch list.

        Raises ConfigurationError where that cannot be.
        """
        line = XYLine(x, y)
        if line not in self.over:
            over = XY(self._watched, x, y, self.window_ms, close=lambda: self.hide_xy(line))
            self.over[line] = over
            self._watched.asked = self._watched.asked.crossing(line)
            self.panel.show_xy(over.plot)

    def hide_xy(self, line: XYLine) -> None:
        """Takes it away again, from the watch list too."""
        if (over := self.over.pop(line, None)) is not None:
            self._watched.asked = self._watched.asked.not_crossing(line)
            self.panel.hide_xy(over.plot)
            over.plot.stop()

    def _make_trend(self) -> Trend:
        check_drawn([entry.tag for entry in self._watched.entries])
        from mxgw_notebook.widgets import Trend

        return Trend(self.lines, self._watched.runner, window_seconds=self.window_seconds, scales=self.scales)

    def _make_table(self) -> ValueTable:
        from mxgw_notebook.widgets import ValueTable

        writes = self._watched.writes
        written = None if writes is None else WatchedWrites(self._watched, writes)
        return ValueTable(self._rows, self._watched.runner, writes=written)

    def window_ms(self, now_ms: float) -> tuple[float, float]:
        """The window that the trend shows, epoch milliseconds UTC."""
        if self._trend.made is not None:
            return self._trend.made.chosen_window(now_ms)
        return now_ms - self.window_seconds * 1000, now_ms

    def begin_ns(self) -> int:
        """The time at which what the trend shows begins, nanoseconds UTC; now before the first value."""
        window = None if self._trend.made is None else self._trend.made.on_view()
        return self._watched.now_ns if window is None else int(window[0] * MILLISECOND_NS)

    def of_list(self, asked: WatchList) -> WatchList:
        """What was asked for, as it is shown now: the time that a page of the trend shows, or a table."""
        trend = self._trend.made
        seconds = self.window_seconds if trend is None else trend.shown_seconds
        window = asked.window if seconds == WINDOW_SECONDS else f"{seconds:g}s"
        chosen = self.scales.copy().items()
        scales = tuple(
            ScaleLine(units, one.low, one.high, one.log) for units, one in chosen if one != AUTOMATIC
        )
        return replace(asked, window=window, table=self.as_table, scales=scales, overlay=self.lines.overlay)

    def show(self) -> None:
        """Displays what fits the tags in the cell that runs now."""
        if self._is_table():
            self._table.show()
        else:
            self._trend.show()

    def picture(self) -> str:
        """The same as it is now, as HTML that needs no JavaScript."""
        return self.table.snapshot_html() if self._is_table() else self.panel.snapshot_html()

    def become_pictures(self) -> None:
        """Stops the widgets, and leaves static ones wherever they are shown."""
        with ExitStack() as becoming:  # one that fails keeps no other from it
            becoming.callback(self._trend.become_picture)
            becoming.callback(self._table.become_picture)

    def _is_table(self) -> bool:
        return self.as_table or len(self._watched.entries) > MOST_DRAWN

    def _in_words(self) -> str:
        """How it stands and the newest values, pens too, for a terminal; of many the first."""
        everything = list(dict.fromkeys([*self._watched.everything, *self._watched.shown]))
        newest = tag_health(everything[:MOST_TOLD], self._watched.hub.gateway_now)
        shown = newest[["tag", "value", "units", "quality", "timestamp"]].assign(
            timestamp=newest["timestamp"].dt.strftime("%H:%M:%SZ")
        )
        left = len(everything) - len(shown)
        more = f"\nand {left:,} more" if left else ""
        return f"{self._words()}\n{shown.to_string(index=False)}{more}"
