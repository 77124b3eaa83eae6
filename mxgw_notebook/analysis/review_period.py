"""What a measure looks at: the occurrences under review, and which of them were raised in the window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.analysis.alarm_window import Moment, ReviewWindow, review_window
from mxgw_notebook.analysis.log_coverage import Coverage, coverage_of, unseen


@dataclass(frozen=True, eq=False)
class ReviewPeriod:
    """A window over occurrences, worked out once for every measure that looks through it.

    `rows` are the places of the occurrences that were raised in it, `raised_ns` the times of their raises
    (nanoseconds since 1970 UTC); both in the order of the raises.
    """

    episodes: pd.DataFrame
    window: ReviewWindow
    rows: NDArray[np.int64]
    raised_ns: NDArray[np.int64]

    @cached_property
    def raised(self) -> pd.DataFrame:
        """The occurrences that were raised in the window, in the order of their raise."""
        # Not made before somebody asks: the rates and floods need the times alone.
        return self.episodes.iloc[self.rows]

    @cached_property
    def unseen(self) -> NDArray[np.int64]:
        """When in the window nobody told of alarms, a row a stretch, as far as that is known."""
        return np.array(unseen(self.episodes, self.window), np.int64).reshape(-1, 2)

    @cached_property
    def coverage(self) -> Coverage:
        """What the log can say of the window."""
        return coverage_of(self.episodes, self.window, self.unseen)

    @property
    def seen_until_ns(self) -> int:
        """The end of the window, or of what was seen of it: what stood then may have gone since."""
        last = self.unseen[-1:]
        return int(last[0, 0]) if len(last) and last[0, 1] >= self.window.end_ns else self.window.end_ns

    @property
    def seen_ns(self) -> int:
        """How much of the window was seen, as far as that is known."""
        return self.window.end_ns - self.window.start_ns - int((self.unseen[:, 1] - self.unseen[:, 0]).sum())

    def unseen_within(self, start_ns: NDArray[np.int64], end_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """How much of each of these stretches of time nobody saw, in nanoseconds."""
        begin, end = self.unseen.T
        gathered = np.append(0, np.cumsum(end - begin))

        def before(times: NDArray[np.int64]) -> NDArray[np.int64]:
            place = np.searchsorted(begin, times, side="right")
            # Of the one that is under way only what lies before.
            return gathered[place] - np.maximum(np.append(times.min(initial=0), end)[place] - times, 0)

        return before(end_ns) - before(start_ns)

    @cached_property
    def by_alarm(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The raises alarm after alarm, each in the order of its raises: places, and numbers of alarms."""
        codes = pd.factorize(self.raised["reference"])[0]
        order = np.argsort(codes, kind="stable")
        return order, codes[order]

    def __len__(self) -> int:
        return len(self.rows)


def review_period(episodes: pd.DataFrame, start: Moment = None, end: Moment = None) -> ReviewPeriod:
    """The period from start up to end; unless told, of all that the log covers."""
    window = review_window(episodes, start, end)
    at = stamps(episodes["raised"])
    rows = np.flatnonzero((at >= window.start_ns) & (at <= window.last_ns) & (at != UNKNOWN))
    rows = rows[np.argsort(at[rows], kind="stable")]
    return ReviewPeriod(episodes, window, rows, at[rows])
