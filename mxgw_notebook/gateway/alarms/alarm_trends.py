"""Trends of the tags behind alarms, with the alarms marked on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.alarms.marks import AlarmMarks, find_cause
from mxgw_notebook.gateway.alarms.services import AlarmServices
from mxgw_notebook.gateway.tags import Watch
from mxgw_notebook.live import AlarmBoard

SHORTEST_SECONDS, LONGEST_SECONDS = 120.0, 3600.0


class AlarmTrends:
    """The trends that a review has begun: they end with it."""

    def __init__(self, board: AlarmBoard, services: AlarmServices) -> None:
        self._board, self._services = board, services
        self.begun: list[Watch] = []

    async def begin(self, reference: str) -> Watch:
        """Watches the tag that raised an alarm.

        Raises ConfigurationError for an alarm that was not seen, TagError for a tag that cannot be watched.
        """
        record = self._newest(reference)
        watch = await self._services.watch([await find_cause(self._services.read, record.tag)])
        watch.mark(self)
        # By the clock that gave the alarm its time, which may be another than ours.
        ago = (self._services.gateway_now() - (record.raised_ns or record.changed_ns)) / 1e9
        watch.trend().window_seconds = min(max(ago + 60.0, SHORTEST_SECONDS), LONGEST_SECONDS)
        self.begun.append(watch)
        return watch

    async def end(self, watch: Watch) -> None:
        """Ends one of them."""
        self.begun.remove(watch)
        await watch.watched.end()

    def marks(self, tags: Callable[[], Sequence[str]], *, everything: bool = False) -> AlarmMarks:
        """What a trend of these tags shows of the board's alarms."""
        return AlarmMarks(self._board, tags, everything=everything)

    def _newest(self, reference: str) -> AlarmRecord:
        active = self._board.find(reference)
        if active is not None:
            return active.record
        # Of an alarm that is over the history knows the tag; it is asked for a trend as often as one that
        # stands.
        records = [record for record in self._board.log() if record.reference == reference]
        if not records:
            raise ConfigurationError(f"No alarm {reference} was seen", hint="frame() lists the references.")
        return records[-1]
