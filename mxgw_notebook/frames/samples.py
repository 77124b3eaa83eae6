"""Watched tags over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.frames.quality import quality_words
from mxgw_notebook.frames.times import utc

# Time in nanoseconds, number, quality byte, and the values that are no numbers (or None), oldest first.
Columns = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.uint8], NDArray[Any] | None]


def long_frame(samples: Mapping[str, Columns]) -> pd.DataFrame:
    """One row a sample, by time: `tag`, `timestamp`, `value`, `quality`.

    `tag` is categorical in the order watched, `timestamp` datetime64[ns, UTC], `quality` ordered from bad to
    good.
    `value` is float64 (booleans 0 and 1) while every value is a number, object otherwise.
    """
    columns = list(samples.values())
    lengths = [len(time_ns) for time_ns, _, _, _ in columns]
    time_ns = np.concatenate([column[0] for column in columns]) if columns else np.empty(0, np.int64)
    quality = np.concatenate([column[2] for column in columns]) if columns else np.empty(0, np.uint8)
    frame = pd.DataFrame(
        {
            "tag": pd.Categorical.from_codes(
                np.repeat(np.arange(len(columns)), lengths), pd.Index(list(samples), dtype="str")
            ),
            "timestamp": utc(time_ns),
            "value": joined_values(columns),
            "quality": quality_words(quality),
        }
    )
    return frame.sort_values("timestamp", kind="stable", ignore_index=True)


def joined_values(columns: list[Columns]) -> NDArray[Any]:
    """The values of all tags, one after the other."""
    if all(objects is None for _, _, _, objects in columns):
        return np.concatenate([number for _, number, _, _ in columns]) if columns else np.empty(0)
    return np.concatenate([mixed(number, objects) for _, number, _, objects in columns])


def mixed(number: NDArray[np.float64], objects: NDArray[Any] | None) -> NDArray[Any]:
    """Numbers, and in their gaps the values that are none."""
    values: NDArray[Any] = number.astype(object)
    if objects is not None:
        present = np.array([value is not None for value in objects], dtype=bool)
        values[present] = objects[present]
    return values


def wide_frame(samples: Mapping[str, Columns]) -> pd.DataFrame:
    """One column a tag, one row a time at which any of them changed; each tag holds its last value between.

    Index `timestamp`, datetime64[ns, UTC], ascending. NaN before a tag's first sample, and while its value
    was no number. Samples without a time have no place here.
    """
    parts = {tag: by_time(columns) for tag, columns in samples.items()}
    moments = utc([]).append([part.index for part in parts.values()]).unique().sort_values()
    index = pd.DatetimeIndex(moments, name="timestamp")
    held = {tag: part.reindex(index, method="ffill") for tag, part in parts.items()}
    return pd.DataFrame(held, index=index)


def by_time(columns: Columns) -> pd.Series[Any]:
    """One tag's values by ascending time, the last one where several have the same."""
    time_ns, number, _, objects = columns
    timed = np.flatnonzero(time_ns)
    order = timed[np.argsort(time_ns[timed], kind="stable")]
    values = number if objects is None else mixed(number, objects)
    part = pd.Series(values[order], index=utc(time_ns[order]))
    return part[~part.index.duplicated(keep="last")]
