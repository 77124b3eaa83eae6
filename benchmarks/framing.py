"""The frames of HTTP/2 that a gRPC call is made of (RFC 9113), and the headers of its answer."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import grpc

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FRAME_HEAD = struct.Struct(">BHBBI")  # length in 8 + 16 bits, type, flags, stream id
MESSAGE_HEAD = struct.Struct(">BI")  # compressed or not, length
SETTING = struct.Struct(">HI")
NUMBER = struct.Struct(">I")  # a stream's id, a window's increment
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, ACK, END_HEADERS = 0x1, 0x1, 0x4
LAST_HEADERS = END_HEADERS | END_STREAM
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 1, 4
DEFAULT_WINDOW = 65_535
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


def status(code: grpc.StatusCode, message: str = "") -> bytes:
    """How a call ends, as the fields of its last headers."""
    number, _ = code.value
    return header(b"grpc-status", b"%d" % number) + header(b"grpc-message", message.encode())


OK = status(grpc.StatusCode.OK)
UNIMPLEMENTED = status(grpc.StatusCode.UNIMPLEMENTED)


def data_frames(message: bytes) -> Iterator[bytes]:
    """A message as DATA frames, one unless it is larger than a client has to take at once."""
    framed = MESSAGE_HEAD.pack(0, len(message)) + message
    for start in range(0, len(framed), LARGEST_FRAME):
        yield frame(DATA, 0, 0, framed[start : start + LARGEST_FRAME])
