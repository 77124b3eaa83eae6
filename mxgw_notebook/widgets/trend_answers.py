"""What a trend's page is sent because it asked for it: a window in full, an earlier period, measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from mxgw_notebook.widgets.live_widget import Message
from mxgw_notebook.widgets.snapshot_measures import CursorMeasures
from mxgw_notebook.widgets.sources import EarlierPeriod, TagSamples
from mxgw_notebook.widgets.thinning import thinned
from mxgw_notebook.widgets.wishes import Wish


def window_message(wish: Wish, found: Iterable[TagSamples]) -> Message:
    """The samples of a window in full, or as many as its pixels can show."""
    parts = [thinned(part) for part in found if len(part.time_ms)]
    return {"kind": "window", **span(wish), **counts(parts)}, packed(parts)


def overlay_message(wish: Wish, period: EarlierPeriod) -> Message:
    """The earlier period beside a window, or as much of it as its pixels can show."""
    parts = [thinned(part) for part in period.samples if len(part.time_ms)]
    facts = {"shift_ms": period.shift_ms, "gaps": [list(gap) for gap in period.gaps], **counts(parts)}
    return {"kind": "overlay", **span(wish), "until_ms": period.until_ms, **facts}, packed(parts)


def measures_message(wish: Wish, measured: CursorMeasures | None) -> Message | None:
    """What each tag did between the two cursors of a page, None for what is not known; none without any."""
    if measured is None:
        return None
    rows = [[tag, *measures] for tag, measures in measured.rows]
    return {"kind": "measures", "request": wish.number, "rows": rows}, []


def span(wish: Wish) -> dict[str, object]:
    """Which window is answered, and to which request."""
    return {"from_ms": wish.start_ms, "to_ms": wish.end_ms, "request": wish.number}


def counts(parts: Sequence[TagSamples]) -> dict[str, object]:
    """Which tags' samples a message's buffers hold, and how many of each."""
    return {"parts": [[part.index, len(part.time_ms)] for part in parts]}


def packed(parts: Sequence[TagSamples]) -> list[bytes | memoryview]:
    """The columns of all parts, back to back; little endian, as typed arrays in a browser are."""
    columns = (("time_ms", "<f8"), ("value", "<f8"), ("quality", "u1"))
    return [
        b"".join(np.asarray(getattr(part, name), dtype=dtype).tobytes() for part in parts)
        for name, dtype in columns
    ]
