"""From an alarm to its cause: which tag to look at, and what to mark on its trend."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from mxgw_notebook.client import AlarmRecord, Reading
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import MILLISECOND_NS
from mxgw_notebook.gateway.tags import Marks
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.words import figures

READ_SECONDS = 2.0
MARKERS_SHOWN = 60
SIGNS = {"RAISE": "▲", "RETRIGGER": "▲", "CLEAR": "▽", "ACKNOWLEDGE": "✓"}


async def find_cause(read: Callable[..., Awaitable[Sequence[Reading]]], alarm_tag: str) -> str:
    """The tag whose value raised an alarm: `Tank001.Level` of `Tank001.Level.Hi`.

    The longest part of the alarm's own tag that has a number for a value; without one the alarm's tag.
    """
    parts = alarm_tag.split(".")
    candidates = [".".join(parts[:count]) for count in range(len(parts) - 1, 1, -1)]
    try:
        readings = await read(candidates, timeout=READ_SECONDS) if candidates else ()
    except GatewayError:
        return alarm_tag
    for reading in readings:
        if not reading.failure and isinstance(reading.value, int | float) and type(reading.value) is not bool:
            return reading.tag
    return alarm_tag


class AlarmMarks:
    """The alarms on the trend of some tags: their transitions as markers, their limits as lines.

    Only alarms of these tags, or with `everything` all alarms. The newest 60 transitions with a known time
    have markers. Each call looks only at what is new since the one before.
    """

    def __init__(self, board: AlarmBoard, tags: Callable[[], Sequence[str]], *, everything: bool) -> None:
        self._board, self._tags_now, self._everything = board, tags, everything
        self._tags: list[str] | None = None
        self._seen = 0
        self._markers: deque[tuple[float, str]] = deque(maxlen=MARKERS_SHOWN)
        self._limits: dict[str, tuple[int, float, str]] = {}

    def __call__(self) -> Marks:
        """Markers and limits as of now."""
        tags = list(self._tags_now())
        if tags != self._tags:
            # Counted first: what comes in between is rather marked twice than not at all.
            self._tags, self._seen = tags, self._board.seen
            records = self._board.account()
            self._markers.clear()
            self._limits.clear()
        else:
            self._seen, records = self._board.news(self._seen)
        for record in records:
            self._take(record, tags)
        return list(self._markers), list(self._limits.values())

    def _take(self, record: AlarmRecord, tags: Sequence[str]) -> None:
        index = owner(record, tags)
        sign = SIGNS.get(record.kind)
        if sign and record.changed_ns and (self._everything or index is not None):
            self._markers.append((record.changed_ns / MILLISECOND_NS, f"{sign} {record.tag}"))
        limit = record.limit
        if index is not None and isinstance(limit, int | float) and type(limit) is not bool:
            name = record.tag.removeprefix(f"{tags[index]}.")
            self._limits[record.tag] = (index, float(limit), f"{name} {figures(limit)}")


def owner(record: AlarmRecord, tags: Sequence[str]) -> int | None:
    """Which of the tags an alarm is of; None for none of them."""
    for index, tag in enumerate(tags):
        if record.tag == tag or record.tag.startswith(f"{tag}."):
            return index
    return None
