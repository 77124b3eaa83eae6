"""Watched tags in an earlier period, laid onto the window that their trend shows.

Why: DECISIONS.md, "An overlay is asked from the past, window by window".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Samples, stretch
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.history import held_into, instant_ns
from mxgw_notebook.live import Gap
from mxgw_notebook.words import UNCERTAIN_FROM

HINT = 'Write levels.overlay("-24h"), levels.overlay(start="2026-05-04 06:00"), or levels.overlay(None).'
Hole = tuple[int, int | None]


def shift_given(by: Any, start: Any, begin_ns: int, now_ns: int) -> int:
    """By how many nanoseconds an overlay is earlier; 0 for none.

    `by` is a stretch of time, with a minus or without; `start` is what stands at `begin_ns` then.

    Raises:
        ConfigurationError: Both are given, one is no time, or it would be of later than now.
    """
    if by is not None and start is not None:
        raise ConfigurationError("An overlay is by a stretch of time or has a start, not both", hint=HINT)
    if start is not None:
        shift = begin_ns - instant_ns(start, now_ns)
        if shift <= 0:
            said = pd.Timestamp(begin_ns, tz="UTC")
            raise ConfigurationError(
                f"{start} is not before the trend, which begins {said:%H:%M:%SZ}", hint=HINT
            )
        return shift
    return 0 if by is None else earlier_by(by)


def earlier_by(by: Any) -> int:
    """A stretch of time in nanoseconds, whichever its sign."""
    if isinstance(by, str):
        return int(stretch(by.strip().removeprefix("-")).value)
    if isinstance(by, timedelta) and not pd.isna(by):
        return int(stretch(abs(by).total_seconds()).value)
    if isinstance(by, int | float) and not isinstance(by, bool):
        return int(stretch(abs(by)).value)
    raise ConfigurationError(f"{by!r} is no stretch of time", hint=HINT)


def overlay_line(by: Any, start: Any, shift_ns: int, now_ns: int) -> str:
    """An overlay as a watch list says it: the time of its start, or by how much it is earlier."""
    if start is not None:
        return pd.Timestamp(instant_ns(start, now_ns), tz="UTC").isoformat()
    if isinstance(by, str):
        return by.strip().removeprefix("-")
    return f"{shift_ns / 1e9:.12g}s" if shift_ns else ""


def look_back(
    watched: WatchedSet, tags: Sequence[str], start_ns: int, end_ns: int
) -> dict[str, tuple[Samples, list[Hole]]]:
    """Each tag's samples of a window in the past, what held when it began first, and where it has holes.

    Holes are gaps, bad quality, and what is still to come.
    """
    past, now_ns = watched.past, watched.now_ns
    found = past.samples(tags, start_ns, min(end_ns, now_ns))
    made = {}
    for tag in tags:
        # Of one tag alone: where another was not recorded this one may be known.
        gaps = past.gaps([tag], start_ns, end_ns)
        part = held_into(found[tag], start_ns, gaps)
        coming: list[Hole] = [(now_ns, None)] if end_ns > now_ns else []
        made[tag] = (part, [*holes_of(gaps), *bad_stretches(part), *coming])
    return made


def holes_of(gaps: Sequence[Gap]) -> list[Hole]:
    """From when until when values are missing."""
    return [(gap.start_ns, gap.end_ns) for gap in gaps]


def bad_stretches(part: Samples) -> list[Hole]:
    """From each sample of bad quality to the next one."""
    ends = [*part.time_ns.tolist(), None][1:]
    bad = (part.quality & 0xFF) < UNCERTAIN_FROM
    return [
        (begin, end) for begin, end, is_bad in zip(part.time_ns.tolist(), ends, bad, strict=True) if is_bad
    ]
