"""The live alarm table, fed with changed rows."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from mxgw_notebook.widgets.alarm_snapshot import draw_alarms
from mxgw_notebook.widgets.alarm_view import AlarmView
from mxgw_notebook.widgets.assets import bundle_text
from mxgw_notebook.widgets.outbox import Outbox
from mxgw_notebook.widgets.sources import STOPPED, AlarmDelta, AlarmRow, AlarmSource, Ticker

_log = logging.getLogger(__name__)

_UPDATES_PER_SECOND = 5.0
_LONGEST_COMMENT = 1024
# One click on "all" in a flood; more than this in one request is no person's doing.
_MOST_REFERENCES = 50_000


class AlarmTable(anywidget.AnyWidget):
    """A table of the active alarms that follows the plant until `stop()`.

    `operator` is only shown beside the button: the gateway takes the name from its session. `height` is the
    table's height in pixels. A row changes its state when the gateway's own transition comes back, never
    because a button was pressed. What a person filters and selects in any view of it is in `filtered()` and
    `selection()`. With `show_trend` each row has a button that calls it with the reference.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    operator = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Int(360, min=120).tag(sync=True)
    has_trend = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        source: AlarmSource,
        ticker: Ticker,
        *,
        operator: str = "",
        height: int = 360,
        show_trend: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(
            _esm=bundle_text("alarm_table.js"),
            _css=bundle_text("alarm_table.css"),
            operator=operator,
            height=height,
            has_trend=show_trend is not None,
        )
        self._source = source
        self._lock = threading.Lock()
        self._outcome_lock = threading.Lock()
        self._outbox = Outbox(self.send)
        self._cursor = 0
        self._stopped = False
        self._view = AlarmView()
        self._selected: list[str] = []
        self._show_trend = show_trend
        self._told: tuple[str, ...] | None = None
        self._outcomes: dict[str, str | None] = {}
        self.on_msg(self._receive)
        self._cancel = ticker.every(1 / _UPDATES_PER_SECOND, self._publish)

    def stop(self) -> None:
        """Send no more; the views keep their rows, say that they are stopped and acknowledge nothing."""
        self._cancel()
        with self._lock:
            self._stopped = True
            self._post(AlarmDelta(self._cursor), self._take_outcomes())

    def close(self) -> None:
        """Stop, and remove the views from the notebook."""
        # ipywidgets closes widgets from __del__ too, also those whose __init__ raised.
        if (cancel := getattr(self, "_cancel", None)) is not None:
            cancel()
        super().close()

    def filtered(self) -> list[AlarmRow]:
        """The rows that the view's filters let through now, in its order."""
        return self._view.rows(self._source.since(0).upsert)

    def selection(self) -> list[AlarmRow]:
        """The rows that are selected, in the order of selecting; those that left the board are left out."""
        rows = {row.reference: row for row in self._source.since(0).upsert}
        return [rows[reference] for reference in self._selected if reference in rows]

    def refuse(self, reference: str, reason: str) -> None:
        """Shows in an alarm's row why something could not be done; safe on any thread."""
        self._note_outcome(reference, reason)

    def snapshot_html(self) -> str:
        """The active alarms now as a static table, most urgent first; every text escaped, times local."""
        return draw_alarms(self._source.since(0).upsert)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            # Shown where the widget cannot be: in a notebook opened again without its kernel.
            bundle[0]["text/html"] = self.snapshot_html()
        return bundle

    def _receive(self, _widget: object, content: object, _buffers: Sequence[object]) -> None:
        if not isinstance(content, Mapping):
            return
        if self._outbox.hear(content):
            if self._stopped:
                self._publish()
        elif content.get("kind") == "acknowledge":
            self._acknowledge(content.get("references"), content.get("comment"))
        elif content.get("kind") == "view":
            self._view = AlarmView.of(content)
        elif content.get("kind") == "select":
            self._selected = texts_of(content.get("references"))
        elif content.get("kind") == "trend":
            self._trend(content.get("reference"))

    def _trend(self, reference: object) -> None:
        if self._show_trend is None or not isinstance(reference, str):
            return
        try:
            self._show_trend(reference)
        except Exception as error:
            # As with acknowledging: the row is where the person looks.
            _log.warning("no trend of %s: %s", reference, error)
            self._note_outcome(reference, str(error) or type(error).__name__)

    def _acknowledge(self, references: object, comment: object) -> None:
        named = texts_of(references)
        if not named or not isinstance(comment, str):
            return
        try:
            self._source.acknowledge(named, comment[:_LONGEST_COMMENT], self._note_outcome)
        except Exception as error:
            # A button has no caller to raise to: the person reads the reason in the row.
            _log.warning("acknowledge was not sent: %s", error)
            for reference in named:
                self._note_outcome(reference, str(error) or type(error).__name__)

    def _note_outcome(self, reference: str, reason: str | None) -> None:
        with self._outcome_lock:
            self._outcomes[reference] = reason

    def _take_outcomes(self) -> dict[str, str | None]:
        with self._outcome_lock:
            outcomes, self._outcomes = self._outcomes, {}
        return outcomes

    def _publish(self) -> None:
        with self._lock:
            if not self._outbox.may_send():
                return
            resync = self._outbox.take_resync()
            delta = self._source.since(0 if resync else self._cursor)
            self._cursor = delta.cursor
            outcomes = self._take_outcomes()
            changed = delta.reset or delta.upsert or delta.removed or self._told != told(delta)
            if resync or changed or outcomes or self._outbox.is_due():
                self._post(delta, outcomes, reset=resync or delta.reset)

    def _post(self, delta: AlarmDelta, outcomes: dict[str, str | None], *, reset: bool = False) -> None:
        self._told = told(delta)
        self._outbox.post(
            {
                "kind": "rows",
                "reset": reset,
                # asdict copies deeply: 0.3 s for 10,000 rows.
                "upsert": [dict(vars(row)) for row in delta.upsert],
                "removed": list(delta.removed),
                "outcomes": [[reference, reason] for reference, reason in outcomes.items()],
                "status": STOPPED if self._stopped else delta.status,
                "provider": delta.provider,
                "degraded": delta.degraded,
                "now_ms": time.time() * 1000,
            }
        )


def told(delta: AlarmDelta) -> tuple[str, ...]:
    """What is sent whole each time."""
    return delta.status, delta.provider, delta.degraded


def texts_of(references: object) -> list[str]:
    """The references of a message, at most as many as one message may have."""
    listed = references if isinstance(references, list) else []
    return [reference for reference in listed if isinstance(reference, str)][:_MOST_REFERENCES]
