"""A source of events of few tags or of many: python -m benchmarks.tags_source COUNT TAGS...

It is a gateway that has COUNT events for each number of TAGS it is started with, framed before the first call
and spread evenly: an event of each tag, then the next of each. A session says by its name how many tags it
will advise. Its events begin once it has, so that each belongs to a tag that is known.

Prints host:port when it listens, and ends when its standard input does.
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.http2 import Answer, PreframedMessages, Run, listen
from benchmarks.preframed import ACCEPTED, FIRST_TIME, SERVER_HANDLE, events, one, path
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

SECOND_NS = 1_000_000_000


def spread(count: int, tags: int) -> Iterator[bytes]:
    """Serialised data changes, worker_sequence 1 to count, of handles 1 to tags in turn, a round a second."""
    event = wire.MxEvent.FromString(next(events(1)))
    for sequence in range(1, count + 1):
        event.worker_sequence = sequence
        event.item_handle = (sequence - 1) % tags + 1
        event.value.double_value = sequence / 2
        event.source_timestamp.FromNanoseconds(FIRST_TIME + (sequence - 1) // tags * SECOND_NS)
        event.worker_timestamp.CopyFrom(event.source_timestamp)
        yield event.SerializeToString()


@dataclass
class Waiting(Run):
    """An answer whose messages wait until something has come about."""

    begins: threading.Event = field(default_factory=threading.Event)
    paced: bool = True

    def take(self, stream: int, window: int) -> tuple[bytearray, int]:
        """Nothing before it begins."""
        return super().take(stream, window if self.begins.is_set() else 0)


class Advising:
    """One session: hands out handles, and lets its events begin with the last of its tags."""

    def __init__(self, tags: int) -> None:
        self.tags, self.complete = tags, threading.Event()
        self._handles = itertools.count(1)

    def reply(self, request: wire.MxCommandRequest) -> wire.MxCommandReply:
        """What a command is answered with."""
        command = request.command
        answer = wire.MxCommandReply(
            session_id=request.session_id, kind=command.kind, protocol_status=ACCEPTED
        )
        if command.HasField("register"):
            answer.register.server_handle = SERVER_HANDLE
        for tag in command.subscribe_bulk.tag_addresses:
            handle = next(self._handles)
            answer.subscribe_bulk.results.add(tag_address=tag, item_handle=handle, was_successful=True)
            if handle == self.tags:
                self.complete.set()
        for handle in command.unsubscribe_bulk.item_handles:
            answer.unsubscribe_bulk.results.add(item_handle=handle, was_successful=True)
        return answer


class Sessions:
    """Every session there ever was, and the events for each number of tags."""

    def __init__(self, count: int, numbers: list[int]) -> None:
        self._events = {tags: PreframedMessages(spread(count, tags)) for tags in numbers}
        self._sessions: dict[str, Advising] = {}

    def open(self, request: bytes) -> Run:
        """A session for as many tags as its name says."""
        asked = wire.OpenSessionRequest.FromString(request)
        name = f"session-{len(self._sessions) + 1}"
        self._sessions[name] = Advising(int(asked.client_session_name))
        return one(wire.OpenSessionReply(session_id=name, protocol_status=ACCEPTED))

    def close(self, request: bytes) -> Run:
        """Nothing is left of it to end."""
        asked = wire.CloseSessionRequest.FromString(request)
        return one(wire.CloseSessionReply(session_id=asked.session_id, protocol_status=ACCEPTED))

    def invoke(self, request: bytes) -> Run:
        """A command of a session."""
        asked = wire.MxCommandRequest.FromString(request)
        return one(self._sessions[asked.session_id].reply(asked))

    def stream(self, request: bytes) -> Run:
        """A session's events, from its first one on."""
        session = self._sessions[wire.StreamEventsRequest.FromString(request).session_id]
        return Waiting(self._events[session.tags], ends=False, begins=session.complete)


def answers(count: int, numbers: list[int]) -> dict[str, Answer]:
    """What each call is answered with, by its path."""
    sessions = Sessions(count, numbers)
    return {
        path("OpenSession"): sessions.open,
        path("CloseSession"): sessions.close,
        path("Invoke"): sessions.invoke,
        path("StreamEvents"): sessions.stream,
    }


def main() -> None:
    """Prepares the events, says where they are to be had, and stays until its input ends."""
    count, *numbers = map(int, sys.argv[1:])
    print(listen(answers(count, numbers)), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
