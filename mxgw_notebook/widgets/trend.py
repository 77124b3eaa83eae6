"""The live trend: uPlot in the browser, fed with binary deltas."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from mxgw_notebook.frames import gives_tables
from mxgw_notebook.widgets.earlier import shift_words
from mxgw_notebook.widgets.live_widget import LiveWidget, Message
from mxgw_notebook.widgets.outbox import MOST_MESSAGES_PER_SECOND
from mxgw_notebook.widgets.page_widget import logged
from mxgw_notebook.widgets.snapshot_measures import CursorMeasures, rows_of
from mxgw_notebook.widgets.sources import (
    AUTOMATIC,
    ChosenScale,
    EarlierPeriod,
    TagSamples,
    Ticker,
    TrendDelta,
    TrendSource,
    TrendTag,
)
from mxgw_notebook.widgets.thinning import overview
from mxgw_notebook.widgets.trend_answers import (
    counts,
    measures_message,
    overlay_message,
    packed,
    window_message,
)
from mxgw_notebook.widgets.trend_file import trend_file
from mxgw_notebook.widgets.trend_snapshot import draw_trend, part_of
from mxgw_notebook.widgets.trend_window import newest_window, whole_window
from mxgw_notebook.widgets.wishes import XY_BETWEEN, Wish, Wishes, moment

if TYPE_CHECKING:
    import pandas as pd


@gives_tables
class Trend(LiveWidget[TrendDelta]):
    """A trend that moves by itself until `stop()`.

    `window_seconds` is the time span shown first, `height` the plot's height in pixels, `updates_per_second`
    how often new samples go to the browser: above 0, at most 30 (ValueError). `scales` are fixed value axes,
    by their units. Any number of views of one trend may be open; each shows everything that the source keeps.
    """

    _bundle = "trend"
    _source: TrendSource
    tags = traitlets.List(traitlets.Dict()).tag(sync=True)
    window_seconds = traitlets.Float(120.0, min=1.0).tag(sync=True)
    height = traitlets.Int(320, min=120).tag(sync=True)
    # Trends of one group show the same time and cursor; empty for one by itself.
    group = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        source: TrendSource,
        ticker: Ticker,
        *,
        window_seconds: float = 120,
        height: int = 320,
        updates_per_second: float = 10,
        scales: dict[str, ChosenScale] | None = None,
    ) -> None:
        if not 0 < updates_per_second <= MOST_MESSAGES_PER_SECOND:
            most = f"{MOST_MESSAGES_PER_SECOND:g}"
            raise ValueError(f"updates_per_second is {updates_per_second}; it goes up to {most}")
        self._wishes = Wishes()
        self._scales = {} if scales is None else scales  # by hand, by unit; its holder may change it
        self._cleared_ms = 0.0
        self._ahead_ms: dict[str, float] = {}  # of tags whose own clock is ahead, their newest sample then
        self._brushed: tuple[float, float] | None = None
        self._cursors: tuple[float, float] | None = None  # of a page, to measure between
        self._held: tuple[float, float] | None = None  # what a page shows instead of the newest
        self._span_ms = 0.0  # of the newest that a page shows; 0 for `window_seconds`
        self._noted: list[tuple[float, str, str]] = []  # as the pages have them
        self._pens = tuple(source.tags)
        super().__init__(
            source,
            ticker,
            updates_per_second=updates_per_second,
            tags=[asdict(tag) for tag in self._pens],
            window_seconds=window_seconds,
            height=height,
        )

    @property
    def shown_seconds(self) -> float:
        """The time span that a page shows of the newest; `window_seconds` until somebody chose another."""
        seconds = self._span_ms / 1000
        return seconds if 0 < seconds < np.inf else self.window_seconds

    def chosen_window(self, now_ms: float) -> tuple[float, float]:
        """What a page shows, epoch milliseconds UTC: held, or so much up to now; from 0 on for everything."""
        if self._held is not None:
            return self._held
        return max(0.0, now_ms - (self._span_ms or self.window_seconds * 1000)), now_ms

    def clear(self) -> None:
        """Shows only values from now on, and those that hold now; the source keeps the others."""
        # In this order, as the samples name their tags by place.
        delta, pens = self._everything(), tuple(self._source.tags)
        # By the clock of the samples' own times: by this machine's, where that is behind, what was cleared
        # would stay, and where it is ahead what comes would be hidden.
        now_ms = time.time() * 1000 if delta.now_ms is None else delta.now_ms
        newest = {pens[part.index].tag: float(part.time_ms.max(initial=0)) for part in delta.samples}
        self._cleared_ms, self._ahead_ms = now_ms, {tag: at for tag, at in newest.items() if at > now_ms}
        self._outbox.want_resync()

    def selection(self) -> pd.DataFrame:
        """The samples of the time selected with Shift and the mouse, in the long form.

        The first sample of a tag is the value that it held at the beginning. The frame is empty, with the
        same columns, while nothing is selected.
        """
        return self._source.frame(*(self._brushed or (0.0, 0.0)))

    def snapshot_svg(self) -> str:
        """A drawing of the visible part, as inline SVG without JavaScript; times are local.

        That is what the page showed last. Without a page it is the newest `window_seconds`, or less if there
        is less.
        """
        # In this order: a source learns the words of a tag's states while it looks at them.
        delta = self._everything()
        kept = replace(delta, samples=self._uncleared(delta.samples))
        window = self._on_view(kept)
        earlier = self._earlier(kept, window)
        return draw_trend(
            self._source.tags, kept, window, self._scales, self._measured(), earlier, told=delta.samples
        )

    def on_view(self) -> tuple[float, float] | None:
        """The window that is shown, epoch milliseconds UTC; None for all, and before the first value."""
        delta = self._everything()
        return self._on_view(replace(delta, samples=self._uncleared(delta.samples)))

    def _earlier(self, kept: TrendDelta, window: tuple[float, float] | None) -> EarlierPeriod | None:
        """The earlier period beside what is drawn, where there is to be one."""
        wanted = window or whole_window(kept)
        return self._source.earlier(*wanted) if kept.shift_ms and wanted else None

    def _on_view(self, kept: TrendDelta) -> tuple[float, float] | None:
        """The window that is shown, epoch milliseconds; None for everything."""
        return self._held or newest_window(kept, self._span_ms or self.window_seconds * 1000)

    def snapshot_html(self) -> str:
        """The same as `snapshot_svg`."""
        return self.snapshot_svg()

    # -------------------------------------------------------------- what the browser wants

    def _take_wish(self, content: Mapping[Any, Any]) -> bool:
        if content.get("kind") == "view":  # at once: the page may be gone before the next look
            start, end = moment(content.get("from_ms")), moment(content.get("to_ms"))
            self._held = (start, end) if content.get("text") == "held" and end > start else None
            self._span_ms = np.inf if content.get("text") == "all" else max(end - start, 0.0)
            return False
        return self._wishes.note(content)

    def _serve_wishes(self) -> None:
        for wish in self._wishes.take():
            try:
                self._serve(wish)
            except Exception as error:  # whoever wished is told, and the other wishes are served
                self._refuse({"kind": wish.kind}, logged(error, f"a trend's {wish.kind}"))

    def _serve(self, wish: Wish) -> None:
        if wish.kind == "brush":
            empty = wish.end_ms <= wish.start_ms
            self._brushed = None if empty else (wish.start_ms, wish.end_ms)
        elif wish.kind == "clear":
            self.clear()
        elif wish.kind == "add":
            self._source.add(wish.text, self._say)
        elif wish.kind == "remove":
            self._source.remove(wish.text)
        elif wish.kind == "note":
            self._source.note(wish.text, wish.start_ms)
        elif wish.kind == "scale":
            self._choose_scale(wish)
        elif wish.kind == "lay":
            self._source.lay(wish.text)
        elif wish.kind == "xy":
            x, _, y = wish.text.partition(XY_BETWEEN)
            self._source.show_xy(x, y)
        else:
            self._answer(wish)

    def _answer(self, wish: Wish) -> None:
        """Sends the page what it asked for, if there is anything."""
        made: Message | None = None
        if wish.kind == "window":
            made = self._window(wish)
        elif wish.kind == "measure":
            self._cursors = (wish.start_ms, wish.end_ms) if wish.start_ms < wish.end_ms else None
            made = measures_message(wish, self._measured())
        elif wish.kind == "overlay" and wish.start_ms < wish.end_ms:
            made = overlay_message(wish, self._source.earlier(wish.start_ms, wish.end_ms))
        elif wish.kind == "save":
            made = self._file(wish)
        if made is not None:
            with self._lock:
                self._outbox.post(*made)

    def _choose_scale(self, wish: Wish) -> None:
        """Takes the scale of a unit that was dragged on a page; without a number it is automatic again."""
        log = self._scales.get(wish.text, AUTOMATIC).log
        if not wish.number:
            self._scales[wish.text] = ChosenScale(log=log)
        elif wish.start_ms < wish.end_ms and not (log and wish.start_ms <= 0):
            self._scales[wish.text] = ChosenScale(wish.start_ms, wish.end_ms, log)

    def _say(self, reason: str | None) -> None:
        """Tells the views why a tag could not be added."""
        if reason is not None:
            self._refuse({}, reason)

    # -------------------------------------------------------------- sending

    def _send_news(self, *, always: bool = False) -> None:
        pens = tuple(self._source.tags)
        # Samples name their tag by its place: with other pens, or in another order, what a page has would be
        # drawn as another tag's.
        if [kind(pen) for pen in pens] != [kind(pen) for pen in self._pens]:
            self._outbox.want_resync()
        self._pens = pens
        super()._send_news(always=always)

    def _has_news(self, delta: TrendDelta) -> bool:
        return bool(delta.samples)

    def _whole(self, delta: TrendDelta) -> tuple[TrendDelta, dict[str, ChosenScale]]:
        # A time that goes on is no news: the browser's clock goes on as well.
        return replace(delta, cursor=0, samples=[], now_ms=None, as_of_ms=None), dict(self._scales)

    def _message(self, delta: TrendDelta, *, reset: bool) -> Message:
        # One bound for all tags: a page that looks further back asks for that window in full.
        parts, coarse_ms = [], None
        for part in self._uncleared(delta.samples) if reset else delta.samples:
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
            "levels": [
                [index, words, [list(step) for step in steps]] for index, words, steps in delta.levels
            ],
            "replays": [list(replay) for replay in delta.replays],
            "notes": [list(note) for note in delta.notes],
            "scales": [[units, one.low, one.high, one.log] for units, one in self._scales.copy().items()],
            "coarse_ms": coarse_ms,
            "overlay": [delta.shift_ms, shift_words(delta.shift_ms)] if delta.shift_ms else None,
        }
        # Not with every message: there may be many.
        if reset or delta.noted != self._noted:
            self._noted = delta.noted
            content["noted"] = [list(note) for note in delta.noted]
        if reset:
            content["tags"] = [asdict(tag) for tag in self._pens]
            content["carried"] = self._carried(delta.samples, parts)
        # With every message: a state's word is learnt when its value comes, long after the tags were sent.
        if any(tag.words is not None for tag in self._pens):
            content["words"] = [tag.words for tag in self._pens]
        return content | counts(parts), packed(parts)

    def _window(self, wish: Wish) -> Message:
        found = self._source.between(max(wish.start_ms, self._cleared_ms), wish.end_ms)
        return window_message(wish, self._uncleared(found))

    def _measured(self) -> CursorMeasures | None:
        """What lies between the cursors that a page shows; None without any."""
        if self._cursors is None:
            return None
        return CursorMeasures(*self._cursors, rows_of(self._source.measured(*self._cursors)))

    def _file(self, wish: Wish) -> Message:
        """A drawing or the values of a window, for the browser to save."""
        start_ms = max(wish.start_ms, self._cleared_ms)
        name, mime, data = trend_file(
            self._source, wish.text, start_ms, wish.end_ms, self._scales, self._measured(), wish.zone
        )
        return {"kind": "file", "name": name, "mime": mime}, [data]

    def _uncleared(self, samples: list[TagSamples]) -> list[TagSamples]:
        """Without what was cleared away; what held then holds from then on."""
        if not self._cleared_ms:
            return samples
        kept, pens = [], tuple(self._source.tags)
        for part in samples:
            ahead = self._ahead_ms.get(pens[part.index].tag) if part.index < len(pens) else None
            since = self._cleared_ms if ahead is None else float(np.nextafter(ahead, np.inf))
            kept.append(part_of(part, (since, np.inf)))
        return kept

    def _carried(self, samples: list[TagSamples], kept: list[TagSamples]) -> list[list[float]]:
        """Of each value carried over a clearing its pen, where it stands, and since when it holds."""
        if not self._cleared_ms:
            return []
        stands = {part.index: float(part.time_ms[0]) for part in kept}
        times = ((part.index, part.time_ms[np.isfinite(part.value)]) for part in samples)
        since = {index: before[-1:] for index, own in times for before in [own[own < stands.get(index, 0.0)]]}
        return [[index, stands[index], float(time)] for index, before in since.items() for time in before]


def kind(tag: TrendTag) -> TrendTag:
    """What of a tag decides how it is drawn; its states are told as they come."""
    return tag if tag.words is None else replace(tag, words=())
