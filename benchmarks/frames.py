"""Five million samples to tables and means, against what one writes in plain pandas, polars and DuckDB.

The peers leave out what makes the work hard: quality, gaps, values that are missing for a while. A sample
that holds over the end of a minute counts in the minute of its begin alone. Ours do all of that.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.frame_peers import (
    duckdb_table,
    means_by_duckdb,
    means_by_polars,
    polars_frame,
    wide_by_polars,
)
from benchmarks.memory import forget_peak, peak_mb
from benchmarks.process import no_source
from mxgw_notebook.analysis import QualityAccessor
from mxgw_notebook.frames import long_frame, wide_frame

SIZE = 5_000_000
TAGS = 50
FEW, MANY_TAGS = 100_000, 1_000
STEP_NS = 100_000_000  # of a tag's samples: ten a second
START_NS = 1_767_225_600_000_000_000  # 2026 begins


def samples_of(size: int, tags: int = TAGS) -> dict[str, Any]:
    """The columns of each tag's samples: times, numbers, qualities, of which one in a hundred is bad."""
    random = np.random.default_rng(1)
    count = max(2, size // tags)
    made = {}
    for place in range(tags):
        jitter = random.integers(0, STEP_NS // 2, count)
        times = START_NS + np.arange(count) * STEP_NS + jitter
        quality = np.where(random.random(count) < 0.01, 0, 192).astype(np.uint8)
        made[f"Tank{place:03}.Level"] = (times, random.normal(50, 10, count), quality, None)
    return made


def long_of(size: int, tags: int = TAGS) -> pd.DataFrame:
    """The long frame of them, without gaps."""
    frame = long_frame(samples_of(size, tags))
    frame.attrs["gaps"] = []
    return frame


def timed(work: Callable[[], Any], rows: Callable[[Any], int], least: int) -> Figures:
    """How long the work takes, and what it adds to the process at most; fails where rows are missing."""
    forget_peak()
    before, start = peak_mb(), perf_counter()
    found = work()
    seconds = perf_counter() - start
    if rows(found) < least:
        raise ValueError(f"{rows(found)} rows, not {least}")
    return {"seconds": seconds, "added_mb": max(peak_mb() - before, 1.0)}


def lasting(frame: pd.DataFrame) -> pd.Series[float]:
    """How long each row of a long frame held, in plain pandas."""
    following = frame.groupby("tag", observed=True)["timestamp"].shift(-1)
    return (following - frame["timestamp"]).dt.total_seconds().fillna(0.0)


def wide(setting: Setting) -> Figures:
    """The product's wide table on a grid of a second."""
    samples = samples_of(setting.size)
    return timed(lambda: wide_frame(samples, "1s"), len, setting.size // TAGS // 10)


def wide_pandas(setting: Setting) -> Figures:
    """The last of each tag and second, pivoted and filled, from the long frame."""
    frame = long_of(setting.size)

    def work() -> pd.DataFrame:
        seconds = frame.assign(second=frame["timestamp"].dt.ceil("1s"))
        last = seconds.drop_duplicates(["tag", "second"], keep="last")
        return last.pivot(index="second", columns="tag", values="value").ffill()

    return timed(work, len, setting.size // TAGS // 10)


def resample(setting: Setting) -> Figures:
    """The product's means by minute."""
    accessor = QualityAccessor(long_of(setting.size))
    return timed(lambda: accessor.resample("1min"), len, setting.size // 600)


def resample_pandas(setting: Setting) -> Figures:
    """Time-weighted means by tag and minute; each sample counts in the minute of its begin."""
    frame = long_of(setting.size)

    def work() -> pd.Series[float]:
        seconds = lasting(frame)
        table = pd.DataFrame({"weighted": frame["value"] * seconds, "seconds": seconds})
        sums = table.groupby([frame["tag"], frame["timestamp"].dt.floor("1min")], observed=True).sum()
        return sums["weighted"] / sums["seconds"]

    return timed(work, len, setting.size // 600)


def resample_many(setting: Setting) -> Figures:
    """The product's means by minute of many tags with few samples each."""
    accessor = QualityAccessor(long_of(setting.size, MANY_TAGS))
    return timed(lambda: accessor.resample("1min"), len, MANY_TAGS)


def mean(setting: Setting) -> Figures:
    """The product's time-weighted means."""
    accessor = QualityAccessor(long_of(setting.size))
    return timed(accessor.time_weighted_mean, len, TAGS)


def mean_pandas(setting: Setting) -> Figures:
    """Time-weighted means by tag."""
    frame = long_of(setting.size)

    def work() -> pd.Series[float]:
        seconds = lasting(frame)
        weighted = (frame["value"] * seconds).groupby(frame["tag"], observed=True).sum()
        return weighted / seconds.groupby(frame["tag"], observed=True).sum()

    return timed(work, len, TAGS)


def wide_polars(setting: Setting) -> Figures:
    """The last of each tag and second by polars."""
    frame = polars_frame(samples_of(setting.size))
    return timed(lambda: wide_by_polars(frame), len, setting.size // TAGS // 10)


def resample_polars(setting: Setting) -> Figures:
    """Time-weighted means by tag and minute by polars."""
    frame = polars_frame(samples_of(setting.size))
    return timed(lambda: means_by_polars(frame, "1m"), len, setting.size // 600)


def resample_duckdb(setting: Setting) -> Figures:
    """The same by DuckDB."""
    connection = duckdb_table(polars_frame(samples_of(setting.size)))
    return timed(lambda: means_by_duckdb(connection, minute=True), len, setting.size // 600)


def mean_polars(setting: Setting) -> Figures:
    """Time-weighted means by tag by polars."""
    frame = polars_frame(samples_of(setting.size))
    return timed(lambda: means_by_polars(frame, None), len, min(TAGS, setting.size))


def mean_duckdb(setting: Setting) -> Figures:
    """The same by DuckDB."""
    connection = duckdb_table(polars_frame(samples_of(setting.size)))
    return timed(lambda: means_by_duckdb(connection, minute=False), len, min(TAGS, setting.size))


BENCHMARK = Benchmark(
    about="five million samples to a wide table and to means by time, against pandas, polars and DuckDB",
    source=no_source,
    variants=(
        Variant("wide", wide, SIZE),
        Variant("wide_pandas", wide_pandas, SIZE),
        Variant("resample", resample, SIZE),
        Variant("resample_pandas", resample_pandas, SIZE),
        Variant("resample_many", resample_many, FEW),
        Variant("mean", mean, SIZE),
        Variant("mean_pandas", mean_pandas, SIZE),
        Variant("wide_polars", wide_polars, SIZE),
        Variant("resample_polars", resample_polars, SIZE),
        Variant("resample_duckdb", resample_duckdb, SIZE),
        Variant("mean_polars", mean_polars, SIZE),
        Variant("mean_duckdb", mean_duckdb, SIZE),
    ),
    keys={
        "wide_over_pandas": Ratio("wide", "wide_pandas", "seconds"),
        "wide_memory_over_pandas": Ratio("wide", "wide_pandas", "added_mb"),
        "resample_over_pandas": Ratio("resample", "resample_pandas", "seconds"),
        "resample_memory_over_pandas": Ratio("resample", "resample_pandas", "added_mb"),
        "resample_many_seconds": Figure("resample_many", "seconds"),
        "mean_over_pandas": Ratio("mean", "mean_pandas", "seconds"),
        "mean_memory_over_pandas": Ratio("mean", "mean_pandas", "added_mb"),
        "wide_over_polars": Ratio("wide", "wide_polars", "seconds"),
        "resample_over_polars": Ratio("resample", "resample_polars", "seconds"),
        "resample_over_duckdb": Ratio("resample", "resample_duckdb", "seconds"),
        "mean_over_polars": Ratio("mean", "mean_polars", "seconds"),
        "mean_over_duckdb": Ratio("mean", "mean_duckdb", "seconds"),
    },
)
