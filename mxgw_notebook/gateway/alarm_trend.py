"""From an alarm to its cause: which tag to look at, and what to mark on its trend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import Hub

Marks = tuple[list[tuple[float, str]], list[tuple[int, float, str]]]
NANOSECONDS_A_MILLISECOND = 1e6
READ_SECONDS = 2.0
MARKERS_SHOWN = 60
SIGNS = {"RAISE": "▲", "RETRIGGER": "▲", "CLEAR": "▽", "ACKNOWLEDGE": "✓"}


async def cause_of(hub: Hub, alarm_tag: str) -> str:
    """The tag whose value raised an alarm: `Tank001.Level` of `Tank001.Level.Hi`.

    The longest part of the alarm's own tag that has a number for a value; without one the alarm's tag.
    """
    parts = alarm_tag.split(".")
    candidates = [".".join(parts[:count]) for count in range(len(parts) - 1, 1, -1)]
    if not candidates:
        return alarm_tag
    try:
        readings = await hub.read(candidates, timeout=READ_SECONDS)
    except GatewayError:
        return alarm_tag
    for reading in readings:
        if not reading.failure and isinstance(reading.value, int | float) and type(reading.value) is not bool:
            return reading.tag
    return alarm_tag


def marks_of(
    account: Callable[[], Sequence[AlarmRecord]], tags: Sequence[str], *, everything: bool
) -> Callable[[], Marks]:
    """What a trend of some tags shows of alarms: their transitions as markers, their limits as lines.

    Of alarms of these tags, or, with `everything`, of all. The newest 60 markers; times not known have none.
    """

    def marks() -> Marks:
        records = account()
        chosen = records if everything else [record for record in records if owner(record, tags) is not None]
        timed = [record for record in chosen if record.changed_ns and record.kind in SIGNS]
        markers = [
            (record.changed_ns / NANOSECONDS_A_MILLISECOND, f"{SIGNS[record.kind]} {record.tag}")
            for record in timed[-MARKERS_SHOWN:]
        ]
        return markers, limits_of(records, tags)

    return marks


def limits_of(records: Iterable[AlarmRecord], tags: Sequence[str]) -> list[tuple[int, float, str]]:
    """The newest limit of each alarm of these tags, where it is a number."""
    found: dict[str, tuple[int, float, str]] = {}
    for record in records:
        index, limit = owner(record, tags), record.limit
        if index is not None and isinstance(limit, int | float) and type(limit) is not bool:
            name = record.tag.removeprefix(f"{tags[index]}.")
            found[record.tag] = (index, float(limit), f"{name} {limit:g}")
    return list(found.values())


def owner(record: AlarmRecord, tags: Sequence[str]) -> int | None:
    """Which of the tags an alarm is of; None for none of them."""
    for index, tag in enumerate(tags):
        if record.tag == tag or record.tag.startswith(f"{tag}."):
            return index
    return None
