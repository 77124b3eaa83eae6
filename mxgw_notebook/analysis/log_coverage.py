"""Of how much of a window a log can speak, and what it leaves out: what is not there is not quiet."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import DISORDERED, LEFT_OUT, NOT_CONNECTED, NOTES, UNTIMED
from mxgw_notebook.analysis.alarm_window import (
    EVENTS,
    SNAPSHOT,
    ReviewWindow,
    borne_out,
    covered,
    known,
)
from mxgw_notebook.frames import moment_ns
from mxgw_notebook.words import lapse_words

MOST_WITHOUT_RAISE = 0.1  # of the occurrences: those that stood when the log began have none in it
MOST_DISORDERED = 0.01  # rows an occurrence: a clock that was set back once makes one
LONGEST_QUIET = 0.25  # of the window

Stretches = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a log can say of a window.

    `share` is of how much of it, 0 to 1, alarms were told; `how` by what that is known: "connected" where the
    log recorded it, else "covered by the log"; `recorded` which of the two. `unread` is in words what of the
    log could not be read or is not in it: beside it nothing is met. `no_clears` and `no_answers`: not one
    alarm of it was ever cleared, or acknowledged, so it is likely that they were not recorded.
    """

    share: float = 1.0
    recorded: bool = False
    unread: str = ""
    no_clears: bool = False
    no_answers: bool = False

    @property
    def how(self) -> str:
        """By what it is known."""
        return "connected" if self.recorded else "covered by the log"


def coverage_of(episodes: pd.DataFrame, window: ReviewWindow, gaps: NDArray[np.int64]) -> Coverage:
    """What a log can say of a window in which some stretches (ns, a row a stretch) were not seen."""
    length = window.end_ns - window.start_ns
    # Of another system's log nobody recorded it: what stands there is what its rows do not bear out.
    told = episodes.attrs.get(NOT_CONNECTED) is not None and NOTES not in episodes.attrs
    recorded = told and bool(covered(episodes)[1]) and length > 0
    missing = int((gaps[:, 1] - gaps[:, 0]).sum())
    cleared, answered = (len(known(episodes[name])) for name in ("cleared", "acknowledged"))
    return Coverage(
        share=(length - missing) / length if missing else 1.0,
        recorded=recorded,
        unread=unread(episodes, window, recorded),
        # The gateway would have told of them.
        no_clears=not recorded and len(episodes) > 0 and not cleared,
        no_answers=not recorded and len(episodes) > 0 and not answered,
    )


def unseen(episodes: pd.DataFrame, window: ReviewWindow) -> Stretches:
    """The stretches of a window, by time, in which nobody told of alarms, as far as that is known.

    What lies outside of what the log says that it covers was not seen. Of a log that does not say, its
    events tell (`borne_out`).
    """
    if not window.known or window.end_ns <= window.start_ns:
        return []
    first, last = covered(episodes)
    gaps = episodes.attrs.get(NOT_CONNECTED) if last else None
    if not last:
        first, last = borne_out(seen_events(episodes), window.start_ns, window.end_ns)
    # The last event may lie after what the log covers, by a clock that is ahead: it came all the same.
    end_ns = last if window.end_ns > last and not window.end_included else max(last, window.end_ns)
    told = [(moment_ns(start), moment_ns(end)) for start, end in gaps or ()]
    found: Stretches = []
    for start, end in sorted([(window.start_ns, first), *told, (end_ns, window.end_ns)]):
        # Behind the one before: of two that overlap the time counts once.
        begin = max(start, found[-1][1] if found else window.start_ns)
        if begin < min(end, window.end_ns):
            found.append((begin, min(end, window.end_ns)))
    return found


def seen_events(episodes: pd.DataFrame) -> NDArray[np.int64]:
    """When anything happened that a log was there to tell of, ns."""
    seen = episodes
    if "origin" in episodes:
        seen = episodes[episodes["origin"].astype("str") != SNAPSHOT]
    tables = {"raised": seen}
    found = [known(tables.get(name, episodes)[name]) for name in EVENTS if name in episodes]
    return np.concatenate(found)


def unread(episodes: pd.DataFrame, window: ReviewWindow, recorded: bool) -> str:
    """In words what the log has that could not be read, or has not got; else empty."""
    said = []
    if kinds := episodes.attrs.get(LEFT_OUT):
        said.append(f"{kinds:,} transitions of unknown kinds")
    if untimed := episodes.attrs.get(UNTIMED):
        said.append(f"{untimed:,} raises of unknown times")
    disordered = episodes.attrs.get(DISORDERED, 0)
    if disordered > MOST_DISORDERED * len(episodes):
        said.append(f"{disordered:,} rows older than the one before them")
    events = np.concatenate([known(episodes[name]) for name in EVENTS])
    told = covered(episodes)
    if len(events):
        begins, ends = told if told[1] else (events.min(), events.max())
        if window.known and (ends < window.start_ns or begins > window.end_ns):
            said.append("the log has nothing of this time")
    if not recorded and window.known:
        said += missing_raises(episodes, len(events), episodes.attrs.get(UNTIMED, 0))
        said += [] if said else too_quiet(episodes, window)
    return "; ".join(said)


def missing_raises(episodes: pd.DataFrame, events: int, untimed: int) -> list[str]:
    """What is said where a log has no raises, or too few for the other rows that it has."""
    if not events:
        return ["the log has no alarm at all"]
    missing = int(episodes["raised"].isna().sum()) - untimed
    if missing == len(episodes):
        return ["the log has no raise of an alarm, only clears or acknowledgements"]
    if missing > MOST_WITHOUT_RAISE * len(episodes):
        return [f"{missing:,} of {len(episodes):,} occurrences have no raise in the log"]
    return []


def too_quiet(episodes: pd.DataFrame, window: ReviewWindow) -> list[str]:
    """What is said where nothing came for a large part of a window, and nobody says that it was quiet."""
    raised = np.sort(known(episodes["raised"]))
    inside = raised[(raised >= window.start_ns) & (raised <= window.end_ns)]
    longest = int(np.diff(inside, prepend=window.start_ns, append=window.end_ns).max())
    if longest <= LONGEST_QUIET * (window.end_ns - window.start_ns):
        return []
    return [f"no alarm for {lapse_words(longest / 1e9)}, and the log does not say whether anybody looked"]


def share_words(share: float) -> str:
    """A share of the time in per cent, never rounded up: 100 % is all of it."""
    return f"{floor(share * 1000) / 10:g} %"
