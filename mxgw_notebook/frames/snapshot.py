"""A galaxy in one Parquet file: both tables, and where and when they come from.

One row an object with the columns of the objects' table, without its counts; the column `attributes` holds
the object's attributes as a list of structs: `tag`, `attribute`, `data_type`, `is_array`, `array_dimension`,
`security`, `is_historized`, `is_alarm`, and, where they were read, `limit` and `priority` of its alarms.
What an object lends its attributes is not repeated. The file's metadata has one entry, `mxgw_notebook`: JSON
with `format`, `endpoint`, `deployed` and `saved`.

Why: DECISIONS.md, "A snapshot of a galaxy is one Parquet file with a row for each object".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mxgw_notebook.client import path_given
from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames.codes import DATA_TYPES, SECURITY
from mxgw_notebook.frames.columns import joined, lent, repeated, texts, whole
from mxgw_notebook.frames.galaxy import (
    ATTRIBUTE_COLUMNS,
    OBJECT_COLUMNS,
    PLAIN_ATTRIBUTE,
    PLAIN_OBJECT,
    empty,
    with_counts,
)
from mxgw_notebook.frames.told_file import told_facts, write_told

FORMAT = "galaxy 1"
HINT = "A galaxy is saved by {save a galaxy}."
COUNTS = ("attributes", "alarms", "historized")
OWN = (
    "tag", "attribute", "data_type", "is_array", "array_dimension", "security", "is_historized", "is_alarm",
)  # fmt: skip
SETTINGS = ("limit", "priority")  # of alarms, float64; columns of the attributes only where they were read
LENT = {"object": "tag_name", "area": "area", "template": "template", "path": "path"}
ORDER = {"data_type": tuple(DATA_TYPES.values()), "security": tuple(SECURITY.values())}


def write_galaxy(path: str | Path, objects: pd.DataFrame, attributes: pd.DataFrame) -> Path:
    """Saves a galaxy, whole or not at all; the tables' `attrs` say where it comes from. Answers the path.

    Raises ConfigurationError when the file cannot be written.
    """
    target = Path(path_given(path, "Name one, e.g. plant.parquet."))
    table = pa.Table.from_pandas(objects.drop(columns=list(COUNTS)), preserve_index=False)
    table = table.append_column("attributes", nested(objects, attributes))
    facts = {
        "format": FORMAT,
        "endpoint": str(objects.attrs.get("endpoint", "")),
        "deployed": str(objects.attrs.get("deployed", "")),
    }
    return write_told(target, table, facts)


def nested(objects: pd.DataFrame, attributes: pd.DataFrame) -> Any:
    """The attributes as a list an object."""
    names = [*OWN, *(name for name in SETTINGS if name in attributes)]
    plain = [plain_column(attributes[name]) for name in names]
    ends = np.cumsum(objects["attributes"].to_numpy(np.int32), dtype=np.int32)
    offsets = pa.array(np.concatenate((np.zeros(1, np.int32), ends)))
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(plain, names=names))


def plain_column(column: pd.Series[Any]) -> Any:
    """A column as Arrow has it, names as plain strings: Parquet knows no categoricals inside lists."""
    values = whole(pa.array(column))
    return values.cast(pa.string()) if isinstance(column.dtype, pd.CategoricalDtype) else values


def read_file(path: str | Path, opened: Any) -> Any:
    """A file's table, of the file itself where that is `opened`. Raises ConfigurationError."""
    try:
        # A file alone, whatever its folders are called.
        return pq.read_table(path_given(path, HINT) if opened is None else opened, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        reason = reason_of(error)
        told = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read: {reason}"
        raise ConfigurationError(f"{path} {told}", hint=HINT) from None


def read_galaxy(path: str | Path, opened: Any = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The objects and the attributes of a saved galaxy; `attrs` say where it comes from.

    `opened` is the file itself, where it is none of this machine's.

    Raises ConfigurationError when there is no such file, or it has no galaxy.
    """
    table = read_file(path, opened)
    facts = told_facts(table)
    if facts.get("format") != FORMAT:
        raise ConfigurationError(f"{path} has no galaxy", hint="One is saved by {save a galaxy}.")
    try:
        objects, attributes = tables_of(table)
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException) as error:
        told = reason_of(error)
        raise ConfigurationError(f"{path} has a galaxy that cannot be read: {told}", hint=HINT) from None
    known = {name: str(facts.get(name, "")) for name in ("deployed", "endpoint")}
    for frame in (objects, attributes):
        frame.attrs = {"endpoint": str(path), "deployed": known["deployed"], "gateway": known["endpoint"]}
    return objects, attributes


def tables_of(table: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables out of the nested one."""
    if not table.num_rows:
        return empty(OBJECT_COLUMNS, PLAIN_OBJECT), empty(ATTRIBUTE_COLUMNS, PLAIN_ATTRIBUTE)
    lists = pa.concat_arrays(table.column("attributes").chunks)
    counts = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
    objects = pd.DataFrame({name: read_column(table, name) for name in OBJECT_COLUMNS if name not in COUNTS})
    owner = np.repeat(np.arange(len(objects), dtype=np.int32), counts)
    values = pa.Table.from_batches([pa.RecordBatch.from_struct_array(lists.flatten())])
    own = {name: own_column(joined(values, name), name) for name in OWN}
    lending = {name: lent(as_names(objects[source]), owner) for name, source in LENT.items()}
    attributes = pd.DataFrame({name: (own | lending)[name] for name in ATTRIBUTE_COLUMNS})
    for name in SETTINGS:
        if name in values.column_names:
            attributes[name] = joined(values, name).to_numpy(zero_copy_only=False)
    return with_counts(objects, attributes, owner), attributes


def read_column(table: Any, name: str) -> Any:
    """One column of the objects."""
    values = joined(table, name)
    if name in PLAIN_OBJECT:
        return texts(values) if PLAIN_OBJECT[name] == "str" else values.to_numpy(zero_copy_only=False)
    return repeated(values)


def own_column(values: Any, name: str) -> Any:
    """One column of the attributes."""
    if PLAIN_ATTRIBUTE.get(name) == "str":
        return texts(values)
    if name in PLAIN_ATTRIBUTE:
        return values.to_numpy(zero_copy_only=False)
    names = repeated(values)
    known = [word for word in ORDER.get(name, ()) if word in names.categories]
    others = [word for word in names.categories if word not in known]
    return names.reorder_categories([*known, *others]) if known else names


def as_names(column: pd.Series[Any]) -> pd.Categorical[Any]:
    """A column of the objects as the categorical that the attributes take from."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        found: pd.Categorical[Any] = column.array
        return found
    return repeated(pa.array(column))
