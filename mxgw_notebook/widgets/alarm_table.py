"""The live alarm table, fed with changed rows.

Why: DECISIONS.md, "The alarm table is our own, without a table library".
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from mxgw_notebook.svg import as_written
from mxgw_notebook.widgets.alarm_snapshot import draw_alarms
from mxgw_notebook.widgets.alarm_view import AlarmView
from mxgw_notebook.widgets.as_of import draw_as_of
from mxgw_notebook.widgets.live_widget import LiveWidget, Message
from mxgw_notebook.widgets.sources import AlarmDelta, AlarmRow, AlarmSource, ServiceFound, Ticker

_log = logging.getLogger(__name__)

_UPDATES_PER_SECOND = 5.0
_LONGEST_COMMENT = 1024
# One click on "all" in a flood; more than this in one request is no person's doing.
_MOST_REFERENCES = 50_000


class AlarmTable(LiveWidget[AlarmDelta]):
    """A table of the active alarms that follows the plant until `stop()`.

    `operator` is only shown beside the button: the gateway takes the name from its session. `height` is the
    table's height in pixels. A row changes its state when the gateway's own transition comes, never because a
    button was pressed. `filtered()` and `selection()` have what you filter and select in any view. With
    `show_trend` each row has a button that calls it with the reference. With `has_service` a tab shows the
    alarms that are out of service. With `comment_required` an acknowledgement without a comment is refused.
    """

    _bundle = "alarm_table"
    _source: AlarmSource
    operator = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Int(360, min=120).tag(sync=True)
    has_trend = traitlets.Bool(False).tag(sync=True)
    has_service = traitlets.Bool(False).tag(sync=True)
    comment_required = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        source: AlarmSource,
        ticker: Ticker,
        *,
        operator: str = "",
        height: int = 360,
        show_trend: Callable[[str], None] | None = None,
        has_service: bool = False,
        comment_required: bool = False,
    ) -> None:
        # Not the widget's own lock: outcomes are collected while that is held, and noted on any thread.
        self._outcome_lock = threading.Lock()
        self._outcomes: dict[str, str | None] = {}
        self._view = AlarmView()
        self._selected: list[str] = []
        self._show_trend = show_trend
        super().__init__(
            source,
            ticker,
            updates_per_second=_UPDATES_PER_SECOND,
            operator=operator,
            height=height,
            has_trend=show_trend is not None,
            has_service=has_service,
            comment_required=comment_required,
        )

    def filtered(self) -> list[AlarmRow]:
        """The rows that pass the view's filters now, in its order."""
        return self._view.rows(self._everything().upsert)

    def selection(self) -> list[AlarmRow]:
        """The selected rows, in the order of selection; alarms that are gone are left out."""
        rows = {row.reference: row for row in self._everything().upsert}
        return [rows[reference] for reference in self._selected if reference in rows]

    def refuse(self, reference: str, reason: str) -> None:
        """Shows in an alarm's row why something could not be done. You may call it from any thread."""
        self._note_outcome(reference, reason)

    def snapshot_html(self) -> str:
        """The active alarms now as a static table, most urgent first; texts are escaped, times local.

        Above it is the status of the feed, and the time of the gateway's last message.
        """
        delta = self._everything()
        return as_written(draw_as_of(delta) + draw_alarms(delta.upsert, nothing=delta.empty_words))

    def _take_wish(self, content: Mapping[Any, Any]) -> bool:
        kind = content.get("kind")
        if kind == "acknowledge":
            self._acknowledge(content.get("references"), content.get("comment"))
        elif kind == "view":
            self._view = AlarmView.of(content)
        elif kind == "select":
            self._selected = texts_of(content.get("references"))
        elif kind == "trend":
            self._open_trend(content.get("reference"))
        elif kind == "service":
            self._look_for_service()
        return False

    def _look_for_service(self) -> None:
        try:
            self._source.look_for_service(self._tell_service)
        except Exception as error:
            # The tab is where the person looks.
            _log.warning("alarms out of service cannot be looked for: %s", error)
            self._tell_service(ServiceFound(failure=str(error) or type(error).__name__))

    def _tell_service(self, found: ServiceFound) -> None:
        content: dict[str, object] = {**vars(found), "rows": [dict(vars(row)) for row in found.rows]}
        self._post({"kind": "service", **content})

    def _open_trend(self, reference: object) -> None:
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
        if self.comment_required and not comment.strip():  # also of a page that does not know better
            for reference in named:
                self._note_outcome(reference, "a comment is required")
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

    def _has_news(self, delta: AlarmDelta) -> bool:
        return bool(delta.reset or delta.upsert or delta.removed or self._outcomes)

    def _whole(self, delta: AlarmDelta) -> tuple[object, ...]:
        return delta.phase, delta.status, delta.provider, delta.degraded, delta.empty_words

    def _message(self, delta: AlarmDelta, *, reset: bool) -> Message:
        content: dict[str, object] = {
            "kind": "rows",
            "reset": reset or delta.reset,
            # asdict copies deeply: 0.3 s for 10,000 rows.
            "upsert": [dict(vars(row)) for row in delta.upsert],
            "removed": list(delta.removed),
            "outcomes": [[reference, reason] for reference, reason in self._take_outcomes().items()],
            "provider": delta.provider,
            "degraded": delta.degraded,
            "nothing": delta.empty_words,
        }
        return content, ()


def texts_of(references: object) -> list[str]:
    """The references of a message, at most as many as one message may have."""
    listed = references if isinstance(references, list) else []
    return [reference for reference in listed if isinstance(reference, str)][:_MOST_REFERENCES]
