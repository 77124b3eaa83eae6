"""The work of the benchmark `frames` as one writes it in polars and in DuckDB, from columns that are theirs.

As those in plain pandas they know no quality and no gaps. Both use every core by themselves.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from benchmarks.benchmark import CannotMeasure

# A mean by time: how long each sample held, then the sums over tag and minute, or over tag.
HELD = """
    select tag, timestamp, value,
        coalesce(epoch_ns(lead(timestamp) over each) - epoch_ns(timestamp), 0) as held
    from samples window each as (partition by tag order by timestamp)
"""


def installed(name: str) -> Any:
    """A peer's module; CannotMeasure where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise CannotMeasure(f"{name} is not installed: python -m pip install {name}") from None


def polars_frame(samples: dict[str, Any]) -> Any:
    """The samples as a polars frame in the order of tag and time."""
    polars = installed("polars")
    times, values, *_ = (np.concatenate(parts) for parts in list(zip(*samples.values(), strict=True))[:2])
    counts = [len(part[0]) for part in samples.values()]
    places = np.repeat(np.arange(len(samples), dtype=np.uint32), counts)
    names = polars.Series("tag", list(samples), dtype=polars.Categorical)
    return polars.DataFrame(
        {"tag": names.gather(places), "timestamp": times.view("datetime64[ns]"), "value": values}
    )


def wide_by_polars(frame: Any) -> Any:
    """The last of each tag and second, pivoted and filled."""
    col = installed("polars").col
    second = (col("timestamp") - installed("polars").duration(nanoseconds=1)).dt.truncate("1s")
    last = frame.group_by("tag", second.alias("second"), maintain_order=True).agg(col("value").last())
    return last.pivot(on="tag", index="second", values="value").sort("second").fill_null(strategy="forward")


def means_by_polars(frame: Any, every: str | None) -> Any:
    """Time-weighted means by tag, and by minute where `every` names it."""
    col = installed("polars").col
    held = (col("timestamp").shift(-1).over("tag") - col("timestamp")).dt.total_nanoseconds().fill_null(0)
    groups = ["tag", *([col("timestamp").dt.truncate(every).alias("begin")] if every else [])]
    weighted = (col("value") * col("held")).sum() / col("held").sum()
    return frame.with_columns(held.alias("held")).group_by(groups).agg(weighted)


def duckdb_table(frame: Any) -> Any:
    """A connection that has the samples as its own table."""
    connection = installed("duckdb").connect()
    arrow = frame.to_arrow()
    connection.register("given", arrow)
    connection.execute("create table samples as select * from given")
    return connection


def means_by_duckdb(connection: Any, minute: bool) -> Any:
    """As `means_by_polars`."""
    begin = ", time_bucket(interval '1 minute', timestamp) as begin" if minute else ""
    query = f"select tag{begin}, sum(value * held) / sum(held) from ({HELD}) group by all"
    return connection.sql(query).to_arrow_table()
