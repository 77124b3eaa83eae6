"""Nanoseconds since 1970 as pandas times: one unit and one time zone everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def utc(nanoseconds: ArrayLike) -> pd.DatetimeIndex:
    """datetime64[ns, UTC]; 0, which stands for a time that was not sent, is NaT."""
    stamps: Any = np.asarray(nanoseconds, dtype=np.int64)
    stamps = np.where(stamps == 0, np.iinfo(np.int64).min, stamps)
    return pd.DatetimeIndex(stamps.view("datetime64[ns]")).tz_localize("UTC")


def aware(value: Any) -> Any:
    """A time that is a value as a pandas Timestamp in UTC, to the nanosecond; any other value as it is."""
    return pd.Timestamp(value, tz="UTC") if isinstance(value, np.datetime64) else value
