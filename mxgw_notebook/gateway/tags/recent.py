"""The newest samples of watched tags: so many of each, or those of a last stretch of time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mxgw_notebook.frames import Samples, stretch
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.live import CAPACITY, Gap


def columns_of(
    entries: Sequence[WatchedTag],
    last: str | float | None,
    count: int | None,
    now_ns: int,
    gaps: Sequence[Gap] = (),
) -> dict[str, Samples]:
    """Each tag's newest `count` samples, of those the `last` stretch of time, up to the newest of all.

    What a tag read when the stretch began is its first sample there, as far as the gaps let one know: a
    setpoint that nobody changes has a value all the same. Of a tag whose clock is ahead of `now_ns`, the
    gateway's, the stretch is up to its own newest: it hides no other's.
    """
    kept = [entry.subscription.history.newest(count or CAPACITY) for entry in entries]
    if last is not None:
        length = stretch(last).as_unit("ns").value
        own = [int(part.time_ns.max(initial=0)) for part in kept]
        newest = max((time for time in own if time <= now_ns), default=max(own, default=0))
        ends = [max(newest, time) if time > now_ns else newest for time in own]
        kept = [held_into(part, end - length, gaps) for part, end in zip(kept, ends, strict=True)]
    return {entry.tag: part for entry, part in zip(entries, kept, strict=True)}


def held_into(part: Samples, begin: int, gaps: Sequence[Gap]) -> Samples:
    """The samples from a time on, the one that held then with that time as its own."""
    inside = np.flatnonzero(part.time_ns >= begin)
    before = np.flatnonzero((part.time_ns < begin) & (part.time_ns > 0))
    if not len(before) or bool((part.time_ns[inside] == begin).any()):
        return part.rows(inside)
    latest = before[np.argsort(part.time_ns[before], kind="stable")[-1]]
    if any(lost_by(gap, int(part.time_ns[latest]), begin) for gap in gaps):
        return part.rows(inside)
    held = part.rows(np.append(latest, inside))
    held.time_ns[0] = begin
    return held


def lost_by(gap: Gap, since: int, begin: int) -> bool:
    """Whether a value that came before a gap is not known any more at a time.

    After an outage the gateway was asked for every present value, so what did not change went on.
    """
    if not since <= gap.start_ns < begin:
        return False
    return gap.cause != "outage" or gap.end_ns is None or gap.end_ns > begin
