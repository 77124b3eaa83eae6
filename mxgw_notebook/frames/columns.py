"""Arrow columns as pandas columns, without a Python object for each value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Column = Any  # an Arrow array: pyarrow has no types
MOST_LOOKED_UP = 4_096


def joined(table: Any, name: str) -> Column:
    """A column of a table as one Arrow array."""
    found = table.column(name)
    if pa.types.is_dictionary(found.type):
        found = found.unify_dictionaries()
    return whole(found)


def whole(values: Any) -> Column:
    """An Arrow array, of chunks or not, as one without."""
    if not isinstance(values, pa.ChunkedArray):
        return values
    return values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)


def numbers(table: Any, name: str) -> NDArray[Any]:
    """A column of numbers or truths as numpy."""
    values: NDArray[Any] = joined(table, name).to_numpy(zero_copy_only=False)
    return values


def texts(values: Column) -> pd.Series[Any]:
    """Strings as a column of pandas' own."""
    return pd.Series(values.to_pandas(), dtype="str")


def repeated(values: Column) -> pd.Categorical[Any]:
    """Strings that repeat as a categorical, in the order met; a missing one is missing."""
    if pa.types.is_null(values.type):  # as a file has a column of which nothing is known
        values = values.cast(pa.string())
    encoded = whole(values if pa.types.is_dictionary(values.type) else values.dictionary_encode())
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, labels(encoded.dictionary))


def named(codes: NDArray[Any], names: Mapping[int, str]) -> pd.Categorical[Any]:
    """Codes as a categorical of their names, in the order of the codes; one we do not know is its number."""
    met, places = sorted_codes(codes)
    words = pd.Index([names.get(code, str(code)) for code in met.tolist()], dtype="str")
    return pd.Categorical.from_codes(places, words, validate=False)


def sorted_codes(codes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The codes that were met, ascending, and the place of each among them."""
    least = int(codes.min()) if len(codes) else 0
    span = int(codes.max()) - least + 1 if len(codes) else 0
    if span > MOST_LOOKED_UP:
        return np.unique(codes, return_inverse=True)
    # A table of the few codes there can be takes a tenth of the time of a sort.
    from_least = codes - np.int32(least)
    present = np.zeros(span, bool)
    present[from_least] = True
    table = np.cumsum(present, dtype=np.int16) - np.int16(1)
    places: NDArray[Any] = table[from_least]
    return np.flatnonzero(present) + least, places


def of_rows(rows: NDArray[np.int64], names: Column) -> pd.Categorical[Any]:
    """The names at some rows as a categorical of those that occur; a row below zero is missing."""
    used, places = np.unique(rows, return_inverse=True)
    gone = int(used[:1].sum() < 0)
    kept = repeated(names.take(pa.array(used[gone:])))
    codes = np.concatenate((np.full(gone, -1), kept.codes))
    return pd.Categorical.from_codes(codes[places], kept.categories)


def lent(names: pd.Categorical[Any], owner: NDArray[Any]) -> pd.Categorical[Any]:
    """What each attribute's object, by row in `owner`, lends it; what none is lent is no category."""
    lending = np.zeros(len(names), bool)
    lending[owner] = True
    # Among the objects, which are few, not among their attributes.
    codes, dtype = met(np.where(lending, names.codes, -1), names.dtype)
    return pd.Categorical.from_codes(codes[owner], dtype=dtype, validate=False)


def lent_texts(texts: pd.Series[Any], owner: NDArray[Any]) -> pd.Categorical[Any]:
    """The same of long texts, of which those that none is lent are not copied first."""
    lending = np.zeros(len(texts), bool)
    lending[owner] = True
    kept = repeated(pa.array(texts).filter(pa.array(lending)))
    codes = np.full(len(texts), -1, np.int64)
    codes[lending] = kept.codes
    return pd.Categorical.from_codes(codes[owner], dtype=kept.dtype, validate=False)


def chosen(table: pd.DataFrame, rows: NDArray[Any]) -> pd.DataFrame:
    """Some rows of a galaxy's table, numbered anew; names that none of them has are no categories any more.

    Else pandas 2 makes a group of each name of the whole galaxy.
    """
    found = table.take(rows).reset_index(drop=True)
    for name, column in found.items():
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, dtype = met(column.array.codes, column.dtype)
            found[name] = pd.Categorical.from_codes(codes, dtype=dtype, validate=False)
    found.attrs = dict(table.attrs)
    return found


def met(
    codes: NDArray[Any], dtype: pd.CategoricalDtype[Any]
) -> tuple[NDArray[Any], pd.CategoricalDtype[Any]]:
    """Codes as those of a dtype of only the categories among them, in their order."""
    occurs = np.zeros(len(dtype.categories) + 1, bool)
    occurs[codes] = True
    occurs[-1] = False  # what is missing has the code -1
    if occurs[:-1].all():
        return codes, dtype
    places = np.where(occurs, np.cumsum(occurs) - 1, -1)
    return places[codes], pd.CategoricalDtype(dtype.categories[occurs[:-1]], dtype.ordered)


def first_of(lists: Column) -> Column:
    """The first entry of each list, missing where it is empty."""
    starts = pc.if_else(pc.greater(pc.list_value_length(lists), 0), lists.offsets[:-1], None)
    return lists.values.take(starts)


def labels(names: Column) -> pd.Index[Any]:
    """Category names."""
    index: pd.Index[Any] = pd.Index(names.to_pandas(), dtype="str")
    return index
