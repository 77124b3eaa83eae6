"""A recorded month of a plant: walks of the resolution that transmitters have, an hour a segment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from mxgw_notebook.history.folder import plant_folder, prepare
from mxgw_notebook.history.journal import Journal
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.rows import sample_rows

PLANT, RUN = "month", "generated"
HOUR_NS = 3_600_000_000_000
BEGIN_NS = 1_777_593_600_000_000_000  # 2026-05-01
DOUBLE = 4
# One in so many is not good, as of a transmitter in maintenance.
RARELY = 500


def record_month(folder: Path, tags: int, hours: int, seconds: float, seed: int = 1) -> int:
    """Records so many hours of tags with a value every so many seconds; how many samples these are."""
    prepare(folder, PLANT)
    random = np.random.default_rng(seed)
    place = folder / "journal" / plant_folder(PLANT)
    place.mkdir(parents=True, exist_ok=True)
    names = pa.array([f"Unit{number // 50:03}.Measurement{number % 50:03}.PV" for number in range(tags)])
    level = random.uniform(10, 90, tags)
    each = int(3600 / seconds)
    made = 0
    for hour in range(hours):
        begin = BEGIN_NS + hour * HOUR_NS
        steps = random.normal(0, 0.05, (each, tags)).cumsum(axis=0)
        values = np.round(level + steps, 2)
        level = values[-1]
        # As scanned: in milliseconds, no two tags at the same.
        times = begin + (np.arange(each)[:, None] * seconds * 1e9).astype(np.int64)
        times = times + random.integers(0, int(seconds * 1000), (each, tags)) * 1_000_000
        count = each * tags
        journal = Journal(place / f"{RUN}.{hour:06d}.arrow")
        told = {"table": "begin", "run": RUN, "plant": PLANT, "begin_ns": begin, "tags": names.to_pylist()}
        rows = sample_rows(
            names.take(pa.array(np.tile(np.arange(tags), each))),
            times.ravel(),
            values.ravel(),
            np.where(random.integers(0, RARELY, count) == 0, 0, 192).astype(np.uint8),
            np.full(count, DOUBLE, np.int8),
            {},
            np.zeros(count, np.uint8),
            made + np.arange(1, count + 1),
        )
        journal.append(rows, [told, {"table": "alive", "until_ns": begin + HOUR_NS}])
        journal.close()
        roll(folder, journal.path)
        made += count
    return made


def recorded_bytes(folder: Path) -> int:
    """What the samples take on the disk."""
    return sum(path.stat().st_size for path in (folder / "samples").rglob("*.parquet"))
