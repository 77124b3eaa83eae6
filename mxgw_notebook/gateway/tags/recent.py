"""The newest samples of watched tags: so many of each, or those of a last stretch of time."""

from __future__ import annotations

from collections.abc import Sequence

from mxgw_notebook.client import whole_number_given
from mxgw_notebook.frames import Samples, stretch
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.history import held_into
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
    gateway's, the stretch is up to its own newest: it hides no other's. Single samples ahead hide none of
    their own tag either.
    """
    wanted = CAPACITY if count is None else whole_number_given(count, "count", range(1, CAPACITY + 1))
    kept = [entry.subscription.history.newest(wanted) for entry in entries]
    if last is not None:
        length = stretch(last).as_unit("ns").value
        own = [int(part.time_ns.max(initial=0)) for part in kept]
        newest = max((time for time in own if time <= now_ns), default=max(own, default=0))
        begins = [
            newest - length if time <= now_ns or has_any(part, newest - length, now_ns) else time - length
            for part, time in zip(kept, own, strict=True)
        ]
        kept = [held_into(part, begin, gaps) for part, begin in zip(kept, begins, strict=True)]
    return {entry.tag: part for entry, part in zip(entries, kept, strict=True)}


def has_any(samples: Samples, begin_ns: int, end_ns: int) -> bool:
    """Whether there is a sample after the one time, and at the other or before."""
    return bool(((samples.time_ns > begin_ns) & (samples.time_ns <= end_ns)).any())
