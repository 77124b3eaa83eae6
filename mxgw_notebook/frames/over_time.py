"""Watched tags over time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import take

from mxgw_notebook.client import Samples
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames.mixed import split, text_of
from mxgw_notebook.frames.quality import quality_words
from mxgw_notebook.frames.table import table_of
from mxgw_notebook.frames.times import aware, utc

CELL_BYTES = 8
# 1 GB, and as much again while it is made.
MOST_CELLS = 125_000_000


Columns = Samples | tuple[Any, ...]

OTHER_LETTERS = re.compile(r"(?<![A-Za-z])[dwHS](?![A-Za-z])")


def long_frame(samples: Mapping[str, Columns]) -> pd.DataFrame:
    """One row a sample, by time: `tag`, `timestamp`, `value`, `quality`, `quality_code`.

    `tag` is categorical in the order watched, `timestamp` datetime64[ns, UTC], `quality` ordered from bad to
    good, `quality_code` the OPC byte (uint8). `value` is float64 while every value is a number; where all are
    booleans it is bool, where all are whole numbers of which a float64 would round some, int64, and pandas'
    own type where all are texts or times (UTC). Of several kinds, `value` has the numbers (booleans as 0 and
    1) and a column `text` behind it what is not a number, True and False, and integers that a float64 would
    round. What was no value is missing, and so is NaN. Where a replay brought samples late, the column
    `replayed` (bool) tells which.
    """
    columns = [as_samples(part) for part in samples.values()]
    lengths = [len(part.time_ns) for part in columns]
    quality = joined([part.quality for part in columns], np.uint8)
    values, texts = joined_values(columns)
    frame = table_of(
        {
            "tag": pd.Categorical.from_codes(
                np.repeat(np.arange(len(columns)), lengths), pd.Index(list(samples), dtype="str")
            ),
            "timestamp": utc(joined([part.time_ns for part in columns], np.int64)).array,
            "value": values,
            **({} if texts is None else {"text": texts}),
            "quality": quality_words(quality),
            "quality_code": quality,
        }
    )
    if any(part.replayed is not None for part in columns):
        late = [np.zeros(len(p.time_ns), bool) if p.replayed is None else p.replayed for p in columns]
        frame["replayed"] = np.concatenate(late)
    return frame.sort_values("timestamp", kind="stable", ignore_index=True)


def as_samples(part: Columns) -> Samples:
    """One tag's samples, which may come as a tuple of their columns."""
    return part if isinstance(part, Samples) else Samples(*part)


def joined(parts: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    """One array of several, empty of the dtype without any."""
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def joined_values(columns: list[Samples]) -> tuple[Any, Any | None]:
    """The values of all tags, one after the other, and the texts beside them where there are any."""
    number = joined([part.number for part in columns], np.float64)
    if any(part.objects is not None for part in columns):
        values = np.concatenate([mixed(part) for part in columns])
        # Looked at one by one only where they are no plain numbers, which most are.
        odd = np.flatnonzero([type(value) is not float for value in values])
        if not np.isfinite(np.delete(number, odd)).any():
            return split(values.tolist())
        texts = np.full(len(values), None, object)
        texts[odd] = [text_of(value) for value in values[odd]]
        return number, pd.Series(texts, dtype="str").array
    # As booleans only where every one is: a missing value in a plain bool column would read False.
    if columns and all(part.all_boolean for part in columns) and np.isfinite(number).all():
        return number.astype(bool), None
    return number, None


def texts_beside(part: Samples) -> NDArray[Any]:
    """What stands as text beside the numbers of one tag, by sample; None where a number says all."""
    texts = np.full(len(part), None, object)
    if part.objects is None and not part.boolean:
        return texts
    values = mixed(part)
    odd = np.flatnonzero([type(value) is not float for value in values])
    texts[odd] = [text_of(value) for value in values[odd]]
    return texts


def mixed(part: Samples) -> NDArray[Any]:
    """Numbers, and in their gaps the values that are none. Where one is an int, all whole ones are."""
    values: NDArray[Any] = part.number.astype(object)
    if part.boolean:
        values[part.booleans] = part.number[part.booleans].astype(bool).astype(object)
    if part.objects is not None:
        present = np.array([value is not None for value in part.objects], dtype=bool)
        values[present] = np.frompyfunc(aware, 1, 1)(part.objects[present])
        # Integers beyond 2**53 come as objects and the smaller as floats: one tag's column must not be half
        # of each.
        if any(type(value) is int for value in part.objects[present]):
            whole = ~present & (np.floor(part.number) == part.number) & np.isfinite(part.number)
            values[whole] = np.frompyfunc(int, 1, 1)(values[whole])
    return values


def wide_frame(samples: Mapping[str, Columns], grid: str | float | None = None) -> pd.DataFrame:
    """One column a tag, each holding its last value from sample to sample.

    Index `timestamp`, datetime64[ns, UTC], ascending: a row a time at which any tag changed, or with `grid`
    (`"1s"`, or seconds) a row a step, on full steps since midnight UTC. A cell is what the tag read at that
    time: missing before its first sample, and while it had no value. Booleans are pandas' `boolean`.
    Samples without a time have no place here.

    Raises:
        ConfigurationError: The grid is not a length of time, or the table would not fit the memory.
    """
    parts = [as_samples(part) for part in samples.values()]
    orders = [by_time(part.time_ns) for part in parts]
    times = [part.time_ns[order] for part, order in zip(parts, orders, strict=True)]
    if grid is None:
        moments = utc(np.unique(joined(times, np.int64)))
    else:
        moments = stepped(utc(ends_of(times)), stretch(grid), len(parts))
    check_size(len(moments), len(parts))
    index = pd.DatetimeIndex(moments, name="timestamp")
    held = {
        tag: held_at(index, part, order, np.searchsorted(time_ns, index.asi8, side="right") - 1)
        for tag, part, order, time_ns in zip(samples, parts, orders, times, strict=True)
    }
    return side_by_side(held, index)


def side_by_side(held: dict[str, Any], index: pd.DatetimeIndex) -> pd.DataFrame:
    """The columns as a table."""
    columns = list(held.values())
    if columns and all(isinstance(column, np.ndarray) for column in columns):
        # As one block: pandas would look at each of 50,000 columns of numbers for what it may be.
        return pd.DataFrame(np.stack(columns, axis=1), index=index, columns=list(held))
    return pd.DataFrame(held, index=index)


def ends_of(times: list[NDArray[np.int64]]) -> list[int]:
    """The first and the last of ascending times; nothing of none."""
    some = [part for part in times if len(part)]
    return [min(part[0] for part in some), max(part[-1] for part in some)] if some else []


def by_time(time_ns: NDArray[np.int64]) -> NDArray[np.int64] | slice:
    """The rows that have a time, in its order; as a slice where they are so already."""
    if len(time_ns) and time_ns.all() and (time_ns[1:] >= time_ns[:-1]).all():
        return slice(None)
    # 0 is not a time: such a sample would stand in 1970 and hold until the first real one.
    timed = np.flatnonzero(time_ns)
    order: NDArray[np.int64] = timed[np.argsort(time_ns[timed], kind="stable")]
    return order


def held_at(
    index: pd.DatetimeIndex, part: Samples, order: NDArray[np.int64] | slice, places: NDArray[np.int64]
) -> Any:
    """A tag's column: at each time the value at a place in `order`, -1 for none."""
    if part.objects is not None:
        values = pd.Series(mixed(part)[order])
        plain = values.to_numpy() if values.dtype == object else values.array
        held = take(plain, places, allow_fill=True)
        # What is of a type of its own stays so; of objects pandas would guess one anew.
        return pd.Series(held, index=index, dtype=object) if values.dtype == object else held
    # Missing before the first sample: its place, -1, is that of the NaN at the end.
    number = np.append(part.number[order], np.nan)[places]
    if part.all_boolean:
        return pd.arrays.BooleanArray(number > 0, np.isnan(number))
    return number


def check_size(rows: int, tags: int) -> None:
    """Refuses a table that would take the kernel down with it: of many tags each has its own times."""
    if rows * tags > MOST_CELLS:
        message = f"{rows:,} times of {tags:,} tags make a table of {rows * tags * CELL_BYTES / 1e9:,.0f} GB"
        raise ConfigurationError(
            message,
            hint="Give a grid, or a wider one, or fewer values by last or count; see frame(), too.",
        )


def stretch(length: str | float) -> pd.Timedelta:
    """A length of time from text (`"5min"`) or seconds. Raises ConfigurationError for another text."""
    try:
        # Of digits alone pandas makes nanoseconds.
        bare = isinstance(length, str) and length.strip().isdecimal()
        made = pd.Timedelta(as_pandas(length)) if isinstance(length, str) else pd.Timedelta(seconds=length)
        made = pd.Timedelta(0) if bare else made
        made = made.as_unit("ns")
    except (ValueError, OverflowError, TypeError):
        made = pd.Timedelta(0)
    if not made > pd.Timedelta(0):  # NaT too
        message = f"{length!r} is not a length of time"
        raise ConfigurationError(message, hint="Write 500ms, 10s, 5min or 2h, or a number of seconds.")
    return made


def as_pandas(length: str) -> str:
    """A length of time in pandas' letters, which are 1D and 2h: people write 1d and 2H as well."""
    return OTHER_LETTERS.sub(lambda found: found[0].swapcase(), length)


def stepped(moments: pd.DatetimeIndex, step: pd.Timedelta, columns: int) -> pd.DatetimeIndex:
    """Full steps from the first moment to the first one not before the last, for so many columns.

    Raises ConfigurationError, before any of them is made, when the table would not fit the memory.
    """
    if not len(moments):
        return moments
    # Up, at both ends: on the first step something is known already, and the last one has seen everything.
    first, last = moments[0].ceil(step), moments[-1].ceil(step)
    # Before the index is made, which alone could be the end of the kernel: 1 ns over a day is a typing
    # mistake.
    check_size((last - first) // step + 1, columns)
    return pd.date_range(first, last, freq=step, unit="ns")
