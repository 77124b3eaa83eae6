"""Recorded samples as Arrow has them: one row a sample, each kind of value in a column of its own.

| column      | |
|-------------|---|
| `tag`       | string |
| `timestamp` | timestamp[ns, UTC], the source's time; null where it sent none |
| `value`     | double: numbers, and booleans as 0 and 1; null for all else |
| `quality`   | uint8, the OPC byte |
| `kind`      | bool, int32, int64, float, double, string, time, array or raw, as it was sent; null for none |
| `integer`   | int64: integers beyond 2**53 with every digit; a time as nanoseconds since 1970 UTC |
| `text`      | string: a text as it is, an array as JSON, raw bytes in base64 |
| `flags`     | uint8: 1 came late, by a replay; 2 is what a tag read already as the recording of it began |
| `sequence`  | int64: the event's number in its session, ascending as they came; 0 where there is none |
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.client import Value
from mxgw_notebook.frames import Samples

SAMPLE_SCHEMA: Final = pa.schema(
    [
        ("tag", pa.string()),
        ("timestamp", pa.timestamp("ns", tz="UTC")),
        ("value", pa.float64()),
        ("quality", pa.uint8()),
        ("kind", pa.string()),
        ("integer", pa.int64()),
        ("text", pa.string()),
        ("flags", pa.uint8()),
        ("sequence", pa.int64()),
    ]
)
REPLAYED, PRESENT = 1, 2
# By the place of an event's kind, as the client's columns count them; whatever else is told by its value.
NUMBER_KINDS: Final = ("bool", "int32", "int64", "float", "double")
BOOL = "bool"
# Those whose every value `value` holds.
PLAIN_KINDS: Final = ("bool", "int32", "float", "double")


def sample_rows(
    tags: Any,
    time_ns: NDArray[np.int64],
    number: NDArray[np.float64],
    quality: NDArray[np.uint8],
    kinds: NDArray[np.int8],
    objects: Mapping[int, Value],
    flags: NDArray[np.uint8],
    sequence: NDArray[np.int64],
) -> Any:
    """A record batch of samples; `tags` is an Arrow array, `objects` has by row what is not a number."""
    kind, integer, text = told_apart(kind_names(kinds), objects)
    # NaN is a number that a plant may send; a value that is none is null.
    is_number = pc.is_in(kind, pa.array(NUMBER_KINDS))
    value = pc.if_else(is_number, pa.array(number, pa.float64()), pa.scalar(None, pa.float64()))
    columns = [
        tags,
        pc.if_else(pa.array(time_ns != 0), pa.array(time_ns, SAMPLE_SCHEMA.field("timestamp").type), None),
        value,
        pa.array(quality, pa.uint8()),
        kind,
        integer,
        text,
        pa.array(flags, pa.uint8()),
        pa.array(sequence, pa.int64()),
    ]
    return pa.record_batch(columns, schema=SAMPLE_SCHEMA)


def told_apart(kind: Any, objects: Mapping[int, Value]) -> tuple[Any, Any, Any]:
    """The columns `kind`, `integer` and `text`, with what is not a number at its rows."""
    count = len(kind)
    if not objects:
        return kind, pa.nulls(count, pa.int64()), pa.nulls(count, pa.string())
    integer, text = np.full(count, None, object), np.full(count, None, object)
    names = kind.to_numpy(zero_copy_only=False).astype(object)
    for row, value in objects.items():
        names[row], integer[row], text[row] = told(value)
    return pa.array(names, pa.string()), pa.array(integer, pa.int64()), pa.array(text, pa.string())


def kind_names(kinds: NDArray[np.int8]) -> Any:
    """The words of kinds that are numbers; null for all others."""
    known = (kinds >= 0) & (kinds < len(NUMBER_KINDS))
    places = pa.array(np.where(known, kinds, 0), pa.int8(), mask=~known)
    return pa.DictionaryArray.from_arrays(places, pa.array(NUMBER_KINDS)).cast(pa.string())


def told(value: Value) -> tuple[str | None, int | None, str | None]:
    """A value that is no plain number: its kind, and how it is kept as an integer or a text."""
    if isinstance(value, str):
        # Half of a character is not a text that a file could hold; what it was can still be seen.
        return "string", None, value.encode(errors="backslashreplace").decode()
    if isinstance(value, np.datetime64):
        stamp = None if np.isnat(value) else int(value.astype("datetime64[ns]").astype(np.int64))
        return "time", stamp, None
    if isinstance(value, bytes):
        return "raw", None, base64.b64encode(value).decode()
    if isinstance(value, int):
        return "int64", value, None
    return "array", None, array_text(np.asarray(value))


def array_text(array: NDArray[Any]) -> str:
    """An array as JSON: its dtype, shape and elements."""
    plain: Any = array.astype(np.int64) if array.dtype.kind == "M" else array
    elements = [element_form(one) for one in plain.ravel().tolist()]
    return json.dumps({"dtype": array.dtype.str, "shape": list(array.shape), "elements": elements})


def element_form(element: Any) -> Any:
    """An array's element as JSON has it."""
    if isinstance(element, bytes):
        return {"base64": base64.b64encode(element).decode()}
    if isinstance(element, str):
        return element.encode(errors="backslashreplace").decode()
    return element


def array_of(text: str) -> NDArray[Any]:
    """The array that was written as JSON."""
    form = json.loads(text)
    elements = [base64.b64decode(one["base64"]) if isinstance(one, dict) else one for one in form["elements"]]
    dtype = np.dtype(form["dtype"])
    if dtype.kind == "M":
        elements, made = np.array(elements, np.int64).view(dtype), np.empty(len(elements), dtype)
    else:
        made = np.empty(len(elements), dtype)
    made[:] = elements
    shaped: NDArray[Any] = made.reshape(form["shape"])
    return shaped


def value_of(kind: str | None, integer: int | None, text: str | None) -> Value:
    """What a row keeps beside its number; None where it keeps nothing there."""
    if kind == "time":
        return np.datetime64("NaT", "ns") if integer is None else np.datetime64(integer, "ns")
    if integer is not None:
        return integer
    if text is None:
        return None
    if kind == "raw":
        return base64.b64decode(text)
    return array_of(text) if kind == "array" else text


def samples_by_tag(table: Any, tags: Sequence[str]) -> dict[str, Samples]:
    """The samples of each tag, in the order of time, then of the table. Rows without a time are left out."""
    table = table.filter(pc.is_valid(table["timestamp"]))
    found: dict[str, Samples] = {}
    if not table.num_rows:
        return found
    places = pc.index_in(table["tag"], pa.array(list(tags), pa.string()))
    whose = places.fill_null(-1).to_numpy(zero_copy_only=False)
    time_ns = table["timestamp"].cast(pa.int64()).to_numpy(zero_copy_only=False)
    order = np.lexsort((time_ns, whose))
    order = order[whose[order] >= 0]
    cuts = np.searchsorted(whose[order], np.arange(len(tags) + 1))
    number = table["value"].to_numpy(zero_copy_only=False).astype(np.float64)
    quality = table["quality"].to_numpy(zero_copy_only=False).astype(np.uint8)
    flags = table["flags"].to_numpy(zero_copy_only=False).astype(np.uint8)
    is_bool = pc.equal(table["kind"], BOOL).fill_null(False).to_numpy(zero_copy_only=False)
    objects = others_of(table)
    for place, tag in enumerate(tags):
        rows = order[cuts[place] : cuts[place + 1]]
        if not len(rows):
            continue
        late = (flags[rows] & REPLAYED) != 0
        numbers, own = values_at(rows, number, objects)
        found[tag] = Samples(
            time_ns[rows],
            numbers,
            quality[rows],
            own,
            late if late.any() else None,
            bool(is_bool[rows].any()),
            len(rows),
        )
    return found


def values_at(
    rows: NDArray[np.int64], number: NDArray[np.float64], objects: NDArray[Any] | None
) -> tuple[NDArray[np.float64], NDArray[Any] | None]:
    """The numbers at some rows, and what is none, as Samples have them: None where all are numbers."""
    numbers, own = number[rows], None if objects is None else objects[rows]
    if own is None or all(one is None for one in own):
        return numbers, None
    # Of an integer with more digits than a number keeps, the number is the nearest.
    large = np.array([type(one) is int for one in own])
    numbers[large] = own[large].astype(np.float64)
    return numbers, own


def others_of(table: Any) -> NDArray[Any] | None:
    """The values that are no plain numbers, by row; None where all are."""
    having = pc.or_(pc.is_valid(table["integer"]), pc.is_valid(table["text"]))
    having = pc.or_(having, pc.equal(table["kind"], "time").fill_null(False))
    rows = np.flatnonzero(having.to_numpy(zero_copy_only=False))
    if not len(rows):
        return None
    kept = table.select(["kind", "integer", "text"]).take(pa.array(rows)).to_pylist()
    values = np.full(table.num_rows, None, object)
    for row, one in zip(rows.tolist(), kept, strict=True):
        values[row] = value_of(one["kind"], one["integer"], one["text"])
    return values
