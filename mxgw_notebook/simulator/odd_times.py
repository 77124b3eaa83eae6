"""Rewrites the times in a message: shifted, made equal, or such as plants have where there is none."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.faults import ODD_TIMES, Faults, matches

_GATEWAY = wire.DESCRIPTOR.package  # the galaxy's times are the database's
_HOUR = 3_600
# Seconds since the epoch; what is not here is an hour ahead.
_SECONDS = {"year-1": -62_135_596_800, "1601": -11_644_473_600, "9999": 253_402_300_799}
_SOURCE = "source_timestamp+timestamps"


def shift_times(message: Message, seconds: float) -> None:
    """The gateway's clock is ahead by so many seconds; the galaxy's times stay as they are."""
    if message.DESCRIPTOR.file.package == _GATEWAY:
        for _, time in _times(message):
            _move(time, round(seconds * 1e9))


def floor_times(message: Message, seconds: float) -> None:
    """Values of one such span have one source time."""
    span = round(seconds * 1e9)
    for name, time in _times(message):
        if span and matches(name, _SOURCE):
            _move(time, -(time.ToNanoseconds() % span))


def spoil_times(message: Message, faults: Faults, rpc: str) -> None:
    """Where it is their turn, times are odd ones."""
    fields = faults.standing["odd-times"]["fields"]
    for name, time in _times(message):
        settings = faults.find("odd-times", rpc) if matches(name, fields) else None
        if settings is not None:
            _set(time, str(settings["time"]), faults.happened["odd-times"])


def _set(time: Timestamp, wanted: str, turn: int) -> None:
    odd = ODD_TIMES[turn % len(ODD_TIMES)] if wanted == "any" else wanted
    if odd in _SECONDS:
        time.seconds, time.nanos = _SECONDS[odd], 0
    else:
        time.seconds += _HOUR


def _times(message: Message, name: str = "") -> Iterator[tuple[str, Timestamp]]:
    """Every time in a message, with its field's name; that of the array for one in an array of times."""
    if isinstance(message, Timestamp):
        yield name, message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        inner = name if field.name == "values" else field.name
        for part in (value,) if isinstance(value, Message) else value:
            yield from _times(part, inner)


def _move(time: Timestamp, nanoseconds: int) -> None:
    time.FromNanoseconds(time.ToNanoseconds() + nanoseconds)
