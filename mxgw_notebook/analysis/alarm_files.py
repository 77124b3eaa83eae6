"""An alarm log's way into a file and back: the same columns, values and stretch of time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_log import REVIEWED, TIMES, checked_log
from mxgw_notebook.client import path_given
from mxgw_notebook.errors import ConfigurationError

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
NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|nan)", re.ASCII)
PLAIN = {"": None, "True": True, "False": False}


def save_alarm_log(history: pd.DataFrame, path: str | Path) -> Path:
    """Writes a log as Parquet or CSV, by the file's ending; returns the path.

    Values become text from which `read_alarm_log` makes the same values again. The stretch of time that the
    log covers (`attrs["reviewed"]`) is written as the columns `reviewed_from` and `reviewed_to`.

    Raises ConfigurationError for another ending, and where the file cannot be written.
    """
    target = Path(path_given(path, HINT))
    written = history.copy()
    for name in ("value", "limit"):
        if name in written:
            written[name] = written[name].map(as_text).astype("str")
    written = with_span(written)
    # What counts of them stands in columns; pandas would put all of them into Parquet's metadata, and fail at
    # what is no JSON.
    written.attrs = {}
    if target.suffix not in (".parquet", ".csv"):
        raise ConfigurationError(f"{target.name} is neither .parquet nor .csv")
    with being_written(target):
        if target.suffix == ".parquet":
            written.to_parquet(target, index=False)
        else:
            written.to_csv(target, index=False)
    return target


@contextmanager
def being_written(target: Path) -> Iterator[None]:
    """What keeps a file from being written is a ConfigurationError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(f"{target} cannot be written: {reason}", hint="Name another file.") from None


def with_span(log: pd.DataFrame) -> pd.DataFrame:
    """The log with what it covers as two columns; a log of nothing gets a row to say it on."""
    span = log.attrs.get(REVIEWED)
    if not span:
        return log
    if log.empty:
        log = log.reindex([0])
        log = log.assign(**{name: "" for name in (*TEXTS, "value", "limit") if name in log})
    return log.assign(**dict(zip(SPAN, span, strict=True)))


def read_alarm_log(path: str | Path) -> pd.DataFrame:
    """A log from Parquet or CSV, as `history()` gives it: same columns, dtypes and values.

    `attrs["reviewed"]` is what it covers, from and to, where the file tells. A log with the newest row first
    is turned round.

    Raises ConfigurationError for another ending, a file that is not there, or one that is no alarm log.
    """
    source = Path(path_given(path, HINT))
    readers: dict[str, Any] = {".parquet": pd.read_parquet, ".csv": read_csv}
    if source.suffix not in readers:
        raise ConfigurationError(f"{source.name} is neither .parquet nor .csv")
    if not source.is_file():
        raise ConfigurationError(f"There is no file {source}")
    log: pd.DataFrame = without_span(readers[source.suffix](source))
    return checked_log(typed(log))


def without_span(log: pd.DataFrame) -> pd.DataFrame:
    """The log with what it covers in its `attrs` again."""
    if not set(SPAN) <= set(log) or log.empty:
        return log
    span = [str(log[name].iloc[0]) for name in SPAN]
    rest = log.drop(columns=list(SPAN))
    if "reference" in rest:
        rest = rest[rest["reference"].astype("str") != ""].reset_index(drop=True)
    rest.attrs[REVIEWED] = span
    return rest


def read_csv(source: Path) -> pd.DataFrame:
    """Every column as text: a reference of digits alone is still a reference."""
    log = pd.read_csv(source, dtype="str", keep_default_na=False)
    return log.assign(**{name: log[name].replace("", None) for name in TIMES if name in log})


def typed(log: pd.DataFrame) -> pd.DataFrame:
    """The log with the dtypes of `history()`."""
    attrs = dict(log.attrs)
    log = log.copy()
    for name in (name for name in TEXTS if name in log):
        log[name] = log[name].astype("category" if name in CATEGORICAL else "str")
    if "severity" in log:
        log["severity"] = pd.to_numeric(log["severity"], errors="coerce").fillna(0).astype("int32")
    for name in ("reconciled", "degraded"):
        if name in log:
            log[name] = log[name].astype("str").str.lower() == "true"
    for name in ("value", "limit"):
        if name in log:
            log[name] = pd.Series([as_value(value) for value in log[name]], dtype=object, index=log.index)
    log.attrs = attrs
    return log


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
    if text in PLAIN:
        return PLAIN[text]
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
