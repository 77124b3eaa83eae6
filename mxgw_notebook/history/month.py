"""A recorded month of no plant: walks of the resolution that transmitters have, an hour a segment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.history.folder import HOUR_NS, plant_folder, prepare
from mxgw_notebook.history.journal import SUFFIX, Journal
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.rows import sample_rows
from mxgw_notebook.history.tidying import SETTLED_HOURS, Keep, tidy

MONTH_PLANT: Final = "month"
RUN = "generated"
MONTH_BEGIN_NS: Final = 1_777_593_600_000_000_000  # 2026-05-01
DOUBLE = 4  # its place among the kinds of numbers
GOOD, BAD = 192, 0
# One in so many is not good, as of a transmitter in maintenance.
RARELY = 500
SETTLED_NS = (SETTLED_HOURS + 1) * HOUR_NS
TAGS_A_UNIT = 50


def record_month(folder: Path, tags: int, hours: int, seconds: float = 60.0, seed: int = 1) -> Iterator[int]:
    """Records hours of tags with a value every so many seconds, and tells after each how many samples stand.

    From 2026-05-01 UTC on; the same arguments record the same samples.

    Raises:
        ConfigurationError: The folder holds something, or cannot be written.
    """
    check_empty(folder)
    prepare(folder, MONTH_PLANT)
    walks = Walks(tags, seconds, seed)
    for hour in range(hours):
        put_hour(folder, hour, walks)
        if (hour + 1) % 24 == 0:  # as a recorder does once they are settled
            tidy(folder, MONTH_PLANT, Keep(), MONTH_BEGIN_NS + hour * HOUR_NS + SETTLED_NS)
        yield walks.made


def check_empty(folder: Path) -> None:
    """Raises ConfigurationError where something is that a month would be mixed with."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"{folder} is not an empty folder", hint="Name another.")


def month_tag(number: int) -> str:
    """The name of a tag by its place."""
    return f"Unit{number // TAGS_A_UNIT:03}.Measurement{number % TAGS_A_UNIT:03}.PV"


class Walks:
    """Tags that wander, an hour after the other. `made` counts their samples."""

    def __init__(self, tags: int, seconds: float, seed: int) -> None:
        self.names = [month_tag(number) for number in range(tags)]
        self.made = 0
        self._seconds = seconds
        self._random = np.random.default_rng(seed)
        self._level = self._random.uniform(10, 90, tags)
        self._shape = (int(3600 / seconds), tags)

    def hour(self, begin_ns: int) -> Any:
        """The samples of the next hour, as recorded rows."""
        (each, tags), count = self._shape, self._shape[0] * self._shape[1]
        names = pa.array(self.names).take(pa.array(np.tile(np.arange(tags), each)))
        values, times = self._values(), self._times(begin_ns)
        quality = np.where(self._random.integers(0, RARELY, count) == 0, BAD, GOOD).astype(np.uint8)
        kinds, flags = np.full(count, DOUBLE, np.int8), np.zeros(count, np.uint8)
        sequence = self.made + np.arange(1, count + 1)
        self.made += count
        return sample_rows(names, times, values, quality, kinds, {}, flags, sequence)

    def _values(self) -> NDArray[np.float64]:
        values: NDArray[np.float64] = np.round(
            self._level + self._random.normal(0, 0.05, self._shape).cumsum(axis=0), 2
        )
        self._level = values[-1]
        return values.ravel()

    def _times(self, begin_ns: int) -> NDArray[np.int64]:
        """As scanned: in milliseconds, no two tags at the same."""
        scans = begin_ns + (np.arange(self._shape[0])[:, None] * self._seconds * 1e9).astype(np.int64)
        shifts = self._random.integers(0, int(self._seconds * 1000), self._shape) * 1_000_000
        times: NDArray[np.int64] = (scans + shifts).ravel()
        return times


def put_hour(folder: Path, hour: int, walks: Walks) -> None:
    """Writes an hour as a recorder does: to a journal, then into Parquet."""
    begin_ns = MONTH_BEGIN_NS + hour * HOUR_NS
    whose = {"run": RUN, "plant": MONTH_PLANT, "tags": walks.names}
    journal = Journal(folder / "journal" / plant_folder(MONTH_PLANT) / f"{RUN}.{hour:06d}{SUFFIX}")
    begin = {"table": "begin", "begin_ns": begin_ns, **whose}
    journal.append(walks.hour(begin_ns), [begin, {"table": "alive", "until_ns": begin_ns + HOUR_NS}])
    journal.close()
    roll(folder, journal.path)
