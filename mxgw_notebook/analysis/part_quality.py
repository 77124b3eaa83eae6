"""Quality-aware measures of one part of a longer time, and what the parts of it make together.

A part's frame begins with what each tag read when the part began, with the time at which it came. What is
summed is what lies within the part: the sums of all parts are those of the whole, in another order of adding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.held import Spans
from mxgw_notebook.analysis.quality import QualityAccessor, percent, weighted_mean, with_shares
from mxgw_notebook.frames import kinds_apart, stretch
from mxgw_notebook.words import Quality as Least


class Window(NamedTuple):
    """From when to when a part goes, and until when values are held at all; nanoseconds since 1970 UTC."""

    begin_ns: int
    end_ns: int
    until_ns: int


class PartQuality(QualityAccessor):
    """The measures of a frame within a window alone, in a form that can be joined."""

    def __init__(self, frame: pd.DataFrame, window: Window) -> None:
        super().__init__(frame)
        self._window = window

    def weighted_sums(self, least: Least) -> pd.DataFrame:
        """By tag the sum of values times seconds, and the seconds: `sums`, `weights`."""
        return self._both(*self._weighted(least, None), names=("sums", "weights"))

    def good_seconds(self, least: Least) -> pd.DataFrame:
        """By tag the seconds with that quality and all: `part`, `whole`."""
        return self._both(*self._good_of_whole(least, None), names=("part", "whole"))

    def seconds_in_states(self, least: Least) -> pd.DataFrame:
        """Seconds by `tag` and `value`, in no order."""
        return self._in_states(least, None)

    def intervals(self, grid: str | float, least: Least, enough: float) -> pd.DataFrame:
        """The intervals that begin in the part, as from `resample`, indexed by `timestamp`."""
        begin = pd.Timestamp(self._window.begin_ns, tz="UTC")
        step = stretch(grid).as_unit("ns").value
        # From one interval before: so what was held into the part is added in the order in which the whole
        # adds it, and every digit is the same.
        self._window = self._window._replace(begin_ns=self._window.begin_ns // step * step - step)
        found = self.resample(grid, least, enough).set_index("timestamp")
        found = found[found.index >= begin.floor(stretch(grid))]
        return found.sort_index(kind="stable")

    def _spans(self, until: Any, until_ns: int | None = None) -> Iterator[Spans]:
        begin, end, last = self._window
        for held in super()._spans(None, last):
            yield clipped(held, begin, end)

    def _both(self, *amounts: NDArray[np.float64], names: Sequence[str]) -> pd.DataFrame:
        columns = zip(names, amounts, strict=True)
        return pd.DataFrame({name: self._by_tag(amount, name) for name, amount in columns})


def clipped(held: Spans, begin_ns: int, end_ns: int) -> Spans:
    """The spans as far as they lie within a window; what lies outside has no length."""
    begin, end, following = (np.clip(edge, begin_ns, end_ns) for edge in (held.begin, held.end, held.next))
    return held._replace(begin=begin, end=end, next=following)


def joined_means(parts: Sequence[pd.DataFrame]) -> pd.Series[float]:
    """The time-weighted mean of each tag, from the weighted sums of all parts."""
    whole = added(parts)
    means = weighted_mean(whole["sums"].to_numpy(), whole["weights"].to_numpy())
    return pd.Series(means, whole.index, name="time_weighted_mean")


def joined_percent(parts: Sequence[pd.DataFrame]) -> pd.Series[float]:
    """The per cent of each tag's time with a quality, from the seconds of all parts."""
    whole = added(parts)
    share = percent(whole["part"].to_numpy(), whole["whole"].to_numpy())
    return pd.Series(share, whole.index, name="percent_good")


def added(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The sums of all parts, tag by tag; NaN where no part has any."""
    found = parts[0]
    for part in parts[1:]:
        found = found.add(part, fill_value=0.0)
    return found.reindex(parts[0].index)


def joined_states(parts: Sequence[pd.DataFrame], kinds: Sequence[str]) -> pd.DataFrame:
    """The time in each state, from the seconds of all parts; of each is told which kinds of values it has.

    The kinds are "numbers", "booleans", or "others".
    """
    some = [part for part in parts if len(part)] or list(parts[:1])
    whole = pd.concat([part.astype({"value": "object"}) for part in some], ignore_index=True)
    kept = set(kinds) - {""}
    if "others" not in kept:
        whole["value"] = whole["value"].astype("bool" if kept == {"booleans"} else "float64")
    grouped = whole.groupby(["tag", "value"], observed=True, sort=False)["seconds"].sum().reset_index()
    states = with_shares(grouped)
    return kinds_apart(states, value="text") if "others" in kept else states
