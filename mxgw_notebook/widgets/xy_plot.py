"""One tag over another, live: uPlot's scatter mode in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import traitlets

from mxgw_notebook.widgets.live_widget import LiveWidget, Message
from mxgw_notebook.widgets.sources import Ticker
from mxgw_notebook.widgets.xy_snapshot import draw_xy
from mxgw_notebook.widgets.xy_source import XYDelta, XYSource

UPDATES_PER_SECOND = 2.0


class XYPlot(LiveWidget[XYDelta]):
    """The points of two tags over the window of their trend, live until `stop()`.

    `height` is the plot's height in pixels. With `close` a page has a button that calls it.
    Any number of views of one plot may be open.
    """

    _bundle = "xy_plot"
    height = traitlets.Int(360, min=120).tag(sync=True)
    # Whether a page may take it away: where it stands below a trend.
    closable = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        source: XYSource,
        ticker: Ticker,
        *,
        height: int = 360,
        close: Callable[[], None] | None = None,
    ) -> None:
        self._hide = close
        super().__init__(
            source,
            ticker,
            updates_per_second=UPDATES_PER_SECOND,
            height=height,
            closable=close is not None,
        )

    def snapshot_html(self) -> str:
        """A drawing of the points as they are now, as inline SVG that needs no JavaScript."""
        return draw_xy(self._everything())

    def _take_wish(self, content: Mapping[Any, Any]) -> bool:
        if content.get("kind") == "close" and self._hide is not None:
            self._hide()
        return False

    def _has_news(self, delta: XYDelta) -> bool:
        return False  # all of it is compared

    def _whole(self, delta: XYDelta) -> object:
        return delta.points.columns, delta.x, delta.y, delta.status, delta.phase

    def _message(self, delta: XYDelta, *, reset: bool) -> Message:
        facts = {"x": asdict(delta.x), "y": asdict(delta.y), "left_out": delta.points.left_out}
        return {"kind": "points", "reset": reset, **facts}, list(delta.points.columns)
