"""An alarm log's way into a file and back: the same columns, values and stretch of time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_log import NEEDED, NOT_CONNECTED, REVIEWED, SOURCE, TEXTS_BESIDE, TIMES
from mxgw_notebook.analysis.other_logs import Origin
from mxgw_notebook.client import checks_arguments, path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import being_written, kinds_joined, with_formulas, without_formulas

TEXTS = (
    "reference",
    "tag",
    "area",
    "description",
    "alarm_type",
    "operator",
    "comment",
    "origin",
    "transition",
)
CATEGORICAL = ("area", "alarm_type", "origin", "transition")
HINT = "Name one, e.g. alarms.parquet."
SPAN = ("reviewed_from", "reviewed_to")
MOST_SEVERITY = np.iinfo(np.int32).max
NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|nan)", re.ASCII)
CONSTANTS = {"": None, "True": True, "False": False}


@checks_arguments
def save_alarm_log(history: pd.DataFrame, path: str | Path) -> Path:
    """Writes a log as Parquet or CSV, by the file's ending; returns the path.

    Values are written as text; `read_alarm_log` makes the same values again. In CSV an apostrophe stands
    before a text that a spreadsheet would take for a formula; `read_alarm_log` takes it away. Two columns,
    `reviewed_from` and `reviewed_to`, keep the time that the log covers (`attrs["reviewed"]`). One row of the
    column `not_connected` keeps the times without a connection (`attrs["not_connected"]`).

    Raises ConfigurationError for another ending, and if the file cannot be written.
    """
    target = Path(path_given(path, HINT))
    written = kinds_joined(history.copy(), **TEXTS_BESIDE)
    for name in ("value", "limit"):
        if name in written:
            written[name] = written[name].map(as_text).astype("str")
    written = with_span(written)
    # What counts of them stands in columns; pandas would put all of them into Parquet's metadata, and fail at
    # what is no JSON.
    written.attrs = {}
    ending = target.suffix.lower()
    if ending not in (".parquet", ".csv"):
        raise ConfigurationError(f"{target.name} is neither .parquet nor .csv")
    with being_written(target):
        if ending == ".parquet":
            written.to_parquet(target, index=False)
        else:
            without_formulas(written).to_csv(target, index=False)
    return target


def with_span(log: pd.DataFrame) -> pd.DataFrame:
    """The log with what it covers as two columns; a log of nothing gets a row to say it on."""
    span, gaps = log.attrs.get(REVIEWED), log.attrs.get(NOT_CONNECTED)
    if not span:
        return log
    if log.empty:
        log = log.reindex([0])
        log = log.assign(**{name: "" for name in (*TEXTS, "value", "limit") if name in log})
    log = log.assign(**dict(zip(SPAN, span, strict=True)))
    if gaps is not None:
        # Once, not on each row: a network that broke often is told of at length.
        log[NOT_CONNECTED] = [json.dumps(gaps), *[""] * (len(log) - 1)]
    return log


def is_ours(table: pd.DataFrame) -> bool:
    """Whether a table is a log that was saved here, or a frame of the same columns."""
    # Ours have more columns than a log needs, or say what they cover; others may have other words and times.
    return set(NEEDED) <= set(table) and ("origin" in table or REVIEWED in table.attrs)


def own_log(table: pd.DataFrame, origin: Origin) -> pd.DataFrame:
    """A log of ours, as it was saved."""
    if origin.first_row:  # texts alone: Parquet has them as they are
        table = with_formulas(table)
    empty = {name: table[name].replace("", None) for name in TIMES if name in table and origin.first_row}
    found = without_span(table.assign(**empty))
    found.attrs = {**table.attrs, **found.attrs, SOURCE: origin.name}
    return found


def without_span(log: pd.DataFrame) -> pd.DataFrame:
    """The log with what it covers in its `attrs` again."""
    if not set(SPAN) <= set(log) or log.empty:
        return log
    span = [str(log[name].iloc[0]) for name in SPAN]
    gaps = next((text for text in log.get(NOT_CONNECTED, ()) if text), "")
    rest = log.drop(columns=[*SPAN, NOT_CONNECTED], errors="ignore")
    if "reference" in rest:
        rest = rest[rest["reference"].astype("str") != ""].reset_index(drop=True)
    rest.attrs[REVIEWED] = span
    if gaps:
        rest.attrs[NOT_CONNECTED] = stretches(gaps)
    return rest


def stretches(text: str) -> list[list[str]]:
    """Pairs of times as they are written. Raises ConfigurationError for what is none."""
    try:
        return [[str(start), str(end)] for start, end in json.loads(text)]
    except (ValueError, TypeError):
        message = f"{NOT_CONNECTED} {text!r:.60} is not a list of stretches of time"
        raise ConfigurationError(message, hint="Take the column out; then nobody knows of them.") from None


def typed(log: pd.DataFrame) -> pd.DataFrame:
    """The log with the dtypes of `history()`."""
    attrs = dict(log.attrs)
    log = log.copy()
    for name in (name for name in TEXTS if name in log):
        log[name] = log[name].astype("category" if name in CATEGORICAL else "str")
    if "severity" in log:
        log["severity"] = severities(log["severity"])
    for name in ("reconciled", "degraded"):
        if name in log:
            log[name] = log[name].astype("str").str.lower() == "true"
    for name in ("value", "limit"):
        if name in log:
            log[name] = pd.Series([as_value(value) for value in log[name]], dtype=object, index=log.index)
    log.attrs = attrs
    return log


def severities(column: pd.Series[Any]) -> pd.Series[Any]:
    """Severities as numbers; 0, which is none, for what is not a number or too large for one."""
    found = pd.to_numeric(column, errors="coerce")
    return found.where(found.between(0, MOST_SEVERITY), 0).astype("int32")


def as_text(value: Any) -> str:
    """A value for a file; nothing for None. Text that would be read as something else is put in quotes."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if as_value(value) is value else json.dumps(value, ensure_ascii=False)
    if isinstance(value, np.ndarray | list | tuple):
        return json.dumps(np.asarray(value).tolist(), default=str)
    return json.dumps({"time": value.isoformat()}) if isinstance(value, pd.Timestamp) else str(value)


def as_value(text: Any) -> Any:
    """What a file's text stands for: a number, a boolean, None, a list, a time, or the text itself."""
    if not isinstance(text, str):
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    return as_json(text) if text[0] in '"[{' else text


def as_json(text: str) -> Any:
    """What was written as JSON; a text of the plant's own that only looks like it stays as it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if isinstance(found, dict):
        return pd.Timestamp(found["time"]) if list(found) == ["time"] else text
    return found
