"""The live table of values: for tags too many or too textual to be drawn as lines."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import anywidget
import traitlets

from mxgw_notebook.widgets.assets import bundle_text
from mxgw_notebook.widgets.outbox import Outbox
from mxgw_notebook.widgets.sources import STOPPED, Ticker, ValueRow, ValueSnapshot, ValueSource
from mxgw_notebook.widgets.value_snapshot import draw_values

UPDATES_PER_SECOND = 4.0
NAMES = [field.name for field in fields(ValueRow)]


class ValueTable(anywidget.AnyWidget):
    """A table of tags with value, quality, age, rate and a sparkline; live until `stop()`.

    `height` is the list's height in pixels. Any number of views of one table may be open.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(360, min=100).tag(sync=True)

    def __init__(self, source: ValueSource, ticker: Ticker, *, height: int = 360) -> None:
        super().__init__(
            _esm=bundle_text("value_table.js"), _css=bundle_text("value_table.css"), height=height
        )
        self._source = source
        self._lock = threading.Lock()
        self._outbox = Outbox(self.send)
        self._cursor = 0
        self._status = ""
        self._stopped = False
        self.on_msg(self._receive)
        self._cancel = ticker.every(1 / UPDATES_PER_SECOND, self._publish)

    def stop(self) -> None:
        """Send no more; the views keep what they show and say that they are stopped."""
        self._cancel()
        with self._lock:
            self._stopped = True
            self._post(ValueSnapshot(self._cursor, False, [], STOPPED))

    def close(self) -> None:
        """Stop, and remove the views from the notebook."""
        if (cancel := getattr(self, "_cancel", None)) is not None:
            cancel()
        super().close()

    def snapshot_html(self) -> str:
        """The rows as they are now, as a plain table that needs no JavaScript; times are local."""
        with self._lock:
            snapshot = self._source.since(0)
            self._cursor = 0  # what this look took is not lost for the views
        return draw_values(snapshot.rows)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/html"] = self.snapshot_html()
        return bundle

    def _receive(self, _widget: object, content: object, _buffers: Sequence[object]) -> None:
        if isinstance(content, Mapping) and self._outbox.hear(content) and self._stopped:
            self._publish()

    def _publish(self) -> None:
        with self._lock:
            if not self._outbox.may_send():
                return
            reset = self._outbox.take_resync()
            snapshot = self._source.since(0 if reset else self._cursor)
            self._cursor = snapshot.cursor
            if snapshot.reset or snapshot.rows or snapshot.status != self._status or self._outbox.is_due():
                self._post(snapshot)

    def _post(self, snapshot: ValueSnapshot) -> None:
        self._status = snapshot.status
        self._outbox.post(
            {
                "kind": "values",
                "reset": snapshot.reset,
                "rows": [cells(row) for row in snapshot.rows],
                "status": STOPPED if self._stopped else snapshot.status,
                "now_ms": time.time() * 1000,
            }
        )


def cells(row: ValueRow) -> dict[str, object]:
    """A row without what is empty: most rows of many have neither description nor failure."""
    return {name: value for name in NAMES if (value := getattr(row, name)) not in ("", None, ())}
