"""Limits and priorities of a galaxy's alarms: values of the running plant, which browse does not tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import numpy as np
import pandas as pd

from mxgw_notebook.client import Reading
from mxgw_notebook.frames import SETTINGS
from mxgw_notebook.words import quality_word

# Of more alarms they are read only where they are asked for.
MOST_UNASKED = 2_000
SECONDS = 5.0
NAMES = {"limit": "Limit", "priority": "Priority"}
Read = Callable[..., Awaitable[Sequence[Reading]]]


async def with_settings(attributes: pd.DataFrame, read: Read) -> pd.DataFrame:
    """The attributes with `limit` and `priority` of each alarm, float64, NaN where the plant has not told."""
    tags = attributes.loc[attributes["is_alarm"], "tag"].tolist()
    asked = [f"{tag}.{name}" for tag in tags for name in NAMES.values()]
    readings = await read(asked, timeout=SECONDS) if asked else []
    found = {reading.tag: number_of(reading) for reading in readings}
    made = attributes.copy()
    for column in SETTINGS:
        values = np.full(len(made), np.nan)
        values[attributes["is_alarm"].to_numpy()] = [found[f"{tag}.{NAMES[column]}"] for tag in tags]
        made[column] = values
    made.attrs = dict(attributes.attrs)
    return made


def number_of(reading: Reading) -> float:
    """A number that was read with a quality that is not bad; NaN for anything else."""
    value = reading.value
    usable = not reading.failure and quality_word(reading.quality) != "bad"
    return float(value) if usable and type(value) in (int, float) else np.nan  # type: ignore[arg-type]
