"""Values kept in a Parquet file: one row a tag, each value as JSON that gives it back as it was.

Columns: `tag`, `value` (JSON: a number, text or truth as it is; `{"time": ...}`, `{"bytes": ...}` in base64,
`{"array": [...], "dtype": ...}`), `quality`, `timestamp` (UTC) and `failure`. The metadata has one entry,
`mxgw_notebook`: JSON with `format`, `plant` and `saved`.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mxgw_notebook.client import path_given
from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import told_facts, write_told

FORMAT = "values 1"
HINT = "Values are kept by gateway.values(...).save('before.parquet')."
COLUMNS = ("tag", "value", "quality", "timestamp", "failure")
# Arrays are of truths, numbers, times or texts; a file could name one whose every element takes gigabytes.
ARRAY_KINDS = "biufMO"
BEYOND = (RecursionError, OverflowError)


def write_values(path: str | Path, values: pd.DataFrame, plant: str, *, replace: bool) -> Path:
    """Saves values, whole or not at all; answers the path.

    Raises ConfigurationError where the file is there already, unless `replace` is said, or cannot be written.
    """
    target = Path(path_given(path, "Name one, e.g. before.parquet."))
    if target.exists() and not replace:
        raise ConfigurationError(f"{target} is there already", hint="Name another file, or say replace.")
    columns = {
        "tag": values["tag"].astype("str").tolist(),
        "value": [json.dumps(form_of(value)) for value in values["value"]],
        "quality": values["quality"].astype("str").tolist(),
        "timestamp": pa.array(values["timestamp"], pa.timestamp("ns", tz="UTC")),
        "failure": values["failure"].astype("str").tolist(),
    }
    return write_told(target, pa.table(columns), {"format": FORMAT, "plant": plant})


def read_values(path: str | Path) -> pd.DataFrame:
    """The values of a file, `attrs` with `plant` and `saved`.

    Raises ConfigurationError where there is no such file, or it holds no kept values.
    """
    source = Path(path_given(path, HINT))
    try:
        table = pq.read_table(source, partitioning=None)
        facts = told_facts(table)
        if facts.get("format") != FORMAT:
            raise ConfigurationError(f"{source} holds no kept values", hint=HINT)
        rows = table.select(list(COLUMNS)).to_pylist()
        check_texts(rows)
        values = [value_in(json.loads(row["value"])) for row in rows]
    # A file may come from anybody: one that nests lists deeper than Python follows, or has numbers too large.
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError, *BEYOND) as error:
        reason = reason_of(error)
        told = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read: {reason}"
        raise ConfigurationError(f"{source} {told}", hint=HINT) from None
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in COLUMNS if name != "value"})
    frame.insert(1, "value", pd.Series(values, dtype=object))
    frame["timestamp"] = pd.DatetimeIndex(table["timestamp"].to_pandas())
    frame.attrs = {"plant": str(facts.get("plant", "")), "saved": str(facts.get("saved", ""))}
    return frame


def check_texts(rows: list[dict[str, Any]]) -> None:
    """Raises ValueError for a row without a tag, with a missing text, or with the tag of another."""
    known: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if not row["tag"] or not all(isinstance(row[name], str) for name in COLUMNS if name != "timestamp"):
            raise ValueError(f"its row {number} has no tag, or a text is missing")
        if row["tag"] in known:
            raise ValueError(f"its row {number} has a tag that another has")
        known.add(row["tag"])


def form_of(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, np.ndarray):
        return {"array": [form_of(one) for one in value.tolist()], "dtype": value.dtype.str}
    if isinstance(value, np.datetime64 | datetime):
        return {"time": str(pd.Timestamp(value).isoformat())}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, str):
        # Half of a character is not a text that a file could hold; what it was can still be seen.
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, list):
        return [form_of(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def value_in(form: Any) -> Any:
    """The value that stands in JSON."""
    if isinstance(form, list):
        return [value_in(one) for one in form]
    if not isinstance(form, dict):
        return form
    if "time" in form:
        return pd.Timestamp(form["time"])
    if "bytes" in form:
        return base64.b64decode(form["bytes"])
    dtype = np.dtype(form["dtype"])
    if dtype.kind not in ARRAY_KINDS:
        raise ValueError(f"it has an array of {dtype.kind}, which no tag has")
    if dtype.kind == "M":  # numpy gives times of nanoseconds as plain integers
        return np.array(form["array"], np.int64).view(dtype)
    return np.array(value_in(form["array"]), dtype)
