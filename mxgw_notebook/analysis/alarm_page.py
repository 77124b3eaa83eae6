"""The report as a page of HTML: figures against benchmarks first, then each measure with its plot or
table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import pandas as pd

from mxgw_notebook.analysis.alarm_charts import rate_chart, share_chart
from mxgw_notebook.analysis.alarm_measures import AlarmMeasures
from mxgw_notebook.words import figures, lapse_words

MOST_ROWS = 20
SENTENCE, PHRASE = 40, 16  # characters
LONG_NAME = 24
MOST_WRITTEN = 1e15  # above it a number has an exponent
STYLE = (
    "<style>.mxgw-report{font-family:system-ui,sans-serif;max-width:960px;line-height:1.45;"
    "container-type:inline-size}"
    ".mxgw-report table{border-collapse:collapse;font-size:12px;margin:4px 0 8px}"
    # More than once: JupyterLab says of its own tables to the right, and more closely.
    "div.mxgw-report.mxgw-report :is(th,td){padding:3px 9px;text-align:left;border:0;"
    "border-bottom:1px solid rgba(128,128,128,.3);background:none;color:inherit;vertical-align:top}"
    "div.mxgw-report.mxgw-report .number{text-align:right;font-variant-numeric:tabular-nums}"
    # The verdicts are the last column, and what a person looks for.
    "@container (max-width:480px){div.mxgw-report.mxgw-report :is(th,td){padding:3px;font-size:11px}}"
    ".mxgw-report .time{white-space:nowrap}"
    # Squeezed by the columns beside it, a sentence would have a word a line.
    ".mxgw-report td.words{min-width:14em}.mxgw-report td.phrase{min-width:9em}"
    # Beside the others the verdicts of a narrow page would have a word a line.
    "@container (max-width:480px){.mxgw-report .figures tr{display:grid;grid-template-columns:5fr 2fr 4fr;"
    "border-bottom:1px solid rgba(128,128,128,.3)}"
    "div.mxgw-report.mxgw-report .figures :is(th,td){border:0}"
    ".mxgw-report .figures :is(th,td):last-child{grid-column:1/-1}"
    ".mxgw-report .figures :is(th,td):last-child:empty{display:none}}"
    ".mxgw-report h3{margin:18px 0 4px;font-size:15px}.mxgw-report p{margin:2px 0 6px}"
    ".mxgw-report .missed{font-weight:600}.mxgw-report .table{overflow-x:auto}</style>"
)
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"><style>:root{{color-scheme:light dark}}'
    "body{{margin:24px auto;max-width:960px;padding:0 16px}}</style></head><body>{body}</body></html>"
)


def page_of(report: AlarmMeasures, *, whole: bool) -> str:
    """The report; `whole` as a document of its own, else as a part of one."""
    heading = f"<h2>{escape(report.title)}</h2><p>{escape(span_of(report))}</p>"
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.notes)
    body = f'{STYLE}<div class="mxgw-report">{heading}{notes}{"".join(parts(report))}</div>'
    return PAGE.format(title=escape(report.title), body=body) if whole else body


def span_of(report: AlarmMeasures) -> str:
    """From when to when."""
    window = report.window
    if not window.known:
        return "The log is empty and does not say what it covers."
    return f"{window:%Y-%m-%d %H:%M:%S}"


def parts(report: AlarmMeasures) -> Iterator[str]:
    """Section after section."""
    yield section("Against the benchmarks of EEMUA 191 and ISA-18.2", summary_table(report.summary))
    yield section("Not judged, and why", table(report.unjudged))
    if len(report.not_connected):
        heading = "Not connected, or not in the log: alarms of these times are unknown"
        yield section(heading, table(report.not_connected))
    chart = rate_chart(report.rate, report.floods, report.not_connected)
    yield section("Alarms per 10 minutes and operator", chart)
    yield section("Floods: more than 10 in 10 minutes, until fewer than 5", table(report.floods))
    top = report.contributors
    bars = share_chart(
        top["reference"].tolist(), top["alarms"].tolist(), top["share"].tolist(), "Most frequent alarms"
    )
    yield section("The most frequent alarms", bars)
    priorities = report.priorities
    names = [priority_words(row) for row in priorities.itertuples()]
    bars = share_chart(names, priorities["alarms"].tolist(), priorities["share"].tolist(), "Priorities")
    yield section("Priorities", bars)
    yield section("Time to acknowledge", table(report.responses))
    yield section("Chattering: 3 or more raises within a minute", table(report.chattering))
    yield section("Fleeting: gone within 10 s, chatter aside", table(report.fleeting))
    yield section("Stale: standing for more than 24 h", table(report.stale))
    yield section("Standing at the end", table(report.standing))
    yield section("Acknowledged, and nothing happened within 10 minutes", table(report.without_action))
    yield section("Which alarm follows which, within a minute", table(report.pairs))
    yield section(shift_heading(report.by_shift), table(report.by_shift))
    yield section("By area", table(report.load))
    yield section("Out of service: shelved, suppressed, silenced, disabled", service(report.out_of_service))
    yield section("Acknowledged in bulk: 5 or more, each within a second", table(report.bulk))
    yield section("What this report was made of", table(report.provenance))


def service(frame: pd.DataFrame) -> str:
    """Which alarms were out of service; no rows say nothing where nobody recorded them."""
    return table(frame) if frame.attrs.get("recorded") else "<p>Unknown: the log does not record it.</p>"


def shift_heading(shifts: pd.DataFrame) -> str:
    """By day or by shift, and by whose clock."""
    by = "By shift" if set(shifts["shift"]) - {"day"} else "By day"
    zone = str(shifts["start"].dt.tz)
    return by if zone == "UTC" else f"{by}, by the clock of {zone}"


def priority_words(row: Any) -> str:
    """A priority with the share that is asked for."""
    return f"{row.priority}" if pd.isna(row.target) else f"{row.priority} (about {row.target:.0%} asked for)"


def section(heading: str, content: str) -> str:
    """A heading and what it is about."""
    return f"<h3>{escape(heading)}</h3>{content}"


def summary_table(summary: pd.DataFrame) -> str:
    """Figure, benchmark, and in words and weight whether it is met."""
    rows = []
    for row in summary.itertuples(index=False):
        words = verdict_words(row)
        mark = ' class="missed"' if words.startswith("✗") else ""
        cells = "".join(
            f"<td>{escape(str(cell))}</td>" for cell in (row.measure, row.value, row.benchmark, words)
        )
        rows.append(f"<tr{mark}>{cells}</tr>")
    heads = "".join(f"<th>{name}</th>" for name in ("Measure", "Value", "Benchmark", ""))
    return f'<div class="figures">{laid_out(heads, "".join(rows))}</div>'


def verdict_words(row: Any) -> str:
    """met, not met, or not judged and why; nothing where nothing is asked for."""
    if not row.benchmark:
        return str(row.note)
    verdict = "not judged" if row.met is None else "✓ met" if row.met else "✗ not met"
    return f"{verdict} ({row.note})" if row.note else verdict


def table(frame: pd.DataFrame) -> str:
    """The first rows of a measure; every text escaped, times in UTC."""
    if frame.empty:
        return "<p>None.</p>"
    if {"tag", "area"} <= set(frame.columns):
        frame = frame.drop(columns="reference")  # the two say as much in less room
    kinds = [kind(frame[name]) for name in frame]
    heads = "".join(
        f"<th{one}>{escape(str(name).replace('_', ' '))}</th>" for name, one in zip(frame, kinds, strict=True)
    )
    body = "".join(row_of(kinds, row) for row in frame.head(MOST_ROWS).itertuples(index=False))
    rest = f"<p>and {len(frame) - MOST_ROWS:,} more</p>" if len(frame) > MOST_ROWS else ""
    return laid_out(heads, body) + rest


def laid_out(heads: str, body: str) -> str:
    """A table that scrolls where it is too wide."""
    return f'<div class="table"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def row_of(kinds: Sequence[str], row: Any) -> str:
    """One row's cells."""
    cells = (f"<td{one}>{breakable(words(value))}</td>" for one, value in zip(kinds, row, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def breakable(text: str) -> str:
    """A text as HTML; a long name may be broken between its parts."""
    if len(text) <= LONG_NAME or " " in text:
        return escape(text)
    return "".join(
        f"{escape(part)}<wbr>" if part in ("!", ".") else escape(part) for part in re.split("([!.])", text)
    )


def kind(column: pd.Series[Any]) -> str:
    """Numbers stand to the right; a time is not broken; sentences keep some room."""
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        return ' class="time"'
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return ' class="number"'
    texts = [cell for cell in column.head(MOST_ROWS) if isinstance(cell, str) and " " in cell]
    longest = max(map(len, texts), default=0)
    return ' class="words"' if longest > SENTENCE else ' class="phrase"' if longest > PHRASE else ""


def words(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):
        return "unknown" if isinstance(value, type(pd.NaT)) else ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, pd.Timedelta):
        return lapse_words(value.total_seconds())
    if isinstance(value, float):
        return f"{value:,.0f}" if 1000 <= abs(value) < MOST_WRITTEN else figures(value, 3)
    return str(value)
