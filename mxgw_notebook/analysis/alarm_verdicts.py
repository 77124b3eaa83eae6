"""A figure beside what the standards ask for, judged only as far as the log can bear a judgement.

ISA-18.2 asks for 30 days of data before a system is judged. From less nothing is called met, for a quiet
shift says little of a month; that a figure is missed already can be told earlier. A share of a few alarms
says nothing either way: below 100 of them, or 30 days, it is judged only where its 95 % interval (Wilson's)
lies wholly on one side. Nor is anything met of a time in which nobody was connected: what may have been
raised then is not known, and a figure that is missed without it is missed all the same. What is not judged
is None, and says why: an empty log meets nothing. (The 30 days are second-hand: ANSI/ISA-18.2-2016,
clause 16.)

Why: DECISIONS.md, "A review says met only if the log has enough data".
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import pandas as pd

from mxgw_notebook.analysis.alarm_window import ReviewWindow, span_ns
from mxgw_notebook.analysis.log_coverage import Coverage, share_words
from mxgw_notebook.words import counted, figures, lapse_words

# What the benchmarks are taken from.
SOURCES = (
    "EEMUA 191 (3rd edition, 2013) and ANSI/ISA-18.2-2016, clause 16, second-hand: as others published them"
)
MANY_ALARMS = 100
DEVIATIONS = 1.96


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of a review's summary. `met` is None where nothing is asked for, or nothing can be judged."""

    measure: str
    value: str
    benchmark: str = ""
    met: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges figures of one review by its length and by what it is about.

    `coverage` is what the log can say of the window: beside what it cannot, nothing is met.
    """

    window: ReviewWindow
    alarms: int
    coverage: Coverage
    least: str = "30D"

    @property
    def long_enough(self) -> bool:
        """Whether the review covers what a judgement takes."""
        return self.window.length >= pd.Timedelta(span_ns(self.least))

    @property
    def takes(self) -> str:
        """How much data a judgement takes, in words."""
        return lapse_words(span_ns(self.least) / 1e9)

    @property
    def too_short(self) -> str:
        """Why a figure that would be met is not called so."""
        return f"{lapse_words(self.window.length.total_seconds())} of the {self.takes} that a judgement takes"

    @property
    def unseen(self) -> str:
        """What was not seen or not understood, in words; nothing where all of it was."""
        share, how = self.coverage.share, self.coverage.how
        seen = f"{how} {share_words(share)} of the time" if share < 1 else ""
        return noted(seen, self.coverage.unread)

    def count(
        self, measure: str, found: float, benchmark: str, *, most: float = 0, of: int | None = None,
        lacking: str = "",
    ) -> Verdict:  # fmt: skip
        """A number of which there should be at most so many. `of` is how many could have been.

        `lacking` is in words what it takes to tell and the log has not.
        """
        value = figures(found)
        if lacking and self.window.known and of != 0:
            return Verdict(measure, value, benchmark, None, noted(lacking, self.unseen))
        if not self.window.known or of == 0:
            return Verdict(measure, value, benchmark, None, "there is nothing to judge it by")
        return self._judged(measure, value, benchmark, found <= most)

    def rate(self, measure: str, found: float, intervals: float, benchmark: str, most: float) -> Verdict:
        """Alarms an interval. A few alarms more than asked for may be chance."""
        if not self.window.known or not self.coverage.share:
            return Verdict(measure, "unknown", benchmark, None, "there is nothing to judge it by")
        # Of the time that was seen: the rest would make any plant a quiet one.
        value = shown(found / (intervals * self.coverage.share), most, 2)
        # A count scatters by about its root: so little above the bound may be chance.
        doubtful = not self.long_enough and found - DEVIATIONS * sqrt(found) <= most * intervals
        if found > most * intervals and doubtful:
            return Verdict(
                measure, value, benchmark, None, f"{counted(int(found), 'alarm')} in {self.too_short}"
            )
        return self._judged(measure, value, benchmark, found <= most * intervals)

    def time(self, measure: str, share: float, benchmark: str, below: float) -> Verdict:
        """A part of the time, 0 to 1, that should be below a bound."""
        if not self.window.known or not self.window.length or not self.coverage.share:
            return Verdict(measure, "unknown", benchmark, None, "there is no time to judge it by")
        seen = min(share / self.coverage.share, 1.0)
        if share < below <= seen:
            # Too much of what was seen; what was not may have been so quiet that all together is less.
            return Verdict(measure, shown_share(seen, below, 1), benchmark, None, self.unseen)
        return self._judged(measure, shown_share(seen, below, 1), benchmark, share < below)

    def share(
        self,
        measure: str,
        part: int,
        benchmark: str,
        *,
        most: float = 1.0,
        least: float = 0.0,
        unknown: int = 0,
    ) -> Verdict:
        """A part of all alarms that should be at most, or at least, so much; `unknown` may belong to it."""
        if not self.alarms:
            return Verdict(measure, "unknown", benchmark, None, "no alarm was raised")
        bound = most if most < 1.0 else least
        value = shown_share(part / self.alarms, bound, 0)
        low = self._interval(part)[0]
        # All of the unknown may belong to it, or none: only what holds in either case is judged.
        high = self._interval(part + unknown)[1]
        if low > most or high < least:
            return Verdict(measure, value, benchmark, False, self.unseen)
        if high <= most and low >= least:
            return self._judged(measure, value, benchmark, True)
        why = (
            f"{unknown:,} of {counted(self.alarms, 'alarm')} have no priority"
            if unknown
            else f"only {counted(self.alarms, 'alarm')}"
        )
        return Verdict(measure, value, benchmark, None, noted(why, self.unseen))

    def _interval(self, part: int) -> tuple[float, float]:
        """Between which shares the true one lies; the share itself where the log is long and full enough."""
        share = part / self.alarms
        if self.long_enough and not self.unseen and self.alarms >= MANY_ALARMS:
            return share, share
        return wilson(part, self.alarms)

    def _judged(self, measure: str, value: str, benchmark: str, met: bool) -> Verdict:
        short = "" if self.long_enough else self.too_short
        if met and (short or self.unseen):
            return Verdict(measure, value, benchmark, None, noted(short, self.unseen))
        return Verdict(measure, value, benchmark, met, noted(short and f"in {short}", self.unseen))


def noted(*words: str) -> str:
    """Remarks on one line; empty ones are none."""
    return "; ".join(filter(None, words))


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (E. B. Wilson, 1927)."""
    share, spread = part / whole, DEVIATIONS**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def shown(figure: float, bound: float, digits: int) -> str:
    """A figure with as many digits as it takes to lie on the same side of its bound as it does unrounded."""
    for more in range(digits, digits + 6):
        rounded = round(figure, more)
        if (rounded > bound) == (figure > bound) and (rounded < bound) == (figure < bound):
            return f"{figure:.{more}f}"
    return f"{figure!r}"


def shown_share(share: float, bound: float, digits: int) -> str:
    """A share in per cent, likewise."""
    return f"{shown(100 * share, 100 * bound, digits)}%"


def as_frame(verdicts: list[Verdict]) -> pd.DataFrame:
    """One row a figure: `measure`, `value`, `benchmark`, `met` (bool or None), `note`."""
    rows = [(one.measure, one.value, one.benchmark, one.met, one.note) for one in verdicts]
    frame = pd.DataFrame(rows, columns=["measure", "value", "benchmark", "met", "note"])
    return frame.astype({"measure": "str", "value": "str", "benchmark": "str", "met": object, "note": "str"})
