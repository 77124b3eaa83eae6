"""A table of values as plain HTML, which a saved notebook shows without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from mxgw_notebook.widgets.sources import ValueRow

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
    at = "" if row.time_ms is None else f"{datetime.fromtimestamp(row.time_ms / 1000).astimezone():%H:%M:%S}"
    quality = row.failure or row.quality or "no value yet"
    texts = (row.tag, row.value, row.units, quality, at, row.description)
    return f"<tr>{''.join(f'<td style=text-align:left>{escape(text)}</td>' for text in texts)}</tr>"
