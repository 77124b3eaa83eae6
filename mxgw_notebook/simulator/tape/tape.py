"""Reads a tape: a folder with what was recorded of a plant, in the order of time.

```
tape.json        begin_ns, end_ns, and `tags`: of each its units, description and limits, by attribute
samples.arrow    Arrow IPC: tag, timestamp (int64, ns since 1970 UTC), value, quality, kind, integer, text
alarms.json      a list of transitions, as recorded
plant.parquet    the galaxy, where it is known: a plant file
```

What each tag read as the tape begins is its first sample, at its own time before that.
Why: DECISIONS.md, "A replay plays a tape that was made before".
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.simulator.plant import DataType, Int64, Stamp, Traits, Value

_KINDS = {
    "bool": DataType.BOOLEAN,
    "int32": DataType.INTEGER,
    "int64": DataType.INTEGER,
    "float": DataType.FLOAT,
    "double": DataType.DOUBLE,
    "string": DataType.STRING,
    "time": DataType.TIME,
}
_ELEMENTS = {
    "b": DataType.BOOLEAN, "i": DataType.INTEGER, "u": DataType.INTEGER, "f": DataType.DOUBLE,
    "M": DataType.TIME,
}  # fmt: skip
_NOTHING = (None, DataType.NO_DATA, False)
# A value, what it is, and whether it is an array of that.
Told = tuple[Value | None, DataType, bool]


class TapeError(ValueError):
    """The tape cannot be read; the text says why."""


def tape_times(folder: str) -> tuple[int, int]:
    """When a tape begins and ends, nanoseconds since 1970 UTC. Raises TapeError."""
    facts = read_json(Path(folder) / "tape.json")
    return int(facts["begin_ns"]), int(facts["end_ns"])


def read_json(path: Path) -> Any:
    """What a file of a tape says. Raises TapeError."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TapeError(f"{path} is not a part of a tape: {error}") from error


class Tape:
    """The samples of a tape. `tags` are by the code that `codes` has of each row. Raises TapeError."""

    def __init__(self, folder: Path) -> None:
        import pyarrow as pa

        facts = read_json(folder / "tape.json")
        self.begin_ns, self.end_ns = int(facts["begin_ns"]), int(facts["end_ns"])
        self.facts: dict[str, dict[str, Any]] = facts["tags"]
        self.alarms: list[dict[str, Any]] = read_json(folder / "alarms.json")
        try:
            # Not mapped: the folder goes before this process does, which Windows would not let happen.
            with pa.OSFile(str(folder / "samples.arrow")) as file:
                table = pa.ipc.open_file(file).read_all().combine_chunks()
        except (OSError, pa.ArrowException) as error:
            raise TapeError(f"{folder} holds no samples: {error}") from error
        encoded = table["tag"].combine_chunks().dictionary_encode()
        self.tags: list[str] = encoded.dictionary.to_pylist()
        self.codes: NDArray[np.int32] = encoded.indices.to_numpy(zero_copy_only=False)
        self.times: NDArray[np.int64] = table["timestamp"].to_numpy()
        self.quality: NDArray[np.uint8] = table["quality"].to_numpy()
        self._number: NDArray[np.float64] = table["value"].to_numpy()
        self._kind = table["kind"].combine_chunks().dictionary_encode()
        self._integer, self._text = table["integer"].combine_chunks(), table["text"].combine_chunks()

    def __len__(self) -> int:
        return len(self.times)

    def due(self, time_ns: int) -> int:
        """How many samples there are up to a time."""
        return int(np.searchsorted(self.times, time_ns, side="right"))

    def stamp(self, row: int) -> Stamp:
        """When a sample was made."""
        return Stamp(int(self.times[row]))

    def told(self, row: int) -> Told:
        """The value of a row."""
        kind = self._kind[row].as_py()
        if kind is None:
            return _NOTHING
        if kind in ("float", "double"):
            return float(self._number[row]), _KINDS[kind], False
        if kind == "bool":
            return bool(self._number[row]), DataType.BOOLEAN, False
        integer, text = self._integer[row].as_py(), self._text[row].as_py()
        if kind in ("int32", "int64"):
            number = int(self._number[row]) if integer is None else integer
            return (number if kind == "int32" else Int64(number)), DataType.INTEGER, False
        if kind == "time":
            return Stamp(integer or 0), DataType.TIME, False
        if kind == "raw":  # no value of any plant here, and passed on as it is
            return cast(Value, base64.b64decode(text or "")), DataType.UNKNOWN, False
        return array_told(text) if kind == "array" else (text or "", DataType.STRING, False)


def array_told(text: str) -> Told:
    """An array as it was recorded: its dtype, shape and elements."""
    form = json.loads(text)
    dtype = np.dtype(form["dtype"])
    kind = _ELEMENTS.get(dtype.kind, DataType.STRING)
    elements: list[Any] = form["elements"]
    if kind is DataType.TIME:
        elements = [Stamp(int(one)) for one in elements]
    elif kind is DataType.INTEGER and dtype.itemsize > 4:
        elements = [Int64(one) for one in elements]
    elif kind is DataType.DOUBLE and dtype.itemsize == 4:
        kind = DataType.FLOAT
    return elements, kind, True


def traits_of(told: Told, known: Traits) -> Traits:
    """What is said of an attribute, with the type that a value of it has."""
    _, kind, is_array = told
    if kind is DataType.NO_DATA or (kind is known.data_type and is_array == known.is_array):
        return known
    # A text may be that of an enumeration, or of any other type that travels as one.
    if kind is DataType.STRING and known.data_type not in set(_KINDS.values()) and not known.is_array:
        return known
    return replace(known, data_type=kind, is_array=is_array)
