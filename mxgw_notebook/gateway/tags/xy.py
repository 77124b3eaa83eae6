"""One tag over another: what a notebook holds after `levels.xy(x, y)`.

Why: DECISIONS.md, "The points of an XY view are joined by the kernel".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
from IPython.display import HTML

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import MILLISECOND_NS, quality_words
from mxgw_notebook.gateway.shown_live import ShownLive
from mxgw_notebook.gateway.tags.state_words import BOOLEAN
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.gateway.tags.xy_points import join_points
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.svg import as_written
from mxgw_notebook.widgets import XYDelta, XYPoints

if TYPE_CHECKING:
    from mxgw_notebook.widgets import XYPlot

# Epoch milliseconds.
Window = Callable[[float], tuple[float, float]]


def tag_for_xy(watched: WatchedSet, name: str) -> WatchedTag:
    """The tag of a watch by its name. Raises ConfigurationError for one without numbers, and for no tag."""
    entry = next((entry for entry in watched.shown if entry.tag == name), None)
    if entry is None:
        hint = f'Watch it as well: levels.add("{name}").'
        raise ConfigurationError(f"{name!r} is no tag of this watch", hint=hint)
    entry.states.learn(entry.subscription.history.newest(1))
    if entry.states.words is not None and entry.states.words != BOOLEAN:
        hint = "Only numbers and booleans have a place on an axis."
        raise ConfigurationError(f"The values of {name} are texts", hint=hint)
    return entry


class XYSeen:
    """The points of two tags as they are when asked; the source of the widget."""

    def __init__(self, watched: WatchedSet, x: WatchedTag, y: WatchedTag, window: Window) -> None:
        self._watched, self._x, self._y, self._window = watched, x, y, window

    def since(self, cursor: int) -> XYDelta:
        """All points of the window; it moves, so there is no less than all."""
        watched, standing = self._watched, self._watched.standing
        return XYDelta(
            cursor + 1,
            self._x.pen,
            self._y.pen,
            self.points(),
            str(standing),
            standing.phase,
            watched.now_ns / MILLISECOND_NS,
            watched.heard_ns / MILLISECOND_NS if watched.heard_ns else None,
        )

    def points(self) -> XYPoints:
        """The points of the window that the trend shows now."""
        start_ns, end_ns = (
            int(ms * MILLISECOND_NS) for ms in self._window(self._watched.now_ns / MILLISECOND_NS)
        )
        tags, past = [self._x.tag, self._y.tag], self._watched.past
        found = past.samples(tags, start_ns, end_ns)
        return join_points(
            found[self._x.tag], found[self._y.tag], past.gaps(tags, start_ns, end_ns), start_ns, end_ns
        )


class XY:
    """One tag of a watch over another, live until the watch stops; `frame()` is what is drawn."""

    def __init__(
        self,
        watched: WatchedSet,
        x: str,
        y: str,
        window: Window,
        close: Callable[[], None] | None = None,
    ) -> None:
        self._watched, self.x, self.y, self._close = watched, x, y, close
        self._seen = XYSeen(watched, tag_for_xy(watched, x), tag_for_xy(watched, y), window)
        self._live = ShownLive(self._make, watched.profile, self.__repr__)
        watched.call_when_stopped(self._live.become_picture)

    def __repr__(self) -> str:
        points = self._seen.points()
        head = f"<XY of {self.y} over {self.x}: {len(points.time_ms)} points, {self._watched.status}>"
        return head if not len(points.time_ms) else f"{head}\n{self.frame().tail(5).to_string(index=False)}"

    def frame(self) -> pd.DataFrame:
        """The points that are drawn, one row a point, by time.

        Columns: `timestamp` (UTC; when one of the tags changed), `x`, `y`, `quality` (the worse of both) and
        `piece` (points of one number are joined by the track; it breaks at gaps and bad quality). `attrs`
        have `tags` and `units` of `x` and `y`, and `left_out`: points that others hide.
        """
        seen = self._seen.since(0)
        points = seen.points
        # Milliseconds since 1970 as a float have no more than microseconds.
        time_ns = (points.time_ms * 1000).round().astype("int64") * 1000
        frame = pd.DataFrame(
            {
                "timestamp": pd.to_datetime(time_ns, utc=True),
                "x": points.x,
                "y": points.y,
                "quality": quality_words(points.quality),
                "piece": points.piece.astype("int64"),
            }
        )
        table = WholeTable(frame)
        table.attrs = {
            "tags": {"x": self.x, "y": self.y},
            "units": {"x": seen.x.units, "y": seen.y.units},
            "left_out": points.left_out,
        }
        return table

    @property
    def stopped(self) -> bool:
        """Whether its watch has ended."""
        return self._watched.stopped

    @property
    def plot(self) -> XYPlot:
        """The live widget; the same each time."""
        return self._live.widget

    def _make(self) -> XYPlot:
        from mxgw_notebook.widgets import XYPlot

        return XYPlot(self._seen, self._watched.runner, close=self._close)

    def snapshot(self) -> HTML:
        """The view as it is now: a picture that stays in the notebook."""
        return HTML(as_written(self._live.widget.snapshot_html()))

    def _ipython_display_(self) -> None:
        self._live.show()
