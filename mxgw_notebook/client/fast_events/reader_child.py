"""The child process of `process_reader`: reads, decodes and writes into the shared ring.

It takes its orders from its standard input as one line of JSON (the key
among them), and ends with that input: also when the parent is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from time import monotonic
from typing import Any

from mxgw_notebook.client.failures import mistaken
from mxgw_notebook.client.fast_events.arrival import arrival
from mxgw_notebook.client.fast_events.decoder import event_decoder
from mxgw_notebook.client.fast_events.reader import EventReader
from mxgw_notebook.client.fast_events.resting import SELDOM_A_WINDOW
from mxgw_notebook.client.fast_events.ring import EventRing
from mxgw_notebook.client.options import ClientOptions

# Between two moves under load: less than the kernel waits, for there is much to decode.
BUSY_SECONDS = 0.02


def main() -> None:
    """Reads one session's events until its stream or its standard input ends."""
    # The stop button interrupts cells, not this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    event_decoder()  # made before the first event, and while nobody waits for it yet
    if not (line := sys.stdin.readline()):
        return
    orders = json.loads(line)
    # Before the stream is opened: a parent that dies meanwhile must not leave a subscriber behind, which
    # would keep its session, and a worker of the gateway's, for good.
    threading.Thread(target=die_with_parent, daemon=True).start()
    stream_ended = threading.Event()
    options = ClientOptions(**orders["options"])
    reader = EventReader(
        options,
        orders["session_id"],
        after_worker_sequence=orders["after"],
        on_end=lambda error: stream_ended.set(),
    )
    ring = EventRing.attach(orders["ring"])
    reader.start()
    tell(reading=True)
    try:
        moved = 0
        while not stream_ended.wait(seconds_between(moved, ring)):
            moved = move(reader, ring)
        # Once more, for what came between the last look and the end; only then is the end told, because the
        # parent takes what is in the ring when it hears of it.
        move(reader, ring)
    except Exception as mistake:  # whoever waits for the events hears why they end
        reader.failure = mistaken(mistake, "StreamEvents", options)
    failure = reader.failure
    tell(code=failure.code.name if failure else "", details=failure.details if failure else "")


def seconds_between(moved: int, ring: EventRing) -> float:
    """How long the next move waits: where events are few, until just before the kernel takes them.

    Why: DECISIONS.md, "A reader rests where events are few".
    """
    if moved > SELDOM_A_WINDOW:
        return BUSY_SECONDS
    takes = ring.takes
    seconds = takes.seconds_before(monotonic())
    # The kernel was a little late: what is there has been moved for that take already.
    return seconds if seconds > takes.interval / 2 else seconds + takes.interval


def move(reader: EventReader, ring: EventRing) -> int:
    """What the reader has, decoded, into the ring; how many that were."""
    payloads = reader.take()
    if payloads:
        last = arrival(payloads[-1], reader.clock)  # before they are decoded, which takes its time
        table, kept = event_decoder().table(payloads)
        ring.write(table, kept, broken=len(payloads) - len(kept))
        # After the events: whoever takes them may see the times of earlier ones, never of later ones.
        if last is not None:
            ring.count("source_ns", last.source_ns)
            ring.count("gateway_ns", last.gateway_ns)
            ring.count("kernel_ns", last.kernel_ns)
    # Also when nothing was moved: a rate is seen from it, and whether the reader lives.
    ring.count("received", reader.received)
    return len(payloads)


def tell(**facts: Any) -> None:
    """One line to the parent."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def die_with_parent() -> None:
    """Ends the process at once when the parent closes our input, or is gone."""
    sys.stdin.read()
    # Not sys.exit, which in a thread ends that thread alone.
    os._exit(0)


if __name__ == "__main__":
    main()
