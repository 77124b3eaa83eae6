"""Fewer samples that draw the same: the first, lowest, highest and last of each column of pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.widgets.sources import TagSamples

# A tag is sent whole up to so many samples; of more, the newest so many, and the older ones thinned.
WHOLE = 10_000
COLUMNS = 2_000


def thinned(samples: TagSamples, columns: int = COLUMNS) -> TagSamples:
    """At most four samples a column of time, and those at which the quality changes.

    The line through what is left is, at that many pixels, the line through everything.
    """
    if len(samples.time_ms) <= 4 * columns:
        return samples
    return chosen(samples, shown(samples, columns))


def overview(samples: TagSamples) -> tuple[TagSamples, float | None]:
    """The newest samples whole, the older thinned; and until when (epoch ms), None where none is."""
    if len(samples.time_ms) <= WHOLE:
        return samples, None
    older = chosen(samples, np.arange(len(samples.time_ms) - WHOLE))
    newer = chosen(samples, np.arange(len(samples.time_ms) - WHOLE, len(samples.time_ms)))
    # The newest are what a person looks at first, and zooms into: those need no second request.
    kept = thinned(older)
    # Nothing was left out, so no page need ask again for what it has.
    if len(kept.time_ms) == len(older.time_ms):
        return samples, None
    return joined(kept, newer), float(newer.time_ms[0])


def shown(samples: TagSamples, columns: int) -> NDArray[np.int64]:
    """The places of the samples that a drawing of so many columns shows, ascending."""
    time, value = samples.time_ms, samples.value
    # Samples of one and the same time fall into one column, instead of a division by nothing.
    column = np.floor((time - time[0]) * (columns / max(float(time[-1] - time[0]), 1e-6))).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    lengths = np.diff(starts, append=len(time))
    kept = [starts, starts + lengths - 1]
    # Not minimum and maximum: a single NaN would be both, and hide the peak that the column is drawn for.
    for extreme in (np.fmin, np.fmax):
        edge = np.repeat(extreme.reduceat(value, starts), lengths)
        places = np.flatnonzero(value == edge)
        # Of several as low or as high in a column, one is enough.
        kept.append(places[np.flatnonzero(np.diff(column[places], prepend=-1))])
    # Bounded: a quality that changes with every sample would bring all of them back.
    kept.append(np.flatnonzero(np.diff(samples.quality.astype(np.int16), prepend=-1))[: 2 * columns])
    return np.unique(np.concatenate(kept))


def chosen(samples: TagSamples, places: NDArray[np.int64]) -> TagSamples:
    """Some of the samples."""
    return TagSamples(samples.index, samples.time_ms[places], samples.value[places], samples.quality[places])


def joined(first: TagSamples, second: TagSamples) -> TagSamples:
    """Two parts of one tag, one after the other."""
    return TagSamples(
        first.index,
        np.concatenate([first.time_ms, second.time_ms]),
        np.concatenate([first.value, second.value]),
        np.concatenate([first.quality, second.quality]),
    )
