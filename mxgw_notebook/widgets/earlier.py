"""An earlier period of a trend's own tags, laid onto the time that is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from mxgw_notebook.widgets.sources import TagSamples

NOTHING_KNOWN = "nothing is known of that time"
# What is at least so long is said in this unit where it is whole.
LONG_UNITS = (
    ("days", timedelta(days=1), timedelta(days=2)),
    ("h", timedelta(hours=1), timedelta(hours=1)),
    ("min", timedelta(minutes=1), timedelta(minutes=1)),
)
Gap = tuple[int, float, float | None]


@dataclass(frozen=True)
class EarlierPeriod:
    """What the tags did `shift_ms` before; all of its times are so much later than they were.

    `samples` begin with what each tag held when the window began, as far as that is known; of a tag without
    any nothing is. `gaps` are where nothing is drawn, as nobody listened or the quality was bad: the index of
    the tag, start and end, which is None for all that comes. What is later than `until_ms` is still to come.
    """

    shift_ms: float
    until_ms: float
    samples: list[TagSamples] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def words(self) -> str:
        """By how much it is shifted, for a person."""
        return shift_words(self.shift_ms)

    def outages(self, index: int) -> list[tuple[float, float | None]]:
        """The gaps of one tag."""
        return [(start, end) for of, start, end in self.gaps if of == index]


def shift_words(shift_ms: float) -> str:
    """Words such as "24 h earlier", "7 days earlier", "2 days 1:30:00 earlier"."""
    shift = timedelta(milliseconds=round(shift_ms))
    for unit, length, least in LONG_UNITS:
        if shift >= least and not shift % length:
            return f"{shift // length} {unit} earlier"
    if shift < timedelta(minutes=2):
        return f"{shift.total_seconds():g} s earlier"
    return f"{str(timedelta(seconds=round(shift.total_seconds()))).replace(',', '')} earlier"
