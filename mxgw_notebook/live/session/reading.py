"""Which reader takes a session's events: a thread for a few tags, a process for many."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Literal, Protocol

from mxgw_notebook.client import (
    ClientOptions,
    EventColumns,
    EventReader,
    GatewayClock,
    Launched,
    ProcessReader,
)
from mxgw_notebook.errors import CallError

log = logging.getLogger(__name__)

ReaderKind = Literal["auto", "thread", "process"]
# A stalled thread costs the session once the gateway's queue of 10,000 is full: at this rate after 20 s.
PROCESS_RATE = 500.0
PROCESS_TAGS = 200
Ended = Callable[[CallError | None], None]


class Reader(Protocol):
    """What reads one session's event stream."""

    kind: str
    finished: bool
    failure: CallError | None

    @property
    def taken(self) -> int:
        """Events of those received that do not wait in the reader any more."""

    @property
    def dropped(self) -> int:
        """Events lost because they were not taken in time."""

    @property
    def received(self) -> int:
        """Events read so far."""

    def columns(self) -> EventColumns | None:
        """The events since the last call; None when there are none."""

    def stop(self) -> None:
        """Ends the stream. Harmless the second time."""


async def start_reader(
    kind: ReaderKind,
    options: ClientOptions,
    session_id: str,
    *,
    after: int,
    ended: Ended,
    clock: GatewayClock | None = None,
    launched: Launched | None = None,
) -> Reader:
    """A reader that reads. A process that cannot be had is replaced by a thread, with a line in the log."""
    if kind == "process":
        reader = ProcessReader(
            options, session_id, after_worker_sequence=after, ended=ended, clock=clock, launched=launched
        )
        try:
            await start_in_thread(reader)
        except Exception as error:  # whatever a process fails by, values come without one
            log.warning("%s; a thread reads instead", error)
        else:
            return reader
    thread = EventReader(options, session_id, after_worker_sequence=after, ended=ended, clock=clock)
    thread.start()
    return thread


async def start_in_thread(reader: ProcessReader) -> None:
    """Starts the process without holding up the loop; one that nobody waits for any more is stopped."""
    starting = asyncio.ensure_future(asyncio.to_thread(reader.start))
    try:
        await asyncio.shield(starting)
    except BaseException:
        await asyncio.wait({starting})
        await asyncio.to_thread(reader.stop)
        raise
