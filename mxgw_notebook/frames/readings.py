"""Tags as read at one moment."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mxgw_notebook.client import Reading
from mxgw_notebook.frames.quality import quality_words
from mxgw_notebook.frames.times import aware, utc

COLUMNS = ("tag", "value", "quality", "timestamp", "quality_code", "failure")


def readings_frame(readings: Sequence[Reading]) -> pd.DataFrame:
    """One row a tag, in the order asked.

    `tag` (str), `value` (object: what the attribute holds, None where the read failed), `quality` (bad <
    uncertain < good), `timestamp` (the source's, datetime64[ns, UTC]), `quality_code` (the raw OPC code) and
    `failure` (empty, or why the tag could not be read).
    """
    codes = [reading.quality for reading in readings]
    return pd.DataFrame(
        {
            "tag": pd.Series([reading.tag for reading in readings], dtype="str"),
            "value": pd.Series([aware(reading.value) for reading in readings], dtype=object),
            "quality": quality_words(codes),
            "timestamp": utc([reading.time_ns for reading in readings]),
            "quality_code": pd.Series(codes, dtype="int32"),
            "failure": pd.Series([reading.failure for reading in readings], dtype="str"),
        }
    )
