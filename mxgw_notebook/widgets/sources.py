"""What a widget asks of the layer that feeds it: plain data, no gateway.

A source hands out changes since a cursor. The cursor 0 stands for "everything you keep", so a
view that appears late, or one that lost a message, is served by the same call. `as_of_ms` is when the
gateway last said anything, by its own clock in epoch milliseconds UTC; None where that is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.widgets.earlier import shift_words
from mxgw_notebook.words import NO_ALARMS, NO_LIST, AlarmState, Phase

if TYPE_CHECKING:
    import pandas as pd

STOPPED = Phase.STOPPED.value


@dataclass(frozen=True)
class TrendTag:
    """One pen of a trend; `units` is empty where the attribute has no engineering units.

    With `words` the tag has states, not numbers: its values are places in them, drawn as a band of their own.
    """

    tag: str
    label: str = ""
    units: str = ""
    description: str = ""
    words: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ChosenScale:
    """How the axis of a unit is drawn: its ends where they are chosen, None follows the values."""

    low: float | None = None
    high: float | None = None
    log: bool = False


AUTOMATIC = ChosenScale()


@dataclass(frozen=True)
class TagSamples:
    """Samples of the tag at `index` in `TrendSource.tags`, oldest first, all three of one length.

    `time_ms` is float64 epoch milliseconds UTC, `value` float64 with NaN where the sample holds no
    number, `quality` uint8, the raw OPC byte.
    """

    index: int
    time_ms: NDArray[np.float64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]


@dataclass(frozen=True)
class TrendDelta:
    """What is new on a trend since a cursor.

    `outages` are all the intervals kept, not only new ones, as epoch milliseconds UTC; the end of one
    that still lasts is None. `phase` says whether it is the plant as it is now, `status` that in words for a
    person.

    `markers` are all the moments to be marked, as epoch milliseconds UTC with their words; `limits` all the
    lines to be drawn across, as the index of a tag, whose axis counts, the value and its words; `levels`
    those that change, a tag's setpoint, as index, words, and from when on it had which value. `replays` are
    all the intervals whose samples came late, by the gateway's replay. `now_ms` is what time it is by the
    clock of the samples' source, None where that is this machine's. `notes` are words for the legend, as the
    index of a tag and what is to be said of it now. `noted` are people's notes, by time: when, text, and who.
    `shift_ms` is by how much the period is earlier that is drawn beside the present, 0 for none.
    """

    cursor: int
    samples: list[TagSamples] = field(default_factory=list)
    outages: list[tuple[float, float | None]] = field(default_factory=list)
    status: str = Phase.LIVE.value
    markers: list[tuple[float, str]] = field(default_factory=list)
    limits: list[tuple[int, float, str]] = field(default_factory=list)
    replays: list[tuple[float, float]] = field(default_factory=list)
    phase: Phase = Phase.LIVE
    now_ms: float | None = None
    notes: list[tuple[int, str]] = field(default_factory=list)
    levels: list[tuple[int, str, list[tuple[float, float]]]] = field(default_factory=list)
    as_of_ms: float | None = None
    noted: list[tuple[float, str, str]] = field(default_factory=list)
    shift_ms: float = 0.0


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
    gaps: list[tuple[int, float, float | None]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """By how much it is shifted, for a person."""
        return shift_words(self.shift_ms)

    def outages(self, index: int) -> list[tuple[float, float | None]]:
        """The gaps of one tag."""
        return [(start, end) for of, start, end in self.gaps if of == index]


class TrendSource(Protocol):
    """Where a trend's samples come from; every call is cheap and safe on any thread."""

    @property
    def tags(self) -> Sequence[TrendTag]:
        """The pens, in the order `TagSamples.index` counts them; when they change, all is sent anew."""

    def since(self, cursor: int) -> TrendDelta:
        """Everything after `cursor`; after 0, everything kept."""

    def between(self, start_ms: float, end_ms: float) -> list[TagSamples]:
        """Every sample kept of a window, and of each tag the one before it."""

    def earlier(self, start_ms: float, end_ms: float) -> EarlierPeriod:
        """What the tags did `TrendDelta.shift_ms` before a window, laid onto it."""

    def add(self, tag: str, done: Callable[[str | None], None]) -> None:
        """Begins to watch one more tag; returns at once. `done` hears why it cannot, or None."""

    def remove(self, tag: str) -> None:
        """Watches a tag no more; returns at once."""

    def note(self, text: str, at_ms: float) -> None:
        """Keeps a note of a time; returns at once. Raises GatewayError for one that cannot be kept."""

    def frame(self, start_ms: float, end_ms: float) -> pd.DataFrame:
        """The samples of a window in the long form, and what each tag held when that began, at its begin."""

    def lay(self, by: str) -> None:
        """Lays an earlier period beside the present; none where the text is empty."""

    def show_xy(self, x: str, y: str) -> None:
        """Shows one tag over another below the trend."""

    def measured(self, start_ms: float, end_ms: float) -> pd.DataFrame:
        """What each tag did between two times, a row a tag, as `Watch.between` gives it."""


@dataclass(frozen=True)
class ValueRow:
    """One tag's newest value as a person reads it. `interval` is seconds between two changes as a rule.

    `spark` are its newest numbers, the oldest first. `failure` says why the gateway refuses the tag.
    """

    tag: str
    description: str = ""
    value: str = ""
    units: str = ""
    quality: str = ""
    time_ms: float | None = None
    interval: float | None = None
    spark: tuple[float, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class ValueSnapshot:
    """The rows that changed since a cursor; `reset` means: these are all there are."""

    cursor: int
    reset: bool
    rows: list[ValueRow]
    status: str = Phase.LIVE.value
    phase: Phase = Phase.LIVE
    now_ms: float | None = None
    as_of_ms: float | None = None


class ValueSource(Protocol):
    """Where a value table's rows come from; every call is cheap and made by one thread at a time."""

    def since(self, cursor: int) -> ValueSnapshot:
        """The rows that changed after `cursor`; after 0, all."""


@dataclass(frozen=True)
class AlarmRow:
    """One alarm as the board has it now; times are epoch milliseconds UTC, None if unknown.

    `severity` is native: 1 to 999, 1 is the most urgent.
    """

    reference: str
    tag: str
    area: str
    description: str
    severity: int
    state: AlarmState
    raised_ms: float | None = None
    changed_ms: float | None = None
    operator: str = ""
    comment: str = ""
    value: str = ""
    limit: str = ""
    kind: str = ""
    degraded: bool = False


@dataclass(frozen=True)
class ServiceRow:
    """One alarm in one way out of service; a `severity` of 0 and a time of None are not known."""

    tag: str
    area: str = ""
    description: str = ""
    severity: int = 0
    how: str = ""
    since_ms: float | None = None
    until_ms: float | None = None
    operator: str = ""
    node: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ServiceFound:
    """What a look for alarms out of service found, in words too; `failure` says why there was none.

    `count` are the alarms of which it is known; rows of unknown ones come beside them.
    """

    rows: list[ServiceRow] = field(default_factory=list)
    count: int = 0
    summary: str = ""
    failure: str = ""
    at_ms: float | None = None


@dataclass(frozen=True)
class AlarmDelta:
    """What changed on the alarm board since a cursor; `reset` means: forget what you had first.

    `provider` is where the gateway has its alarms from, empty while that is not known; `degraded` the reason
    why that is a poorer source than usual, empty when it is not. `listed` says whether a complete list of the
    active alarms ever came: without one, no row means that nothing is known. `nothing` is said where there is
    a list and no row of it.
    """

    cursor: int
    reset: bool = False
    upsert: list[AlarmRow] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    status: str = Phase.LIVE.value
    provider: str = ""
    degraded: str = ""
    phase: Phase = Phase.LIVE
    now_ms: float | None = None
    as_of_ms: float | None = None
    listed: bool = False
    nothing: str = NO_ALARMS

    @property
    def empty_words(self) -> str:
        """What no row at all means: what is live was listed, without a list nothing is known."""
        return self.nothing if self.listed or self.phase is Phase.LIVE else NO_LIST


class AlarmSource(Protocol):
    """Where an alarm table's rows come from; every call is cheap and safe on any thread."""

    def since(self, cursor: int) -> AlarmDelta:
        """Everything after `cursor`; after 0, the whole active set with `reset`."""

    def acknowledge(
        self, references: Sequence[str], comment: str, done: Callable[[str, str | None], None]
    ) -> None:
        """Ask the gateway to acknowledge; returns at once.

        `done(reference, None)` is called when the gateway accepted it, `done(reference, reason)`
        when not, on any thread.
        """

    def look_for_service(self, done: Callable[[ServiceFound], None]) -> None:
        """Looks which alarms are out of service; returns at once, and tells `done` on any thread."""


class Ticker(Protocol):
    """Calls a function again and again, off the kernel's main thread."""

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call `call` each `seconds` until the returned function is called."""
