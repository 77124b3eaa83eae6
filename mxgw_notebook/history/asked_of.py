"""What of a recording is meant: the tags, the time, the galaxy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.analysis import Snapshot
from mxgw_notebook.client import texts_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.globs import resolve
from mxgw_notebook.history.asking import span_ns
from mxgw_notebook.history.past import check_seen
from mxgw_notebook.history.readable import Readable
from mxgw_notebook.history.source import LATEST_NS


def named_in(recording: Readable, given: Sequence[Any]) -> list[str]:
    """The tags that are meant: names, lists, tables and globs of them; all where none is given."""
    known = recording.tags
    listed = [entry["tag"] if "tag" in getattr(entry, "columns", ()) else entry for entry in given]
    flat = [tag for entry in listed for tag in texts_given(entry, "A tag", "They are in .tags.")]
    meant = resolve(flat or known, known, "tag that was recorded", hint="They are in .tags.")
    check_seen(set(meant) - set(known))
    return meant


def time_in(recording: Readable, start: Any, end: Any) -> tuple[int, int]:
    """From when to when something is asked for, nanoseconds since 1970 UTC."""
    last = recording.span[1]
    start_ns, end_ns = span_ns(start, end, 0 if last is None else last.value)
    # What stands there counts to its last, also by a clock that is ahead of its recorder's.
    return start_ns, LATEST_NS if end is None else end_ns


def reached(recording: Readable, start_ns: int, end_ns: int) -> tuple[int, int]:
    """A stretch of time as far as the recording reaches.

    Raises ConfigurationError where it reaches none of it.
    """
    runs = recording.source.facts("runs")
    begin = min((row["begin_ns"] for row in runs), default=0)
    until = max((row["until_ns"] for row in runs), default=0)
    span = max(start_ns, begin), min(end_ns, max(until, begin))
    if span[1] < span[0]:
        raise ConfigurationError("Nothing was recorded in that time", hint="See recording.span, .gaps().")
    return span


def galaxy_in(recording: Readable, until_ns: int = LATEST_NS) -> Snapshot | None:
    """The galaxy as it was by then; None where none was recorded."""
    try:
        return recording.galaxy(pd.Timestamp(until_ns, tz="UTC"))
    except ConfigurationError:
        return None
