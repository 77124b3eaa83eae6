"""`frame.mxgw`: values worked with by their quality. Pure pandas; a saved frame will do.

It takes the long form (`tag`, `timestamp`, `value`, `quality`), as `watch.frame()` gives it and as a file
brings it back; a timestamp without a zone is UTC. Durations are seconds, times UTC.

A sample holds until the next one of its tag, the last one until `until` (by default the newest time of all).
No value is held into a gap that the frame's `attrs` tell of; see `analysis.held`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.held import FOR_EVER, gaps_of, spans, times_of
from mxgw_notebook.analysis.sample_columns import (
    RANKS,
    hashable,
    numbers,
    ranks_of,
    read_values,
    sorting,
    with_room,
)
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import check_size, moment_ns, stepped, stretch
from mxgw_notebook.words import Quality as Least

COLUMNS = 4  # of what `resample` gives
GAPS_LOST = (
    "This frame does not say any more where its gaps are (merge, concat and files lose attrs): values are "
    'held through them. Set frame.attrs["gaps"] as the frame had it, or to [] where there were none.'
)
NEEDED = ("tag", "timestamp", "value", "quality")


@pd.api.extensions.register_dataframe_accessor("mxgw")
class QualityAccessor:
    """Quality-aware methods of a long frame. Raises ConfigurationError when its columns are not there."""

    def __init__(self, frame: pd.DataFrame) -> None:
        missing = [name for name in NEEDED if name not in frame.columns]
        if missing:
            message = f"This is no long frame of samples: it has no {', '.join(missing)}"
            raise ConfigurationError(message, hint="Take watch.frame(), with one row a sample.")
        if "gaps" not in frame.attrs and "quality_code" in frame.columns:
            warnings.warn(GAPS_LOST, UserWarning, stacklevel=3)
        self._frame = read_values(frame)

    def good(self, least: Least = "good") -> pd.DataFrame:
        """The rows whose quality is at least that."""
        return self._frame[self._enough(least)]

    def mask(self, least: Least = "good") -> pd.DataFrame:
        """The same rows, with a missing value where the quality is below."""
        return self._frame.assign(value=with_room(self._frame["value"]).where(self._enough(least)))

    def hold_last_good(self, least: Least = "good") -> pd.DataFrame:
        """The same rows; where the quality is below, the tag's last value that was not.

        Missing where there was none, or a gap lies between; rows without a time hold nothing.
        """
        values = self.mask(least)["value"].reset_index(drop=True)
        times = times_of(self._frame)
        order = np.argsort(times, kind="stable")
        order = order[times[order] != pd.NaT.value]
        tags = pd.factorize(self._frame["tag"])[0][order]
        held = values.iloc[order].groupby([tags, gaps_of(self._frame).before(times[order])]).ffill()
        values.iloc[order] = held
        return self._frame.assign(value=values.set_axis(self._frame.index))

    def durations(self, until: Any = None) -> pd.Series[float]:
        """Seconds for which each sample is known to have held, on the frame's index; missing without time."""
        found = self._spans(until).groupby("row")["seconds"].sum()
        return found.reindex(range(len(self._frame))).set_axis(self._frame.index)

    def time_weighted_mean(self, least: Least = "good", until: Any = None) -> pd.Series[float]:
        """Each tag's mean, every value counted by how long it held; times of lesser quality do not count."""
        known = self._spans(until)
        known = known[(known["rank"] >= RANKS[least]) & np.isfinite(known["number"])]
        sums = (known["number"] * known["seconds"]).groupby(known["tag"], observed=False).sum()
        weights = known.groupby("tag", observed=False)["seconds"].sum()
        return self._of_every_tag(sums / weights.where(weights > 0)).rename("time_weighted_mean")

    def time_in_state(self, least: Least = "good", until: Any = None) -> pd.DataFrame:
        """Seconds in each state, a row a tag and value: `tag`, `value`, `seconds`, `share` (of the tag's)."""
        known = self._spans(until)
        known = known[(known["rank"] >= RANKS[least]) & known["value"].notna()]
        known = known.assign(value=known["value"].map(hashable))
        seconds = known.groupby(["tag", "value"], observed=True, sort=False)["seconds"].sum().reset_index()
        states = [sorting(value) for value in seconds["value"]]
        seconds = seconds.iloc[sorted(range(len(states)), key=states.__getitem__)]
        seconds = seconds.sort_values("tag", kind="stable", ignore_index=True)
        whole = seconds.groupby("tag", observed=True)["seconds"].transform("sum")
        return seconds.assign(share=seconds["seconds"] / whole.where(whole > 0))

    def percent_good(self, least: Least = "good", until: Any = None) -> pd.Series[float]:
        """Per cent of each tag's time in which its quality was at least that; in gaps it was not."""
        known = self._spans(until)
        whole = known.groupby("tag", observed=False)["whole"].sum()
        good = known["seconds"].where(known["rank"] >= RANKS[least], 0.0)
        part = good.groupby(known["tag"], observed=False).sum()
        # Sums of the same parts in another order may differ in the last digit: no share is above all of it.
        share = (part / whole.where(whole > 0)).clip(0.0, 1.0)
        return self._of_every_tag(100.0 * share).rename("percent_good")

    def align(self, grid: str | float, least: Least | None = None) -> pd.DataFrame:
        """One column a tag, one row a step of the grid (`"10s"`, or seconds): what each tag read then.

        Missing in a gap, and with `least` while the quality was below that: it is not held over from before.
        """
        known = self._known(spans(self._frame, FOR_EVER))
        if least:
            known["value"] = with_room(known["value"]).where(known["rank"] >= RANKS[least])
        index = steps(times_of(self._frame), stretch(grid), len(self._tags()))
        columns = {tag: held_at(part, index) for tag, part in known.groupby("tag", observed=False)}
        columns |= {tag: pd.Series(np.nan, index) for tag in self._tags() if tag not in columns}
        return pd.DataFrame({tag: columns[tag] for tag in self._tags()}, index=index)

    def resample(
        self, grid: str | float, least: Least = "good", enough: float = 0.5, until: Any = None
    ) -> pd.DataFrame:
        """Each tag's time-weighted mean in every interval; a row an interval and tag.

        Columns: `tag`, `timestamp` (the interval's begin), `value`, `percent_good`. The value is missing
        where less than `enough` (0 to 1) of the interval was a number of that quality. Intervals begin at
        full steps, so the first and the last of a tag may be known in part only.

        Raises:
            ConfigurationError: The grid is no stretch of time, or the table would not fit the memory.
        """
        known, step = self._spans(until), stretch(grid).as_unit("ns").value
        lasting = known.groupby("tag", observed=True)[["begin", "next"]].agg({"begin": "min", "next": "max"})
        check_size(int(((lasting["next"] - lasting["begin"]) // step + 1).sum()), COLUMNS)
        good = (known["rank"] >= RANKS[least]) & np.isfinite(known["number"])
        parts = [
            resampled(tag, part, good[part.index], step, enough)
            for tag, part in known.groupby("tag", observed=True, sort=False)
        ]
        whole = pd.concat(parts or [resampled("", known, good, step, enough)], ignore_index=True)
        return whole.astype({"tag": self._frame["tag"].dtype})

    def _enough(self, least: Least) -> pd.Series[bool]:
        return self._ranks() >= RANKS[least]

    def _ranks(self) -> pd.Series[int]:
        return ranks_of(self._frame["quality"])

    def _tags(self) -> list[Any]:
        """Every tag that the frame could have, in its own order."""
        tags = self._frame["tag"]
        known = tags.cat.categories if isinstance(tags.dtype, pd.CategoricalDtype) else tags.dropna().unique()
        return list(known)

    def _of_every_tag(self, found: pd.Series[Any]) -> pd.Series[Any]:
        """The same for all of them, missing for one without a sample that counts."""
        return found.reindex(pd.Index(self._tags(), name="tag"))

    def _spans(self, until: Any) -> pd.DataFrame:
        return self._known(spans(self._frame, None if until is None else moment_ns(until)))

    def _known(self, held: pd.DataFrame) -> pd.DataFrame:
        """Spans with the `tag`, `value`, `number` (or NaN) and quality's `rank` of their samples."""
        rows = held["row"].to_numpy()
        samples = self._frame.iloc[rows]
        return held.assign(
            tag=samples["tag"].array,
            value=samples["value"].array,
            number=numbers(samples["value"]),
            rank=self._ranks().to_numpy()[rows],
        )


def held_at(known: pd.DataFrame, index: pd.DatetimeIndex) -> pd.Series[Any]:
    """What one tag read at some times, by its spans."""
    times, begin, end = index.asi8, known["begin"].to_numpy(), known["end"].to_numpy()
    places = np.searchsorted(begin, times, side="right") - 1
    if len(known):
        places[(times >= end[places]) & (times != begin[places])] = -1
    return known["value"].reset_index(drop=True).reindex(places).set_axis(index)


def steps(times: NDArray[np.int64], step: pd.Timedelta, columns: int) -> pd.DatetimeIndex:
    """Full steps from the first time, in nanoseconds, to the first one not before the last."""
    known = times[times != pd.NaT.value]
    if not len(known):
        return pd.DatetimeIndex([], tz="UTC", name="timestamp").as_unit("ns")
    ends = pd.DatetimeIndex([known.min(), known.max()], tz="UTC")
    return stepped(ends, step, columns).rename("timestamp")


def resampled(tag: Any, known: pd.DataFrame, good: pd.Series[bool], step: int, enough: float) -> pd.DataFrame:
    """One tag's spans as means by interval of `step` nanoseconds; a long one counts in several."""
    first = int(known["begin"].min()) // step * step if len(known) else 0
    last = int(known["next"].max()) if len(known) else 0
    count = max(1, -(-(last - first) // step)) if len(known) else 0
    counted = known[good]
    # From the first edge on, so that a float64 holds every nanosecond; what a time has gathered up to
    # an edge lies on the line between a span's begin and end.
    bounds = (counted[["begin", "end"]].to_numpy().ravel() - first).astype(np.float64)
    edges = np.arange(count + 1) * float(step)
    seconds = (counted["end"] - counted["begin"]).to_numpy(dtype=np.float64)
    weights = np.diff(gathered(edges, bounds, seconds))
    sums = np.diff(gathered(edges, bounds, seconds * counted["number"].to_numpy()))
    share = weights / step
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where((share >= enough) & (weights > 0), sums / weights, np.nan)
    times = pd.DatetimeIndex((first + np.arange(count) * step).view("datetime64[ns]")).tz_localize("UTC")
    return pd.DataFrame(
        {
            "tag": [tag] * count,
            "timestamp": times,
            "value": means,
            "percent_good": 100.0 * np.clip(share, 0, 1),
        }
    )


def gathered(edges: NDArray[Any], bounds: NDArray[Any], amounts: NDArray[Any]) -> NDArray[np.float64]:
    """How much of the amounts, each spread evenly from a bound to the next, lies before each edge."""
    if not len(amounts):
        return np.zeros(len(edges))
    after = np.cumsum(amounts)
    whole: NDArray[np.float64] = np.interp(edges, bounds, np.column_stack((after - amounts, after)).ravel())
    return whole
