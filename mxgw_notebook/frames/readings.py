"""Tags as read at one moment."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mxgw_notebook.client import ReadColumns, Reading, columns_of
from mxgw_notebook.frames.mixed import NUMBERS, as_objects, split
from mxgw_notebook.frames.quality import quality_words
from mxgw_notebook.frames.table import table_of, text_column
from mxgw_notebook.frames.times import aware, utc

COLUMNS = ("tag", "value", "quality", "timestamp", "quality_code", "failure")


def readings_frame(
    readings: Sequence[Reading], kind: type[pd.DataFrame] = pd.DataFrame, *, whole: bool = False
) -> pd.DataFrame:
    """One row a tag, in the order asked.

    `tag` (str), `value` (what the attribute holds, missing where the read failed), `quality` (bad < uncertain
    < good), `timestamp` (the source's, datetime64[ns, UTC]), `quality_code` (the raw OPC code) and `failure`
    (empty, or why the tag could not be read). Of several kinds, `value` has the numbers and a column `text`
    behind it the rest, as in `long_frame`; `whole` leaves all of them in `value`, an object each. `kind` is
    the class of table to make.
    """
    return read_frame(columns_of(readings), kind, whole=whole)


def read_frame(
    read: ReadColumns, kind: type[pd.DataFrame] = pd.DataFrame, *, whole: bool = False
) -> pd.DataFrame:
    """The same of columns, which tags are read into where nobody needs a record of each."""
    values = read.value if set(map(type, read.value)) <= NUMBERS else [aware(value) for value in read.value]
    numbers, texts = (as_objects(values), None) if whole else split(values)
    columns = {"value": numbers} if texts is None else {"value": numbers, "text": texts}
    return table_of(
        {
            "tag": text_column(read.tag),
            **columns,
            "quality": quality_words(read.quality),
            "timestamp": utc(read.time_ns).array,
            "quality_code": read.quality,
            "failure": text_column(read.failure),
        },
        kind,
    )
