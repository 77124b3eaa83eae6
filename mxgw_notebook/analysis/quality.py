"""`frame.mxgw`: values worked with by their quality. Pure pandas; a saved frame will do.

It takes the long form (`tag`, `timestamp`, `value`, `quality`, and `quality_code` where it is there), as
`watch.frame()` gives it and as a file brings it back. Durations are seconds, times UTC.

A sample holds until the next one of its tag, the last one until `until` (by default the newest time of all).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from mxgw_notebook.errors import ConfigurationError

Least = Literal["good", "uncertain", "bad"]
RANKS = {"bad": 0, "uncertain": 1, "good": 2}
NEEDED = ("tag", "timestamp", "value", "quality")


@pd.api.extensions.register_dataframe_accessor("mxgw")
class QualityAccessor:
    """Quality-aware methods of a long frame. Raises ConfigurationError when its columns are not there."""

    def __init__(self, frame: pd.DataFrame) -> None:
        missing = [name for name in NEEDED if name not in frame.columns]
        if missing:
            message = f"This is no long frame of samples: it has no {', '.join(missing)}"
            raise ConfigurationError(message, hint="Take watch.frame(), with one row a sample.")
        self._frame = frame

    def good(self, least: Least = "good") -> pd.DataFrame:
        """The rows whose quality is at least that."""
        return self._frame[self._ranks() >= RANKS[least]]

    def mask(self, least: Least = "good") -> pd.DataFrame:
        """The same rows, with a missing value where the quality is below."""
        values = numeric_or_object(self._frame["value"])
        return self._frame.assign(value=values.where(self._ranks() >= RANKS[least]))

    def hold_last_good(self, least: Least = "good") -> pd.DataFrame:
        """The same rows; where the quality is below, the tag's last value that was not, if there was one."""
        masked = self.mask(least).sort_values("timestamp", kind="stable")
        held = masked.groupby("tag", observed=True, sort=False)["value"].ffill()
        return masked.assign(value=held).loc[self._frame.index]

    def durations(self, until: Any = None) -> pd.Series[float]:
        """How many seconds each sample held, on the frame's index."""
        return self._spans(until)["seconds"].reindex(self._frame.index)

    def time_weighted_mean(self, least: Least = "good", until: Any = None) -> pd.Series[float]:
        """Each tag's mean, every value counted by how long it held; times of lesser quality do not count."""
        spans = self._spans(until)
        spans = spans[(spans["rank"] >= RANKS[least]) & spans["value"].notna()]
        weighted = (spans["value"].astype(float) * spans["seconds"]).groupby(spans["tag"], observed=False)
        weights = spans.groupby("tag", observed=False)["seconds"].sum()
        return (weighted.sum() / weights.where(weights > 0)).rename("time_weighted_mean")

    def time_in_state(self, least: Least = "good", until: Any = None) -> pd.DataFrame:
        """Seconds in each state, a row a tag and value: `tag`, `value`, `seconds`, `share` (of the tag's)."""
        spans = self._spans(until)
        spans = spans[(spans["rank"] >= RANKS[least]) & spans["value"].notna()]
        seconds = spans.groupby(["tag", "value"], observed=True, sort=True)["seconds"].sum().reset_index()
        whole = seconds.groupby("tag", observed=True)["seconds"].transform("sum")
        return seconds.assign(share=seconds["seconds"] / whole.where(whole > 0))

    def percent_good(self, least: Least = "good", until: Any = None) -> pd.Series[float]:
        """Per cent of each tag's time in which its quality was at least that."""
        spans = self._spans(until)
        whole = spans.groupby("tag", observed=False)["seconds"].sum()
        good = spans["seconds"].where(spans["rank"] >= RANKS[least], 0.0)
        part = good.groupby(spans["tag"], observed=False).sum()
        return (100.0 * part / whole.where(whole > 0)).rename("percent_good")

    def align(self, grid: str, least: Least | None = None) -> pd.DataFrame:
        """One column a tag, one row a step of the grid: what each tag read then.

        With `least`, a tag is missing while its quality was below that; it is not held over from before.
        """
        frame = (self.mask(least) if least else self._frame).sort_values("timestamp", kind="stable")
        index = steps(frame["timestamp"], grid)
        columns = {
            tag: held_at(part, index) for tag, part in frame.groupby("tag", observed=False, sort=False)
        }
        return pd.DataFrame(columns, index=index)

    def resample(
        self, grid: str, least: Least = "good", enough: float = 0.5, until: Any = None
    ) -> pd.DataFrame:
        """Each tag's time-weighted mean in every interval; a row an interval and tag.

        Columns: `tag`, `timestamp` (the interval's begin), `value`, `percent_good`. The value is missing
        where less than `enough` (0 to 1) of the interval was of that quality.
        """
        pieces = [
            resampled(tag, part, grid, RANKS[least], enough)
            for tag, part in self._spans(until).groupby("tag", observed=True, sort=False)
        ]
        empty = resampled("", self._spans(until).iloc[:0], grid, 0, enough)
        return pd.concat(pieces, ignore_index=True) if pieces else empty

    def _ranks(self) -> pd.Series[int]:
        return self._frame["quality"].astype(str).map(RANKS).fillna(0).astype(int)

    def _spans(self, until: Any) -> pd.DataFrame:
        """Each sample with its end, seconds and rank, by time; one without a time has no span."""
        frame = self._frame[self._frame["timestamp"].notna()]
        spans = frame.assign(rank=self._ranks()).sort_values("timestamp", kind="stable")
        newest = spans["timestamp"].max() if until is None else utc_moment(until)
        ends = spans.groupby("tag", observed=True, sort=False)["timestamp"].shift(-1)
        ends = ends.fillna(newest)
        ends = ends.where(ends <= newest, newest)
        seconds = (ends - spans["timestamp"]).dt.total_seconds().clip(lower=0.0)
        return spans.assign(end=ends, seconds=seconds, value=numeric_or_object(spans["value"]))


def numeric_or_object(values: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers as float64, booleans too; whatever else as it is."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        return values.astype("float64")
    return values


def utc_moment(moment: Any) -> pd.Timestamp:
    """A time in UTC; one without a zone is taken for UTC."""
    made = pd.Timestamp(moment)
    return made.tz_localize("UTC") if made.tzinfo is None else made.tz_convert("UTC")


def steps(times: pd.Series[Any], grid: str) -> pd.DatetimeIndex:
    """Full steps of the grid over the times."""
    known = times.dropna()
    if known.empty:
        return pd.DatetimeIndex([], tz="UTC", name="timestamp").as_unit("ns")
    try:
        index = pd.date_range(known.min().ceil(grid), known.max().ceil(grid), freq=grid, unit="ns")
    except ValueError:
        raise ConfigurationError(
            f"{grid!r} is no stretch of time", hint="Write 500ms, 10s, 5min or 2h."
        ) from None
    return index.rename("timestamp")


def held_at(part: pd.DataFrame, index: pd.DatetimeIndex) -> pd.Series[Any]:
    """What one tag read at some times: its last sample before or at each."""
    times = part["timestamp"].dropna()
    places = np.searchsorted(times.array, index.array, side="right") - 1
    values = part.loc[times.index, "value"].reset_index(drop=True)
    found: pd.Series[Any] = values.reindex(places)
    found.index = index
    return found


def resampled(tag: Any, spans: pd.DataFrame, grid: str, rank: int, enough: float) -> pd.DataFrame:
    """One tag's mean by interval; a sample that holds over several intervals counts in each."""
    if spans.empty:
        empty = spans[["tag", "timestamp", "value"]].assign(percent_good=0.0)
        return empty.astype({"value": "float64"}).iloc[:0]
    step = pd.Timedelta(grid)
    first = spans["timestamp"].min().floor(grid)
    count = max(1, int(np.ceil((spans["end"].max() - first) / step)))
    edges = first.as_unit("ns").value + np.arange(count + 1) * step.as_unit("ns").value
    begins = spans["timestamp"].dt.as_unit("ns").astype("int64").to_numpy()
    ends = spans["end"].dt.as_unit("ns").astype("int64").to_numpy()
    numbers = pd.to_numeric(spans["value"], errors="coerce").to_numpy(dtype=float)
    good = (spans["rank"].to_numpy() >= rank) & np.isfinite(numbers)
    weights, sums = np.zeros(count), np.zeros(count)
    for begin, end, number in zip(begins[good], ends[good], numbers[good], strict=True):
        low = max(0, int(np.searchsorted(edges, begin, side="right")) - 1)
        high = min(count, int(np.searchsorted(edges, end, side="left")))
        overlap = np.minimum(end, edges[low + 1 : high + 1]) - np.maximum(begin, edges[low:high])
        weights[low:high] += overlap
        sums[low:high] += overlap * number
    share = weights / step.as_unit("ns").value
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where((share >= enough) & (weights > 0), sums / weights, np.nan)
    times = pd.DatetimeIndex(edges[:-1].view("datetime64[ns]")).tz_localize("UTC")
    return pd.DataFrame({"tag": tag, "timestamp": times, "value": means, "percent_good": 100.0 * share})
