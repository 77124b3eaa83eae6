"""A connection that is held wakes nobody for what comes, and tells of it afterwards."""

from __future__ import annotations

import contextlib
import select
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from mxgw_notebook.client.fast_events.holding import HELD_BYTES, HeldConnection, can_hold, next_mark
from mxgw_notebook.client.fast_events.resting import REST_SECONDS, Rests

if sys.platform != "linux" or not can_hold():
    pytest.skip("this system cannot hold a connection", allow_module_level=True)
MARK_MS = 54_321


@contextlib.contextmanager
def connection(mark_ms: int) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection, the first with a mark."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as ours,
        server.accept()[0] as theirs,
    ):
        ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, mark_ms)
        yield ours, theirs


def told(epoll: Any) -> bool:
    """Whether a poller that hears of changes alone, as gRPC's, hears of something within a moment."""
    return bool(epoll.poll(0.2))


@contextlib.contextmanager
def polled(ours: socket.socket) -> Iterator[Any]:
    """A poller of one connection."""
    with select.epoll() as epoll:
        epoll.register(ours, select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET)
        yield epoll


def test_what_comes_meanwhile_is_told_afterwards() -> None:
    with connection(MARK_MS) as (ours, theirs), polled(ours) as epoll:
        with HeldConnection(MARK_MS).held():
            theirs.send(b"event")
            assert not told(epoll)
        assert told(epoll)
        assert ours.recv(100) == b"event"


def test_much_at_once_is_told_while_it_is_held() -> None:
    with connection(MARK_MS) as (ours, theirs), polled(ours) as epoll, HeldConnection(MARK_MS).held():
        theirs.sendall(bytes(2 * HELD_BYTES))
        assert told(epoll)


def test_the_end_of_a_connection_is_told_while_it_is_held() -> None:
    with connection(MARK_MS) as (ours, theirs), polled(ours) as epoll, HeldConnection(MARK_MS).held():
        theirs.close()
        assert told(epoll)


def test_no_other_connection_is_held() -> None:
    with connection(MARK_MS) as (ours, theirs), polled(ours) as epoll, HeldConnection(MARK_MS + 1).held():
        theirs.send(b"event")
        assert told(epoll)


def test_a_connection_stays_open_and_usable_after_it_was_held() -> None:
    held = HeldConnection(MARK_MS)
    with connection(MARK_MS) as (ours, theirs):
        for _ in range(3):
            with held.held():
                theirs.send(b"x")
            assert ours.recv(1) == b"x"
        file = ours.fileno()
        ours.close()
        with socket.socket() as other:  # by the number that is free again
            assert other.fileno() == file
            with held.held():
                assert other.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT) == 1


def test_each_reader_has_a_mark_of_its_own() -> None:
    assert len({next_mark() for _ in range(100)}) == 100


def test_a_rest_ends_before_the_next_take_and_is_never_long() -> None:
    rests = Rests(threading.Event())
    assert rests.seconds(0.0) == REST_SECONDS
    for _ in range(3):
        rests.note_emptied()
    for late in (0.0, 0.001, 0.02, 1.0, 100.0):
        assert 0 <= rests.seconds(late) <= REST_SECONDS
