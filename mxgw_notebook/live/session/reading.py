"""Which reader takes a session's events: a thread for a few tags, a process for many."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Literal, Protocol

from mxgw_notebook.client import (
    ClientOptions,
    EventColumns,
    EventReader,
    GatewayClient,
    GatewayClock,
    Launched,
    ProcessReader,
    Session,
    event_decoder,
)
from mxgw_notebook.errors import CallError
from mxgw_notebook.live.session.standby import Standby

log = logging.getLogger(__name__)

ReaderKind = Literal["auto", "thread", "process"]
# A stalled thread costs the session once the gateway's queue of 10,000 is full: at this rate after 20 s.
PROCESS_RATE = 500.0
PROCESS_TAGS = 200
OnEnd = Callable[[CallError | None], None]


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


class Readers:
    """Starts the readers of one link, one after the other. Used on the loop thread alone.

    `kind` is that of the next one. `on_end` is called on the loop with each reader whose stream has ended,
    and why; not with one that had ended before it was known here, which is `finished` then.
    """

    def __init__(
        self, client: GatewayClient, kind: ReaderKind, on_end: Callable[[Reader, CallError | None], None]
    ) -> None:
        self.kind = kind
        self._client, self._on_end = client, on_end
        self._standby = Standby()

    async def start(self, session: Session, after: int) -> Reader:
        """A reader of the session's events after a sequence; 0 for all from now on."""
        loop = asyncio.get_running_loop()
        # The end may be told before the reader is known here, and on another thread: `finished` tells then.
        made: list[Reader] = []

        def note(error: CallError | None) -> None:
            if made:  # taken out: a reader that is done with must not live on in what it calls
                self._on_end(made.pop(), error)

        def note_from_thread(error: CallError | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone, and with it everybody who cares
                loop.call_soon_threadsafe(note, error)

        reader = await start_reader(
            self.kind,
            self._client.options,
            session.session_id,
            after=after,
            on_end=note_from_thread,
            clock=self._client.clock,
            launched=await self._standby.take() if self.kind == "process" else None,
        )
        made.append(reader)
        return reader

    def prepare(self) -> None:
        """Has the next one's process start while the gateway is still away, where it is to be one."""
        if self.kind == "process":
            self._standby.prepare()

    async def dismiss(self) -> None:
        """Ends a process that no reader has taken. Harmless when there is none."""
        await self._standby.dismiss()


async def start_reader(
    kind: ReaderKind,
    options: ClientOptions,
    session_id: str,
    *,
    after: int,
    on_end: OnEnd,
    clock: GatewayClock | None = None,
    launched: Launched | None = None,
) -> Reader:
    """A reader that reads. A process that cannot be had is replaced by a thread, with a line in the log."""
    if kind == "process":
        reader = ProcessReader(
            options, session_id, after_worker_sequence=after, on_end=on_end, clock=clock, launched=launched
        )
        try:
            await start_in_thread(reader)
        except Exception as error:  # whatever a process fails by, values come without one
            log.warning("%s; a thread reads instead", error)
        else:
            return reader
    # Made here once, which takes longer than a batch, and would hold up the loop.
    await asyncio.to_thread(event_decoder)
    thread = EventReader(options, session_id, after_worker_sequence=after, on_end=on_end, clock=clock)
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
