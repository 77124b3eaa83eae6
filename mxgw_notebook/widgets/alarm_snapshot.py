"""An alarm table as static HTML, for a stopped board and a saved notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from mxgw_notebook.widgets.alarm_view import urgency
from mxgw_notebook.widgets.local_time import local
from mxgw_notebook.widgets.sources import AlarmRow
from mxgw_notebook.words import ACKNOWLEDGED, CLEARED, NO_ALARMS, UNACKNOWLEDGED, UNKNOWN_STATE, counted

STATE_MARKS = {UNACKNOWLEDGED: "▲", CLEARED: "△", UNKNOWN_STATE: "◇", ACKNOWLEDGED: "✓"}
_COLUMNS = (
    "Severity",
    "State",
    "Raised",  # where it is still on the page when the page is narrow
    "Tag",
    "Description",
    "Value",
    "Limit",
    "Area",
    "Operator",
    "Comment",
)
# Broken into lines, a date is misread.
_WHOLE = {"State", "Raised"}
_CELL = "padding:3px 8px;text-align:left;border-bottom:1px solid rgba(128,128,128,.3);vertical-align:top"


def draw_alarms(rows: Iterable[AlarmRow], *, nothing: str = NO_ALARMS, most: int = 500) -> str:
    """A `<table>` of the `most` most urgent rows, unacknowledged first; times are local.

    Every text is escaped. What was left out is counted under the table. `nothing` is said where no row is.
    """
    ordered = sorted(rows, key=urgency)
    if not ordered:
        return f"<p>{escape(nothing)}</p>"
    heads = "".join(f'<th style="{_CELL};font-weight:600">{name}</th>' for name in _COLUMNS)
    body = "".join(_row(row) for row in ordered[:most])
    rest = f"<p>and {len(ordered) - most} more</p>" if len(ordered) > most else ""
    return (
        f"<div>{_counts(ordered)}<div style='overflow-x:auto'>"
        f"<table style='border-collapse:collapse;font-size:12px'>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{rest}</div>"
    )


def _counts(rows: list[AlarmRow]) -> str:
    states = Counter(row.state for row in rows)
    words = ", ".join(f"{count} {escape(state)}" for state, count in sorted(states.items()))
    return f"<p>{counted(len(rows), 'alarm')}: {words}</p>"


def _row(row: AlarmRow) -> str:
    weight = "600" if row.state == UNACKNOWLEDGED else "400"
    texts = (
        str(row.severity),
        f"{STATE_MARKS.get(row.state, '')} {row.state}",
        _local(row.raised_ms),
        row.tag,
        row.description,
        row.value,
        row.limit,
        row.area,
        row.operator,
        row.comment,
    )
    cells = "".join(_cell(name, text) for name, text in zip(_COLUMNS, texts, strict=True))
    return f'<tr style="font-weight:{weight}" title="{escape(row.reference)}">{cells}</tr>'


def _cell(name: str, text: str) -> str:
    whole = ";white-space:nowrap" if name in _WHOLE else ""
    return f'<td style="{_CELL}{whole}">{escape(text)}</td>'


def _local(time_ms: float | None) -> str:
    if time_ms is None:
        return "unknown"
    return f"{local(time_ms):%Y-%m-%d %H:%M:%S}"
