"""Readers of a session's events, as records or as the contract has them.

Why: DECISIONS.md, "The events of a session are read until it ends".
"""

from __future__ import annotations

from typing import TypeVar

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.events import Event
from mxgw_notebook.client.inbox import Inbox

T = TypeVar("T")


class FeedReader(Inbox[T]):
    """What the session's one stream is handed on to."""

    def offer(self, message: wire.MxEvent, event: Event | None) -> None:
        """Takes one event, as the contract's message and as a record, where it makes one."""
        raise NotImplementedError


class EventStream(FeedReader[Event]):
    """A session's events as records, in order: an async iterator and context manager.

    It keeps at most 10,000 events or 64 MiB. If you do not read in time, the oldest are dropped and counted
    in `dropped`. `broken` counts events that could not be read, or whose value could not be read. It ends
    when the gateway ends the stream, and raises CallError when the stream is lost. If you stop waiting (a
    timeout, for example), no event is lost. Events of items that `write_tags` adds for itself are left out.
    Closing it leaves the session's own stream open, because a gateway closes a session without one.
    """

    def offer(self, message: wire.MxEvent, event: Event | None) -> None:
        """Adds the record."""
        if event is not None:
            self.add(event, message.ByteSize())


class RawEventStream(FeedReader[wire.MxEvent]):
    """The same as the contract's messages, every one of them."""

    def offer(self, message: wire.MxEvent, event: Event | None) -> None:
        """Takes the message."""
        del event
        self.add(message, message.ByteSize())
