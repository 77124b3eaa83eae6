"""The live trend: uPlot in the browser, fed with binary deltas."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import anywidget
import numpy as np
import traitlets

from .assets import bundle_text
from .outbox import MOST_MESSAGES_PER_SECOND, Outbox
from .sources import STOPPED, TagSamples, Ticker, TrendDelta, TrendSource
from .trend_snapshot import draw_trend


class Trend(anywidget.AnyWidget):
    """A trend that moves by itself until `stop()`.

    `window_seconds` is the time span first shown, `height` the plot's height in pixels,
    `updates_per_second` how often new samples go to the browser: above 0, at most 25 (ValueError).
    Any number of views of one trend may be open; each shows everything the source keeps.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    tags = traitlets.List(traitlets.Dict()).tag(sync=True)
    window_seconds = traitlets.Float(120.0, min=1.0).tag(sync=True)
    height = traitlets.Int(320, min=120).tag(sync=True)

    def __init__(
        self,
        source: TrendSource,
        ticker: Ticker,
        *,
        window_seconds: float = 120,
        height: int = 320,
        updates_per_second: float = 10,
    ) -> None:
        if not 0 < updates_per_second <= MOST_MESSAGES_PER_SECOND:
            raise ValueError(f"updates_per_second is {updates_per_second}; it goes up to 25")
        super().__init__(
            _esm=bundle_text("trend.js"),
            _css=bundle_text("trend.css"),
            tags=[asdict(tag) for tag in source.tags],
            window_seconds=window_seconds,
            height=height,
        )
        self._source = source
        self._lock = threading.Lock()
        self._outbox = Outbox(self.send)
        self._cursor = 0
        self._stopped = False
        self._told: TrendDelta | None = None
        self.on_msg(self._receive)
        self._cancel = ticker.every(1 / updates_per_second, self._publish)

    def stop(self) -> None:
        """Send no more; the views keep what they show and say that they are stopped."""
        self._cancel()
        with self._lock:
            self._stopped = True
            self._post(self._told or TrendDelta(self._cursor, status=STOPPED), reset=False)

    def close(self) -> None:
        """Stop, and remove the views from the notebook."""
        # ipywidgets closes widgets from __del__ too, also those whose __init__ raised.
        if (cancel := getattr(self, "_cancel", None)) is not None:
            cancel()
        super().close()

    def snapshot_svg(self) -> str:
        """A drawing of everything kept now, as inline SVG that needs no JavaScript; times are local."""
        return draw_trend(self._source.tags, self._source.since(0))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            # Shown where the widget cannot be: in a notebook opened again without its kernel.
            bundle[0]["text/html"] = self.snapshot_svg()
        return bundle

    def _receive(self, _widget: object, content: object, _buffers: Sequence[object]) -> None:
        # Callbacks come on whatever thread the kernel likes: note the wish, the ticker serves it.
        # After stop() there is no ticker, and a page loaded again still shows what was kept.
        if isinstance(content, Mapping) and content.get("kind") == "resync":
            self._outbox.want_resync()
            if self._stopped:
                self._publish()

    def _publish(self) -> None:
        with self._lock:
            if not self._outbox.may_send():
                return
            reset = self._outbox.take_resync()
            delta = self._source.since(0 if reset else self._cursor)
            self._cursor = delta.cursor
            changed = delta.samples or self._told != told(delta)
            if reset or changed or self._outbox.is_due():
                self._post(delta, reset=reset)

    def _post(self, delta: TrendDelta, *, reset: bool) -> None:
        self._told = told(delta)
        parts = [part for part in delta.samples if len(part.time_ms)]
        content: dict[str, object] = {
            "kind": "samples",
            "reset": reset,
            "parts": [[part.index, len(part.time_ms)] for part in parts],
            "outages": [list(outage) for outage in delta.outages],
            "markers": [list(marker) for marker in delta.markers],
            "limits": [list(limit) for limit in delta.limits],
            "status": STOPPED if self._stopped else delta.status,
            "now_ms": time.time() * 1000,
        }
        # Little endian, as typed arrays in a browser are.
        columns = [("time_ms", "<f8"), ("value", "<f8"), ("quality", "u1")]
        self._outbox.post(content, [_joined(parts, name, dtype) for name, dtype in columns])


def told(delta: TrendDelta) -> TrendDelta:
    """What is sent whole each time: all but the samples."""
    return replace(delta, cursor=0, samples=[])


def _joined(parts: Sequence[TagSamples], name: str, dtype: str) -> bytes:
    """One column of all parts, back to back."""
    return b"".join(np.asarray(getattr(part, name), dtype=dtype).tobytes() for part in parts)
