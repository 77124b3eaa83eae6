"""An alarm log of any system: a file, a table or a database becomes rows as `history()` gives them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_files import is_ours, own_log, typed
from mxgw_notebook.analysis.alarm_log import (
    NEEDED,
    NOT_CONNECTED,
    NOTES,
    REVIEWED,
    SOURCE,
    TEXTS_BESIDE,
    UNKNOWN,
    checked_log,
    stamps,
)
from mxgw_notebook.analysis.alarm_window import Moment, borne_out
from mxgw_notebook.analysis.other_logs import (
    LAYOUTS,
    NO_TABLE,
    PLAIN,
    Layout,
    Origin,
    Theirs,
    Words,
    Zone,
    is_address,
    layout_named,
    layout_of,
    log_of,
    read_database,
    read_table,
)
from mxgw_notebook.client import checks_arguments, path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_table, kinds_apart, kinds_joined, moment_ns


@checks_arguments
@gives_table
def read_alarm_log(
    source: str | Path | pd.DataFrame,
    layout: str | None = None,
    *,
    columns: Mapping[str, Any] | None = None,
    words: Words | None = None,
    tz: Zone = None,
    dates: Literal["day first", "month first"] | None = None,
    table: str | None = None,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """Reads an alarm log of this package or of another system, the oldest row first.

    The columns are those of `history()`. A log of this package gives the same values that were saved.
    `attrs["reviewed"]` is the time that it covers, if the file has it. Other logs are recognized by their
    columns:

    - `a2almdb` (or `wwalmdb`): the views v_AlarmHistory, v_AlarmHistory2 and v_AlarmEventHistory of AVEVA's
      alarm databases. Their words name a state, so the transition depends on the state before: ACK_RTN after
      UNACK_RTN is an acknowledgement, after ACK_ALM a clear.
    - `historian`: the Events of AVEVA Historian, with alarms out of service and operators' writes.
    - `ignition`: alarm_events of Ignition's journal, with alarm_event_data if it is in the same database.
    - `plain`: columns with our names, or as `columns` says. Some German names, and a day and a time in two
      columns, are recognized. `attrs["notes"]` says how each column was understood.

    `analysis/other_logs` says how certain each layout is. `attrs["notes"]` says what was done to the log; a
    report shows it. Besides raise, clear, acknowledge and retrigger, `transition` may be "shelved",
    "suppressed", "silenced", "disabled" or "inhibited", the end of each, or "write".

    Args:
        source: A file (.parquet; .csv, .txt or .tsv in UTF-8, UTF-16 or Windows-1252, also as .gz; .xlsx with
            the extra `excel`), a DataFrame, or a database's address such as `sqlite:///plant.db` (with the
            extra `sql`).
        layout: One of the names above. Default: found from the columns.
        columns: The names of the columns there: `{"time": "Zeit"}`. Several are joined with dots:
            `{"reference": ["Object", "Alarm"]}`. A day and a time in two columns make one time: `{"time":
            ["Datum", "Uhrzeit"]}`.
        words: The meaning of the log's words: `{"kommt": "raise"}`; None for rows that are not about an
            alarm.
        tz: The zone of times without one, for example "Europe/Berlin". Default: UTC. Columns that are known
            to be UTC, such as EventStampUTC, stay UTC.
        dates: "day first" or "month first", if 5/4/2026 could be either and the log does not show which.
        table: The table or view of a database, or the sheet of a workbook. Default: the first one of the
            layout, and the first sheet.
        start: Read from this time. Default: all. With `end` the log covers this time, as far as its rows
            show: one hour of rows does not make a log of a year.
        end: Read until before this time.

    Raises:
        ConfigurationError: The file is missing or not readable; a column is missing; a time is not valid (the
            error names its row); a word is not understood (with the number of rows that have it).
    """
    span = tuple(None if moment is None else moment_ns(moment) for moment in (start, end))
    asked = layout_named(layout) if layout is not None else None
    named = dict(columns or {})
    found, origin = table_of(source, asked, named, table, (span[0], span[1]), tz)
    found = kinds_joined(found, **TEXTS_BESIDE)
    if asked is None and not (named or words or tz or dates) and is_ours(found):
        log = own_log(found, origin)
    else:
        chosen = asked or layout_of(Theirs(found)) or plain_layout(found, named, origin)
        log = log_of(found, chosen, origin, columns=named, words=words or {}, tz=tz, dates=dates)
    return kinds_apart(within(checked_log(typed(log)), span[0], span[1]))


def table_of(
    source: Any,
    layout: Layout | None,
    columns: Mapping[str, Any],
    table: str | None,
    span: tuple[Any, Any],
    tz: Zone,
) -> tuple[pd.DataFrame, Origin]:
    """The source's table, and where it came from."""
    if isinstance(source, pd.DataFrame):
        if table is not None:
            raise ConfigurationError(f"A DataFrame has no table {table!r}", hint=NO_TABLE)
        return source, Origin(source.attrs.get(SOURCE, "The DataFrame"))
    if not is_address(source):
        path = path_given(source, "Name a file, a DataFrame or a database's address.")
        return read_table(path, table)
    layouts = [layout] if layout else list(LAYOUTS.values())
    tables = (table,) if table else tuple(name for one in layouts for name in one.tables)
    times = tuple(name for one in layouts for name in one.columns["time"])
    told = columns.get("time")
    in_utc = tuple(name for one in layouts for name in one.in_utc)
    return read_database(source, tables, (told, *times) if isinstance(told, str) else times, in_utc, span, tz)


def plain_layout(table: pd.DataFrame, columns: Mapping[str, Any], origin: Origin) -> Layout:
    """The layout of a log whose columns are named as ours, or were said. Raises ConfigurationError else."""
    theirs = Theirs(table)
    missing = [name for name in NEEDED if theirs.get(*PLAIN.columns[name]) is None]
    if missing and not columns:
        listed = ", ".join(map(str, table.columns)) or "none"
        message = f"{origin.name} is not a log of alarm transitions: no column {' and no '.join(missing)}"
        hint = f"Its columns are {listed}. Layouts are {', '.join(LAYOUTS)}; columns= names those of another."
        hint += origin.others
        raise ConfigurationError(message, hint=hint)
    return PLAIN


def within(log: pd.DataFrame, start_ns: int | None, end_ns: int | None) -> pd.DataFrame:
    """The rows from one moment up to another; with both, the log says that it covers them."""
    if start_ns is None and end_ns is None:
        return log
    times = stamps(log["time"])
    first = start_ns if start_ns is not None else UNKNOWN
    last = end_ns if end_ns is not None else np.iinfo(np.int64).max
    kept: pd.DataFrame = log[(times >= first) & (times < last)]
    kept = kept.reset_index(drop=True)
    if start_ns is None or end_ns is None:
        return kept
    asked = [pd.Timestamp(at, tz="UTC").isoformat() for at in (start_ns, end_ns)]
    if REVIEWED in log.attrs:
        # Outside of what a log of ours covers nobody told of alarms either.
        (first_told, last_told), gaps = log.attrs[REVIEWED], log.attrs.get(NOT_CONNECTED)
        around = [[asked[0], first_told], *(gaps or ()), [last_told, asked[1]]]
        beyond = [[one, two] for one, two in around if moment_ns(one) < moment_ns(two)]
        if beyond or gaps is not None:
            kept.attrs[NOT_CONNECTED] = beyond
    else:
        first, last = borne_out(times[times != UNKNOWN], start_ns, end_ns)
        if (first, last) != (start_ns, end_ns):
            said = f"Its rows do not bear out that it covers {asked[0]} to {asked[1]}, as it was asked for."
            kept.attrs[NOTES] = [*log.attrs.get(NOTES, ()), said]
            told = [pd.Timestamp(at, tz="UTC").isoformat() for at in (first, last)]
            kept.attrs[NOT_CONNECTED] = [
                [one, two] for one, two in ((asked[0], told[0]), (told[1], asked[1])) if one != two
            ]
    kept.attrs[REVIEWED] = asked
    return kept
