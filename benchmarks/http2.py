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
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FRAME_HEAD = struct.Struct(">BHBBI")  # length in 8 + 16 bits, type, flags, stream id
MESSAGE_HEAD = struct.Struct(">BI")  # compressed or not, length
SETTING = struct.Struct(">HI")
NUMBER = struct.Struct(">I")  # a stream's id, a window's increment
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, ACK, END_HEADERS = 0x1, 0x1, 0x4
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 1, 4
DEFAULT_WINDOW = 65_535
FRAMES_AT_ONCE = 512
PACE_SECONDS = 0.002
LARGEST_FRAME = 16_384  # what every client takes without being asked


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One HTTP/2 frame."""
    high, low = divmod(len(payload), 1 << 16)
    return FRAME_HEAD.pack(high, low, kind, flags, stream) + payload


def header(name: bytes, value: bytes) -> bytes:
    """One header field, as a literal that no table remembers; both parts below 127 bytes."""
    return bytes((0, len(name))) + name + bytes((len(value),)) + value


STATUS_200 = b"\x88"  # the one entry of the static table used here
RESPONSE = STATUS_200 + header(b"content-type", b"application/grpc")
OK = header(b"grpc-status", b"0")
UNIMPLEMENTED = header(b"grpc-status", b"12")


def data_frames(message: bytes) -> Iterator[bytes]:
    """A message as DATA frames, one unless it is larger than a client has to take at once."""
    framed = MESSAGE_HEAD.pack(0, len(message)) + message
    for start in range(0, len(framed), LARGEST_FRAME):
        yield frame(DATA, 0, 0, framed[start : start + LARGEST_FRAME])


class PreframedMessages:
    """Messages as DATA frames end to end, with the places where each begins; `count` counts frames."""

    def __init__(self, messages: Iterable[bytes]) -> None:
        frames = [one for message in messages for one in data_frames(message)]
        self.count = len(frames)
        self._image = b"".join(frames)
        self._starts = np.concatenate(([0], np.cumsum([len(one) for one in frames], dtype=np.int64)))
        # Flow control counts what the frames carry, not their heads.
        self._carried = self._starts - FRAME_HEAD.size * np.arange(self.count + 1)

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
        ids = (starts[:-1, None] - starts[0]) + np.arange(5, FRAME_HEAD.size)
        np.frombuffer(block, np.uint8)[ids] = np.frombuffer(NUMBER.pack(stream), np.uint8)
        return block


@dataclass
class Run:
    """An answer on its way: its frames, the next one to send, and whether the call ends after the last."""

    messages: PreframedMessages
    next: int = 0
    ends: bool = True
    rate: float = 0.0  # messages a second; 0 for as many as are taken
    began: float = field(default_factory=time.monotonic)

    def due(self) -> int:
        """How many may have been sent by now."""
        return int((time.monotonic() - self.began) * self.rate) if self.rate else self.messages.count


Answer = Callable[[bytes], Run]  # from a serialised request


@dataclass
class Stream:
    """One call: who answers it, what the client lets us send, the request so far and then the answer."""

    answer: Answer
    window: int
    request: bytearray = field(default_factory=bytearray)
    run: Run | None = None


class Connection:
    """One client's connection, served by one thread that reads and writes in turn."""

    def __init__(self, connected: socket.socket, answers: Mapping[str, Answer]) -> None:
        self._socket = connected
        self._answers = {path.encode(): answer for path, answer in answers.items()}
        self._received = b""
        self._open = True
        self._window = DEFAULT_WINDOW
        self._initial_window = DEFAULT_WINDOW
        self._streams: dict[int, Stream] = {}

    def serve(self) -> None:
        """Answers until the client goes away."""
        with self._socket, suppress(ConnectionError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._send(SETTINGS, 0, 0, SETTING.pack(HEADER_TABLE_SIZE, 0))
            self._take(len(PREFACE))
            while self._open:
                self._handle_frames()
                sent = sum(self._send_messages(number) for number in list(self._streams))
                self._read(wait=sent == 0)

    def _send_messages(self, number: int) -> int:
        """Sends as many messages as both windows let through, at most a batch; answers how many."""
        stream = self._streams[number]
        run = stream.run
        if run is None:
            return 0
        first, messages = run.next, run.messages
        # A setting changed by the client can leave a window below zero.
        within = messages.within(first, max(0, min(self._window, stream.window)))
        run.next = max(first, min(within, run.due()))
        if run.next > first:
            self._socket.sendall(messages.on_stream(number, first, run.next))
            carried = messages.carried(first, run.next)
            self._window -= carried
            stream.window -= carried
        if run.ends and run.next == messages.count:
            self._send(HEADERS, END_HEADERS | END_STREAM, number, OK)
            del self._streams[number]
        return run.next - first

    def _send(self, kind: int, flags: int, stream: int, payload: bytes = b"") -> None:
        self._socket.sendall(frame(kind, flags, stream, payload))

    def _read(self, *, wait: bool) -> None:
        paced = any(stream.run is not None and stream.run.rate for stream in self._streams.values())
        timeout = (PACE_SECONDS if paced else None) if wait else 0
        readable, _, _ = select.select([self._socket], [], [], timeout)
        if readable:
            received = self._socket.recv(65_536)
            self._received += received
            self._open = bool(received)

    def _take(self, size: int) -> bytes:
        while self._open and len(self._received) < size:
            self._read(wait=True)
        taken, self._received = self._received[:size], self._received[size:]
        return taken

    def _handle_frames(self) -> None:
        while len(self._received) >= FRAME_HEAD.size:
            high, low, kind, flags, stream = FRAME_HEAD.unpack_from(self._received)
            end = FRAME_HEAD.size + (high << 16) + low
            if len(self._received) < end:
                return
            payload, self._received = self._received[FRAME_HEAD.size : end], self._received[end:]
            self._handle(kind, flags, stream, payload)

    def _handle(self, kind: int, flags: int, number: int, payload: bytes) -> None:
        if kind == HEADERS:
            self._begin(number, payload)
        elif kind == DATA:
            self._take_request(number, payload, complete=bool(flags & END_STREAM))
        elif kind == WINDOW_UPDATE:
            self._widen(number, int.from_bytes(payload))
        elif kind == SETTINGS and not flags & ACK:
            self._apply_settings(payload)
        elif kind == PING and not flags & ACK:
            self._send(PING, ACK, 0, payload)
        elif kind == RST_STREAM:
            self._streams.pop(number, None)
        elif kind == GOAWAY:
            self._open = bool(self._streams)

    def _begin(self, number: int, headers: bytes) -> None:
        for path, answer in self._answers.items():
            if path in headers:
                self._streams[number] = Stream(answer, self._initial_window)
                return
        self._send(HEADERS, END_HEADERS | END_STREAM, number, RESPONSE + UNIMPLEMENTED)

    def _take_request(self, number: int, payload: bytes, *, complete: bool) -> None:
        if payload:
            self._send(WINDOW_UPDATE, 0, 0, NUMBER.pack(len(payload)))
        stream = self._streams.get(number)
        if stream is None:
            return
        stream.request += payload
        if complete:
            stream.run = stream.answer(bytes(stream.request[MESSAGE_HEAD.size :]))
            self._send(HEADERS, END_HEADERS, number, RESPONSE)

    def _widen(self, number: int, increment: int) -> None:
        if number == 0:
            self._window += increment
        elif number in self._streams:
            self._streams[number].window += increment

    def _apply_settings(self, payload: bytes) -> None:
        for setting, value in SETTING.iter_unpack(payload):
            if setting == INITIAL_WINDOW_SIZE:
                for stream in self._streams.values():
                    stream.window += value - self._initial_window
                self._initial_window = value
        self._send(SETTINGS, ACK, 0)


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
