"""What the panel of a recorder asks of the layer that feeds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mxgw_notebook.words import Phase


@dataclass(frozen=True)
class RecorderDelta:
    """How a recorder fares. Sizes are bytes, times epoch milliseconds UTC.

    `free` is the room on its disk, `least_free` what is left to others of that; `dropped` counts samples that
    were lost, `rates` are samples a second of late, the oldest first. `as_of_ms` is to when all is recorded.
    """

    cursor: int
    folder: str
    samples: int = 0
    per_second: float = 0.0
    rates: tuple[float, ...] = ()
    written: int = 0
    waiting: int = 0
    dropped: int = 0
    free: int = 0
    least_free: int = 0
    tags: int = 0
    since_ms: float | None = None
    status: str = Phase.IDLE.value
    phase: Phase = Phase.IDLE
    now_ms: float | None = None
    as_of_ms: float | None = None


class RecorderSource(Protocol):
    """A recorder; every call is cheap and made by one thread at a time."""

    def since(self, cursor: int) -> RecorderDelta:
        """How it fares now, whatever the cursor."""

    def stop(self) -> None:
        """Ends the recording; returns at once."""
