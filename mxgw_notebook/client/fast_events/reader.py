"""A session's events as raw batches: a thread that reads always, so that the gateway never waits for us.

A reader that the gateway has to wait for costs the session (it faults). So the thread only appends to a
bounded buffer; what does not fit is dropped and counted, never pushed back on the stream.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import grpc

from mxgw_notebook.client.channel import open_reader_channel
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import CALLS, wire
from mxgw_notebook.client.failures import mistaken, translated
from mxgw_notebook.client.fast_events.arrival import arrival
from mxgw_notebook.client.fast_events.columns import EventColumns
from mxgw_notebook.client.fast_events.decoder import event_decoder
from mxgw_notebook.client.fast_events.receiving import messages
from mxgw_notebook.client.fast_events.resting import Rests
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.errors import CallError

BUFFERED_EVENTS = 200_000
# The bound of events is enough for small ones. Those with long texts and arrays are counted in bytes as well.
LARGE = 1024
BUFFERED_BYTES = 256 << 20


class EventReader:
    """Reads one session's event stream on a thread and a channel of its own.

    `finished` once the stream has ended, with the reason in `failure` where it was not meant to.

    Args:
        options: The gateway.
        session_id: The session; it must have no other event stream.
        after_worker_sequence: The last sequence seen, to resume; 0 starts afresh.
        capacity: Events kept until they are taken; of large ones no more than 256 MiB.
        clock: Judges their times; one of its own unless told.
        on_end: Called once, on the reader's thread, when the stream has ended: None for `stop()` or the
            gateway's own end, else the error.
        ended: Its older name.
    """

    def __init__(
        self,
        options: ClientOptions,
        session_id: str,
        *,
        after_worker_sequence: int = 0,
        capacity: int = BUFFERED_EVENTS,
        clock: GatewayClock | None = None,
        on_end: Callable[[CallError | None], None] | None = None,
        ended: Callable[[CallError | None], None] | None = None,
    ) -> None:
        self.kind = "thread"
        self.dropped = 0
        self.received = 0
        self.finished = False
        self.clock = clock or GatewayClock(options)
        self.failure: CallError | None = None
        self._options, self._capacity, self._on_end = options, capacity, on_end or ended
        request = wire.StreamEventsRequest(session_id=session_id, after_worker_sequence=after_worker_sequence)
        # Appended to by the thread and taken from by the loop without a lock: both ends of a deque may be
        # used at once, and a lock would let a busy loop hold up the reader. It has no `maxlen`, which would
        # drop the oldest unseen instead of counting.
        self._buffer: deque[bytes] = deque()
        # Bytes of large events: each grows on one thread alone, so that neither needs a lock.
        self._came = self._left = 0
        # On a channel that others use, one large reply would hold up the events behind it.
        self._channel = open_reader_channel(options)
        self._stopping = threading.Event()
        self.rests = Rests(self._stopping)
        stream: Any = self._channel.unary_stream(CALLS["StreamEvents"].path)
        self._call = stream(request.SerializeToString(), metadata=options.metadata)
        self._thread = threading.Thread(target=self._read, name=f"mxgw events {session_id}", daemon=True)

    def start(self) -> None:
        """Begins reading."""
        self._thread.start()

    @property
    def taken(self) -> int:
        """Events of those received that do not wait here any more."""
        return self.received - len(self._buffer)

    def take(self) -> list[bytes]:
        """The events since the last call, in order, serialised."""
        buffer = self._buffer
        # As many as there are now: `while buffer` might never end under load.
        payloads = [buffer.popleft() for _ in range(len(buffer))]
        self._left += sum(size for size in map(len, payloads) if size >= LARGE)
        self.rests.note_emptied()
        return payloads

    def columns(self) -> EventColumns | None:
        """The events since the last call as columns; None when there are none. For one thread at a time."""
        payloads = self.take()
        if not payloads:
            return None
        # By the clock of now: decoding takes time, most of all the first.
        last = arrival(payloads[-1], self.clock)
        columns = event_decoder().decode(payloads, self.clock, self._options.api_key)
        columns.arrival = last
        return columns

    def stop(self) -> None:
        """Ends the stream at the gateway too, and the thread. Harmless the second time."""
        self._stopping.set()
        self._call.cancel()
        # A thread cannot wait for itself, and `on_end`, which is called on this one, may lead here.
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        self._channel.close()

    def _has_room(self, size: int) -> bool:
        """Whether one more large event can be kept; then its bytes are counted."""
        if self._came - self._left + size > BUFFERED_BYTES:
            return False
        self._came += size
        return True

    def _read(self) -> None:
        append, capacity, buffer = self._buffer.append, self._capacity, self._buffer
        try:
            # Nothing in this loop may wait, decode or log: at 50,000 events a second it has 20 us for each,
            # and a gateway whose queue is full faults the session. Where they are few, it rests.
            for data in self.rests.between(messages(self._call)):
                self.received += 1
                if len(buffer) < capacity and (len(data) < LARGE or self._has_room(len(data))):
                    append(data)
                else:
                    self.dropped += 1
        except grpc.RpcError as failure:
            # Cancelling the call ends it with an error, which is no failure where it was asked for.
            if not self._stopping.is_set():
                self.failure = translated(failure, "StreamEvents", self._options)
        except Exception as mistake:  # without a reason it would look like the gateway's own end
            self.failure = mistaken(mistake, "StreamEvents", self._options)
        finally:
            # After `failure` and before the call: who is told must find both, and the rest of the events
            # still here.
            self.finished = True
            if self._on_end is not None:
                self._on_end(self.failure)
