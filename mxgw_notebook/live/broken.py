"""What came and could not be read: counted, and told until it has been quiet for a while."""

from __future__ import annotations

import time

from mxgw_notebook.live.follow import Standing
from mxgw_notebook.words import Phase

# After so long without another nobody can mistake what is shown for what could not be read.
QUIET_SECONDS = 30.0


class BrokenMessages:
    """Counts them. Written on the loop thread, read from any."""

    def __init__(self, kind: str) -> None:
        self.count = 0
        self._kind = kind
        self._of_late = 0
        self._last = Standing(Phase.INCOMPLETE)
        self._last_at = -QUIET_SECONDS

    def add(self, count: int = 1) -> bool:
        """So many more; whether they are the first for a while."""
        now = time.monotonic()
        first = now - self._last_at >= QUIET_SECONDS
        self.count += count
        self._of_late = count + (0 if first else self._of_late)
        reason = f"{self._of_late:,} {self._kind}{'s' if self._of_late != 1 else ''} could not be read"
        self._last, self._last_at = Standing(Phase.INCOMPLETE, reason), now
        return first

    @property
    def standing(self) -> Standing | None:
        """That some could not be read; None once it has been quiet."""
        return self._last if time.monotonic() - self._last_at < QUIET_SECONDS else None
