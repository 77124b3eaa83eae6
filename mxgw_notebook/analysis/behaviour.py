"""How a tag behaved in a stretch of time, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.sample_columns import numbers, ranks_of
from mxgw_notebook.words import exact, figures, lapse_words

SECOND = 1_000_000_000
GOOD = 2
# Fewer values than these do not say what a tag is used to.
FEWEST = 8
# Of a stretch at least this part has to be outside gaps.
COVERED = 0.5
Finding = tuple[str, str, float, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One tag before or after a moment: times in seconds, `values` the good ones that are numbers."""

    count: int
    values: NDArray[np.float64]
    ranks: NDArray[Any]
    seconds: float
    covered: float
    longest: float  # between two values
    silent: float  # since the last value, gaps not counted

    @property
    def known(self) -> bool:
        """Whether enough of this time was listened to."""
        return self.seconds > 0 and self.covered >= COVERED * self.seconds

    @property
    def rate(self) -> float:
        """Values a second."""
        return self.count / self.covered if self.covered > 0 else 0.0


def sides_of(part: pd.DataFrame, gaps: Any, span: tuple[int, int, int]) -> tuple[Side, Side]:
    """A tag's samples before and after the middle of a span of nanoseconds since 1970 UTC."""
    ordered = part.sort_values("timestamp", kind="stable")
    stamps = ordered["timestamp"].astype("datetime64[ns, UTC]").astype("int64").to_numpy()
    ranks, values = ranks_of(ordered["quality"]).to_numpy(), numbers(ordered["value"])
    # What came before the first value was not listened to.
    begin = max(span[0], int(stamps[0])) if len(stamps) else span[1]
    holes = [hole_of(gap) for gap in gaps or ()]
    kept = stamps, values, ranks
    earlier = (stamps >= begin) & (stamps < span[1])
    was = side_of(kept, holes, (span[0], min(begin, span[1])), earlier, span[1])
    now = side_of(kept, holes, (span[1], span[1]), (stamps >= span[1]) & (stamps <= span[2]), span[2])
    return was, now


def side_of(
    kept: tuple[NDArray[Any], ...], holes: list[tuple[int, int]], begin: tuple[int, int], rows: Any, end: int
) -> Side:
    """One side: `begin` is where it begins, and from when somebody listened."""
    stamps, values, ranks = (column[rows] for column in kept)
    good = values[ranks == GOOD]
    return Side(
        count=len(stamps),
        values=good[np.isfinite(good)],
        ranks=ranks,
        seconds=(end - begin[0]) / SECOND,
        covered=heard(begin[1], end, holes),
        longest=float(np.diff(stamps).max() / SECOND) if len(stamps) > 1 else np.inf,
        silent=heard(int(stamps[-1]) if len(stamps) else begin[1], end, holes),
    )


def hole_of(gap: Any) -> tuple[int, int]:
    """A gap of `attrs["gaps"]` as nanoseconds; one that goes on has no end."""
    begin = pd.Timestamp(gap["start"]).as_unit("ns").value
    return begin, np.iinfo(np.int64).max if gap["end"] is None else pd.Timestamp(gap["end"]).as_unit(
        "ns"
    ).value


def heard(start: int, end: int, holes: list[tuple[int, int]]) -> float:
    """The seconds of a stretch that are in no gap."""
    left, at = 0, start
    for begin, until in sorted(holes):
        left += max(0, min(begin, end) - at)
        at = max(at, min(until, end))
    return (left + max(0, end - at)) / SECOND


def compared_sides(was: Side, now: Side) -> Finding:
    """Verdict, finding, score and reason."""
    if not was.known or not now.known or not was.count:
        return "not known", "not covered", 0.0, uncovered(was, now)
    found = [one for look in (quality, stopped, setting, level, rate) if (one := look(was, now))]
    if not found:
        few = (
            "" if was.count >= FEWEST else f"; only {was.count} values before, too few for its rate and range"
        )
        return "as before", "", 0.0, f"quality, rate and range are as before{few}{partly(was, now)}"
    verdict, finding, score, reason = max(found, key=lambda one: (one[0] == "broken", one[2]))
    return verdict, finding, score, reason + partly(was, now)


def uncovered(was: Side, now: Side) -> str:
    """Why nothing can be said."""
    parts = [
        f"{name}: {side.covered:.0f} of {side.seconds:.0f} s are known, {side.count} values"
        for name, side in (("before", was), ("after", now))
    ]
    return "; ".join(parts)


def partly(was: Side, now: Side) -> str:
    """What of the time is not covered, where something is not."""
    missing = was.seconds - was.covered + now.seconds - now.covered
    return f"; {missing:.0f} s are not covered" if missing >= 1 else ""


def quality(was: Side, now: Side) -> Finding | None:
    """Values that are not good, where most were."""
    if not now.count:
        return None
    before, after = (float((side.ranks == GOOD).mean()) for side in (was, now))
    if before - after < 0.1:
        return None
    reason = f"{after:.0%} of its values are good, {before:.0%} before"
    worse = int(now.ranks[-1]) < GOOD
    return "broken" if worse else "changed", "bad quality", 90.0 * (before - after), reason


def stopped(was: Side, now: Side) -> Finding | None:
    """No values any more, where they came steadily."""
    usual = was.covered / max(was.count, 1)
    if was.count < FEWEST or now.silent < 3 * was.longest or now.silent < 8 * usual:
        return None
    waits = f"one came every {lapse_words(usual)}, the longest wait was {lapse_words(was.longest)}"
    reason = f"no value for {lapse_words(now.silent)}; before, {waits}"
    return "broken", "stopped", 85.0, reason


def setting(was: Side, now: Side) -> Finding | None:
    """A number that stood still and has another value now, as a limit has that was deployed."""
    if not len(was.values) or not len(now.values) or np.ptp(was.values) > 0 or was.count >= FEWEST:
        return None
    old, new = float(was.values[-1]), float(now.values[-1])
    if old == new:
        return None
    ratio = abs(new / old) if old else np.inf
    far = ratio >= 5 or ratio <= 0.2
    return (
        "changed",
        "setting",
        60.0 if far else 10.0,
        f"it is {exact(new)}; before, it was {exact(old)} all the time",
    )


def level(was: Side, now: Side) -> Finding | None:
    """Values that jumped at the deploy to where none was before."""
    if len(was.values) < FEWEST or not len(now.values):
        return None
    low, high = float(was.values.min()), float(was.values.max())
    # A deploy takes a moment to act: what still came as before is not counted.
    least, most = np.quantile(now.values, (0.1, 0.9))
    apart = max(float(least) - high, low - float(most), 0.0)
    width = max(high - low, 1e-9)
    middle, new = float(np.median(was.values)), float(np.median(now.values))
    if apart <= width:
        return None
    usual = float(np.abs(np.diff(was.values)).max())
    jump = float(np.abs(np.diff(now.values, prepend=was.values[-1])).max())
    ratio = new / middle if middle else np.inf
    factor = f", {figures(ratio, 3)} times as much" if np.isfinite(ratio) and ratio > 0 else ""
    reason = (
        f"about {figures(new, 4)}{factor}; before, it was between {figures(low, 4)} and {figures(high, 4)}"
    )
    # A plant moves; what jumps further than it ever did in one step was changed.
    sudden = jump > 5 * max(usual, 1e-9)
    score = min(80.0, 40.0 + 10.0 * float(np.log2(1 + apart / width)))
    return "broken" if sudden else "changed", "range", score, reason


def rate(was: Side, now: Side) -> Finding | None:
    """Values that come much more often or more seldom."""
    if was.count < FEWEST or was.rate * now.covered < FEWEST:
        return None
    ratio = now.rate / was.rate
    if 1 / 3 < ratio < 3:
        return None
    reason = f"{figures(now.rate * 60, 3)} values a minute, {figures(was.rate * 60, 3)} before"
    return "changed", "rate", 15.0 + min(10.0, abs(float(np.log2(max(ratio, 0.01))))), reason
