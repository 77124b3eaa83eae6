"""A log of alarm transitions as a DataFrame: what it needs, and its way into a file and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import in_reason, known_ns

NEEDED = ("reference", "time", "transition")
# What a log may leave out, and what stands for it then.
OPTIONAL: dict[str, Any] = {
    "tag": "", "area": "", "description": "", "severity": 0, "alarm_type": "", "operator": "", "comment": "",
    "value": None, "limit": None, "origin": "",
}  # fmt: skip
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
TIMES = ("time", "raised")
UNKNOWN = np.iinfo(np.int64).min  # a time that is not known, as NaT is stored


def checked_log(history: pd.DataFrame) -> pd.DataFrame:
    """The log with every column the analysis asks for; the rows stay as they are, in the order they came.

    Times out of reason become NaT.

    Raises ConfigurationError where `reference`, `time` or `transition` is missing.
    """
    if missing := [name for name in NEEDED if name not in history]:
        columns = ", ".join(map(str, history.columns)) or "none"
        message = f"This is no log of alarm transitions: no column {' and no '.join(missing)}"
        raise ConfigurationError(message, hint=f"Its columns are {columns}; history() gives the right ones.")
    absent = {name: value for name, value in OPTIONAL.items() if name not in history}
    if "raised" not in history:
        absent["raised"] = pd.NaT
    times = {name: reasonable(history[name]) for name in TIMES if name in history}
    return history.assign(**absent, **times)


def reasonable(times: pd.Series[Any]) -> pd.Series[Any]:
    """The times, UTC; NaT for one that is missing or out of reason: a year 1 would make ages of centuries."""
    found = in_reason(stamps(times)).view("datetime64[ns]")
    return pd.Series(pd.DatetimeIndex(found).tz_localize("UTC"), index=times.index)


def stamps(times: pd.Series[Any]) -> Any:
    """Times as int64 nanoseconds since 1970 UTC; NaT is UNKNOWN. Naive ones count as UTC."""
    return known_ns(times)


def save_alarm_log(history: pd.DataFrame, path: str | Path) -> Path:
    """Writes a log as Parquet or CSV, by the file's ending; values become text. Returns the path.

    Raises ConfigurationError for another ending.
    """
    target = Path(path)
    written = history.copy()
    for name in ("value", "limit"):
        if name in written:
            written[name] = written[name].map(as_text).astype("str")
    if target.suffix == ".parquet":
        written.to_parquet(target, index=False)
    elif target.suffix == ".csv":
        written.to_csv(target, index=False)
    else:
        raise ConfigurationError(f"{target.name} is neither .parquet nor .csv")
    return target


def read_alarm_log(path: str | Path) -> pd.DataFrame:
    """A log from Parquet or CSV, as `history()` gives it: same columns and dtypes, numbers as numbers again.

    Raises ConfigurationError for another ending, a file that is not there, or one that is no alarm log.
    """
    source = Path(path)
    readers: dict[str, Any] = {".parquet": pd.read_parquet, ".csv": read_csv}
    if source.suffix not in readers:
        raise ConfigurationError(f"{source.name} is neither .parquet nor .csv")
    if not source.is_file():
        raise ConfigurationError(f"There is no file {source}")
    log: pd.DataFrame = readers[source.suffix](source)
    return typed(checked_log(log))


def read_csv(source: Path) -> pd.DataFrame:
    """Every column as text: a reference of digits alone is still a reference."""
    log = pd.read_csv(source, dtype="str", keep_default_na=False)
    return log.assign(**{name: log[name].replace("", None) for name in TIMES if name in log})


def typed(log: pd.DataFrame) -> pd.DataFrame:
    """The log with the dtypes of `history()`."""
    log = log.copy()
    for name in TEXTS:
        log[name] = log[name].astype("category" if name in CATEGORICAL else "str")
    log["severity"] = pd.to_numeric(log["severity"], errors="coerce").fillna(0).astype("int32")
    for name in ("reconciled", "degraded"):
        if name in log:
            log[name] = log[name].astype("str").str.lower() == "true"
    for name in ("value", "limit"):
        log[name] = pd.Series([as_value(value) for value in log[name]], dtype=object, index=log.index)
    return log


def as_text(value: Any) -> str:
    """A value for a file; nothing for None."""
    return "" if value is None else str(value)


def as_value(text: Any) -> Any:
    """What a file's text stands for: a number, a boolean, None, or the text itself."""
    if not isinstance(text, str):
        return text
    if text in ("", "True", "False"):
        return {"": None, "True": True, "False": False}[text]
    try:
        return float(text)
    except ValueError:
        return text
