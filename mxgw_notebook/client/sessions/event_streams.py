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

    What is not read in time gives way, the oldest first: of more than 10,000 events, or 64 MiB of them.
    `dropped` counts it, `broken` the events that could not be read, or whose value could not. Ends with the
    gateway's end of the stream; raises CallError when it is lost. Giving up waiting, by a timeout say, loses
    none. Left out are the events of items that `write_tags` adds for itself. Closing it leaves the session's
    own stream open: without one a gateway closes the session.
    """

    def offer(self, message: wire.MxEvent, event: Event | None) -> None:
        """Takes the record."""
        if event is not None:
            self.add(event, message.ByteSize())


class RawEventStream(FeedReader[wire.MxEvent]):
    """The same as the contract's messages, every one of them."""

    def offer(self, message: wire.MxEvent, event: Event | None) -> None:
        """Takes the message."""
        del event
        self.add(message, message.ByteSize())
