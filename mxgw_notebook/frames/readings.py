"""Tags as read at one moment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mxgw_notebook.client import Reading
from mxgw_notebook.frames.mixed import as_objects, split
from mxgw_notebook.frames.quality import quality_words
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
    codes = np.array([reading.quality for reading in readings], np.int32)
    values = [aware(reading.value) for reading in readings]
    numbers, texts = (as_objects(values), None) if whole else split(values)
    columns = {"value": numbers} if texts is None else {"value": numbers, "text": texts}
    # Arrays, no Series: whose rows pandas would first compare with one another, half the time of a read.
    return kind(
        {
            "tag": pd.Series([reading.tag for reading in readings], dtype="str").array,
            **columns,
            "quality": quality_words(codes),
            "timestamp": utc([reading.time_ns for reading in readings]),
            "quality_code": codes,
            "failure": pd.Series([reading.failure for reading in readings], dtype="str").array,
        },
        copy=False,
    )
