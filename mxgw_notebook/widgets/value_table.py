"""The live table of values: for tags too many or too textual to be drawn as lines.

Why: DECISIONS.md, "A value table sends at most a thousand rows at a time".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from html import escape
from typing import Any

import traitlets

from mxgw_notebook.svg import as_written
from mxgw_notebook.widgets.as_of import draw_as_of
from mxgw_notebook.widgets.live_widget import LiveWidget, Message
from mxgw_notebook.widgets.local_time import local
from mxgw_notebook.widgets.sources import Ticker, ValueRow, ValueSnapshot, ValueSource
from mxgw_notebook.widgets.value_writes import ValueWrites
from mxgw_notebook.widgets.write_desk import WriteDesk

UPDATES_PER_SECOND = 4.0
NAMES = [field.name for field in fields(ValueRow)]


class ValueTable(LiveWidget[ValueSnapshot]):
    """A table of tags with value, quality, age, rate and a sparkline; live until `stop()`.

    `height` is the list's height in pixels. Any number of views of one table may be open. With `writes` you
    can write a value: a page that showed the plan of a write applies that plan, once.
    """

    _bundle = "value_table"
    height = traitlets.Int(360, min=100).tag(sync=True)
    can_write = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, source: ValueSource, ticker: Ticker, *, height: int = 360, writes: ValueWrites | None = None
    ) -> None:
        self._desk = None if writes is None else WriteDesk(writes)
        super().__init__(
            source,
            ticker,
            updates_per_second=UPDATES_PER_SECOND,
            height=height,
            can_write=writes is not None,
        )

    def stop(self) -> None:
        """Sends what is new and then nothing more, and writes nothing any more."""
        self._stop_writing()
        super().stop()

    def close(self) -> None:
        """Stops, and removes the views from the notebook."""
        self._stop_writing()
        super().close()

    def _stop_writing(self) -> None:
        # ipywidgets closes widgets from __del__ too, also those whose __init__ raised.
        if (desk := getattr(self, "_desk", None)) is not None:
            desk.stop()

    def snapshot_html(self) -> str:
        """The rows as they are now, as a plain table without JavaScript; times are local.

        Above it is the status of the feed, and the time of the gateway's last message.
        """
        snapshot = self._everything()
        return as_written(draw_as_of(snapshot) + draw_values(snapshot.rows))

    def _has_news(self, snapshot: ValueSnapshot) -> bool:
        return snapshot.reset or bool(snapshot.rows) or (self._desk is not None and self._desk.has_news)

    def _whole(self, snapshot: ValueSnapshot) -> tuple[object, ...]:
        return snapshot.phase, snapshot.status

    def _message(self, snapshot: ValueSnapshot, *, reset: bool) -> Message:
        rows, reset = [cells(row) for row in snapshot.rows], reset or snapshot.reset
        content: dict[str, object] = {"kind": "values", "reset": reset, "rows": rows}
        writes = [] if self._desk is None else self._desk.take(everything=reset)
        return {**content, **({"writes": writes} if writes else {})}, ()

    def _take_wish(self, content: Mapping[Any, Any]) -> bool:
        return self._desk is not None and self._desk.hear(content)


def cells(row: ValueRow) -> dict[str, object]:
    """A row without what is empty: most rows of many have neither description nor failure."""
    return {name: value for name in NAMES if (value := getattr(row, name)) not in ("", None, ())}


MOST_ROWS = 500
HEADS = ("Tag", "Value", "Units", "Quality", "Time", "Description")


def draw_values(rows: Sequence[ValueRow]) -> str:
    """A `<table>` of the first 500 rows, and a line that says how many more there are."""
    heads = "".join(f"<th style='text-align:left'>{head}</th>" for head in HEADS)
    body = "".join(drawn(row) for row in rows[:MOST_ROWS])
    more = f"<p>and {len(rows) - MOST_ROWS:,} more</p>" if len(rows) > MOST_ROWS else ""
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{more}"


def drawn(row: ValueRow) -> str:
    """One row."""
    at = "" if row.time_ms is None else f"{local(row.time_ms):%H:%M:%S}"
    quality = row.failure or row.quality or "no value yet"
    texts = (row.tag, row.value, row.units, quality, at, row.description)
    return f"<tr>{''.join(f'<td style=text-align:left>{escape(text)}</td>' for text in texts)}</tr>"
