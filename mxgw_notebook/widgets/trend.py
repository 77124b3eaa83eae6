"""The live trend: uPlot in the browser, fed with binary deltas."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets

from mxgw_notebook.widgets.assets import bundle_text
from mxgw_notebook.widgets.outbox import MOST_MESSAGES_PER_SECOND, Outbox
from mxgw_notebook.widgets.sources import STOPPED, TagSamples, Ticker, TrendDelta, TrendSource, TrendTag
from mxgw_notebook.widgets.thinning import overview, thinned
from mxgw_notebook.widgets.trend_file import trend_file
from mxgw_notebook.widgets.trend_snapshot import draw_trend
from mxgw_notebook.widgets.wishes import Wishes

if TYPE_CHECKING:
    import pandas as pd


class Trend(anywidget.AnyWidget):
    """A trend that moves by itself until `stop()`.

    `window_seconds` is the time span first shown, `height` the plot's height in pixels,
    `updates_per_second` how often new samples go to the browser: above 0, at most 30 (ValueError).
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
            most = f"{MOST_MESSAGES_PER_SECOND:g}"
            raise ValueError(f"updates_per_second is {updates_per_second}; it goes up to {most}")
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
        self._wishes = Wishes()
        self._cursor = 0
        self._cleared_ms = 0.0
        self._brushed: tuple[float, float] | None = None
        self._stopped = False
        self._told: TrendDelta | None = None
        self._pens = tuple(source.tags)
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

    def clear(self) -> None:
        """Shows only what comes from now on; nothing is forgotten where it is kept."""
        self._cleared_ms = time.time() * 1000
        self._outbox.want_resync()

    def selection(self) -> pd.DataFrame:
        """The samples of the interval brushed with Shift and the mouse, in the long form.

        Empty, with the same columns, while nothing is brushed.
        """
        return self._source.frame(*(self._brushed or (0.0, 0.0)))

    def snapshot_svg(self) -> str:
        """A drawing of everything kept now, as inline SVG that needs no JavaScript; times are local."""
        # In this order: a source learns the words of a tag's states while it looks at them.
        kept = self._uncleared(self._source.since(0))
        return draw_trend(self._source.tags, kept)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            # Shown where the widget cannot be: in a notebook opened again without its kernel.
            bundle[0]["text/html"] = self.snapshot_svg()
        return bundle

    # -------------------------------------------------------------- what the browser wants

    def _receive(self, _widget: object, content: object, _buffers: Sequence[object]) -> None:
        # Callbacks come on whatever thread the kernel likes: note the wish, the ticker serves it.
        # After stop() there is no ticker, and a page loaded again still shows what was kept.
        if not isinstance(content, Mapping):
            return
        if not self._outbox.hear(content) and not self._wishes.note(content):
            return
        if self._stopped:
            self._publish()

    def _serve_wishes(self) -> None:
        for wish in self._wishes.take():
            if wish.kind == "window":
                self._post_window(wish.start_ms, wish.end_ms, wish.number)
            elif wish.kind == "brush":
                empty = wish.end_ms <= wish.start_ms
                self._brushed = None if empty else (wish.start_ms, wish.end_ms)
            elif wish.kind == "clear":
                self.clear()
            elif wish.kind == "add":
                self._source.add(wish.text, self._say)
            elif wish.kind == "remove":
                self._source.remove(wish.text)
            elif wish.kind == "save":
                self._post_file(wish.text, wish.start_ms, wish.end_ms)

    def _say(self, reason: str | None) -> None:
        """Tells the views why a tag could not be added."""
        if reason is not None:
            with self._lock:
                self._outbox.post({"kind": "notice", "text": reason})

    # -------------------------------------------------------------- sending

    def _publish(self) -> None:
        with self._lock:
            if not self._outbox.may_send():
                return
            pens = tuple(self._source.tags)
            if [kind(pen) for pen in pens] != [kind(pen) for pen in self._pens]:
                self._outbox.want_resync()
            self._pens = pens
            reset = self._outbox.take_resync()
            delta = self._source.since(0 if reset else self._cursor)
            self._cursor = delta.cursor
            changed = delta.samples or self._told != told(delta)
            if reset or changed or self._outbox.is_due():
                self._post(self._uncleared(delta) if reset else delta, reset=reset)
        self._serve_wishes()

    def _post(self, delta: TrendDelta, *, reset: bool) -> None:
        self._told = told(delta)
        parts, coarse_ms = [], None
        for part in delta.samples:
            if len(part.time_ms):
                kept, until = overview(part)
                parts.append(kept)
                coarse_ms = max(until, coarse_ms or until) if until is not None else coarse_ms
        content: dict[str, object] = {
            "kind": "samples",
            "reset": reset,
            "outages": [list(outage) for outage in delta.outages],
            "markers": [list(marker) for marker in delta.markers],
            "limits": [list(limit) for limit in delta.limits],
            "replays": [list(replay) for replay in delta.replays],
            "coarse_ms": coarse_ms,
            "status": STOPPED if self._stopped else delta.status,
            "now_ms": time.time() * 1000,
        }
        if reset:
            content["tags"] = [asdict(tag) for tag in self._pens]
        if any(tag.words is not None for tag in self._pens):
            content["words"] = [tag.words for tag in self._pens]
        self._outbox.post(content | counts(parts), packed(parts))

    def _post_window(self, start_ms: float, end_ms: float, number: int) -> None:
        """The samples of a window in full, or as many as its pixels can show."""
        found = self._source.between(max(start_ms, self._cleared_ms), end_ms)
        parts = [thinned(part) for part in found if len(part.time_ms)]
        content = {"kind": "window", "from_ms": start_ms, "to_ms": end_ms, "request": number, **counts(parts)}
        with self._lock:
            self._outbox.post(content, packed(parts))

    def _post_file(self, extension: str, start_ms: float, end_ms: float) -> None:
        """A drawing or the values of a window, for the browser to save."""
        name, mime, data = trend_file(self._source, extension, max(start_ms, self._cleared_ms), end_ms)
        with self._lock:
            self._outbox.post({"kind": "file", "name": name, "mime": mime}, [data])

    def _uncleared(self, delta: TrendDelta) -> TrendDelta:
        """Without what was cleared away."""
        if not self._cleared_ms:
            return delta
        kept = []
        for part in delta.samples:
            new = part.time_ms >= self._cleared_ms
            kept.append(TagSamples(part.index, part.time_ms[new], part.value[new], part.quality[new]))
        return replace(delta, samples=kept)


def kind(tag: TrendTag) -> TrendTag:
    """What of a tag decides how it is drawn; its states are told as they come."""
    return tag if tag.words is None else replace(tag, words=())


def told(delta: TrendDelta) -> TrendDelta:
    """What is sent whole each time: all but the samples."""
    return replace(delta, cursor=0, samples=[])


def counts(parts: Sequence[TagSamples]) -> dict[str, object]:
    """Which tags' samples a message's buffers hold, and how many of each."""
    return {"parts": [[part.index, len(part.time_ms)] for part in parts]}


def packed(parts: Sequence[TagSamples]) -> list[bytes | memoryview]:
    """The columns of all parts, back to back; little endian, as typed arrays in a browser are."""
    columns = (("time_ms", "<f8"), ("value", "<f8"), ("quality", "u1"))
    return [
        b"".join(np.asarray(getattr(part, name), dtype=dtype).tobytes() for part in parts)
        for name, dtype in columns
    ]
