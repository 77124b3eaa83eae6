"""What an XY view asks of the layer that feeds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.widgets.sources import TrendTag
from mxgw_notebook.words import Phase


@dataclass(frozen=True, eq=False)
class XYPoints:
    """Points by time, all columns of one length: epoch milliseconds UTC, two values, the OPC quality byte.

    Points of one `piece` are joined, those of two are not. `left_out` are further points, which these hide.
    """

    time_ms: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    quality: NDArray[np.uint8]
    piece: NDArray[np.int64]
    left_out: int = 0

    @property
    def columns(self) -> list[bytes]:
        """The columns as a browser has them in typed arrays: little endian."""
        kinds = ((self.time_ms, "<f8"), (self.x, "<f8"), (self.y, "<f8"), (self.quality, "u1"))
        return [np.asarray(column, kind).tobytes() for column, kind in (*kinds, (self.piece, "<u4"))]


@dataclass(frozen=True)
class XYDelta:
    """The points of two tags, all of the window that is shown."""

    cursor: int
    x: TrendTag
    y: TrendTag
    points: XYPoints
    status: str = Phase.LIVE.value
    phase: Phase = Phase.LIVE
    now_ms: float | None = None
    as_of_ms: float | None = None


class XYSource(Protocol):
    """Where an XY view's points come from; every call is cheap and made by one thread at a time."""

    def since(self, cursor: int) -> XYDelta:
        """All points of the window that is shown now."""
