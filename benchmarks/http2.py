"""Just enough of HTTP/2 and gRPC to answer calls with messages that were framed before anybody asked.

A gRPC server in Python spends its time on each message and feeds a client some 20,000 events a
second, so whoever measures a client against it measures the server. Here the frames of an answer
lie ready end to end, and are copied to the socket as many at once as flow control lets through.

What it speaks is what a gRPC client needs (RFC 9113), without encryption. What it leaves out:
padding, priorities, and HPACK but for one trick: by announcing a header table of size nothing it
makes grpc spell every call's path out, so the path is found by looking for its bytes.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benchmarks import framing
from benchmarks.framing import data_frames, frame

FRAMES_AT_ONCE = 512
TURN_SECONDS = 0.002  # how often a paced answer is asked what it has


class PreframedMessages:
    """Messages as DATA frames end to end, with the places where each begins; `count` counts frames."""

    def __init__(self, messages: Iterable[bytes]) -> None:
        frames = [one for message in messages for one in data_frames(message)]
        self.count = len(frames)
        self._image = b"".join(frames)
        self._starts = np.concatenate(([0], np.cumsum([len(one) for one in frames], dtype=np.int64)))
        # Flow control counts what the frames carry, not their heads.
        self._carried = self._starts - framing.FRAME_HEAD.size * np.arange(self.count + 1)

    def within(self, first: int, window: int) -> int:
        """Where to stop when sending from first on: what the window lets through, at most a batch."""
        end = int(np.searchsorted(self._carried, self._carried[first] + window, side="right")) - 1
        return min(end, first + FRAMES_AT_ONCE)

    def carried(self, first: int, end: int) -> int:
        """The bytes that frames first to end take from the window."""
        return int(self._carried[end] - self._carried[first])

    def on_stream(self, stream: int, first: int, end: int) -> bytearray:
        """Frames first to end, with the number of their stream filled in."""
        starts = self._starts[first : end + 1]
        block = bytearray(memoryview(self._image)[starts[0] : starts[-1]])
        ids = (starts[:-1, None] - starts[0]) + np.arange(5, framing.FRAME_HEAD.size)
        np.frombuffer(block, np.uint8)[ids] = np.frombuffer(framing.NUMBER.pack(stream), np.uint8)
        return block


class Reply(Protocol):
    """An answer on its way. `paced` where it has more to send by and by, without being asked."""

    paced: bool

    def take(self, stream: int, window: int) -> tuple[bytearray, int]:
        """The frames to send now on a stream, and the bytes they take from a window."""

    @property
    def ending(self) -> bytes | None:
        """The status that ends the call after what was taken; None as long as it goes on."""


@dataclass
class Run:
    """Messages that were framed before: from `next` on, and whether the call ends after the last."""

    messages: PreframedMessages
    next: int = 0
    ends: bool = True
    status: bytes = framing.OK
    paced: bool = False

    def take(self, stream: int, window: int) -> tuple[bytearray, int]:
        """As much as the window lets through, at most a batch."""
        first, self.next = self.next, self.messages.within(self.next, window)
        return self.messages.on_stream(stream, first, self.next), self.messages.carried(first, self.next)

    @property
    def ending(self) -> bytes | None:
        """The status, once all is taken."""
        return self.status if self.ends and self.next == self.messages.count else None


Answer = Callable[[bytes], Reply]  # from a serialised request


@dataclass
class Stream:
    """One call: who answers it, what the client lets us send, the request so far and then the answer."""

    answer: Answer
    window: int
    request: bytearray = field(default_factory=bytearray)
    reply: Reply | None = None


class Connection:
    """One client's connection, served by one thread that reads and writes in turn and waits for neither."""

    def __init__(self, connected: socket.socket, answers: Mapping[str, Answer]) -> None:
        self._socket = connected
        self._answers = {path.encode(): answer for path, answer in answers.items()}
        self._received = b""
        self._unsent = bytearray()
        self._open = True
        self._window = framing.DEFAULT_WINDOW
        self._initial_window = framing.DEFAULT_WINDOW
        self._streams: dict[int, Stream] = {}

    def serve(self) -> None:
        """Answers until the client goes away."""
        with self._socket, suppress(ConnectionError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setblocking(False)
            self._send(framing.SETTINGS, 0, 0, framing.SETTING.pack(framing.HEADER_TABLE_SIZE, 0))
            while len(self._received) < len(framing.PREFACE) and self._open:
                self._wait(None)
            self._received = self._received[len(framing.PREFACE) :]
            while self._open:
                self._handle_frames()
                sent = sum(self._send_messages(number) for number in list(self._streams))
                self._wait(0 if sent and not self._unsent else self._patience())

    def _send_messages(self, number: int) -> int:
        """Sends what a call has and both windows let through; answers the bytes."""
        stream = self._streams[number]
        if stream.reply is None:
            return 0
        # A setting changed by the client can leave a window below zero.
        window = 0 if self._unsent else max(0, min(self._window, stream.window))
        frames, carried = stream.reply.take(number, window)
        self._unsent += frames
        self._window -= carried
        stream.window -= carried
        if stream.reply.ending is not None:
            self._send(framing.HEADERS, framing.LAST_HEADERS, number, stream.reply.ending)
            del self._streams[number]
        self._flush()
        return carried

    def _send(self, kind: int, flags: int, stream: int, payload: bytes = b"") -> None:
        self._unsent += frame(kind, flags, stream, payload)
        self._flush()

    def _flush(self) -> None:
        """Gives the socket what it takes without waiting."""
        with suppress(BlockingIOError):
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]

    def _patience(self) -> float | None:
        """How long there is nothing to do but for what comes."""
        paced = any(stream.reply is not None and stream.reply.paced for stream in self._streams.values())
        return TURN_SECONDS if paced else None

    def _wait(self, timeout: float | None) -> None:
        """Until the client sends something, or takes something of what is unsent."""
        writing = [self._socket] if self._unsent else []
        readable, writable, _ = select.select([self._socket], writing, [], timeout)
        if writable:
            self._flush()
        if readable:
            received = self._socket.recv(65_536)
            self._received += received
            self._open = bool(received)

    def _handle_frames(self) -> None:
        while len(self._received) >= framing.FRAME_HEAD.size:
            high, low, kind, flags, stream = framing.FRAME_HEAD.unpack_from(self._received)
            end = framing.FRAME_HEAD.size + (high << 16) + low
            if len(self._received) < end:
                return
            payload, self._received = self._received[framing.FRAME_HEAD.size : end], self._received[end:]
            self._handle(kind, flags, stream, payload)

    def _handle(self, kind: int, flags: int, number: int, payload: bytes) -> None:
        if kind == framing.HEADERS:
            self._begin(number, payload)
        elif kind == framing.DATA:
            self._take_request(number, payload, complete=bool(flags & framing.END_STREAM))
        elif kind == framing.WINDOW_UPDATE:
            self._widen(number, int.from_bytes(payload))
        elif kind == framing.SETTINGS and not flags & framing.ACK:
            self._apply_settings(payload)
        elif kind == framing.PING and not flags & framing.ACK:
            self._send(framing.PING, framing.ACK, 0, payload)
        elif kind == framing.RST_STREAM:
            self._streams.pop(number, None)
        elif kind == framing.GOAWAY:
            self._open = bool(self._streams)

    def _begin(self, number: int, headers: bytes) -> None:
        for path, answer in self._answers.items():
            if path in headers:
                self._streams[number] = Stream(answer, self._initial_window)
                return
        self._send(framing.HEADERS, framing.LAST_HEADERS, number, framing.RESPONSE + framing.UNIMPLEMENTED)

    def _take_request(self, number: int, payload: bytes, *, complete: bool) -> None:
        if payload:
            self._send(framing.WINDOW_UPDATE, 0, 0, framing.NUMBER.pack(len(payload)))
        stream = self._streams.get(number)
        if stream is None:
            return
        stream.request += payload
        if complete:
            stream.reply = stream.answer(bytes(stream.request[framing.MESSAGE_HEAD.size :]))
            self._send(framing.HEADERS, framing.END_HEADERS, number, framing.RESPONSE)

    def _widen(self, number: int, increment: int) -> None:
        if number == 0:
            self._window += increment
        elif number in self._streams:
            self._streams[number].window += increment

    def _apply_settings(self, payload: bytes) -> None:
        for setting, value in framing.SETTING.iter_unpack(payload):
            if setting == framing.INITIAL_WINDOW_SIZE:
                for stream in self._streams.values():
                    stream.window += value - self._initial_window
                self._initial_window = value
        self._send(framing.SETTINGS, framing.ACK, 0)


def listen(answers: Mapping[str, Answer]) -> str:
    """Serves calls by their path, on a free port of the loopback; answers host:port.

    Each connection has a thread; all of them end with the process.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            connection = Connection(listener.accept()[0], answers)
            threading.Thread(target=connection.serve, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    host, port = listener.getsockname()
    return f"{host}:{port}"
