"""A gateway that does not wait for its clients: python -m benchmarks.paced COUNT A_SECOND.

Each session has COUNT events, which come at the rate by this process's own clock once items are advised.
They queue for the session's stream, and what the client's window does not let through stays queued. Above
QUEUE the session is faulted: its stream ends with RESOURCE_EXHAUSTED, and any call but closing it is refused.
Nothing is replayed.

Where the machine lets this process wait, its own lateness is not held against the client: what is overdue
comes a tenth faster than the rate, not at once. REPORT tells, session by session, how late that was and how
deep the queue.

Prints host:port when it listens, and ends when its standard input does.

Why: DECISIONS.md, "The gateway of the soak test is late rather than unfair".
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import grpc
import numpy as np

from benchmarks.event_frames import NANOSECONDS, EventFrames
from benchmarks.framing import status
from benchmarks.http2 import TURN_SECONDS, Answer, PreframedMessages, Reply, Run, listen
from benchmarks.preframed import ACCEPTED, one, path, reply
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

QUEUE = 10_000
LONGEST_TURN_SECONDS = 0.02  # a tenth of what fills the queue, at 50,000 a second
CATCHING_UP = 1.1
REPORT = "/benchmarks.Paced/Report"
TOO_SLOW = status(grpc.StatusCode.RESOURCE_EXHAUSTED, "The subscriber reads too slowly.")
FAULTED = status(grpc.StatusCode.FAILED_PRECONDITION, "The session faulted.")
UNKNOWN = status(grpc.StatusCode.NOT_FOUND, "The session is not known.")


class Pace:
    """How many events are due. `late` is the longest that one was overdue, `seconds` the time they took."""

    def __init__(self, count: int, rate: float) -> None:
        self.made = 0
        self.late = self.seconds = 0.0
        self._count, self._rate = count, rate
        self._began = self._turned = 0.0

    def due(self, now: float) -> int:
        """Those that come in this turn; none in the first, which starts the clock."""
        if not self._began:
            self._began = self._turned = now
        if now - self._turned < TURN_SECONDS:
            return 0
        turn, self._turned = min(now - self._turned, LONGEST_TURN_SECONDS), now
        overdue = min(self._count, int((now - self._began) * self._rate)) - self.made
        self.late = max(self.late, overdue / self._rate)
        due = min(overdue, 1 + int(turn * self._rate * CATCHING_UP))
        self.made += due
        self.seconds = now - self._began if due else self.seconds
        return due


class Session:
    """One session: the events that wait, and the stream's answer. `advised` starts the events."""

    paced = True

    def __init__(self, session_id: str, count: int, rate: float) -> None:
        self.id = session_id
        self.advised = False
        self.faulted = False
        self.deepest_queue = 0
        self.pace = Pace(count, rate)
        self._frames = EventFrames(session_id)
        self._made_ns = 0
        self._queue = bytearray()

    @property
    def waiting(self) -> int:
        """Events that wait for the client."""
        return len(self._queue) // self._frames.width

    def take(self, stream: int, window: int) -> tuple[bytearray, int]:
        """Adds what has come meanwhile, and takes off what the window lets through."""
        if self.advised and not self.faulted:
            self._make(self.pace.due(time.monotonic()))
        many = min(self.waiting, window // self._frames.carried)
        size = many * self._frames.width
        taken = self._queue[:size]
        del self._queue[:size]
        self.deepest_queue = max(self.deepest_queue, self.waiting)
        self.faulted = self.faulted or self.waiting > QUEUE
        return self._frames.on_stream(stream, taken), many * self._frames.carried

    @property
    def ending(self) -> bytes | None:
        """The end of a session that was not read."""
        return TOO_SLOW if self.faulted else None

    def report(self) -> dict[str, float]:
        """What became of it."""
        return {
            "deepest_queue": self.deepest_queue,
            "faulted": self.faulted,
            "late_seconds": self.pace.late,
            "made": self.pace.made,
            "seconds": self.pace.seconds,
        }

    def _make(self, many: int) -> None:
        """So many events, each with a time of its own between those before and now."""
        if not many:
            return
        now = time.time_ns()
        before = max(self._made_ns, now - int(LONGEST_TURN_SECONDS * NANOSECONDS))
        times = before + (now - before) * np.arange(1, many + 1) // many
        self._queue += self._frames.block(self.pace.made - many + 1, times).tobytes()
        self._made_ns = now


@dataclass
class Gateway:
    """The sessions, and what is answered for each."""

    count: int
    rate: float

    def __post_init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def answers(self) -> dict[str, Answer]:
        """What each call is answered with, by its path."""
        return {
            path("OpenSession"): self._open,
            path("CloseSession"): self._close,
            path("Invoke"): self._invoke,
            path("StreamEvents"): self._stream,
            REPORT: self._report,
        }

    def _open(self, _request: bytes) -> Reply:
        session_id = f"session-{len(self._sessions) + 1:028}"
        self._sessions[session_id] = Session(session_id, self.count, self.rate)
        return one(wire.OpenSessionReply(session_id=session_id, protocol_status=ACCEPTED))

    def _close(self, request: bytes) -> Reply:
        session_id = wire.CloseSessionRequest.FromString(request).session_id
        return one(wire.CloseSessionReply(session_id=session_id, protocol_status=ACCEPTED))

    def _invoke(self, request: bytes) -> Reply:
        command = wire.MxCommandRequest.FromString(request)

        def carried_out(session: Session) -> Reply:
            session.advised = session.advised or command.command.HasField("subscribe_bulk")
            return one(reply(command))

        return self._for_one(command.session_id, carried_out)

    def _stream(self, request: bytes) -> Reply:
        return self._for_one(wire.StreamEventsRequest.FromString(request).session_id, lambda session: session)

    def _for_one(self, session_id: str, answer: Callable[[Session], Reply]) -> Reply:
        session = self._sessions.get(session_id)
        if session is None or session.faulted:
            return Run(PreframedMessages([]), status=FAULTED if session else UNKNOWN)
        return answer(session)

    def _report(self, _request: bytes) -> Reply:
        sessions = [session.report() for session in self._sessions.values()]
        report = {"cpu_seconds": time.process_time(), "sessions": sessions}
        return Run(PreframedMessages([json.dumps(report).encode()]))


def main() -> None:
    """Says where the events are to be had, and stays until its input ends."""
    count, rate = sys.argv[1:]
    print(listen(Gateway(int(count), float(rate)).answers()), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
